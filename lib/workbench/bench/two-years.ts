import { seats, type IssuedLicense } from '../scenarios/test-licenses.ts';
import type { BenchFixture } from './fixture.ts';

const DAY = 24 * 60 * 60_000;
/** A day of ticks passes before anything is measured. */
export const TWO_YEARS = 2 * 365 * DAY + DAY;
/** Of the default reminders those before the end. */
const REMINDERS = [90, 60, 30, 14, 7, 3, 1];
const HALF_A_YEAR = 182 * DAY;

/**
 * Two years in the life of each license, so that heads, ledgers, notices and agreements are as old as they get: seats are added in summer,
 * reminders come before each end, and at the last moment it is renewed. Then it is today.
 */
export async function liveTwoYears(
  { cloud, run, licenses }: BenchFixture,
  issued: readonly IssuedLicense[],
): Promise<void> {
  const today = cloud.clock.now() + TWO_YEARS - DAY;
  await run.sweeps(2);
  let ours = issued;
  const amendAll = async (change: (license: IssuedLicense) => Partial<IssuedLicense['terms']>) => {
    ours = await Promise.all(ours.map((license) => licenses.amend(license, change(license))));
  };
  for (let year = 1; year <= 2; year += 1) {
    const end = ours[0]?.terms.end;
    if (end === undefined) throw new Error('the licenses of the bench have an end');
    await cloud.clock.advanceTo(Date.parse(end) - HALF_A_YEAR);
    await amendAll(() => ({ entitlements: [seats(5 + 3 * year)] }));
    await run.sweeps(1);
    await run.sweepsBefore(end, REMINDERS);
    const next = new Date(Date.parse(end) + 365 * DAY).toISOString();
    await amendAll(() => ({ end: next }));
    await run.sweeps(1);
  }
  await cloud.clock.advanceTo(today);
}
