import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { SCENARIOS } from '../../../lib/workbench/scenarios/scenarios.ts';

const FOLDER = join(import.meta.dirname, '..', '..', '..', 'lib', 'workbench', 'scenarios');

it.each(Object.entries(SCENARIOS))(
  'shows at its end a mail that it has: %s',
  (_, { notices, showMailTo: { email, about } }) => {
    const told = readFileSync(join(FOLDER, notices), 'utf8').split('\n');
    expect(
      told.filter((line) => line.includes(`  ${email}  `) && line.includes(about)),
    ).not.toEqual([]);
  },
);
