import { AsyncLocalStorage } from 'node:async_hooks';
import { afterAll, beforeAll, expect, onTestFailed, test } from 'vitest';
import type { LicenseManager } from '../../lib/workbench/license-manager/license-manager.ts';
import {
  setSwitches,
  SWITCHES,
  type SwitchName,
  type Switches,
} from '../../lib/workbench/license-manager/switches.ts';
import type { ScenarioBuyer } from '../../lib/workbench/scenarios/scenario-run.ts';
import { verifyChain } from '../support/verify-chain.ts';
import { fewWeeks, newContracts, type Round, type ThreeContracts } from '../support/few-weeks.ts';
import { openFixture, type WatcherFixture } from '../support/watcher-fixture.ts';
import { deadLetters, ledgerOf } from '../support/fixture-readings.ts';
import {
  drawn,
  eachAlone,
  named,
  nameOf,
  suspects,
  type SwitchCombination,
} from '../support/switch-combinations.ts';
import { sha256 } from '../../lib/aws/text.ts';

/**
 * All positions of all switches in ten combinations. To tell a failing one alone, or each position by itself (a minute and more):
 * `LICENSE_WATCHER_SWITCHES=deletion=PENDING_DELETE,firstPage=empty` or `LICENSE_WATCHER_SWITCHES=each`.
 */
const chosen = process.env['LICENSE_WATCHER_SWITCHES'];
const COMBINATIONS =
  chosen === undefined
    ? drawn(SWITCHES)
    : chosen === 'each'
      ? eachAlone(SWITCHES)
      : [named(chosen)];

/** One cloud and the same weeks for all, each with a buyer of its own: what License Manager answers it is by its combination. */
let fixture: WatcherFixture;
const failed = new Set<SwitchCombination>();
const troubles = new Map<SwitchCombination, unknown>();
let met: ReadonlySet<string>;
beforeAll(async () => {
  // The switches are License Manager's: what it answers is told as it is seen, at no other time and beside nothing else.
  fixture = await openFixture({ unsold: true });
  const switches = switchesByBuyer(fixture.cloud.licenseManager);
  ({ met } = switches);
  const rounds = COMBINATIONS.map((combination, index): Round => {
    const contracts = newContracts(index);
    return {
      contracts,
      throttled: index === 0 || 'throttleStatus' in combination,
      turn: switches.settle(contracts.seats.accountId, combination),
      onTrouble: (error) => troubles.set(combination, error),
    };
  });
  await fewWeeks(fixture, rounds);
}, 300_000);
afterAll(() => fixture[Symbol.asyncDispose]());

test.each(
  COMBINATIONS.map((combination, index) => [nameOf(combination), combination, index] as const),
)('the same is told with %s', async (_, combination, index) => {
  onTestFailed(() => void failed.add(combination));
  if (troubles.has(combination)) throw troubles.get(combination);
  const contracts = newContracts(index);
  expect(await historiesOf(contracts)).toEqual(expectedHistories(combination));
  expect(mailsOf(contracts)).toEqual(expectedMails(combination));
  expectNothingLeft(contracts.seats);
});

test('no position is in every combination that failed, and in no other', () => {
  expect(suspects(COMBINATIONS, failed)).toEqual([]);
});

/** Read by no call of this scenario, so no combination says anything of them. */
const NOT_MET: readonly SwitchName[] = [
  // The watcher asks for no checkout where its reads say that there is nothing to check out.
  'checkoutWithoutLicense',
  'checkoutOfEnded',
  'checkoutBeforeBegin',
  'checkoutOfSuspended',
  'checkoutOfDeactivated',
  'checkoutOfDeleted',
  'checkoutWithInactiveGrant',
  'checkoutNotGranted',
  // No version is skipped here, and an ARN that was not just listed is not asked for.
  'granteeListsVersions',
  'unknownArn',
];

test.runIf(chosen === undefined || chosen === 'each')(
  'the scenario comes upon every position, but for those',
  () => {
    const unmet = Object.entries(SWITCHES).filter(([name, all]) =>
      all.some((at) => !met.has(`${name}=${at}`)),
    );
    expect(unmet.map(([name]) => name)).toEqual(NOT_MET);
  },
);

/**
 * The stand-in reads its switches at every call: those of the buyer who calls, or whose `turn` it is where the issuer does. Which it
 * read can be seen.
 */
function switchesByBuyer(licenseManager: LicenseManager): {
  readonly met: ReadonlySet<string>;
  readonly settle: (accountId: string, combination: SwitchCombination) => () => void;
} {
  const met = new Set<string>();
  const byAccount = new Map<string, Switches>();
  let current = setSwitches();
  const caller = new AsyncLocalStorage<string>();
  const handle = licenseManager.handle.bind(licenseManager);
  licenseManager.handle = (request) => caller.run(request.accountId, () => handle(request));
  for (const name of Object.keys(SWITCHES) as SwitchName[]) {
    const get = (): string => {
      const position = (byAccount.get(caller.getStore() ?? '') ?? current)[name];
      met.add(`${name}=${position}`);
      return position;
    };
    Object.defineProperty(licenseManager.switches, name, { get });
  }
  return {
    met,
    settle: (accountId, combination) => {
      const positions = setSwitches(combination);
      byAccount.set(accountId, positions);
      return () => (current = positions);
    },
  };
}

