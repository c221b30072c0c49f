import { gigabytes } from '../test-licenses.ts';
import { CUMULUS } from './participants.ts';
import { AT_ONCE, type Script } from './step.ts';

const POOL = 'the gigabytes of Cumulus Foods';

/** A pool of data that is used up, an expiry with all its reminders, and a true farewell. */
export const cumulus: Script = [
  {
    at: '2026-01-05T10:20:00Z',
    says: 'Cumulus Foods, which has 500 gigabytes, deploys the buyer stack',
    ticks: AT_ONCE,
    do: async (actions) => {
      await actions.issue(POOL, CUMULUS, {
        begin: '2026-01-01T00:00:00Z',
        end: '2026-10-01T00:00:00Z',
        entitlements: [gigabytes(500)],
      });
      await actions.join(CUMULUS);
    },
  },
  {
    // Nobody is told about 60 %.
    at: '2026-03-24T09:20:00Z',
    says: 'Cumulus Foods has used 300 of 500 gigabytes',
    do: (actions) => actions.use(POOL, gigabytes(500), 300, 'PERPETUAL'),
  },
  {
    // UsageThresholdCrossed, 80 %, at 10:00 to both: usage is read once an hour.
    at: '2026-06-25T09:20:00Z',
    says: 'Cumulus Foods has used 405 of 500 gigabytes',
    do: (actions) => actions.use(POOL, gigabytes(500), 105, 'PERPETUAL'),
  },
  // Reminders of 2026-10-01 at midnight: 90 on 07-03, 60 on 08-02 (the buyer alone), 30 on 09-01, 14 on 09-17, 7 on 09-24, 3 on
  // 09-28, 1 on 09-30 (the seller too).
  {
    // 90 %, at 10:00 to both.
    at: '2026-08-20T09:20:00Z',
    says: 'Cumulus Foods has used 455 of 500 gigabytes',
    do: (actions) => actions.use(POOL, gigabytes(500), 50, 'PERPETUAL'),
  },
  {
    // 100 %, at 16:00 to both.
    at: '2026-09-10T15:20:00Z',
    says: 'Cumulus Foods has used all 500 gigabytes',
    do: (actions) => actions.use(POOL, gigabytes(500), 45, 'PERPETUAL'),
  },
  {
    // LicenseExpired to both, settling from 00:00 to 01:00, to the seller with AgreementEnded, which settles as long; the day-after
    // reminder on 10-02 to both.
    at: '2026-10-01T00:00:00Z',
    says: 'the license of Cumulus Foods ends',
  },
  {
    // WatchEnded to the seller with the next digest; the buyer's topic is gone.
    at: '2027-01-20T14:05:00Z',
    says: 'Cumulus Foods deletes the buyer stack',
    ticks: AT_ONCE,
    do: (actions) => actions.leave(CUMULUS),
  },
];
