import { tier } from '../test-licenses.ts';
import { EMBER } from './participants.ts';
import { refuseCheckouts, removeRole } from './incidents.ts';
import { AT_ONCE, UNTIL_WRITTEN, type Script } from './step.ts';

const OLD = 'the tier of Ember Robotics';
const RENEWED = 'the renewed tier of Ember Robotics';

/** A renewal five days late, a tier nobody knows, a refused probe, and blind for good. */
export const ember: Script = [
  {
    // 67 days before the end: the reminder of 90 days is folded into the welcome.
    at: '2026-01-07T15:20:00Z',
    says: 'Ember Robotics, which has BasicTier until March, deploys the buyer stack',
    ticks: AT_ONCE,
    do: async (actions) => {
      await actions.issue(OLD, EMBER, {
        begin: '2025-03-15T00:00:00Z',
        end: '2026-03-15T00:00:00Z',
        entitlements: [tier('BasicTier')],
      });
      await actions.join(EMBER);
    },
  },
  // Reminders of 2026-03-15 at midnight: 60 on 01-14 (the buyer alone), 30 on 02-13, 14 on 03-01, 7 on 03-08, 3 on 03-12, 1 on
  // 03-14 (the seller too).
  {
    // LicenseExpired to both, settling from 00:00 to 01:00, to the seller with AgreementEnded; the day-after reminder on 03-16 to both.
    at: '2026-03-15T00:00:00Z',
    says: 'the license of Ember Robotics ends',
  },
  {
    // LicenseRenewed at 11:02 to both, with its gap of five days.
    at: '2026-03-20T11:02:00Z',
    says: 'Ember Robotics renews, five days late: a new license',
    ticks: AT_ONCE,
    do: (actions) =>
      actions.issue(RENEWED, EMBER, {
        begin: '2026-03-20T00:00:00Z',
        end: '2027-03-20T00:00:00Z',
        entitlements: [tier('BasicTier')],
      }),
  },
  {
    // EntitlementsChanged at 16:05 to seller (with AgreementAmended) and operations: the buyer could be told nothing true (rule 13).
    at: '2026-05-05T16:05:00Z',
    says: 'Ember Robotics moves to UltimateTier, which the seller has not configured',
    do: (actions) => actions.amend(RENEWED, { entitlements: [tier('UltimateTier')] }),
  },
  {
    // LicenseUpgraded at 10:33 to both: from the last configured tier to this one, skipping the unknown one. To the seller with
    // AgreementAmended.
    at: '2026-05-07T10:33:00Z',
    says: 'the seller corrects the offer: Ember Robotics has PremiumTier',
    ticks: AT_ONCE,
    do: (actions) => actions.amend(RENEWED, { entitlements: [tier('PremiumTier')] }),
  },
  {
    // Nobody is told about two refusals.
    from: '2026-08-18T10:05:00Z',
    until: '2026-08-18T10:35:00Z',
    says: 'a checkout is refused to Ember Robotics, though its license is in force',
    over: 'checkouts of Ember Robotics are accepted again, after two ticks',
    begin: (actions) => refuseCheckouts(actions, EMBER),
  },
  {
    // CheckoutRefused at 10:45, the third tick, and CheckoutAccepted at 12:15: to the seller alone (rule 7).
    from: '2026-08-25T10:05:00Z',
    until: '2026-08-25T12:05:00Z',
    says: 'checkouts are refused to Ember Robotics once more',
    over: 'checkouts of Ember Robotics are accepted again, after two hours',
    begin: (actions) => refuseCheckouts(actions, EMBER),
  },
  {
    // WatchLost at 18:15 to both, once. The calendar goes on: reminders of 2027-03-20 on 12-20 (90), 01-19 (60, the buyer alone) and
    // 02-18 (30, the seller too), with "last seen on 2026-12-09".
    at: '2026-12-09T17:40:00Z',
    says: 'the reading role of Ember Robotics is deleted by hand, for good',
    do: (actions) => removeRole(actions, EMBER),
    before: UNTIL_WRITTEN,
  },
];
