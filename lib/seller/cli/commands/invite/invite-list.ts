import type { LocalEndpoint } from '../../command.ts';
import { explain } from '../../output/explain.ts';
import { CommandFailure, misuse } from '../../output/failure.ts';
import type { Io, Watcher } from '../../io.ts';
import { warnOfProductCodes } from './checks.ts';
import { deliver, prepare, type Delivery, type Place } from './delivery.ts';
import { invited, store, type Invitee } from './invitation.ts';
import {
  machineLine,
  overview,
  reportOf,
  speak,
  type InviteListOptions,
  type Outcome,
} from './list-report.ts';
import { readRoster, type RosterLine } from './roster.ts';

const NOTHING: Delivery = { delivered: [], problem: null, hints: [] };

/** Invites everybody on a list. Each line is invited as a whole or named as not done; to give the list again does no harm. */
export async function inviteList(
  options: InviteListOptions,
  watcher: Watcher,
  local: LocalEndpoint,
  io: Io,
): Promise<void> {
  const lines = readRoster(await textOf(options.from, io), options.from, watcher.productIds);
  const invitees = lines.flatMap(({ invitee }) =>
    typeof invitee === 'string' ? [] : invitee.productIds,
  );
  warnOfProductCodes([...new Set(invitees)], watcher, io);
  const place = {
    watcher,
    local,
    destination: { folder: options.out, approval: options.approval },
    io,
  };
  const anyGood = lines.some(({ invitee }) => typeof invitee !== 'string');
  const preparation = anyGood ? await prepare(place) : undefined;
  const outcomes = await storeAll(lines, place);
  const stored = [...outcomes.values()].filter((outcome) => outcome.result === 'invited');
  const delivery: Delivery =
    preparation === undefined ? NOTHING : await deliver(stored, preparation, place);
  const reports = lines.map((line) => reportOf(line, outcomes.get(line), delivery));

  const forMachines = reports.map((report) => machineLine(report, delivery.problem));
  io.stdout(
    options.json === true
      ? `${JSON.stringify(forMachines, undefined, 2)}\n`
      : overview(reports, io),
  );
  speak(reports, delivery, options, io);
}

async function textOf(path: string, io: Io): Promise<string> {
  try {
    const text = await io.readFile(path);
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

/** So many failures in a row mean AWS or the credentials, not the lines. */
const MOST_FAILURES = 3;

/** One after the other: whatever ends it, what is stored and what is not is known. */
async function storeAll(
  lines: readonly RosterLine[],
  { watcher, io }: Place,
): Promise<Map<RosterLine, Outcome>> {
  const outcomes = new Map<RosterLine, Outcome>();
  let failures = 0;
  for (const [at, line] of lines.entries()) {
    if (io.progress) io.stderr(`\r${at + 1} of ${lines.length} lines`);
    const { invitee } = line;
    if (typeof invitee === 'string') outcomes.set(line, { result: 'refused', problem: invitee });
    else if (io.interrupted.aborted) outcomes.set(line, notDone('interrupted before its turn'));
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
    await store(watcher, buyer, previous);
    return buyer.status === 'active'
      ? { result: 'active', buyer }
      : { result: 'invited', buyer, email: invitee.email };
  } catch (error) {
    return notDone(explain(error).message);
  }
}

function notDone(problem: string): Outcome {
  return { result: 'not-done', problem };
}
