import { seats } from '../test-licenses.ts';
import { FJORD } from './participants.ts';
import { AT_ONCE, type Script } from './step.ts';

const FIRST = 'the first 5 seats of Fjord Shipping';
const SECOND = 'the other 10 seats of Fjord Shipping';

/** Two licenses side by side, one shortened, the other renewed long before its end. */
export const fjord: Script = [
  {
    at: '2026-01-08T13:20:00Z',
    says: 'Fjord Shipping, which has 5 seats, deploys the buyer stack',
    ticks: AT_ONCE,
    do: async (actions) => {
      await actions.issue(FIRST, FJORD, {
        begin: '2025-11-01T00:00:00Z',
        end: '2026-11-01T00:00:00Z',
        entitlements: [seats(5)],
      });
      await actions.join(FJORD);
    },
  },
  {
    // AnotherLicenseFound at 10:20 to the seller alone: it is not known whether both can be used, so nothing is upgraded.
    at: '2026-03-03T10:20:00Z',
    says: 'Fjord Shipping buys 10 seats more, under another offer',
    ticks: AT_ONCE,
    do: (actions) =>
      actions.issue(SECOND, FJORD, {
        begin: '2026-03-03T00:00:00Z',
        end: '2027-03-03T00:00:00Z',
        entitlements: [seats(10)],
      }),
  },
  {
    // LicenseShortened to both, settling from 08:31 to the look at 09:45; to the seller with AgreementAmended.
    at: '2026-06-09T08:31:00Z',
    says: 'the end of the 10 seats of Fjord Shipping moves from March to December',
    do: (actions) => actions.amend(SECOND, { end: '2026-12-15T00:00:00Z' }),
  },
  {
    // ForeignLicenseFound at 15:45 to the seller alone; it counts for nothing.
    at: '2026-06-22T15:35:00Z',
    says: 'somebody else issues a license under the SKU of the product, and Fjord Shipping takes it',
    do: (actions) =>
      actions.issueBy('121212121212', FJORD, {
        begin: '2026-06-22T00:00:00Z',
        end: '2027-06-22T00:00:00Z',
        entitlements: [seats(100)],
      }),
  },
  {
    // LicenseRenewed at 12:05 to both, early; no reminder of 2026-11-01 ever.
    at: '2026-07-14T12:05:00Z',
    says: 'Fjord Shipping renews its 5 seats, three and a half months early',
    ticks: AT_ONCE,
    do: (actions) => actions.amend(FIRST, { end: '2027-11-01T00:00:00Z' }),
  },
  // Reminders of 2026-12-15 at midnight ("your 10 ReadOnly of license ... end"): 90 on 09-16, 60 on 10-16 (the buyer alone), 30 on 11-15,
  // 14 on 12-01, 7 on 12-08, 3 on 12-12, 1 on 12-14 (the seller too).
  {
    // LicenseExpired to both, only for this license, settling from 00:00 to 01:00; the other goes on, so the contract does not end. To the
    // seller with AgreementEnded: the other agreement began months before, beside it.
    at: '2026-12-15T00:00:00Z',
    says: 'the 10 seats of Fjord Shipping end',
  },
];
