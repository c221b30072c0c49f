import { seats, tier } from '../test-licenses.ts';
import { JUNIPER, KELP } from './participants.ts';
import { AT_ONCE, type Script } from './step.ts';

const PRIVATE = 'the private offer of Juniper Studios';
const UNINVITED = 'the seats of Kelp Analytics';

/** A private offer that passes into the public one, and a purchase by an account that was not invited. */
export const juniper: Script = [
  {
    at: '2026-03-12T09:20:00Z',
    says: 'Juniper Studios, which has BasicTier by a private offer, deploys the buyer stack',
    ticks: AT_ONCE,
    do: async (actions) => {
      await actions.issue(
        PRIVATE,
        JUNIPER,
        {
          begin: '2026-03-01T00:00:00Z',
          end: '2026-09-20T00:00:00Z',
          entitlements: [tier('BasicTier')],
        },
        { offerKind: 'private', passesIntoPublic: true, renewal: { enableAutoRenew: true } },
      );
      await actions.join(JUNIPER);
    },
  },
  {
    // The account is not watched, so there is no entry. Its agreement shows the purchase: to the seller alone, at 00:07 of the next day,
    // in the mail about accounts that bought and are not invited.
    at: '2026-04-15T10:05:00Z',
    says: 'Kelp Analytics, whom nobody has invited, buys 3 seats',
    ticks: AT_ONCE,
    do: (actions) =>
      actions.issue(UNINVITED, KELP, {
        begin: '2026-04-15T00:00:00Z',
        end: '2027-04-15T00:00:00Z',
        entitlements: [seats(3)],
      }),
  },
  // Reminders of 2026-09-20 at midnight: 90 on 06-22, 60 on 07-22 (the buyer alone), 30 on 08-21, 14 on 09-06, 7 on 09-13, 3 on 09-17,
  // 1 on 09-19 (the seller too).
  {
    // LicenseExpired is found at 00:00 and settles; LicenseRenewed at 00:01 to both, with RenewalIntentChanged: the agreement was to be
    // replaced and now, under the public offer, renews by itself. The first reminder of 2027-04-11, at 30 days, is after this year.
    at: '2026-09-20T00:00:00Z',
    says: 'the private offer of Juniper Studios passes into the public one',
  },
  {
    // In the same way, at 00:07 of the next day: AgreementEnded for an agreement that is not watched.
    at: '2027-01-20T10:05:00Z',
    says: 'Kelp Analytics cancels its agreement',
    do: (actions) => actions.cancel(UNINVITED),
  },
];
