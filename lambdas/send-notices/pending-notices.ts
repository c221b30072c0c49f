import type { ContractKey } from '../../lib/domain/license/contract.ts';
import { entryForNotice, type PendingNotice, CLAIM } from '../../lib/domain/notice/delivery.ts';
import type { Head } from '../../lib/domain/check/head.ts';
import type { SealedEntry } from '../../lib/domain/ledger/ledger.ts';
import { NO_SUBSCRIPTION, type Notice, TOLD_WITHIN } from '../../lib/domain/notice/notice.ts';
import { type Product, productOfEntry } from '../../lib/domain/license/product.ts';
import type { Dependencies } from './dependencies.ts';
import type { DeliveryFact, Publication } from '../../lib/domain/ports.ts';
import { plus, HOUR, type Instant } from '../../lib/domain/time.ts';
import { cleanText } from '../../lib/domain/outside-text.ts';
import type { Buyer } from '../../lib/domain/registration/buyer.ts';
import { StoredShapeError } from '../../lib/messages/stored.ts';
import * as MESSAGES from '../../lib/observability/message-codes.ts';

/** The notice with the entry it was born with: one transaction wrote both, so a missing entry is a damaged table. */
export async function pendingNoticeOf(
  notice: Notice,
  { contracts }: Pick<Dependencies, 'contracts'>,
): Promise<PendingNotice> {
  const entry = await contracts.entry(notice.contract, notice.entry);
  if (entry === undefined) {
    throw new Error(
      `${notice.contract} has a notice of entry ${notice.entry}, which its ledger does not hold`,
    );
  }
  return { notice, entry: entryForNotice(entry, notice) };
}

export async function headOf(
  contract: ContractKey,
  { contracts }: Pick<Dependencies, 'contracts'>,
): Promise<Head> {
  const head = await contracts.head(contract);
  if (head === undefined) throw new Error(`${contract} has notices but no head`);
  return head;
}

/** The product as configured; as its ledger shows it, where the seller has taken it out of the settings since. */
export function productOf(
  entry: SealedEntry,
  { settings }: Pick<Dependencies, 'settings'>,
): Product {
  return (
    settings.products.find(({ id }) => id === entry.productId) ??
    productOfEntry(entry, settings.sellerName)
  );
}

type Marking = Pick<Dependencies, 'notices' | 'now' | 'log' | 'sha256'>;

/** Keeps everybody else off a notice while it is published; its reason stays. Undefined: somebody else was first. */
export async function claim(
  pendingNotice: PendingNotice,
  { notices, now }: Marking,
): Promise<PendingNotice | undefined> {
  const { reason } = pendingNotice.notice;
  const next = { state: 'due', notBefore: plus(now(), CLAIM), reason } as const;
  const claimed = await notices.settle(pendingNotice.notice, next, null);
  return claimed ? { ...pendingNotice, notice: { ...pendingNotice.notice, ...next } } : undefined;
}

/** What the delivery fact says of a message. */
export interface Delivered {
  readonly at: Instant;
  readonly messageId: string;
  readonly textHash: string;
  readonly jsonHash: string;
  /** The same notice alone, where the mail gathers several. */
  readonly single?: { readonly jsonHash: string; readonly messageId: string };
}

export function deliveredAs(
  messageId: string,
  { mail, json }: Pick<Publication, 'mail' | 'json'>,
  { now, sha256 }: Pick<Marking, 'now' | 'sha256'>,
): Delivered {
  const { subject, text } = mail ?? { subject: '', text: '' };
  return {
    at: now(),
    messageId,
    textHash: sha256(`${subject}\n${text}`),
    jsonHash: sha256([subject, JSON.stringify(json)].join('\n')),
  };
}

