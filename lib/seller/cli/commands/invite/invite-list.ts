import type { Buyer } from '../../../../domain/registration/buyer.ts';
import { cleanText, jsonText } from '../../../../domain/outside-text.ts';
import type { LocalEndpoint } from '../../command.ts';
import { instant } from '../../../../domain/time.ts';
import type { Io, Watcher } from '../../io.ts';
import { explain } from '../../output/explain.ts';
import { CommandFailure, MEGABYTE, misuse } from '../../output/failure.ts';
import { table, wrapped } from '../../output/text.ts';
import { readBuyerList, type BuyerLine } from './buyer-list.ts';
import {
  writePackages,
  type WrittenPackage,
  type WrittenPackages,
  joinedProblems,
  machineForm,
  type InvitationContext,
  prepare,
} from './package.ts';
import {
  invited,
  type Invitee,
  leftToTheBuyer,
  type Prefilled,
  store,
  warnOfProductCodes,
} from './invitation.ts';

const NOTHING: WrittenPackages = { written: [], problem: null, hints: [] };

/** Invites every buyer on a list. Each line is invited as a whole or reported as not done. To give the list again does no harm. */
export async function inviteList(
  options: InviteListOptions,
  watcher: Watcher,
  local: LocalEndpoint,
  io: Io,
): Promise<void> {
  const lines = readBuyerList(await textOf(options.from, io), options.from, watcher);
  const invitees = lines.flatMap(({ invitee }) =>
    typeof invitee === 'string' ? [] : invitee.productIds,
  );
  warnOfProductCodes([...new Set(invitees)], watcher, io);
  const context = {
    watcher,
    local,
    destination: { folder: options.out, approval: options.approval },
    io,
  };
  const anyGood = lines.some(({ invitee }) => typeof invitee !== 'string');
  const preparation = anyGood ? await prepare(context) : undefined;
  const outcomes = await storeAll(lines, context);
  const stored = [...outcomes.values()].filter((outcome) => outcome.result === 'invited');
  const packages: WrittenPackages =
    preparation === undefined ? NOTHING : await writePackages(stored, preparation, context);
  const reports = lines.map((line) => reportOf(line, outcomes.get(line), packages));

  const forMachines = reports.map((report) => machineLine(report, packages.problem));
  io.stdout(options.json === true ? `${jsonText(forMachines, 2)}\n` : overview(reports, io));
  printSummary(reports, packages, options, io);
}

async function textOf(path: string, io: Io): Promise<string> {
  try {
    const text = await io.readFile(path, 10 * MEGABYTE);
    if (text !== undefined) return text;
  } catch (cause) {
    throw new CommandFailure(
      `${path} cannot be read (${String(cause)}): name a CSV file with --from`,
      2,
      { cause },
    );
  }
  throw misuse(`there is no file ${path}: name a CSV file with --from`);
}

/** After this many failures in a row, AWS or the credentials are to blame, not the lines. */
const MOST_FAILURES = 3;

/** Stores one line after the other, so that, whatever ends it, it is known what is stored and what is not. */
async function storeAll(
  lines: readonly BuyerLine[],
  { watcher, io }: InvitationContext,
): Promise<Map<BuyerLine, Outcome>> {
  const outcomes = new Map<BuyerLine, Outcome>();
  let failures = 0;
  for (const [at, line] of lines.entries()) {
    if (io.progress) io.stderr(`\r${at + 1} of ${lines.length} lines`);
    const { invitee } = line;
    if (typeof invitee === 'string') outcomes.set(line, { result: 'refused', problem: invitee });
    else if (io.interrupted.aborted) outcomes.set(line, notDone('interrupted before this line'));
    else if (failures >= MOST_FAILURES)
      outcomes.set(line, notDone(`not tried after ${MOST_FAILURES} failures in a row`));
    else {
      const outcome = await storeOne(invitee, watcher, io);
      failures = outcome.result === 'not-done' ? failures + 1 : 0;
      outcomes.set(line, outcome);
    }
  }
  if (io.progress) io.stderr('\n');
  return outcomes;
}

async function storeOne(invitee: Invitee, watcher: Watcher, io: Io): Promise<Outcome> {
  try {
    const previous = await watcher.buyers.find(invitee.accountId);
    const buyer = invited(previous, invitee, false, io);
    await store(watcher, buyer, previous, instant(io.now()));
    return buyer.status === 'active'
      ? { result: 'active', buyer }
      : { result: 'invited', buyer, prefilled: invitee };
  } catch (error) {
    return notDone(explain(error).message);
  }
}

