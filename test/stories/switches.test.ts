import { afterAll, beforeAll, expect, test } from 'vitest';
import { setSwitches, SWITCHES } from '../../lib/license-manager/switches.ts';
import type { StoryBuyer } from '../../lib/cloud/stories/rehearsal.ts';
import { verifyChain } from '../../lib/domain/seal.ts';
import { fewWeeks, newCast, type Cast } from '../support/few-weeks.ts';
import { openStage, type Stage } from '../support/stage.ts';
import { deadLetters, ledgerOf, sha256 } from '../support/stage-readings.ts';

/** Every position but the first of each switch, which all the others run in; and once all in their first. */
const POSITIONS = [
  ['all', 'first'],
  ...Object.entries(SWITCHES).flatMap(([name, [, ...others]]) => others.map((position) => [name, position] as const)),
] as const satisfies readonly (readonly [string, string])[];

/** One cloud for all: deploying and warming up cost more than the story. */
let stage: Stage;
beforeAll(async () => (stage = await openStage()));
afterAll(() => stage[Symbol.asyncDispose]());

test.each(POSITIONS.map(([name, position], telling) => ({ name, position, telling })))(
  'the same is told with $name in position $position',
  async ({ name, position, telling }) => {
    turn(name, position);
    const cast = newCast(telling);
    await fewWeeks(stage, cast, {
      slow: ['readsAfterUpdate', 'deletedInLists'].includes(name),
      throttled: ['all', 'throttleStatus'].includes(name),
    });

    const { expected, told } = expectation(name, position);
    expect(await historiesOf(cast)).toEqual(expected);
    expect(mailsTo(cast)).toEqual(told);
    expectNothingLeft(cast);
  },
);

/** The stand-in reads its switches at every call, so they can be turned while it runs. */
function turn(name: string, position: string): void {
  Object.assign(stage.cloud.licenseManager.switches, setSwitches(name === 'all' ? {} : { [name]: position }));
}

/** What each ledger holds: names of changes and reminders, standing, verdict. */
type Histories = Readonly<Record<keyof Cast, readonly string[]>>;
type Mails = Readonly<Record<keyof Cast, readonly string[]>>;

const HISTORIES: Histories = {
  seats: [
    'WatchStarted reminder 30: in-force, entitled',
    'LicenseUpgraded: in-force, entitled',
    'reminder 14: in-force, entitled',
    'LicenseRenewed: in-force, entitled',
    // The old license ended, as was said when it was renewed.
    ': in-force, entitled',
    'WatchEnded: in-force, entitled',
  ],
  tier: [
    'WatchStarted reminder 14: in-force, entitled',
    'reminder 7: in-force, entitled',
    'LicenseExpired: ended, not-entitled',
    'reminder -1: ended, not-entitled',
    'LicenseRenewed: in-force, entitled',
    'GrantDeactivated: not-activated, not-entitled',
    'GrantActivated: in-force, entitled',
    'LicenseCancelled: cancelled, not-entitled',
    'WatchEnded: cancelled, not-entitled',
  ],
  pool: [
    'WatchStarted: in-force, entitled',
    'UsageThresholdCrossed: in-force, entitled',
    'LicenseUpgraded SeveralLicensesFound: in-force, entitled',
    'WatchEnded: in-force, entitled',
  ],
};

const MAILS: Mails = {
  seats: ['WatchStarted Reminder', 'LicenseUpgraded', 'Reminder', 'LicenseRenewed'],
  tier: [
    'WatchStarted Reminder',
    'Reminder',
    'LicenseExpired',
    'Reminder',
    'LicenseRenewed',
    'GrantDeactivated',
    'GrantActivated',
    'LicenseCancelled',
  ],
  pool: ['WatchStarted', 'UsageThresholdCrossed', 'LicenseUpgraded'],
};

/** Where AWS tells less, less is known: that is all that may differ. */
function expectation(name: string, position: string): { readonly expected: Histories; readonly told: Mails } {
  switch (`${name} ${position}`) {
    case 'granteeReadsUsage AccessDeniedException':
      return {
        expected: { ...HISTORIES, pool: HISTORIES.pool.filter((entry) => !entry.startsWith('UsageThreshold')) },
        told: { ...MAILS, pool: MAILS.pool.filter((names) => !names.startsWith('UsageThreshold')) },
      };
    case 'deletedInLists not-listed':
      return {
        expected: {
          ...HISTORIES,
          tier: [
            ...HISTORIES.tier.slice(0, -2),
            'LicenseRemoved: none, not-entitled',
            'WatchEnded: none, not-entitled',
          ],
        },
        told: { ...MAILS, tier: [...MAILS.tier.slice(0, -1), 'LicenseRemoved'] },
      };
    default:
      return { expected: HISTORIES, told: MAILS };
  }
}

async function historiesOf({ seats, tier, pool }: Cast): Promise<Histories> {
  return { seats: await historyOf(seats), tier: await historyOf(tier), pool: await historyOf(pool) };
}

async function historyOf(buyer: StoryBuyer): Promise<readonly string[]> {
  const ledger = await ledgerOf(stage, buyer);
  expect(verifyChain(ledger, sha256)).toBeNull();
  return ledger.map(({ changes, reminder, standing, verdict }) => {
    const names = [...changes.map(({ type }) => type), ...(reminder === null ? [] : [`reminder ${reminder.rung}`])];
    return `${names.join(' ')}: ${standing}, ${verdict}`;
  });
}

/** The names in each buyer's mails, in the order of their arrival: one too many or told twice shows. */
function mailsTo({ seats, tier, pool }: Cast): Mails {
  return { seats: namesTold(seats), tier: namesTold(tier), pool: namesTold(pool) };
}

function namesTold({ email }: StoryBuyer): readonly string[] {
  const mails = stage.cloud.mailbox.read(email);
  return mails.map(({ attributes }) =>
    (JSON.parse(attributes['change']?.value ?? '[]') as readonly string[]).join(' '),
  );
}

function expectNothingLeft(cast: Cast): void {
  const { licenseManager } = stage.cloud;
  for (const { accountId } of [cast.seats, cast.tier, cast.pool]) {
    expect(licenseManager.seatsHeld(accountId)).toBe(0);
    expect(licenseManager.openCheckouts().filter((checkout) => checkout.accountId === accountId)).toEqual([]);
  }
  expect(deadLetters(stage.cloud)).toEqual([]);
}
