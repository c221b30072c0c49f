import type { Instant } from '../../domain/time.ts';

/** The months (`2027-02`), in UTC, that a span from `since` to just before `until` touches, oldest first. */
export function monthsBetween(since: Instant, until: Instant): readonly string[] {
  const months: string[] = [];
  let [year, month] = [Number(since.slice(0, 4)), Number(since.slice(5, 7))];
  for (;;) {
    const name = `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}`;
    // The first instant of a month, in the form of all instants, sorts behind its name.
    if (since >= until || name >= until.slice(0, 10)) return months;
    months.push(name);
    [year, month] = month === 12 ? [year + 1, 1] : [year, month + 1];
  }
}
