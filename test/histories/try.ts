import * as fc from 'fast-check';
import { parseArgs } from 'node:util';
import { anyHistory } from './events.ts';
import { run } from './run.ts';

/** `npm run histories -- --seed 1 --path 4:2 --count 10000`: tries random histories, and prints the smallest that breaks a promise. */
const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    path: { type: 'string' },
    count: { type: 'string', default: '10000' },
  },
});
const count = Number(values.count);
const details = await fc.check(
  fc.asyncProperty(anyHistory, async (history) => (await run(history)).broken === null),
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
      `Again: npm run histories -- --seed=${details.seed} --path ${details.counterexamplePath ?? ''}`,
      '',
    ].join('\n'),
  );
  process.exitCode = 1;
}
