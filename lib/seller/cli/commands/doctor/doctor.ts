import type { Command } from 'commander';
import { PROFILE } from '../../../../aws/dynamodb/keys.ts';
import type { UnreadableItem } from '../../../../domain/ports.ts';
import type { LastSeen } from '../../../../domain/check/last-seen.ts';
import type { Head } from '../../../../domain/check/head.ts';
import { contractKey, contractOf } from '../../../../domain/license/contract.ts';
import { dueShards, type Notice } from '../../../../domain/notice/notice.ts';
import { type Buyer, isUnlaunched } from '../../../../domain/registration/buyer.ts';
import { counted } from '../../../../mail/dates.ts';
import { DAY, epochMilliseconds, instant, type Instant } from '../../../../domain/time.ts';
import { type DeploymentHealth, reading } from '../../../aws/deployment-health.ts';
import { WatcherNotFound } from '../../../aws/watcher-stack-outputs.ts';
import type { AddCommand } from '../../command.ts';
import { type Connection, connectionOf, type ConnectionOptions } from '../../connect/connection.ts';
import type { Io, Watcher } from '../../io.ts';
import { resolveBuyer } from '../../output/account.ts';
import { CommandFailure, misuse } from '../../output/failure.ts';
import { timeText } from '../../output/moment.ts';

import { progressOf } from '../../output/progress.ts';
import { scannedBuyers } from '../../scanned-buyers.ts';
import { examine, type ExaminedBuyer, tryBuyers } from './buyers.ts';
import { type Area, AREAS, findingsIn, type HealthFinding } from './finding.ts';
import { findingLines, sum } from './finding-lines.ts';
import { agreementFindings } from './agreements.ts';
import { waitingEventsFinding } from './queues.ts';
import { findingsOf, productFindings } from './stack.ts';
import { intervalOfSweeps, lastSeenFinding, USUAL_INTERVAL } from './sweeps.ts';
import { isSilentlyUnwatched, silentlyUnwatchedWords, UNREADABLE_REMEDY } from '../../../unseen.ts';
import { quoted } from '../../../../domain/outside-text.ts';
import { sideBySide } from '../../../../domain/side-by-side.ts';

const inStack = findingsIn('stack');
const inSweeps = findingsIn('sweeps');
const inQueues = findingsIn('queues');
const inBuyers = findingsIn('buyers');

export const addDoctor: AddCommand = (program, { io, withWatcher }) => {
  program
    .command('doctor')
    .description('Whether the deployment is healthy, with a remedy for each problem.')
    .argument('[account]', 'AWS account ID or full name of one buyer: try no other')
    .option('--all', 'try every buyer; default with more than 50: a sample and those that look ill')
    .option('--no-buyers', 'try the permissions of no buyer')
    .option('--json', 'print JSON')
    .addHelpText('after', HELP)
    .action(async (account: string | undefined, options: DoctorOptions, command: Command) => {
      if (options.all === true && (account !== undefined || !options.buyers))
        throw misuse(`--all tries every buyer: leave out ${account ?? '--no-buyers'}`);
      if (account !== undefined && !options.buyers)
        throw misuse(`--no-buyers tries no buyer, yet ${account} is named: leave out one of them`);
      const connection = await connectionOf(command.optsWithGlobals<ConnectionOptions>(), io);
      const health = await io.readHealth(connection);
      const diagnose = (watcher: Parameters<Parameters<typeof withWatcher>[1]>[0] | undefined) =>
        doctor(account, options, { connection, health, watcher }, io);
      try {
        await withWatcher(command, diagnose);
      } catch (error) {
        if (!(error instanceof WatcherNotFound) || health.stack.missingOutputs.length === 0)
          throw error;
        await diagnose(undefined);
      }
    });
};

