import { AURORA, BOREALIS, CUMULUS, skuOf } from './participants.ts';
import type { ScenarioRun } from './scenario-run.ts';
import { gigabytes, seats, tier } from './test-licenses.ts';

export const START = '2026-01-05T08:50:00Z';

/**
 * A year of three buyers: seats that are raised and renewed, a tier that rises, a pool of data that is used and ends.
 * `three-buyers.notices.txt` lists who must be told what.
 */
export async function threeBuyers(scenario: ScenarioRun): Promise<void> {
  const { licenses } = scenario;

  let viewer = await licenses.issue(AURORA.accountId, skuOf('viewer'), {
    begin: '2026-01-05T00:00:00Z',
    end: '2027-01-05T00:00:00Z',
    entitlements: [seats(5)],
  });
  await scenario.join(AURORA);
  let suite = await licenses.issue(BOREALIS.accountId, skuOf('suite'), {
    begin: '2026-01-01T00:00:00Z',
    end: '2026-12-01T00:00:00Z',
    entitlements: [tier('BasicTier')],
  });
  await scenario.join(BOREALIS);
  const lake = await licenses.issue(CUMULUS.accountId, skuOf('lake'), {
    begin: '2026-01-01T00:00:00Z',
    end: '2026-10-01T00:00:00Z',
    entitlements: [gigabytes(500)],
  });
  await scenario.join(CUMULUS);
  await scenario.sweeps(2);

  await scenario.at('2026-04-10T10:02:00Z');
  scenario.say('Aurora Labs buys three more seats');
  viewer = await licenses.amend(viewer, { entitlements: [seats(8)] });
  await scenario.sweep();

  await scenario.at('2026-06-15T14:40:00Z');
  scenario.say('Borealis Bank moves up to IntermediateTier');
  suite = await licenses.amend(suite, { entitlements: [tier('IntermediateTier')] });
  await scenario.sweep();

  await scenario.sweepsBefore('2026-10-01T00:00:00Z', [90, 60]);
  await scenario.at('2026-08-20T09:20:00Z');
  scenario.say('Cumulus Foods has used 410 of 500 gigabytes');
  await licenses.checkOut(lake, gigabytes(500), 410, 'PERPETUAL');
  await scenario.sweep();

  await scenario.sweepsBefore('2026-10-01T00:00:00Z', [30]);
  await scenario.sweepsBefore('2026-12-01T00:00:00Z', [90]);
  await scenario.sweepsBefore('2026-10-01T00:00:00Z', [14, 7, 3, 1]);
  await scenario.sweep('2026-10-01T00:00:00Z');
  scenario.say('the license of Cumulus Foods has ended');
  await scenario.sweeps(5);
  // A day after the end of Cumulus Foods, and 60 days before that of Borealis Bank.
  await scenario.sweep('2026-10-02T00:00:00Z');

  await scenario.sweepsBefore('2027-01-05T00:00:00Z', [90]);
  await scenario.at('2026-10-20T16:05:00Z');
  scenario.say('Borealis Bank renews for a year');
  await licenses.amend(suite, { end: '2027-12-01T00:00:00Z' });
  await scenario.sweep();

  await scenario.sweepsBefore('2027-01-05T00:00:00Z', [60, 30, 14]);
  await scenario.at('2026-12-28T11:30:00Z');
  scenario.say('Aurora Labs renews for a year');
  await licenses.amend(viewer, { end: '2028-01-05T00:00:00Z' });
  await scenario.sweeps(2);
  await scenario.sweep('2027-01-05T00:00:00Z');
}
