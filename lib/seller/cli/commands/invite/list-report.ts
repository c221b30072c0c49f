import type { Buyer } from '../../../../domain/registration/buyer.ts';
import { cleanText } from '../../../../mail/clean-text.ts';
import { CommandFailure } from '../../output/failure.ts';
import { table, wrapped } from '../../output/table.ts';
import type { Io } from '../../io.ts';
import { joined, type Delivered, type Delivery } from './delivery.ts';
import { machineForm } from './machine-form.ts';
import type { RosterLine } from './roster.ts';

export interface InviteListOptions {
  readonly from: string;
  readonly out: string;
  readonly approval?: false;
  readonly json?: boolean;
}

/** What became of a line. `not-done`: nothing of it is stored. */
export type Outcome =
  | { readonly result: 'invited'; readonly buyer: Buyer; readonly email: string | undefined }
  | { readonly result: 'active'; readonly buyer: Buyer }
  | { readonly result: 'refused' | 'not-done'; readonly problem: string };

export interface Report {
  readonly line: RosterLine;
  readonly result: Outcome['result'];
  readonly buyer: Buyer | undefined;
  readonly delivered: Delivered | undefined;
  /** Of this line alone. */
  readonly problem: string | null;
}

export function reportOf(
  line: RosterLine,
  outcome: Outcome | undefined,
  { delivered }: Delivery,
): Report {
  if (outcome === undefined) throw new Error(`line ${line.line} was passed over`);
  if ('problem' in outcome) {
    const { result, problem } = outcome;
    return { line, result, buyer: undefined, delivered: undefined, problem };
  }
  const { result, buyer } = outcome;
  const mine = delivered.find((each) => each.buyer === buyer);
  return { line, result, buyer, delivered: mine, problem: mine?.problem ?? null };
}

/** As of one invitation, with `line` and `result`; where nothing is stored, what the file says. */
export function machineLine(
  { line, result, buyer, delivered, problem }: Report,
  ofAll: string | null,
) {
  const own = delivered === undefined ? problem : joined([ofAll, problem]);
  if (buyer !== undefined)
    return { line: line.line, result, ...machineForm(buyer, delivered, own) };
  const { account, name } = line;
  const nothing = {
    products: [],
    status: null,
    externalId: null,
    launch: null,
    letter: null,
    files: null,
  };
  return { line: line.line, result, account, name, ...nothing, problem: own };
}

export function overview(reports: readonly Report[], io: Pick<Io, 'width'>): string {
  const rows = reports.map(({ line, result, buyer }) => [
    String(line.line),
    buyer?.buyerAccountId ?? cleanText(line.account),
    buyer?.name ?? cleanText(line.name),
    buyer?.productIds.join(', ') ?? '',
    result,
  ]);
  return `${table(['LINE', 'ACCOUNT', 'NAME', 'PRODUCTS', 'RESULT'], rows, [1, 2, 3], io.width).join('\n')}\n`;
}

/** The summary, what was wrong line by line, and the exit code. */
export function speak(
  reports: readonly Report[],
  { delivered, problem: ofAll, hints }: Delivery,
  { from, out, json }: InviteListOptions,
  io: Io,
): void {
  const count = (result: Outcome['result']): number =>
    reports.filter((report) => report.result === result).length;
  if (json !== true) {
    io.stderr(
      `\n${count('invited')} invited, ${count('active')} registered already, ${count('refused')} refused, ${count('not-done')} not done.\n`,
    );
    if (delivered.length > 0)
      io.stderr(`In ${out}: for each buyer invited a letter to send and what to attach.\n`);
  }
  for (const hint of hints) io.stderr(`\n${wrapped(hint).join('\n')}\n`);
  const problems = reports.filter(({ problem }) => problem !== null);
  for (const { line, problem } of problems)
    io.stderr(`${wrapped(`line ${line.line}: ${problem ?? ''}`, '  ').join('\n')}\n`);
  const again = `correct them and give the whole file again, which does the other lines no harm`;
  const lines = `${problems.length} of ${reports.length} lines of ${from} need attention: ${again}`;
  const failure = joined([ofAll, problems.length === 0 ? null : lines]);
  if (failure !== null) throw new CommandFailure(failure);
}