const HELP = `
It checks the stack and its outputs, the schedule and the last sweep, whether
the functions take their messages, checks requested against checks done, when
each contract was last seen, whether the agreements are read, the queues and
their dead letters, whether events wait for the bus, the alarms, and who is
subscribed to the topics. Then the function register-buyer tries each permission
of registered buyers, as it did for their stacks. Nothing is changed: a checkout
that is tried is checked in at once.

What these credentials may not see becomes a warning; the rest is checked. In
addition to what "buyers" needs, they need: cloudformation:ListStackResources,
scheduler:GetSchedule, sqs:GetQueueAttributes, cloudwatch:DescribeAlarms,
cloudwatch:GetMetricStatistics, lambda:GetEventSourceMapping,
sns:ListSubscriptionsByTopic, lambda:InvokeFunction.

With more than 50 buyers it tries those that look ill in the watch table, which
is scanned, and 20 of the others, different ones each day. --all tries every
buyer, which takes about a quarter of a second for each. With --no-buyers, 20
contracts of each product that is not watched tell whether their watches ended.

In JSON: at, deployment, region, healthy, findings; for each finding area, level
(ok, warning, failure), what, detail, remedy, runbook (a heading of
docs/runbook.md). Members are added, never renamed or removed.

Exit codes: 0 no failure, with or without warnings; 1 a failure.

Examples:
  $ license-watcher doctor
  $ license-watcher doctor 111122223333
  $ license-watcher doctor --no-buyers --json`;

interface DoctorOptions {
  /** False: no buyer is tried. */
  readonly buyers: boolean;
  /** True: every buyer is tried. */
  readonly all?: boolean;
  readonly json?: boolean;
}

interface DoctorInput {
  readonly connection: Connection;
  readonly health: DeploymentHealth;
  /** Undefined: the stack lacks an output without which the command line cannot connect. */
  readonly watcher: Watcher | undefined;
}

/** Reports what is well and what is not, first for the deployment, then for each buyer. Fails if any finding is a failure. */
async function doctor(
  account: string | undefined,
  options: DoctorOptions,
  input: DoctorInput,
  io: Io,
): Promise<void> {
  const { connection, health, watcher } = input;
  const now = io.now();
  const { buyers, unreadable, otherItems, active, unlaunched, unwatched } =
    options.buyers && watcher !== undefined
      ? await buyersToTry(account, options, watcher, io)
      : { buyers: [], unreadable: [], otherItems: [], active: 0, unlaunched: 0, unwatched: [] };
  const people = options.json !== true;
  const findings = [
    ...findingsOf(health, {
      now,
      local: connection.local !== undefined,
      usable: watcher !== undefined,
    }),
    ...(watcher === undefined
      ? []
      : [
          ...(await ofContracts(watcher, health, instant(now), options)),
          ...(await ofEvents(watcher, instant(now))),
          ...productFindings(watcher.productCodes),
          ...[...otherItems, ...watcher.takePassedOver()].map(itemFinding),
        ]),
  ];
  if (people) {
    const { deployment, region } = connection;
    io.stdout(`Watcher ${quoted(deployment)} in ${region}, ${timeText(instant(now))}\n`);
    for (const area of AREAS.filter((each) => findings.some((finding) => finding.area === each))) {
      print(
        [
          title(area, io),
          ...findings
            .filter((each) => each.area === area)
            .flatMap((each) => findingLines(each, io)),
        ],
        io,
      );
    }
  }
  if (options.buyers) {
    if (people) print([title('buyers', io)], io);
    const say = (found: readonly HealthFinding[]) => {
      findings.push(...found);
      if (people) io.print(found.flatMap((each) => findingLines(each, io)));
    };
    for (const each of unreadable) say([unreadableFinding(each)]);
    if (buyers.length > 0 || unreadable.length === 0)
      for await (const found of buyerFindings(buyers, watcher, io)) say(found);
    for (const [id, { length }] of Map.groupBy(unwatched, (each) => each))
      say([unwatchedFinding(id, length)]);
    if (unlaunched > 0) say([unlaunchedFinding(unlaunched)]);
    if (active > buyers.length) say([sampleFinding(buyers.length, active)]);
  }
  if (!people) io.printJson(machineForm(findings, connection, now));
  if (io.interrupted.aborted) throw new CommandFailure('interrupted: not every buyer was tried');
  sum(findings, io);
}

