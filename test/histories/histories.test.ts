import * as fc from '../support/property.ts';
import { expect, it } from 'vitest';
import { runs } from '../support/arbitrary.ts';
import { anyHistory } from './events.ts';
import { EXAMPLES } from './examples.ts';
import { run } from './run.ts';

/** The same ones every time, so that a change is to blame where they fail; `npm run histories` draws others. */
const SEED = 8;

it.each(Object.entries(EXAMPLES))('is told truly: %s', async (_, history) => {
  for (const indexLags of [false, true]) {
    const { broken, lines } = await run({ ...history, setting: { ...history.setting, indexLags } });
    expect(broken, lines.join('\n')).toBeNull();
  }
});

it('any history is told truly, once and in time', async () => {
  const isKept = fc.asyncProperty(
    anyHistory,
    async (history) => (await run(history)).broken === null,
  );
  const { counterexample, seed, counterexamplePath } = await fc.check(isKept, {
    ...runs(300),
    seed: SEED,
  });
  if (counterexample === null) return;
  const { broken, lines } = await run(counterexample[0]);
  expect.fail(
    [...lines, '', broken, `npm run histories -- --seed=${seed} --path ${counterexamplePath}`].join(
      '\n',
    ),
  );
});
