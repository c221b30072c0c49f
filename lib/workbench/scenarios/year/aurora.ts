import { seats } from '../test-licenses.ts';
import { AURORA } from './participants.ts';
import { answerStale, forgeFarewell } from './incidents.ts';
import { AT_ONCE, type Script } from './step.ts';

const SEATS = 'the seats of Aurora Labs';

/** Seats: raised, all in use, renewed under the same ARN, fewer in the end. */
export const aurora: Script = [
  {
    // Welcome to the buyer at the first look; WatchStarted to the seller with the next digest, 7 minutes after a tick.
    at: '2026-01-05T08:50:00Z',
    says: 'Aurora Labs buys 5 seats and deploys the buyer stack',
    ticks: AT_ONCE,
    do: async (actions) => {
      await actions.issue(SEATS, AURORA, {
        begin: '2026-01-05T00:00:00Z',
        end: '2027-01-05T00:00:00Z',
        entitlements: [seats(5)],
      });
      await actions.join(AURORA);
    },
  },
  {
    // LicenseUpgraded at 10:02 to both: good news is told at once. To the seller with its cause, AgreementAmended.
    at: '2026-04-10T10:02:00Z',
    says: 'Aurora Labs buys three more seats',
    ticks: AT_ONCE,
    do: (actions) => actions.amend(SEATS, { entitlements: [seats(8)] }),
  },
  {
    // Nobody is told: version 1 is superseded, and two ticks are not three (rule 4).
    from: '2026-04-22T13:05:00Z',
    until: '2026-04-22T13:35:00Z',
    says: 'reads of License Manager go back to the 5 seats of version 1',
    over: 'reads of License Manager are fresh again',
    begin: (actions) => answerStale(actions, SEATS, '1', { entitlements: [seats(5)] }),
  },
  {
    // Nobody is told: a farewell counts only when the role is gone.
    at: '2026-04-28T11:03:00Z',
    says: 'a stranger publishes a farewell in the name of Aurora Labs',
    ticks: AT_ONCE,
    do: (actions) => forgeFarewell(actions, AURORA),
  },
  {
    // UsageThresholdCrossed, 100 %, at 10:00 to both, and nothing else: the probe checks out AWS::Marketplace::Usage, which needs no
    // seat (rules 2 and 5).
    at: '2026-05-20T09:05:00Z',
    says: 'all 8 seats of Aurora Labs are in use for an hour',
    do: (actions) => actions.use(SEATS, seats(8), 8, 'PROVISIONAL'),
  },
  // Reminders of 2027-01-05 at midnight: 90 on 10-07, 60 on 11-06 (the buyer alone), 30 on 12-06, 14 on 12-22 (the seller too).
  {
    // LicenseRenewed at 11:30 to both, and no reminder of the old end after it. The next agreement of the chain replaces the old one.
    at: '2026-12-28T11:30:00Z',
    says: 'Aurora Labs renews for a year',
    ticks: AT_ONCE,
    do: (actions) => actions.amend(SEATS, { end: '2028-01-05T00:00:00Z' }),
  },
  {
    // LicenseDowngraded to both, settling for an hour: from 11:10 to the look at 12:15. To the seller with AgreementAmended.
    at: '2027-02-10T11:10:00Z',
    says: 'Aurora Labs gives two seats back',
    do: (actions) => actions.amend(SEATS, { entitlements: [seats(6)] }),
  },
];
