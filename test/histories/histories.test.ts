import * as fc from '../support/property.ts';
import { expect, it } from 'vitest';
import { runs } from '../support/arbitrary.ts';
import { anyHistory, anyHistoryWithAgreements } from './events.ts';
import { EXAMPLES } from './examples.ts';
import { replayOf, run } from './run.ts';

/** The same ones every time, so that a change is to blame where they fail; `npm run histories` draws others. */
const SEED = 8;

it.each(Object.entries(EXAMPLES))('is told truly: %s', async (_, history) => {
  for (const indexLags of [false, true]) {
    const { broken, lines } = await run({ ...history, setting: { ...history.setting, indexLags } });
    expect(broken, lines.join('\n')).toBeNull();
  }
});

it.each([
  ['any history', anyHistory, 200, false],
  ['any history of a contract whose agreement is read', anyHistoryWithAgreements, 70, true],
] as const)('%s is told truly, once and in time', async (_, histories, count, agreements) => {
  const isKept = fc.asyncProperty(
    histories,
    async (history) => (await run(history)).broken === null,
  );
  const details = await fc.check(isKept, { ...runs(count), seed: SEED });
  if (details.counterexample === null) return;
  const { broken, lines } = await run(details.counterexample[0]);
  expect.fail([...lines, '', broken, replayOf(agreements, details)].join('\n'));
});
