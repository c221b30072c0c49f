import type { Figures } from './bench.ts';
import type { BudgetFinding } from './budget-finding.ts';
import { judgeCost } from './judge-cost.ts';

const MEGABYTE = 1024 * 1024;

/** Compares the figures with the budgets. */
export function compareWithBudgets(figures: Figures): readonly BudgetFinding[] {
  return [
    steadyCheck(figures),
    bundleSizes(figures),
    importTimes(figures),
    fleet(figures),
    largeSweep(figures),
    memory(figures),
    ...judgeCost(figures),
    seats(figures),
  ];
}

function steadyCheck({ day, buyersPerMessage }: Figures): BudgetFinding {
  const { checks, lookCalls, usageReads, usageWrites, lastSeenWrites, rangeReads, functions } = day;
  const calls = lookCalls - usageReads;
  const { invocations, logLines, otherLines, tableCalls } = functions['check-licenses'];
  // Each read of usage also reads the usage seen before.
  const tables = tableCalls - rangeReads - lastSeenWrites - usageReads - usageWrites;
  return {
    what: 'steady check',
    budget: '5 calls, a range read',
    measured: `${round(calls / checks, 2)} calls, else ${tables + otherLines}; ${round(usageReads / checks, 2)} readings of usage`,
    met: calls / checks <= 5 && usageReads / checks <= 0.25 && tables === 0 && otherLines === 0,
    how:
      `counted over ${checks} checks of a simulated day on the local cloud: calls to STS and License Manager, to the tables ${tables}, log lines ${otherLines}; beside ${round(rangeReads / invocations, 1)} queries of the index for a range of ${buyersPerMessage} buyers (one for each quarter of the line: with more than 400 buyers, one), ${lastSeenWrites} writes ` +
      `that a contract was seen (one of one unit, every 6 hours), ${usageReads} readings of usage with as many reads and ${usageWrites} writes of what was seen in use, and ${round(logLines / invocations, 1)} log lines an invocation of ${buyersPerMessage} buyers`,
  };
}

function bundleSizes({ bundles: { bundles } }: Figures): BudgetFinding {
  const largest = bundles.reduce((most, each) => (each.bytes > most.bytes ? each : most));
  return {
    what: 'bundle, largest',
    budget: '480 kB',
    measured: `${round(largest.bytes / 1000)} kB`,
    met: largest.bytes <= 480_000,
    how: `synthesized, source map apart: ${bundles.map(({ name, bytes }) => `${name} ${round(bytes / 1000)}`).join(', ')} kB`,
  };
}

function importTimes({ bundles: { bundles, emptyMs } }: Figures): BudgetFinding {
  const slowest = bundles.reduce((most, each) =>
    each.importMs.median > most.importMs.median ? each : most,
  );
  return {
    what: 'import, slowest',
    budget: '90 ms',
    measured: `${round(slowest.importMs.median)} ms`,
    met: slowest.importMs.median < 90,
    how:
      `median of 15 fresh processes, Node ${process.version}: ` +
      `${bundles.map(({ name, importMs }) => `${name} ${round(importMs.median)} (fastest ${round(importMs.fastest)})`).join(', ')} ms; ` +
      `an empty module ${round(emptyMs.median)}`,
  };
}

function fleet({
  fleet: { buyers, invocations, rounds, measuredMs, computedMs },
  processes,
}: Figures): BudgetFinding {
  const { report, width } = processes.fullBatch;
  return {
    what: '10,000 buyers',
    budget: '60 s',
    measured: `${round(measuredMs / 1000)} s, in Lambda ${round(computedMs / 1000)} s`,
    met: Math.max(measuredMs, computedMs) < 60_000,
    how:
      `measured: full batches of the bundle (${processes.fullBatch.buyers} buyers, ${width} side by side, 100 ms a call) took ` +
      `${report.invocations.map(({ wallMs }) => round(wallMs / 1000, 1)).join(', ')} s here; computed: ${buyers} buyers are ${invocations} ` +
      `invocations in ${rounds} rounds of 20 at once, in Lambda on the function's share of a CPU; how fast SQS starts pollers is not in it`,
  };
}

function largeSweep({
  processes: { largeSweep: report, largeSweepMessages },
}: Figures): BudgetFinding {
  const [first] = report.invocations;
  const wallMs = report.import.wallMs + (first?.wallMs ?? NaN);
  return {
    what: 'start-sweep, 100,000',
    budget: '10 s, 150 MB',
    measured: `${round(wallMs / 1000, 1)} s, ${round(report.peakRssBytes / MEGABYTE)} MB`,
    met: wallMs < 10_000 && report.peakRssBytes < 150 * MEGABYTE,
    how:
      `the bundle in a fresh process, 100 ms a call: ${largeSweepMessages} messages; the buyers are a number there, ` +
      `none is read. The daily count (Select=COUNT, 4 shards side by side) is not in it`,
  };
}

function memory({ processes: { fullBatch } }: Figures): BudgetFinding {
  const { peakRssBytes, peakHeapBytes } = fullBatch.report;
  return {
    what: 'memory, full batch',
    budget: '180 MB',
    measured: `${round(peakRssBytes / MEGABYTE)} MB`,
    met: peakRssBytes < 180 * MEGABYTE,
    how:
      `most resident memory of check-licenses with ${fullBatch.buyers} buyers, --max-old-space-size=180 ` +
      `--max-semi-space-size=8, in its own process; of it heap in use ${round(peakHeapBytes / MEGABYTE)} MB`,
  };
}

function seats({
  seats: { afterTheDay, safe, counted, countedAfterTimeToLive },
}: Figures): BudgetFinding {
  if (safe.checkoutsLeft === 0 || counted.checkoutsLeft === 0)
    throw new Error(
      'check-licenses was killed, yet no checkout was open: nothing is shown about seats',
    );
  return {
    what: 'seats held',
    budget: '0; counted probe 1',
    measured: `${afterTheDay}; crashed ${safe.seatsHeld}, counted ${counted.seatsHeld}`,
    met:
      afterTheDay === 0 &&
      safe.seatsHeld === 0 &&
      counted.seatsHeld <= 1 &&
      countedAfterTimeToLive === 0,
    how:
      `the process killed between CheckoutLicense and CheckInLicense, ${safe.checkoutsLeft} checkouts left open; ` +
      `the counted probe's seat is free again after its time to live (${countedAfterTimeToLive} held)`,
  };
}

function round(value: number, digits = 0): string {
  return value.toFixed(digits);
}
