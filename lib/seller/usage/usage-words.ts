import { runOutOf, type RunOut } from './run-out.ts';
import {
  highestPeak,
  peaksByDay,
  type SeenEntitlement,
  type SeenUsage,
} from '../../domain/check/seen-usage.ts';
import type { End } from '../../domain/license/contract.ts';
import type { Dimensions } from '../../domain/license/product.ts';
import { amountUsed, entitlementTitle } from '../../mail/amounts.ts';
import { date, dateAndTime } from '../../mail/dates.ts';

/** What was seen in use, for each entitlement: the last amount, the most of the days that were read, and when a pool would be used up. */
export function seenUsageWords(
  { at, entitlements }: SeenUsage,
  end: End,
  dimensions: Dimensions,
): readonly string[] {
  return entitlements.flatMap((each) => [
    `${entitlementTitle(each.name, dimensions)}: ${amountUsed(each, [each], dimensions)}, seen ${dateAndTime(at)}; ${peakWords(each)}`,
    ...runOutWords(runOutOf(each, at), end),
  ]);
}

function peakWords(each: SeenEntitlement): string {
  const days = peaksByDay(each).length;
  const highest = highestPeak(each);
  if (highest === undefined) return 'never read';
  return `at most ${highest.peak}, on ${highest.day} (${days === 1 ? '1 day' : `${days} days`} read)`;
}

/** Not a promise: it says from which days it is computed, and how far it may be off. Empty: nothing can be said. */
export function runOutWords(runOut: RunOut | null, end: End): readonly string[] {
  if (runOut === null) return [];
  const { days, perDay, at, earliest, latest } = runOut;
  const asBefore = `At the pace of the last ${days} days, about ${rounded(perDay)} a day,`;
  if (end !== null && at >= end)
    return [
      `${asBefore} it would last to its end on ${date(end)}${earliest < end ? `, and not if more is used: then perhaps until ${date(earliest)}` : ''}.`,
    ];
  const until = latest === null ? 'or never' : `and ${date(latest)}`;
  const span =
    latest === null
      ? `not before ${date(earliest)}, ${until}`
      : `between ${date(earliest)} ${until}`;
  return [
    `${asBefore} it would be used up about ${date(at)}; as unequal as these days were, ${span}.`,
  ];
}

function rounded(amount: number): string {
  return String(Number(amount.toPrecision(2)));
}
