import { rangesOf } from '../../domain/registration/place.ts';
import { PRICES } from '../../seller/prices.ts';
import { billedDuration, cpuShareOf, HANDSHAKE_MS, type Load } from './billed-duration.ts';
import { DAYS_A_MONTH, TICKS_A_DAY, type DayCounts, type Swept } from './day.ts';

/** The known figures of checks: counted, measured, and configured. */
export interface Checking {
  readonly day: DayCounts;
  /** For each buyer. */
  readonly products: number;
  readonly callMs: number;
  /** The checks that run side by side in an invocation. */
  readonly width: number;
  readonly memoryMb: Readonly<Record<Swept, number>>;
  /** Milliseconds of a whole CPU, for one check of all products of a buyer. */
  readonly cpuMsPerCheck: number;
}

/** The messages of a month, divided by the number of buyers. */
export function messagesOf(buyers: number): number {
  return (DAYS_A_MONTH * TICKS_A_DAY * rangesOf(buyers).length) / buyers;
}

/** The calls of one check of a buyer to STS and License Manager; the buyers in `day` have one product. */
export function callsOf({ day, products }: Checking, isUsageRead = true): number {
  const usage = day.usageReads / day.checks;
  const ofOne = (day.lookCalls - day.usageReads) / day.checks;
  return 1 + (Math.round(ofOne) - 1 + (isUsageRead ? usage : 0)) * products;
}

/** How long an invocation with one message takes on its function's share of a CPU, including the read of its range. */
export function messageMs(input: Checking, buyers: number, calls = callsOf(input)): number {
  const load = loadOf(input, Math.ceil(buyers / rangesOf(buyers).length));
  // Every call takes the same CPU time.
  const cpuMsPerCheck = (input.cpuMsPerCheck * calls) / callsOf(input);
  const rangeRead = input.callMs + HANDSHAKE_MS / load.cpuShare;
  return rangeRead + billedDuration({ ...load, callsPerCheck: calls, cpuMsPerCheck });
}

export function loadOf(input: Checking, checks: number): Load {
  return {
    checks,
    width: input.width,
    callsPerCheck: callsOf(input),
    callMs: input.callMs,
    cpuMsPerCheck: input.cpuMsPerCheck,
    cpuShare: cpuShareOf(input.memoryMb['check-licenses']),
    // STS and License Manager.
    services: 2,
  };
}

/** For several widths (checks side by side), the cost of a check in Lambda's GB-seconds, cheapest first. */
export function widthsOf(input: Checking, buyers: number) {
  return [5, 10, 20, 25, 30, 35, 40, 45, 50, 60]
    .map((width) => {
      const ms = messageMs({ ...input, width }, buyers);
      const each = lambdaCost(ms, input.memoryMb['check-licenses']);
      return { width, perBuyer: messagesOf(buyers) * each };
    })
    .toSorted((a, b) => a.perBuyer - b.perBuyer);
}

/** The price of Lambda's GB-seconds, in dollars. */
export function lambdaCost(milliseconds: number, memoryMb: number): number {
  return (milliseconds / 1000) * (memoryMb / 1024) * PRICES.lambdaGbSecond;
}