function notDone(problem: string): Outcome {
  return { result: 'not-done', problem };
}

interface InviteListOptions {
  readonly from: string;
  readonly out: string;
  readonly approval?: false;
  readonly json?: boolean;
}

/** What became of a line. `not-done`: nothing of it is stored. */
type Outcome =
  | { readonly result: 'invited'; readonly buyer: Buyer; readonly prefilled: Prefilled }
  | { readonly result: 'active'; readonly buyer: Buyer }
  | { readonly result: 'refused' | 'not-done'; readonly problem: string };

interface Report {
  readonly line: BuyerLine;
  readonly result: Outcome['result'];
  readonly buyer: Buyer | undefined;
  readonly written: WrittenPackage | undefined;
  /** The problem of this line alone. */
  readonly problem: string | null;
}

function reportOf(
  line: BuyerLine,
  outcome: Outcome | undefined,
  { written }: WrittenPackages,
): Report {
  if (outcome === undefined) throw new Error(`line ${line.line} was skipped`);
  if ('problem' in outcome) {
    const { result, problem } = outcome;
    return { line, result, buyer: undefined, written: undefined, problem };
  }
  const { result, buyer } = outcome;
  const mine = written.find((each) => each.buyer === buyer);
  return { line, result, buyer, written: mine, problem: mine?.problem ?? null };
}

/** The machine form of one invitation, with `line` and `result`; if nothing is stored, with what the file says. */
function machineLine({ line, result, buyer, written, problem }: Report, ofAll: string | null) {
  const own = written === undefined ? problem : joinedProblems([ofAll, problem]);
  if (buyer !== undefined) return { line: line.line, result, ...machineForm(buyer, written, own) };
  const { account, name } = line;
  const nothing = {
    products: [],
    status: null,
    externalId: null,
    launch: null,
    subject: null,
    letter: null,
    letterHtml: null,
    files: null,
  };
  return { line: line.line, result, account, name, ...nothing, problem: own };
}

function overview(reports: readonly Report[], io: Pick<Io, 'width'>): string {
  const rows = reports.map(({ line, result, buyer }) => [
    String(line.line),
    buyer?.buyerAccountId ?? cleanText(line.account),
    buyer?.name ?? cleanText(line.name),
    buyer?.productIds.join(', ') ?? '',
    result,
  ]);
  return `${table(['LINE', 'ACCOUNT', 'NAME', 'PRODUCTS', 'RESULT'], rows, [1, 2, 3], io.width).join('\n')}\n`;
}

/** Prints the summary and the problems line by line. Fails if there are any. */
function printSummary(
  reports: readonly Report[],
  { written, problem: ofAll, hints }: WrittenPackages,
  { from, out, json }: InviteListOptions,
  io: Io,
): void {
  const count = (result: Outcome['result']): number =>
    reports.filter((report) => report.result === result).length;
  if (json !== true) {
    io.stderr(
      `\n${count('invited')} invited, ${count('active')} registered already, ${count('refused')} refused, ${count('not-done')} not done.\n`,
    );
    if (written.length > 0)
      io.stderr(`In ${out}: a letter to send to each invited buyer, and what to attach.\n`);
  }
  const unused = reports.flatMap(({ line: { invitee }, buyer, result }) =>
    result === 'active' && buyer !== undefined && typeof invitee !== 'string'
      ? (leftToTheBuyer(buyer, invitee) ?? [])
      : [],
  );
  for (const hint of [...hints, ...unused]) io.stderr(`\n${wrapped(hint).join('\n')}\n`);
  const problems = reports.filter(({ problem }) => problem !== null);
  for (const { line, problem } of problems)
    io.stderr(`${wrapped(`line ${line.line}: ${problem ?? ''}`, '  ').join('\n')}\n`);
  const again = `correct them and give the whole file again, which does not affect the other lines`;
  const lines = `${problems.length} of ${reports.length} lines of ${from} need attention: ${again}`;
  const failure = joinedProblems([ofAll, problems.length === 0 ? null : lines]);
  if (failure !== null) throw new CommandFailure(failure);
}
