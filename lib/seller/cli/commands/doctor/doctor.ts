import type { Command } from 'commander';
import type { Buyer } from '../../../../domain/registration/buyer.ts';
import type { UnreadableBuyer } from '../../../../domain/ports.ts';
import type { LastSeen } from '../../../../domain/check/last-seen.ts';
import { contractOf } from '../../../../domain/license/contract.ts';
import { instant, type Instant } from '../../../../domain/time.ts';
import { type DeploymentHealth, reading } from '../../../aws/deployment-health.ts';
import { WatcherNotFound } from '../../../aws/watcher-stack-outputs.ts';
import type { AddCommand } from '../../command.ts';
import { type Connection, connectionOf, type ConnectionOptions } from '../../connect/connection.ts';
import type { Io, Watcher } from '../../io.ts';
import { resolveBuyer } from '../../output/account.ts';
import { CommandFailure, misuse } from '../../output/failure.ts';
import { timeText } from '../../output/moment.ts';
import { alarming, bold, wrapped } from '../../output/text.ts';
import { tryBuyers } from './buyers.ts';
import { type Area, AREAS, failure, type HealthFinding, ok, unread } from './finding.ts';
import { findingsOf, productFindings } from './stack.ts';
import { lastSeenFinding } from './sweeps.ts';
import { jsonText, quoted } from '../../../../domain/outside-text.ts';

export const addDoctor: AddCommand = (program, { io, withWatcher }) => {
  program
    .command('doctor')
    .description('Whether the deployment is healthy, with the remedy of each thing that is not.')
    .argument('[account]', 'AWS account ID or whole name of one buyer: try no other')
    .option('--no-buyers', 'try the permissions of no buyer')
    .option('--json', 'print JSON')
    .addHelpText('after', HELP)
    .action(async (account: string | undefined, options: DoctorOptions, command: Command) => {
      if (account !== undefined && !options.buyers)
        throw misuse(`--no-buyers tries no buyer, yet ${account} is named: leave out one of them`);
      const connection = await connectionOf(command.optsWithGlobals<ConnectionOptions>(), io);
      const health = await io.readHealth(connection);
      const examine = (watcher: Parameters<Parameters<typeof withWatcher>[1]>[0] | undefined) =>
        doctor(account, options, { connection, health, watcher }, io);
      try {
        await withWatcher(command, examine);
      } catch (error) {
        if (!(error instanceof WatcherNotFound) || health.stack.missingOutputs.length === 0)
          throw error;
        await examine(undefined);
      }
    });
};

