import { PRICES } from '../../../seller/prices.ts';
import type { BudgetFinding } from '../budget-finding.ts';
import { CALL_MS } from '../processes.ts';
import { BUYERS, type SellerFigures } from './measure.ts';

const MEGABYTE = 1_000_000;

/** Seconds that a command may take at `BUYERS`. */
const SECONDS: Readonly<Record<string, number>> = {
  buyers: 6,
  contracts: 6,
  'contracts --ends-within 30d': 6,
  changes: 6,
  'report -o REPORT': 40,
  verify: 90,
};

/**
 * Compares the figures of the seller's commands with their budgets. Without a budget, or with another number of buyers than the budget's,
 * it shows only the figure. A command is judged by its own CPU time and waits, with a local engine's recorded answers after `CALL_MS`. The
 * time that such an engine takes on the same machine says nothing about DynamoDB. TLS, finding the stack, what `doctor` reads beside the
 * tables, and throttling are left out.
 */
export function judgeSeller({
  buyers,
  entries,
  items,
  commands,
  reportBytes,
  page,
}: SellerFigures): readonly BudgetFinding[] {
  const findings = commands.flatMap((each): BudgetFinding[] => {
    const { command, wallMs, cpuMs, engineWallMs, peakRssBytes, reads, invocations } = each;
    const seconds = wallMs / 1_000;
    const budget = buyers >= BUYERS ? SECONDS[command] : undefined;
    const memory = peakRssBytes / MEGABYTE;
    const asked = invocations === 0 ? '' : `; ${invocations} functions asked`;
    const how =
      `${(cpuMs / 1_000).toFixed(1)} s of CPU, ${memory.toFixed(0)} MB, ${reads.calls} calls answered after ${CALL_MS} ms each, ` +
      `${Math.ceil(reads.units)} read units ($${(reads.units * PRICES.dynamoDbReadUnit).toFixed(4)})${asked}: ` +
      `${buyers} buyers, ${entries} entries, ${items} items; ${(engineWallMs / 1_000).toFixed(1)} s with the engine at work beside it`;
    return [
      {
        what: command.replace(' -o REPORT', ''),
        budget: budget === undefined ? '-' : `${budget} s`,
        measured: `${seconds.toFixed(1)} s`,
        met: budget === undefined || seconds < budget,
        how,
      },
      ...(command.startsWith('report') ? [memoryOf(memory)] : []),
    ];
  });
  const drawn = page?.drawnMs;
  return [
    ...findings,
    {
      what: 'report, file',
      budget: '12 MB',
      measured: `${(reportBytes / MEGABYTE).toFixed(1)} MB`,
      met: reportBytes <= 12 * MEGABYTE,
      how: `of ${buyers} buyers`,
    },
    ...(drawn === undefined
      ? []
      : [
          {
            what: 'report, drawn',
            budget: '1 s',
            measured: `${(drawn / 1_000).toFixed(2)} s`,
            met: drawn <= 1_000,
            how: 'until the script has drawn what the window shows, from disk in Chromium, median of five',
          },
        ]),
  ];
}

function memoryOf(megabytes: number): BudgetFinding {
  return {
    what: 'report, memory',
    budget: '400 MB',
    measured: `${megabytes.toFixed(0)} MB`,
    met: megabytes < 400,
    how: 'the most that the process held, Node.js itself included',
  };
}
