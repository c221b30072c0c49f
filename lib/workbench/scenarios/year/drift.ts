import { seats } from '../test-licenses.ts';
import { DRIFT } from './participants.ts';
import { failLicenseManager } from './incidents.ts';
import { AT_ONCE, UNTIL_WRITTEN, type Script } from './step.ts';

const OLD = 'the seats of Drift Energy';
const RENEWED = 'the renewed seats of Drift Energy';

/** An auto-renewal a minute after the end, a suspension, a grant switched off and on, a day without License Manager. */
export const drift: Script = [
  {
    at: '2026-01-06T09:20:00Z',
    says: 'Drift Energy, which has 10 seats, deploys the buyer stack',
    ticks: AT_ONCE,
    do: async (actions) => {
      await actions.issue(
        OLD,
        DRIFT,
        {
          begin: '2025-07-01T00:00:00Z',
          end: '2026-07-01T00:00:00Z',
          entitlements: [seats(10)],
        },
        { renewal: { enableAutoRenew: true, lockoutDays: 30 } },
      );
      await actions.join(DRIFT);
    },
  },
  // It renews by itself. Reminders of 2026-07-01 at midnight: only 30 on 06-01 and 7 on 06-24. Reminders of its decision deadline
  // 2026-06-01: 30 on 05-02, 14 on 05-18, 7 on 05-25, 3 on 05-29, 1 on 05-31. All of them to both.
  {
    // LicenseExpired is found at 00:00 and settles: nobody is told. The agreement is RENEWED, which is not an end.
    at: '2026-07-01T00:00:00Z',
    says: 'the license of Drift Energy ends',
  },
  {
    // LicenseRenewed at 00:01 to both, on AWS's event for the license; the notices of LicenseExpired are withdrawn (rule 10). No day-after
    // reminder.
    at: '2026-07-01T00:10:00Z',
    says: 'AWS has renewed for Drift Energy by itself: a new license, one minute after the old one',
    do: (actions) => {
      actions.nameRenewed(RENEWED, OLD);
    },
  },
  {
    // LicenseSuspended to both, settling from 13:15 to 14:15. The agreement is ACTIVE: a day later, at midnight, AgreementDisagreed to
    // the seller alone.
    at: '2026-09-08T13:05:00Z',
    says: 'AWS suspends the license of Drift Energy',
    do: (actions) => actions.amend(RENEWED, {}, 'SUSPENDED'),
  },
  {
    // LicenseReinstated at 08:45 to both, to the seller with AgreementDisagreed: license and agreement say the same again.
    at: '2026-09-10T08:40:00Z',
    says: 'the license of Drift Energy is reinstated',
    ticks: AT_ONCE,
    do: (actions) => actions.amend(RENEWED, {}, 'AVAILABLE'),
  },
  {
    // GrantDeactivated to both, settling from 10:30 to 11:30. The grant is the buyer's own and not in the agreement, so nothing disagrees.
    at: '2026-10-05T10:20:00Z',
    says: 'somebody at Drift Energy deactivates the grant',
    do: (actions) => actions.setGrant(RENEWED, 'DISABLED'),
  },
  {
    // GrantActivated at 09:45 to both.
    at: '2026-10-07T09:31:00Z',
    says: 'Drift Energy activates the grant again',
    ticks: AT_ONCE,
    do: (actions) => actions.setGrant(RENEWED, 'ACTIVE'),
  },
  {
    // Trouble, not blindness: WatchLost at 03:15 of the next day, after 24 hours, to buyer, seller and operations; WatchRestored at
    // 09:15 to buyer and seller (rule 3).
    from: '2026-11-17T03:05:00Z',
    until: '2026-11-18T09:05:00Z',
    says: 'License Manager fails in the account of Drift Energy',
    over: 'License Manager answers Drift Energy again, after 30 hours',
    begin: (actions) => failLicenseManager(actions, DRIFT),
    before: UNTIL_WRITTEN,
  },
  {
    at: '2026-11-18T03:05:00Z',
    says: 'License Manager has failed for Drift Energy for 24 hours',
  },
];