const HELP = `
It checks the stack and its outputs, the schedule and the last sweep, whether
the functions take their messages, checks asked for against checks done, when
each contract was last seen, the queues and their dead letters, the alarms, who
is subscribed to the topics; then has the function register-buyer try each
permission of every registered buyer, as their stacks had it tried. It changes
nothing: a checkout that is tried is checked in at once.

What these credentials may not see becomes a warning; the rest is checked. They
need, beside what "buyers" needs: cloudformation:ListStackResources,
scheduler:GetSchedule, sqs:GetQueueAttributes, cloudwatch:DescribeAlarms,
cloudwatch:GetMetricStatistics, lambda:GetEventSourceMapping,
sns:ListSubscriptionsByTopic, lambda:InvokeFunction.

In JSON: at, deployment, region, healthy, findings; of each finding area, level
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
  readonly json?: boolean;
}

interface DoctorInput {
  readonly connection: Connection;
  readonly health: DeploymentHealth;
  /** Undefined: an output is missing without which the command line cannot connect. */
  readonly watcher: Watcher | undefined;
}

/** Says of the deployment, then of each buyer, what is well and what is not. Fails where anything fails. */
async function doctor(
  account: string | undefined,
  options: DoctorOptions,
  input: DoctorInput,
  io: Io,
): Promise<void> {
  const { connection, health, watcher } = input;
  const { buyers, unreadable } = options.buyers
    ? await buyersToTry(account, watcher)
    : { buyers: [], unreadable: [] };
  const now = io.now();
  const people = options.json !== true;
  const findings = [
    ...findingsOf(health, {
      now,
      local: connection.local !== undefined,
      usable: watcher !== undefined,
    }),
    ...(watcher === undefined
      ? []
      : [await lastSeenOf(watcher, instant(now)), ...productFindings(watcher.productCodes)]),
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
      if (people) io.stdout(`${found.flatMap((each) => findingLines(each, io)).join('\n')}\n`);
    };
    for (const each of unreadable) say([unreadableFinding(each)]);
    if (buyers.length > 0 || unreadable.length === 0)
      for await (const found of buyerFindings(buyers, watcher, io)) say(found);
  }
  if (!people) io.stdout(`${jsonText(machineForm(findings, connection, now), 2)}\n`);
  if (io.interrupted.aborted) throw new CommandFailure('interrupted: not every buyer was tried');
  sum(findings, io);
}

/** Of the products that are looked at. What may not be read is said, and the rest is examined. */
async function lastSeenOf({ lastSeen, productIds }: Watcher, now: Instant): Promise<HealthFinding> {
  const found = await reading('dynamodb:Query', async () => {
    const all: LastSeen[] = [];
    for await (const each of lastSeen.all())
      if (productIds.includes(contractOf(each.contract).productId)) all.push(each);
    return all;
  });
  return found.kind === 'read'
    ? lastSeenFinding(found.value, now)
    : unread('sweeps', 'when contracts were last seen', found);
}

/** Only who is active can be tried; an account that is named is tried whatever it is, and says why it cannot be. */
async function buyersToTry(
  account: string | undefined,
  watcher: Watcher | undefined,
): Promise<{ readonly buyers: readonly Buyer[]; readonly unreadable: readonly UnreadableBuyer[] }> {
  const unreadable: UnreadableBuyer[] = [];
  if (watcher === undefined) return { buyers: [], unreadable };
  if (account !== undefined) return { buyers: [await resolveBuyer(account, watcher)], unreadable };
  const active: Buyer[] = [];
  for await (const buyer of watcher.buyers.list((each) => unreadable.push(each)))
    if (buyer.status === 'active') active.push(buyer);
  const buyers = active.toSorted((a, b) => (a.buyerAccountId < b.buyerAccountId ? -1 : 1));
  return { buyers, unreadable };
}

function unreadableFinding({ buyerAccountId, problem }: UnreadableBuyer): HealthFinding {
  return failure('buyers', `${buyerAccountId}: not tried, its profile cannot be read`, {
    detail: problem,
    remedy: 'let command line and stack be of one version; until then nobody checks this buyer',
  });
}

async function* buyerFindings(
  buyers: readonly Buyer[],
  watcher: Watcher | undefined,
  io: Io,
): AsyncIterable<readonly HealthFinding[]> {
  if (watcher === undefined) {
    const remedy = 'deploy this version with "npx cdk deploy", and ask again';
    yield [failure('buyers', 'no buyer was tried: outputs of the stack are missing', { remedy })];
    return;
  }
  if (buyers.length === 0) yield [ok('buyers', 'nobody is registered yet')];
  let tried = 0;
  if (io.progress && buyers.length > 0) io.stderr(`0 of ${buyers.length} buyers`);
  for await (const findings of tryBuyers(buyers, watcher, io)) {
    tried += 1;
    if (io.progress) io.stderr('\r\u001b[K');
    yield findings;
    if (io.progress) io.stderr(`${tried} of ${buyers.length} buyers`);
  }
  if (io.progress) io.stderr('\r\u001b[K');
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

function sum(findings: readonly HealthFinding[], io: Io): void {
  const count = (level: HealthFinding['level'], word: string): string => {
    const number = findings.filter((each) => each.level === level).length;
    return `${number === 0 ? 'no' : number} ${word}${number === 1 ? '' : 's'}`;
  };
  const said = `${count('failure', 'failure')}, ${count('warning', 'warning')}`;
  if (findings.some(({ level }) => level === 'failure')) throw new CommandFailure(said);
  io.stderr(`${said}.\n`);
}

const TITLES: Readonly<Record<Area, string>> = {
  stack: 'Stack',
  sweeps: 'Sweeps',
  queues: 'Queues',
  alarms: 'Alarms',
  mail: 'Mail to the seller',
  buyers: 'Buyers',
};

const MARKS: Readonly<Record<HealthFinding['level'], string>> = {
  ok: 'ok',
  warning: 'warning',
  failure: 'FAILURE',
};
const INDENT = ' '.repeat(11);

function title(area: Area, io: Io): string {
  return bold(TITLES[area], io);
}

/** `  FAILURE  what`, and under it what is known and what to do. */
function findingLines(
  { level, what, detail, remedy, runbook }: HealthFinding,
  io: Io,
): readonly string[] {
  const [first = '', ...rest] = wrapped(what, INDENT);
  const head = `  ${MARKS[level].padEnd(INDENT.length - 2)}${first.trimStart()}`;
  return [
    ...[head, ...rest].map((line) => (level === 'failure' ? alarming(line, io) : line)),
    ...(detail === null ? [] : wrapped(detail, INDENT)),
    ...(remedy === null ? [] : hanging('Remedy: ', remedy)),
    ...(runbook === null ? [] : [`${INDENT}See docs/runbook.md#${runbook}`]),
  ];
}

/** Under its own beginning. */
function hanging(label: string, text: string): readonly string[] {
  const indent = INDENT + ' '.repeat(label.length);
  const [first = '', ...rest] = wrapped(text, indent);
  return [`${INDENT}${label}${first.trimStart()}`, ...rest];
}
