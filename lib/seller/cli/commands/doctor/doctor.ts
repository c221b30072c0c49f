import type { DeploymentHealth } from '../../../aws/deployment-health/deployment-health.ts';
import type { Buyer } from '../../../../domain/registration/buyer.ts';
import { instant } from '../../../../domain/time.ts';
import type { Connection } from '../../connect/connection.ts';
import type { Io, Watcher } from '../../io.ts';
import { buyerMeant } from '../../output/account.ts';
import { CommandFailure } from '../../output/failure.ts';
import { spoken } from '../../output/time.ts';
import { AREAS, failure, ok, type Finding } from './findings/finding.ts';
import { findingsOf } from './findings/findings.ts';
import { productFindings } from './findings/stack.ts';
import { findingLines, title } from './lines.ts';
import { tryBuyers } from './try-buyers.ts';

export interface DoctorOptions {
  /** False: no buyer is tried. */
  readonly buyers: boolean;
  readonly json?: boolean;
}

export interface Patient {
  readonly connection: Connection;
  readonly health: DeploymentHealth;
  /** Undefined: an output is missing without which the command line cannot connect. */
  readonly watcher: Watcher | undefined;
}

/** Says of the deployment, then of each buyer, what is well and what is not. Fails where anything fails. */
export async function doctor(
  account: string | undefined,
  options: DoctorOptions,
  patient: Patient,
  io: Io,
): Promise<void> {
  const { connection, health, watcher } = patient;
  const buyers = options.buyers ? await meant(account, watcher) : [];
  const now = io.now();
  const people = options.json !== true;
  const findings = [
    ...findingsOf(health, {
      now,
      local: connection.local !== undefined,
      usable: watcher !== undefined,
    }),
    ...(watcher === undefined ? [] : productFindings(watcher.productCodes)),
  ];
  if (people) {
    const { deployment, region } = connection;
    io.stdout(`Watcher ${JSON.stringify(deployment)} in ${region}, ${spoken(instant(now))}\n`);
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
    for await (const found of buyerFindings(buyers, watcher, io)) {
      findings.push(...found);
      if (people) io.stdout(`${found.flatMap((each) => findingLines(each, io)).join('\n')}\n`);
    }
  }
  if (!people)
    io.stdout(`${JSON.stringify(machineForm(findings, connection, now), undefined, 2)}\n`);
  if (io.interrupted.aborted) throw new CommandFailure('interrupted: not every buyer was tried');
  sum(findings, io);
}

/** Only who is active can be tried; an account that is named is tried whatever it is, and says why it cannot be. */
async function meant(
  account: string | undefined,
  watcher: Watcher | undefined,
): Promise<readonly Buyer[]> {
  if (watcher === undefined) return [];
  if (account === undefined) {
    const active: Buyer[] = [];
    for await (const buyer of watcher.buyers.list())
      if (buyer.status === 'active') active.push(buyer);
    return active.toSorted((a, b) => (a.buyerAccountId < b.buyerAccountId ? -1 : 1));
  }
  return [await buyerMeant(account, watcher)];
}

async function* buyerFindings(
  buyers: readonly Buyer[],
  watcher: Watcher | undefined,
  io: Io,
): AsyncIterable<readonly Finding[]> {
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
  findings: readonly Finding[],
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

function sum(findings: readonly Finding[], io: Io): void {
  const count = (level: Finding['level'], word: string): string => {
    const number = findings.filter((each) => each.level === level).length;
    return `${number === 0 ? 'no' : number} ${word}${number === 1 ? '' : 's'}`;
  };
  const said = `${count('failure', 'failure')}, ${count('warning', 'warning')}`;
  if (findings.some(({ level }) => level === 'failure')) throw new CommandFailure(said);
  io.stderr(`${said}.\n`);
}