/** What each ledger holds: names of changes and reminders, standing, verdict. */
type Histories = Readonly<Record<keyof ThreeContracts, readonly string[]>>;
type Mails = Readonly<Record<keyof ThreeContracts, readonly string[]>>;

const HISTORIES: Histories = {
  seats: [
    'WatchStarted reminder 30: in-force, entitled',
    'LicenseUpgraded: in-force, entitled',
    // All of them in use; that they are free again, and in use again, tells nothing.
    'UsageThresholdCrossed: in-force, entitled',
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
    'LicenseCanceled: canceled, not-entitled',
    'WatchEnded: canceled, not-entitled',
  ],
  pool: [
    'WatchStarted: in-force, entitled',
    'UsageThresholdCrossed: in-force, entitled',
    'AnotherLicenseFound: in-force, entitled',
    'WatchEnded: in-force, entitled',
  ],
};

const MAILS: Mails = {
  seats: [
    'WatchStarted Reminder',
    'LicenseUpgraded',
    'UsageThresholdCrossed',
    'Reminder',
    'LicenseRenewed',
  ],
  tier: [
    'WatchStarted Reminder',
    'Reminder',
    'LicenseExpired',
    'Reminder',
    'LicenseRenewed',
    'GrantDeactivated',
    'GrantActivated',
    'LicenseCanceled',
  ],
  pool: ['WatchStarted', 'UsageThresholdCrossed'],
};

// Where AWS tells less, less is known: that is all that may differ.

function expectedHistories(combination: SwitchCombination): Histories {
  const { seats, tier, pool } = HISTORIES;
  return {
    seats: withUsage(
      showsNewVersionFirst(combination) ? seats.toSpliced(1, 0, ': in-force, entitled') : seats,
      combination,
    ),
    tier: hidesDeleted(combination)
      ? [
          ...tier.slice(0, -2),
          'LicenseRemoved: none, not-entitled',
          'WatchEnded: none, not-entitled',
        ]
      : tier,
    pool: withUsage(pool, combination),
  };
}

function expectedMails(combination: SwitchCombination): Mails {
  const { seats, tier, pool } = MAILS;
  return {
    seats: withUsage(seats, combination),
    tier: hidesDeleted(combination) ? [...tier.slice(0, -1), 'LicenseRemoved'] : tier,
    pool: withUsage(pool, combination),
  };
}

function withUsage(told: readonly string[], combination: SwitchCombination): readonly string[] {
  return hidesUsage(combination)
    ? told.filter((names) => !names.startsWith('UsageThreshold'))
    : told;
}

function hidesDeleted({ deletedInLists }: SwitchCombination): boolean {
  return deletedInLists === 'not-listed';
}

/** The list has the new version with the old terms, GetLicense not yet: the higher version is believed, and has no news. */
function showsNewVersionFirst({ listAfterUpdate, readsAfterUpdate }: SwitchCombination): boolean {
  return (
    listAfterUpdate === 'terms-behind-for-20-minutes' && readsAfterUpdate === 'stale-for-20-minutes'
  );
}

function hidesUsage({ granteeReadsUsage }: SwitchCombination): boolean {
  return granteeReadsUsage === 'AccessDeniedException';
}

async function historiesOf({ seats, tier, pool }: ThreeContracts): Promise<Histories> {
  return {
    seats: await historyOf(seats),
    tier: await historyOf(tier),
    pool: await historyOf(pool),
  };
}

async function historyOf(buyer: ScenarioBuyer): Promise<readonly string[]> {
  const ledger = await ledgerOf(fixture, buyer);
  expect(verifyChain(ledger, sha256)).toBeNull();
  return ledger.map(({ changes, reminder, standing, verdict }) => {
    const names = [
      ...changes.map(({ type }) => type),
      ...(reminder === null ? [] : [`reminder ${reminder.daysBefore}`]),
    ];
    return `${names.join(' ')}: ${standing}, ${verdict}`;
  });
}

/** The names in the mails about each contract, in the order of their arrival: one too many or told twice shows. */
function mailsOf({ seats, tier, pool }: ThreeContracts): Mails {
  return { seats: namesTold(seats), tier: namesTold(tier), pool: namesTold(pool) };
}

function namesTold({ email, productId }: ScenarioBuyer): readonly string[] {
  const mails = fixture.cloud.mailbox
    .read(email)
    .filter(({ attributes }) => attributes['productId']?.value === productId);
  return mails.map(({ attributes }) =>
    (JSON.parse(attributes['change']?.value ?? '[]') as readonly string[]).join(' '),
  );
}

function expectNothingLeft({ accountId }: ScenarioBuyer): void {
  const { licenseManager } = fixture.cloud;
  expect(licenseManager.seatsHeld(accountId)).toBe(0);
  expect(licenseManager.openCheckouts(accountId)).toEqual([]);
  expect(deadLetters(fixture.cloud)).toEqual([]);
}
