import { tier } from '../test-licenses.ts';
import { BOREALIS } from './participants.ts';
import { removeRole } from './incidents.ts';
import { AT_ONCE, UNTIL_WRITTEN, type Script } from './step.ts';

const TIER = 'the tier of Borealis Bank';
const RENEWED = 'the renewed tier of Borealis Bank';

/** A tier that rises, blind for a day, a renewal under a new ARN that overlaps the old license. */
export const borealis: Script = [
  {
    at: '2026-01-05T09:20:00Z',
    says: 'Borealis Bank, which has BasicTier, deploys the buyer stack',
    ticks: AT_ONCE,
    do: async (actions) => {
      await actions.issue(TIER, BOREALIS, {
        begin: '2026-01-01T00:00:00Z',
        end: '2026-12-01T00:00:00Z',
        entitlements: [tier('BasicTier')],
      });
      await actions.join(BOREALIS);
    },
  },
  {
    // LicenseUpgraded at 14:40 to both, to the seller with AgreementAmended.
    at: '2026-06-15T14:40:00Z',
    says: 'Borealis Bank moves up to IntermediateTier',
    ticks: AT_ONCE,
    do: (actions) => actions.amend(TIER, { entitlements: [tier('IntermediateTier')] }),
  },
  {
    // WatchLost at 07:00, the third tick, to both: the topic lives. Then License Manager is asked once in 6 hours: 00:00, 06:00,
    // 12:00, so that WatchRestored comes at 12:00 (rule 3).
    from: '2026-08-11T06:20:00Z',
    until: '2026-08-12T06:20:00Z',
    says: 'the reading role of Borealis Bank is deleted by hand',
    over: 'Borealis Bank has its reading role back',
    begin: (actions) => removeRole(actions, BOREALIS),
    before: UNTIL_WRITTEN,
    ticks: 24,
  },
  // Reminders of 2026-12-01 at midnight: 90 on 09-02, 60 on 10-02 (the buyer alone), 30 on 11-01 (the seller too).
  {
    // LicenseRenewed at 09:12 to both: it begins in the last month of the old one, so it succeeds it and is not another license beside it.
    at: '2026-11-10T09:12:00Z',
    says: 'Borealis Bank renews: a new license, while the old one goes on until December',
    ticks: AT_ONCE,
    do: (actions) =>
      actions.issue(RENEWED, BOREALIS, {
        begin: '2026-11-10T00:00:00Z',
        end: '2027-11-10T00:00:00Z',
        entitlements: [tier('IntermediateTier')],
      }),
  },
  {
    // Nobody is told: its successor is in force. AWS calls the agreement EXPIRED; by its dates the other follows, so that is not told.
    at: '2026-12-01T00:00:00Z',
    says: 'the old license of Borealis Bank ends',
  },
];