/** Covers all contracts whose watch goes on. What may not be read becomes a finding, and the rest is examined. */
async function ofContracts(
  watcher: Watcher,
  health: DeploymentHealth,
  now: Instant,
  { buyers }: Pick<DoctorOptions, 'buyers'>,
): Promise<readonly HealthFinding[]> {
  const { lastSeen, productIds, agreements, agreementsSetting: setting, region } = watcher;
  const found = await reading('dynamodb:Query', async () => {
    const all: LastSeen[] = [];
    for await (const each of lastSeen.all()) all.push(each);
    return all;
  });
  const isLookedAt = ({ contract }: LastSeen) =>
    productIds.includes(contractOf(contract).productId);
  const seen = found.kind === 'read' ? found.value : [];
  const lookedAt = seen.filter(isLookedAt);
  // Only to find those that cannot be read.
  const kept =
    setting === 'off'
      ? undefined
      : await reading('dynamodb:Query', async () => {
          const all = agreements.all()[Symbol.asyncIterator]();
          let count = 0;
          while ((await all.next()).done !== true) count += 1;
          return count;
        });
  const ofAgreements = agreementFindings(
    {
      ...{ setting, region, createdAt: health.stack.createdAt },
      interval: intervalOfSweeps(health) ?? USUAL_INTERVAL,
      reading: await reading('dynamodb:GetItem', () => agreements.reading()),
      hasLicenses: await hasLicenses(lookedAt, now, watcher),
    },
    now,
  );
  return [
    found.kind === 'read'
      ? lastSeenFinding(lookedAt, now)
      : inSweeps.unread('when contracts were last seen', found),
    ...ofAgreements,
    ...(kept === undefined || kept.kind === 'read' ? [] : [inStack.unread('agreements', kept)]),
    ...(buyers ? [] : await unwatchedOfSample(seen, now, watcher)),
  ];
}

/**
 * What the scan of buyers would find of contracts that nobody looks at. A sample of each product's tells whether it was retired, since all
 * their watches ended then; if one goes on, all are read and counted. `seen`: of all active buyers, and of no other.
 */
async function unwatchedOfSample(
  seen: readonly LastSeen[],
  now: Instant,
  { contracts, productIds }: Watcher,
): Promise<readonly HealthFinding[]> {
  const count = async (id: string, some: readonly LastSeen[]): Promise<number> => {
    const unwatched: LastSeen[] = [];
    await sideBySide(some, SAMPLE, async (each) => {
      const head = await contracts.head(each.contract);
      if (isSilentlyUnwatched({ status: 'active' }, id, head, productIds)) unwatched.push(each);
    });
    return unwatched.length;
  };
  const findings: HealthFinding[] = [];
  for (const [id, of] of Map.groupBy(seen, ({ contract }) => contractOf(contract).productId)) {
    if (productIds.includes(id)) continue;
    const found = await reading('dynamodb:GetItem', async () =>
      (await count(id, sampleOf(of, now))) === 0 ? 0 : await count(id, of),
    );
    if (found.kind !== 'read')
      findings.push(inBuyers.unread(`whether the watches of ${quoted(id)} have ended`, found));
    else if (found.value > 0) findings.push(unwatchedFinding(id, found.value));
  }
  return findings;
}

/** At most this many events of each urgency are read, those that have been due longest first. */
const EVENTS_READ = 50;

