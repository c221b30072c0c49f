import { rangesOf } from '../../domain/registration/place.ts';
import { PRICES } from '../../seller/prices.ts';
import { billedDuration, cpuShareOf, HANDSHAKE_MS, type Load } from './billed-duration.ts';
import { DAYS_A_MONTH, TICKS_A_DAY, type Day, type Swept } from './day.ts';

/** What is known of checks: counted, measured, and as they are set up. */
export interface Checking {
  readonly day: Day;
  /** Of each buyer. */
  readonly products: number;
  readonly callMs: number;
  /** Of checks in an invocation. */
  readonly width: number;
  readonly memoryMb: Readonly<Record<Swept, number>>;
  /** Of a whole CPU, for one check of all products of a buyer. */
  readonly cpuMsPerCheck: number;
}

/** In a month, each buyer's part of them. */
export function messagesOf(buyers: number): number {
  return (DAYS_A_MONTH * TICKS_A_DAY * rangesOf(buyers).length) / buyers;
}

/** Of one check of a buyer, to STS and License Manager; `day` is of buyers with one product. */
export function callsOf({ day, products }: Checking, isUsageRead = true): number {
  const usage = day.usageReads / day.checks;
  const ofOne = (day.lookCalls - day.usageReads) / day.checks;
  return 1 + (Math.round(ofOne) - 1 + (isUsageRead ? usage : 0)) * products;
}

/** How long an invocation with one message takes on its function's share of a CPU, the read of its range included. */
export function messageMs(input: Checking, buyers: number, calls = callsOf(input)): number {
  const load = loadOf(input, Math.ceil(buyers / rangesOf(buyers).length));
  // What a call takes of the CPU is as much for each.
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

/** By how many checks run side by side: what a check costs of Lambda's GB-seconds, the cheapest first. */
export function widthsOf(input: Checking, buyers: number) {
  return [5, 10, 20, 25, 30, 35, 40, 45, 50, 60]
    .map((width) => {
      const ms = messageMs({ ...input, width }, buyers);
      const each = lambdaCost(ms, input.memoryMb['check-licenses']);
      return { width, perBuyer: messagesOf(buyers) * each };
    })
    .toSorted((a, b) => a.perBuyer - b.perBuyer);
}

/** Dollars, for so many GB-seconds. */
export function lambdaCost(milliseconds: number, memoryMb: number): number {
  return (milliseconds / 1000) * (memoryMb / 1024) * PRICES.lambdaGbSecond;
}
