import { expect, test } from 'vitest';

import { OPERATIONS } from '../../../lib/workbench/license-manager/operations.ts';
import type { Shape } from '../../../lib/workbench/license-manager/shape.ts';
import { MODEL, modelShape } from './service-model.ts';

test('the stand-in knows exactly the operations of the extract', () => {
  expect(OPERATIONS.map(({ name }) => name).toSorted()).toEqual(
    Object.keys(MODEL.operations).toSorted(),
  );
});

test.each(OPERATIONS.map((operation) => [operation.name, operation] as const))(
  'the table of %s is the published model',
  (name, { input }) => {
    expect(ofTable(input)).toEqual(ofModel(MODEL.operations[name]?.input ?? ''));
  },
);

/** Both sides in one form: nested, the required members sorted, bounds and values where there are any. */
function ofModel(name: string): unknown {
  const { type, required, members, member, min, max, pattern, enum: values } = modelShape(name);
  return compact({
    type,
    required: members && (required ?? []).toSorted(),
    members:
      members && Object.fromEntries(Object.entries(members).map(([key, of]) => [key, ofModel(of)])),
    member: member === undefined ? undefined : ofModel(member),
    min,
    max,
    pattern,
    values,
  });
}

function ofTable(shape: Shape): unknown {
  const { kind, ...rest } = shape;
  const members = 'members' in rest ? rest.members : undefined;
  return compact({
    ...rest,
    type: kind,
    required: 'required' in rest ? rest.required.toSorted() : undefined,
    members:
      members && Object.fromEntries(Object.entries(members).map(([key, of]) => [key, ofTable(of)])),
    member: 'member' in rest ? ofTable(rest.member) : undefined,
  });
}

function compact(value: Record<string, unknown>): unknown {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined));
}
