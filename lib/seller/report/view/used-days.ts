import { approximately, parseQuantity } from '../../../domain/license/quantity.ts';
import { DAY, instant, type Instant } from '../../../domain/time.ts';
import type { AmountRow } from '../model-shape.ts';

/** Days that a chart of use goes back. */
export const CHART_DAYS = 90;

/** One bar. `used` is null if nobody looked on that day. */
export interface DayUsed {
  readonly day: string;
  readonly used: number | null;
}

/** The last 90 days up to the one on which the report was made, whether read or not. */
export function usedByDay({ days }: AmountRow, madeAt: Instant): readonly DayUsed[] {
  if (days === null) return [];
  const peaks = days.peaks.split(',');
  const first = Date.parse(`${days.from}T00:00:00Z`);
  const today = Date.parse(madeAt.slice(0, 10));
  return Array.from({ length: CHART_DAYS }, (_, index) => {
    const at = today - (CHART_DAYS - 1 - index) * DAY;
    const peak = parseQuantity(peaks[Math.round((at - first) / DAY)] ?? '');
    return { day: instant(at).slice(0, 10), used: peak === null ? null : approximately(peak) };
  });
}