/** Writes that a notice was told, with the fact; `within`: the entry whose mail told it, where that is another. */
export async function markTold(
  { notice }: PendingNotice,
  delivered: Delivered,
  within: number | null,
  { notices, now, log }: Marking,
): Promise<void> {
  const { contract, entry, audience, about } = notice;
  const { messageId } = delivered;
  const fact: DeliveryFact | null =
    audience === 'operations' || audience === 'bus'
      ? null
      : { contract, entry, audience, ...(about === undefined ? {} : { about }), ...delivered };
  const settled = await notices.settle(
    notice,
    within === null
      ? { state: 'told', notBefore: now(), reason: `published as ${messageId}` }
      : { state: 'superseded', notBefore: now(), reason: `${TOLD_WITHIN} ${within}, ${messageId}` },
    fact,
  );
  const keys = { contract, entry, audience, messageId };
  if (settled) log.info(MESSAGES.noticeTold, keys);
  else log.warn(MESSAGES.settleLost, keys);
}

/** Takes a notice that is no longer true off the list. */
export async function supersede(
  notice: Notice,
  reason: string,
  { notices, log }: Marking,
): Promise<void> {
  const { contract, entry, audience, notBefore } = notice;
  await notices.settle(notice, { state: 'superseded', notBefore, reason }, null);
  log.info(MESSAGES.noticeSuperseded, { contract, entry, audience, reason });
}

/**
 * A seller who is asked to tell a buyer what could not be delivered need not, where somebody has had it taken up again: once it
 * reached the buyer the question is taken off the list, and until it did or died again it waits. What waits for a subscription reaches
 * nobody.
 */
export async function isStillNeeded(notice: Notice, dependencies: Dependencies): Promise<boolean> {
  if (notice.about !== 'undelivered') return true;
  const { notices, now } = dependencies;
  const { contract, entry } = notice;
  const toBuyer = await notices.find({ contract, entry, audience: 'buyer' });
  switch (toBuyer?.state) {
    case undefined:
    case 'undeliverable':
      return true;
    case 'settling':
    case 'waiting':
    case 'due': {
      if (toBuyer.reason === NO_SUBSCRIPTION) return true;
      const reason =
        'the notice to the buyer was taken up again: asked of the seller only if it dies again';
      await notices.settle(
        notice,
        { state: 'waiting', notBefore: plus(now(), HOUR), reason },
        null,
      );
      return false;
    }
    case 'told':
    case 'superseded':
    case 'withdrawn':
      await supersede(
        notice,
        `taken up again, the notice to the buyer is ${toBuyer.state} by now`,
        dependencies,
      );
      return false;
  }
}

/** What fails of one keeps back none of the others: undefined is answered, and `failures` are thrown when all are done. */
export async function attempt<Result>(
  errors: unknown[],
  work: () => Promise<Result>,
): Promise<Result | undefined> {
  try {
    return await work();
  } catch (error) {
    errors.push(error);
    return undefined;
  }
}

/** The logger writes causes and no `errors`: the first stands for all. */
export function failures(errors: readonly unknown[], of: number, what = 'notices'): AggregateError {
  const [cause] = errors;
  const first = cause instanceof Error ? cause.message : String(cause);
  const words = `${errors.length} of ${of} ${what} failed, first: ${first}`;
  return new AggregateError(errors, words, { cause });
}

/** Owners who get their lines beside one mail: their mails are half a second apart, and must be out before the notices are marked. */
export const MOST_OWNERS = 20;

/** For whom the whole mail is marked, beside those of owners; no owner can have that name. */
export const EVERYBODY = '';

/** To the seller's topic. */
export async function publish(
  publication: Publication,
  { topics, sellerTopicArn }: Pick<Dependencies, 'topics' | 'sellerTopicArn'>,
): Promise<string> {
  const published = await topics.publish(sellerTopicArn, publication);
  if (published.kind === 'refused')
    throw new Error(`the seller's topic refuses: ${published.reason}`);
  return published.messageId;
}

/** Null: it cannot be read, which is nobody's loss: a notice is told without it. */
export async function profileOf(
  { buyerAccountId }: Pick<SealedEntry, 'buyerAccountId'>,
  { buyers, log }: Dependencies,
): Promise<Buyer | undefined | null> {
  try {
    return await buyers.find(buyerAccountId);
  } catch (error) {
    if (!(error instanceof StoredShapeError)) throw error;
    log.warn(MESSAGES.ownerUnread, {
      buyerAccountId,
      problem: cleanText(error.message, 600),
    });
    return null;
  }
}
