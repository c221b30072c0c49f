import * as fc from 'fast-check';
import { parseArgs } from 'node:util';
import { anyHistory, anyHistoryWithAgreements } from './events.ts';
import { replayOf, run } from './run.ts';

/**
 * `npm run histories -- --seed 1 --path 4:2 --count 10000`: tries random histories, and prints the smallest that breaks a promise; `--agreements`
 * those of contracts whose agreements are read.
 */
const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    path: { type: 'string' },
    count: { type: 'string', default: '10000' },
    agreements: { type: 'boolean', default: false },
  },
});
const count = Number(values.count);
const details = await fc.check(
  fc.asyncProperty(
    values.agreements ? anyHistoryWithAgreements : anyHistory,
    async (history) => (await run(history)).broken === null,
  ),
  {
    numRuns: count,
    ...(values.seed !== undefined && { seed: Number(values.seed) }),
    ...(values.path !== undefined && { path: values.path }),
  },
);
const [history] = details.counterexample ?? [];
if (history === undefined) {
  process.stdout.write(`${details.numRuns} histories, seed ${details.seed}: every promise kept\n`);
} else {
  const { broken, lines } = await run(history);
  process.stdout.write(
    [
      ...lines,
      '',
      `Broken: ${broken ?? 'nothing, when it is run again'}${details.errorInstance instanceof Error ? `\n${details.errorInstance.stack ?? ''}` : ''}`,
      `Again: ${replayOf(values.agreements, details)}`,
      '',
    ].join('\n'),
  );
  process.exitCode = 1;
}
