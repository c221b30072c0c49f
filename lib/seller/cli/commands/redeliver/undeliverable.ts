import type { Buyer } from '../../../../domain/registration/buyer.ts';
import type { SealedEntry } from '../../../../domain/ledger/ledger.ts';
import type { Notice } from '../../../../domain/notice/notice.ts';
import { takenUp } from '../../../../domain/notice/redelivery.ts';
import type { Instant } from '../../../../domain/time.ts';
import type { Watcher } from '../../io.ts';
import { spoken } from '../../output/time.ts';

/** A notice that was given up, and what became of it now. */
export interface TakenUp {
  readonly buyer: Buyer;
  readonly notice: Notice;
  /** Undefined: the ledger's entry cannot be read. */
  readonly entry: SealedEntry | undefined;
  /** When the seller was asked to tell the buyer; `due`: will be with the next digest; null: never. */
  readonly sellerAsked: Instant | 'due' | null;
  readonly outcome: Outcome;
}

/** `possible`: in a dry run. `left`: `why` it stays as it is. */
export type Outcome =
  | { readonly kind: 'taken-up' | 'possible'; readonly why: null }
  | { readonly kind: 'left'; readonly why: string };

interface Work {
  readonly watcher: Watcher;
  readonly dryRun: boolean;
  readonly now: Instant;
}

/** One query for a buyer's notices, and one for the entry of each that was given up. */
export async function takeUpNoticesOf(buyer: Buyer, work: Work): Promise<readonly TakenUp[]> {
  const all: Notice[] = [];
  for await (const notice of work.watcher.register.notices(buyer.buyerAccountId)) all.push(notice);
  const found: TakenUp[] = [];
  for (const notice of all.filter(({ state }) => state === 'undeliverable')) {
    found.push({
      buyer,
      notice,
      entry: await entryOf(notice, work.watcher),
      sellerAsked: askedAbout(notice, all),
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
    return { kind: 'left', why: `${why}: there is no topic that it could go to` };
  }
  const newer = toldSince(notice, all);
  if (newer !== undefined) {
    const why = `entry ${newer.entry} was told to the buyer on ${spoken(newer.notBefore)}: what was before it would read as if it came after`;
    return { kind: 'left', why };
  }
  if (dryRun) return { kind: 'possible', why: null };
  const taken = await watcher.notices.settle(notice, takenUp(notice, now), null);
  return taken
    ? { kind: 'taken-up', why: null }
    : {
        kind: 'left',
        why: 'somebody else changed it in this moment: give the command again to see',
      };
}

/** A newer change that the buyer was told: whether a reminder is still true, is seen when it is sent. */
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

/** The ledger says what it tells; one that cannot be read keeps no notice from being taken up. */
async function entryOf(
  { contract, entry }: Notice,
  { archive }: Watcher,
): Promise<SealedEntry | undefined> {
  for await (const filed of archive.contract(contract, { from: entry, to: entry })) {
    if (filed.kind === 'entry') return filed.entry;
  }
  return undefined;
}

function askedAbout({ contract, entry }: Notice, all: readonly Notice[]): TakenUp['sellerAsked'] {
  const ask = all.find(
    (each) => each.about === 'undelivered' && each.contract === contract && each.entry === entry,
  );
  if (ask?.state === 'told') return ask.notBefore;
  return ask?.state === 'due' || ask?.state === 'waiting' ? 'due' : null;
}
