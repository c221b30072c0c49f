import { tier } from '../test-licenses.ts';
import { GALE } from './participants.ts';
import { AT_ONCE, type Script } from './step.ts';

const FIRST = 'the tier of Gale Insurance';
const NEXT = 'the next tier of Gale Insurance';
const AGAIN = 'the last tier of Gale Insurance';

/** Watched before anything was bought, confirmed late, renewed for later, canceled, and back with a grant to activate. */
export const gale: Script = [
  {
    // WatchStarted to the seller. The buyer's welcome waits: nobody has confirmed the topic (rule 14).
    at: '2026-02-02T10:05:00Z',
    says: 'Gale Insurance deploys the buyer stack before it buys, and leaves the confirmation mail unread',
    ticks: AT_ONCE,
    do: (actions) => actions.join(GALE, { confirms: false }),
  },
  {
    // LicenseGranted at 09:05 to the seller; the buyer’s notice waits.
    at: '2026-02-03T09:05:00Z',
    says: 'Gale Insurance buys PremiumTier, to begin a week later',
    ticks: AT_ONCE,
    do: (actions) =>
      actions.issue(FIRST, GALE, {
        begin: '2026-02-09T00:00:00Z',
        end: '2026-08-15T00:00:00Z',
        entitlements: [tier('PremiumTier')],
      }),
  },
  {
    // One welcome mail with LicenseGranted folded in, at the next look at the topic: looks get rarer, and the last was this morning.
    at: '2026-02-03T16:20:00Z',
    says: 'Gale Insurance follows the link of the confirmation mail',
    ticks: AT_ONCE,
    do: (actions) => {
      actions.confirm(GALE);
    },
  },
  {
    // LicenseBegan at 00:00 to both.
    at: '2026-02-09T00:00:00Z',
    says: 'the license of Gale Insurance begins',
    ticks: AT_ONCE,
  },
  // Reminders of 2026-08-15 at midnight: 90 on 05-17, 60 on 06-16 (the buyer alone).
  {
    // LicenseRenewed at 14:05 to both; no reminder of 2026-08-15 after it.
    at: '2026-06-20T14:05:00Z',
    says: 'Gale Insurance renews: a new license that begins when the old one ends',
    ticks: AT_ONCE,
    do: (actions) =>
      actions.issue(NEXT, GALE, {
        begin: '2026-08-15T00:00:00Z',
        end: '2027-08-15T00:00:00Z',
        entitlements: [tier('PremiumTier')],
      }),
  },
  {
    // Nobody is told: the renewal was told in June. AWS calls the agreement EXPIRED; by its dates the other one follows it.
    at: '2026-08-15T00:00:00Z',
    says: 'the old license of Gale Insurance ends, the new one begins',
  },
  {
    // LicenseCanceled to both, settling from 12:05 to the look at 13:15; to the seller with AgreementEnded: CANCELLED is the cause.
    at: '2026-11-24T12:05:00Z',
    says: 'the agreement of Gale Insurance is canceled, its license deleted',
    do: (actions) => actions.cancel(NEXT),
  },
  {
    // LicenseNotActivated at 10:32 to both. The missing activation is not in the agreement, so license and agreement do not disagree.
    at: '2026-12-02T10:32:00Z',
    says: 'Gale Insurance buys again, and forgets to activate the grant',
    do: (actions) =>
      actions.issue(
        AGAIN,
        GALE,
        {
          begin: '2026-12-02T00:00:00Z',
          end: '2027-12-02T00:00:00Z',
          entitlements: [tier('PremiumTier')],
        },
        { grant: 'DISABLED' },
      ),
  },
  {
    // GrantActivated at 09:15 to both.
    at: '2026-12-04T09:05:00Z',
    says: 'Gale Insurance activates the grant',
    ticks: AT_ONCE,
    do: (actions) => actions.setGrant(AGAIN, 'ACTIVE'),
  },
];
