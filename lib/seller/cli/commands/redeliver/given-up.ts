import type { SealedEntry } from '../../../../domain/ledger/ledger.ts';
import type { Notice } from '../../../../domain/notice/notice.ts';
import type { Buyer } from '../../../../domain/registration/buyer.ts';
import type { Instant } from '../../../../domain/time.ts';
import type { DeadLetters } from '../../../aws/dead-letters.ts';
import { CLOUDFORMATION_GAVE_UP } from '../../aws-sentences.ts';
import type { Watcher } from '../../io.ts';
import { explain } from '../../output/explain.ts';
import { timeText } from '../../output/moment.ts';
import { takenUp } from '../../../mail-standing.ts';

/** A notice that was given up, and what becomes of it now. */
export interface TakenUp {
  readonly buyer: Buyer;
  readonly notice: Notice;
  /** Undefined: the ledger's entry cannot be read. */
  readonly entry: SealedEntry | undefined;
  /** When the seller was asked to tell the buyer; `due`: the next digest will ask; null: never. */
  readonly sellerAsked: Instant | 'due' | null;
  readonly outcome: Outcome;
}

/** `possible`: would be taken up, but this is a dry run. `left`: stays as it is; `why` says why. */
type Outcome =
  | { readonly kind: 'taken-up' | 'possible'; readonly why: null }
  | { readonly kind: 'left'; readonly why: string };

interface Work {
  readonly watcher: Watcher;
  readonly dryRun: boolean;
  readonly now: Instant;
}

/** Takes up a buyer's notices that were given up, with one query for all notices and one for the entry of each of these. */
export async function takeUpNoticesOf(buyer: Buyer, work: Work): Promise<readonly TakenUp[]> {
  const all: Notice[] = [];
  for await (const notice of work.watcher.register.notices(buyer.buyerAccountId)) all.push(notice);
  const found: TakenUp[] = [];
  for (const notice of all.filter(({ state }) => state === 'undeliverable')) {
    found.push({
      buyer,
      notice,
      entry: await entryOf(notice, work.watcher),
      sellerAsked: requestToSeller(notice, all),
      outcome: await takeUp(notice, all, buyer, work),
    });
  }
  return found;
}

async function takeUp(
  notice: Notice,
  all: readonly Notice[],
  { status, registration }: Buyer,
  work: Work,
): Promise<Outcome> {
  const { watcher, dryRun, now } = work;
  if (notice.audience === 'buyer' && (status !== 'active' || registration === null)) {
    const why =
      status === 'active' ? 'the buyer has no stack registered' : `the buyer is ${status}`;
    return { kind: 'left', why: `${why}: it has no topic to go to` };
  }
  const newer = toldSince(notice, all);
  if (newer !== undefined) {
    const why = `entry ${newer.entry} was told to the buyer on ${timeText(newer.notBefore)}: an older notice would now look like newer news`;
    return { kind: 'left', why };
  }
  if (dryRun) return { kind: 'possible', why: null };
  const taken = await watcher.notices.changeState(notice, takenUp(notice, now), null);
  return taken
    ? { kind: 'taken-up', why: null }
    : {
        kind: 'left',
        why: 'somebody else just changed it: run the command again to see',
      };
}

/** A newer change that the buyer was told. Undefined for a reminder: whether it is still true is seen when it is sent. */
function toldSince(
  { contract, entry, audience, kind }: Notice,
  all: readonly Notice[],
): Notice | undefined {
  if (audience !== 'buyer' || kind === 'reminder') return undefined;
  return all.find(
    (each) =>
      each.audience === 'buyer' &&
      each.contract === contract &&
      each.entry > entry &&
      each.kind !== 'reminder' &&
      each.state === 'told',
  );
}

/** The entry that the notice tells. Undefined if it cannot be read, which does not keep the notice from being taken up. */
async function entryOf(
  { contract, entry }: Notice,
  { archive, passOver }: Watcher,
): Promise<SealedEntry | undefined> {
  for await (const filed of archive.contract(contract, { from: entry, to: entry })) {
    if (filed.kind === 'entry') return filed.entry;
    if (filed.kind === 'unreadable') passOver(filed);
  }
  return undefined;
}

function requestToSeller(
  { contract, entry }: Notice,
  all: readonly Notice[],
): TakenUp['sellerAsked'] {
  const request = all.find(
    (each) => each.about === 'undelivered' && each.contract === contract && each.entry === entry,
  );
  if (request?.state === 'told') return request.notBefore;
  return request?.state === 'due' || request?.state === 'waiting' ? 'due' : null;
}

/** A queue with dead letters, and what became of them. */
export interface Emptied {
  /** Null: the queues could not be looked at. */
  readonly queue: DeadLetters | null;
  readonly outcome: 'moved' | 'possible' | 'left' | 'failed';
  /** Says what they are, and why they are moved or left. */
  readonly why: string;
  readonly trouble: string | null;
}

/** Whether what a queue gave up is still wanted. Only messages whose reader looks for a mark before it acts may come again. */
const STILL_WANTED: Readonly<
  Record<DeadLetters['content'], { readonly move: boolean; readonly why: string }>
> = {
  notices: {
    move: true,
    why: 'what was told since is not told again; a message that comes back here is malformed, see docs/runbook.md',
  },
  checks: {
    move: false,
    why: 'every sweep since has asked for these buyers again; a late check is dropped',
  },
  ticks: {
    move: false,
    why: 'the next tick swept instead',
  },
  'Slack cards': {
    move: false,
    why: 'they come from no queue; mails, history and report say the same',
  },
  'agreement events': {
    move: false,
    why: 'every tick since has read what changed',
  },
  registrations: {
    move: false,
    why: CLOUDFORMATION_GAVE_UP,
  },
};

/** Leaves out queues that are empty. */
export async function deadLettersOf(
  { deadLetters }: Watcher,
  dryRun: boolean,
): Promise<readonly Emptied[]> {
  let queues: readonly DeadLetters[];
  try {
    queues = await deadLetters.list();
  } catch (error) {
    const why = 'the dead letters of the queues could not be counted';
    return [{ queue: null, outcome: 'failed', why, trouble: `${why}: ${explain(error).message}` }];
  }
  const emptied: Emptied[] = [];
  for (const queue of queues.filter(({ waiting }) => waiting > 0)) {
    const { move, why } = STILL_WANTED[queue.content];
    if (!move) emptied.push({ queue, outcome: 'left', why, trouble: null });
    else if (dryRun) emptied.push({ queue, outcome: 'possible', why, trouble: null });
    else emptied.push(await moved(queue, why));
  }
  return emptied;

  async function moved(queue: DeadLetters, why: string): Promise<Emptied> {
    try {
      await deadLetters.moveBack(queue);
      return { queue, outcome: 'moved', why, trouble: null };
    } catch (error) {
      const trouble = `the dead letters of the ${queue.content} queue could not be moved back: ${explain(error).message}`;
      return { queue, outcome: 'failed', why, trouble };
    }
  }
}
