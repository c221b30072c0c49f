import { seats } from '../test-licenses.ts';
import { disturbEvent } from './incidents.ts';
import { INDIGO } from './participants.ts';
import { AT_ONCE, type Script } from './step.ts';

const SEATS = 'the seats of Indigo Freight';

/** A contract that renews by itself: switched off and on again, asked to be canceled, its decision deadline, and the renewal. */
export const indigo: Script = [
  {
    at: '2026-02-10T09:20:00Z',
    says: 'Indigo Freight, which has 12 seats and renews by itself, deploys the buyer stack',
    ticks: AT_ONCE,
    do: async (actions) => {
      await actions.issue(
        SEATS,
        INDIGO,
        {
          begin: '2026-02-01T00:00:00Z',
          end: '2026-12-11T00:00:00Z',
          entitlements: [seats(12)],
        },
        { renewal: { enableAutoRenew: true, lockoutDays: 30 } },
      );
      await actions.join(INDIGO);
    },
  },
  {
    // RenewalIntentChanged at 10:15 to both: without an event there is no earlier look, and the tick reads what changed. Urgent to the
    // seller, with the party (rule 13).
    at: '2026-06-10T10:05:00Z',
    says: 'Indigo Freight switches renewal off, and AWS loses the event',
    do: (actions) => {
      disturbEvent(actions, INDIGO, 0);
      actions.setAutoRenew(SEATS, 'buyer', false);
    },
  },
  {
    // RenewalIntentChanged at 14:05 to both, once.
    at: '2026-07-21T14:05:00Z',
    says: 'Indigo Freight switches renewal on again, and AWS sends the event twice',
    ticks: AT_ONCE,
    do: (actions) => {
      disturbEvent(actions, INDIGO, 2);
      actions.setAutoRenew(SEATS, 'buyer', true);
    },
  },
  {
    // To the seller and to operations at 09:07: AWS's event says it, without cause or date.
    at: '2026-08-12T09:05:00Z',
    says: 'AWS issues an advisory on the agreement of Indigo Freight',
    do: (actions) => {
      actions.advise(SEATS, 'Issued');
    },
  },
  {
    // To both at 15:37.
    at: '2026-08-19T15:35:00Z',
    says: 'AWS resolves its advisory on the agreement of Indigo Freight',
    do: (actions) => {
      actions.advise(SEATS, 'Resolved');
    },
  },
  // It renews by itself. Reminders of 2026-12-11 at midnight: only 30 on 11-11 and 7 on 12-04. Reminders of its decision deadline
  // 2026-11-11: 30 on 10-12, 14 on 10-28, 7 on 11-04, 3 on 11-08, 1 on 11-10. All of them to both.
  {
    // To the seller and to operations at 11:07, with the day on which AWS approves it by itself.
    at: '2026-10-20T11:05:00Z',
    says: 'the seller asks to cancel the agreement of Indigo Freight',
    do: (actions) => {
      actions.requestCancellation(SEATS);
    },
  },
  {
    // To both at 11:07.
    at: '2026-10-23T11:05:00Z',
    says: 'Indigo Freight refuses to cancel',
    do: (actions) => {
      actions.rejectCancellation(SEATS);
    },
  },
  {
    at: '2026-11-11T00:00:00Z',
    says: 'the renewal decision deadline of Indigo Freight passes',
    ticks: AT_ONCE,
  },
  {
    // LicenseExpired is found at 00:00 and settles; LicenseRenewed at 00:01 to both, as for Drift Energy.
    at: '2026-12-11T00:00:00Z',
    says: 'AWS renews for Indigo Freight by itself: a new agreement, and a minute later its license',
  },
];
