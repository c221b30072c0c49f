import { seats } from '../test-licenses.ts';
import { HALO } from './participants.ts';
import { hideLicense } from './incidents.ts';
import { AT_ONCE, type Script } from './step.ts';

const SEATS = 'the seats of Halo Clinics';

/** Onboarded late and shortly before an end; a mail scanner unsubscribes, the license drops off the list, and its issuer deactivates it. */
export const halo: Script = [
  {
    // 28 days before the end: WatchStarted with the reminder of 30 days folded in; 90 and 60 are skipped. No LicenseGranted.
    at: '2026-09-07T09:40:00Z',
    says: 'Halo Clinics, which has had 20 seats for a year, deploys the buyer stack',
    ticks: AT_ONCE,
    do: async (actions) => {
      await actions.issue(SEATS, HALO, {
        begin: '2025-10-05T00:00:00Z',
        end: '2026-10-05T00:00:00Z',
        entitlements: [seats(20)],
      });
      await actions.join(HALO);
    },
  },
  // Reminders of 2026-10-05 at midnight: 14 on 09-21, 7 on 09-28 (both).
  {
    // LicenseRenewed at 15:05 to both.
    at: '2026-09-30T15:05:00Z',
    says: 'Halo Clinics renews for a year',
    ticks: AT_ONCE,
    do: (actions) => actions.amend(SEATS, { end: '2027-10-05T00:00:00Z' }),
  },
  {
    // BuyerUnreachable at 12:45, the tick of the daily look at the topic, to the seller alone: nobody else would get it.
    at: '2026-10-20T12:35:00Z',
    says: 'a mail scanner of Halo Clinics opens the link that unsubscribes',
    do: (actions) => {
      actions.unsubscribe(HALO);
    },
  },
  {
    // BuyerReachable at 12:45, to the seller alone.
    at: '2026-10-22T12:35:00Z',
    says: 'Halo Clinics subscribes its address again, and confirms it',
    do: (actions) => {
      actions.subscribe(HALO);
    },
  },
  {
    // LicenseRemoved at the second tick, 09:30, settling until 10:30, to both. LicenseGranted two days later, at 09:15, to both: AWS does
    // not say where it came from either.
    from: '2026-12-16T09:05:00Z',
    until: '2026-12-18T09:05:00Z',
    says: 'the license of Halo Clinics drops off the list',
    over: 'the license of Halo Clinics is on the list again',
    begin: (actions) => hideLicense(actions, SEATS),
  },
  {
    // LicenseDeactivated to both, settling from 09:15 to 10:15. The agreement is ACTIVE: a day later AgreementDisagreed to the
    // seller alone.
    at: '2027-01-18T09:05:00Z',
    says: 'the seller deactivates the license of Halo Clinics',
    do: (actions) => actions.amend(SEATS, {}, 'DEACTIVATED'),
  },
];
