import { expect, test } from 'vitest';
import { retarget, targetOf } from '../../../../lib/workbench/cloud/dynamodb/table-uses.ts';

test.each([
  ['SELECT * FROM "audit"', 'PartiQLSelect', 'audit', undefined, 'SELECT * FROM "new"'],
  [
    'select a, b from audit where a = 1',
    'PartiQLSelect',
    'audit',
    undefined,
    'select a, b from "new" where a = 1',
  ],
  [
    'SELECT *\nFROM "a.b-c"."by-end" WHERE x=\'FROM "other"\'',
    'PartiQLSelect',
    'a.b-c',
    'by-end',
    'SELECT *\nFROM "new"."by-end" WHERE x=\'FROM "other"\'',
  ],
  [
    `INSERT INTO "audit" VALUE {'a': 'UPDATE "x"'}`,
    'PartiQLInsert',
    'audit',
    undefined,
    `INSERT INTO "new" VALUE {'a': 'UPDATE "x"'}`,
  ],
  ['UPDATE "audit" SET a=1', 'PartiQLUpdate', 'audit', undefined, 'UPDATE "new" SET a=1'],
  [
    ' delete  from audit WHERE a=1',
    'PartiQLDelete',
    'audit',
    undefined,
    ' delete  from "new" WHERE a=1',
  ],
  [
    'EXISTS(SELECT * FROM "audit" WHERE a=1)',
    'PartiQLSelect',
    'audit',
    undefined,
    'EXISTS(SELECT * FROM "new" WHERE a=1)',
  ],
])('%s', (statement, action, table, index, retargeted) => {
  expect(targetOf(statement)).toEqual({ action, table, index });
  expect(retarget(statement, 'new')).toBe(retargeted);
});

test.each(['', 'DROP TABLE "audit"', 'SELECT 1', 'UPDATE'])('refuses %j', (statement) => {
  expect(() => targetOf(statement)).toThrow("Statement wasn't well formed");
});
