import { failLicenseManager, refuseAllRoles } from './incidents.ts';
import type { Script } from './step.ts';

/** What all buyers have at once is not the buyers': nobody is told any of it by a notice (rule 3). */
export const everybody: Script = [
  {
    from: '2026-05-27T13:10:00Z',
    until: '2026-05-27T16:10:00Z',
    says: 'License Manager fails for everybody',
    over: 'License Manager answers again, after 3 hours',
    begin: (actions) => failLicenseManager(actions),
  },
  {
    // Each refusal looks like a role that is gone; more than a tenth of all checks at once is no buyer's doing.
    from: '2026-10-13T08:05:00Z',
    until: '2026-10-13T10:05:00Z',
    says: 'STS refuses every role',
    over: 'STS lets the watcher in again, after 2 hours',
    begin: (actions) => refuseAllRoles(actions),
    ticks: 8,
  },
];