async function ofEvents({ notices }: Watcher, now: Instant): Promise<readonly HealthFinding[]> {
  const found = await reading('dynamodb:Query', async () => {
    const all: Notice[] = [];
    for (const part of dueShards('bus')) {
      let left = EVENTS_READ;
      for await (const notice of notices.due(part, now)) {
        all.push(notice);
        if ((left -= 1) === 0) break;
      }
    }
    return all;
  });
  return found.kind === 'read'
    ? waitingEventsFinding(found.value, now)
    : [inQueues.unread('which events wait for the event bus', found)];
}

/** Asks a sample of the contracts whether they have a license; one that has suffices. */
async function hasLicenses(
  all: readonly LastSeen[],
  now: Instant,
  { contracts }: Pick<Watcher, 'contracts'>,
): Promise<boolean> {
  for (const { contract } of sampleOf(all, now)) {
    const head = await contracts.head(contract);
    if (head !== undefined && head.state.length > 0) return true;
  }
  return false;
}

interface ToTry {
  readonly buyers: readonly ExaminedBuyer[];
  /** What is wrong with items other than profiles. A head that cannot be read is told as a contract that is not recorded. */
  readonly otherItems: readonly string[];
  /** Profiles. */
  readonly unreadable: readonly UnreadableItem[];
  /** How many active buyers there are to choose from. */
  readonly active: number;
  /** How many were invited a week ago or longer and have not launched. */
  readonly unlaunched: number;
  /** The product of each contract that nobody looks at, although no entry says that its watch has ended. */
  readonly unwatched: readonly string[];
}

/** Chooses active buyers; no other can be tried. A named account is tried whatever its status, and its finding says why it cannot be. */
async function buyersToTry(
  account: string | undefined,
  { all = false }: DoctorOptions,
  watcher: Watcher,
  io: Io,
): Promise<ToTry> {
  const [now, { register, productIds }] = [instant(io.now()), watcher];
  if (account !== undefined) {
    const buyer = await resolveBuyer(account, watcher);
    const lastSeen = await watcher.lastSeen.ofBuyer(buyer.buyerAccountId);
    const records = await register.recordsOf(buyer.buyerAccountId);
    const { buyerAccountId } = buyer;
    const one = examine(buyer, { ...records, buyerAccountId, lastSeen }, productIds, now);
    return {
      buyers: [one],
      unreadable: [],
      otherItems: [],
      active: 1,
      unlaunched: Number(isUnlaunched(buyer, now)),
      unwatched: unwatchedOf(buyer, records.heads, productIds),
    };
  }
  const unreadable: UnreadableItem[] = [];
  const known = await scannedBuyers({}, watcher, io, (each) => unreadable.push(each));
  const active = known.flatMap(({ buyer, ...records }) =>
    buyer?.status === 'active' ? [examine(buyer, records, productIds, now)] : [],
  );
  const buyers = all || active.length <= TRIED_ALL ? active : illAndSample(active, now);
  const unlaunched = known.filter(({ buyer }) => buyer !== undefined && isUnlaunched(buyer, now));
  const recorded = new Set(known.flatMap((each) => each.unrecorded.map(({ detail }) => detail)));
  return {
    buyers,
    unreadable: unreadable.filter(({ record }) => record === PROFILE),
    otherItems: unreadable.flatMap(({ record, problem }) =>
      record === PROFILE || recorded.has(problem) ? [] : [problem],
    ),
    active: active.length,
    unlaunched: unlaunched.length,
    unwatched: known.flatMap(({ buyer, heads }) =>
      buyer === undefined ? [] : unwatchedOf(buyer, heads, productIds),
    ),
  };
}

function unwatchedOf(
  buyer: Buyer,
  heads: readonly Head[],
  productIds: readonly string[],
): readonly string[] {
  const headOf = (id: string) =>
    heads.find(({ contract }) => contract === contractKey(buyer.buyerAccountId, id));
  const ids = [...buyer.productIds, ...heads.map(({ contract }) => contractOf(contract).productId)];
  return [...new Set(ids)].filter((id) => isSilentlyUnwatched(buyer, id, headOf(id), productIds));
}

/** Up to this many buyers are all tried, which takes seconds. */
const TRIED_ALL = 50;
const SAMPLE = 20;

/** Every buyer who looks ill, and a sample of the others; in the order given. */
function illAndSample(buyers: readonly ExaminedBuyer[], now: Instant): readonly ExaminedBuyer[] {
  const isIll = ({ ill, isUnseen }: ExaminedBuyer) => ill.length > 0 || isUnseen;
  const sample = new Set(
    sampleOf(
      buyers.filter((each) => !isIll(each)),
      now,
    ),
  );
  return buyers.filter((each) => sample.has(each) || isIll(each));
}

/** A sample that changes every day, so that each is in it on some day. */
function sampleOf<Item>(all: readonly Item[], now: Instant): readonly Item[] {
  const step = Math.max(1, Math.ceil(all.length / SAMPLE));
  const first = Math.floor(epochMilliseconds(now) / DAY) % step;
  return all.filter((_, index) => index % step === first);
}

function unwatchedFinding(productId: string, contracts: number): HealthFinding {
  const { what, remedy } = silentlyUnwatchedWords(productId, contracts);
  return inBuyers.failure(what, { remedy, runbook: 'removing-a-product' });
}

function unlaunchedFinding(count: number): HealthFinding {
  return inBuyers.warning(
    `${counted(count, 'buyer')} invited a week ago or longer, and not launched`,
    { remedy: '"license-watcher buyers" names them, with the words to forward' },
  );
}

function sampleFinding(tried: number, active: number): HealthFinding {
  return inBuyers.ok(`${tried} of ${active} buyers were tried: who looks ill, and a sample`, {
    detail: 'for the others only the watch table was read; --all tries every one',
  });
}

function unreadableFinding({ buyer, problem }: UnreadableItem): HealthFinding {
  return inBuyers.failure(`${buyer}: not tried, its profile cannot be read`, {
    detail: problem,
    remedy: `${UNREADABLE_REMEDY}; until then nobody checks this buyer`,
  });
}

function itemFinding(problem: string): HealthFinding {
  return inStack.failure('an item of the watch table cannot be read', {
    detail: problem,
    remedy: `${UNREADABLE_REMEDY}; until then what depends on it waits`,
    runbook: 'an-item-cannot-be-read',
  });
}

async function* buyerFindings(
  buyers: readonly ExaminedBuyer[],
  watcher: Watcher | undefined,
  io: Io,
): AsyncIterable<readonly HealthFinding[]> {
  if (watcher === undefined) {
    const remedy = 'deploy this version with "npx cdk deploy", and run this again';
    yield [inBuyers.failure('no buyer was tried: outputs of the stack are missing', { remedy })];
    return;
  }
  if (buyers.length === 0) yield [inBuyers.ok('nobody is registered yet')];
  const progress = progressOf('buyers', buyers.length, io);
  for await (const findings of tryBuyers(buyers, watcher, io)) {
    progress.clear();
    yield findings;
    progress.advance(1);
  }
  progress.clear();
}

function print(lines: readonly string[], io: Io): void {
  io.stdout(`\n${lines.join('\n')}\n`);
}

/** Members are added, never renamed or removed. */
function machineForm(
  findings: readonly HealthFinding[],
  { deployment, region }: Connection,
  now: number,
) {
  return {
    at: instant(now),
    deployment,
    region,
    healthy: !findings.some(({ level }) => level === 'failure'),
    findings,
  };
}

const TITLES: Readonly<Record<Area, string>> = {
  stack: 'Stack',
  sweeps: 'Sweeps',
  agreements: 'Agreements',
  queues: 'Queues',
  alarms: 'Alarms',
  mail: 'Mail to the seller',
  buyers: 'Buyers',
};

function title(area: Area, io: Io): string {
  return io.bold(TITLES[area]);
}
