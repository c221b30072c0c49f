import type { ContractKey } from '../../lib/domain/license/contract.ts';
import { entryForNotice, type PendingNotice, CLAIM } from '../../lib/domain/notice/delivery.ts';
import type { Head } from '../../lib/domain/check/head.ts';
import type { SealedEntry } from '../../lib/domain/ledger/ledger.ts';
import { type Notice, TOLD_WITHIN } from '../../lib/domain/notice/notice.ts';
import { type Product, productOfEntry } from '../../lib/domain/license/product.ts';
import type { Dependencies } from './dependencies.ts';
import type { DeliveryFact, Publication } from '../../lib/domain/ports.ts';
import { plus, type Instant } from '../../lib/domain/time.ts';
import { cleanText } from '../../lib/domain/outside-text.ts';
import type { Buyer } from '../../lib/domain/registration/buyer.ts';
import { METRICS } from '../../lib/messages/names.ts';
import { StoredShapeError } from '../../lib/messages/stored.ts';
import * as MESSAGES from '../../lib/observability/message-codes.ts';

/** Reads the entry that was written with the notice. One transaction wrote both, so a missing entry means a damaged table and throws. */
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

/** The product as configured or, if the seller has removed it from the settings, as its ledger shows it. */
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

/** Keeps all other senders off a notice while it is published. Its reason stays. Undefined: another sender was first. */
export async function claim(
  pendingNotice: PendingNotice,
  { notices, now }: Marking,
): Promise<PendingNotice | undefined> {
  const { reason } = pendingNotice.notice;
  const next = { state: 'due', notBefore: plus(now(), CLAIM), reason } as const;
  const claimed = await notices.changeState(pendingNotice.notice, next, null);
  return claimed ? { ...pendingNotice, notice: { ...pendingNotice.notice, ...next } } : undefined;
}

/** What the delivery fact says about a message. */
export interface Delivered {
  readonly at: Instant;
  readonly messageId: string;
  readonly textHash: string;
  readonly jsonHash: string;
  /** The message with this notice alone, if the mail gathers several. */
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

/** Writes that a notice was told, with the delivery fact. `within`: the entry whose mail told it, if that is another. */
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
  const isMine = await notices.changeState(
    notice,
    within === null
      ? { state: 'told', notBefore: now(), reason: `published as ${messageId}` }
      : { state: 'superseded', notBefore: now(), reason: `${TOLD_WITHIN} ${within}, ${messageId}` },
    fact,
  );
  const keys = { contract, entry, audience, messageId };
  if (isMine) log.info(MESSAGES.noticeTold, keys);
  else log.warn(MESSAGES.markLost, keys);
}

/** Marks a notice that is no longer true as superseded. */
export async function supersede(
  notice: Notice,
  reason: string,
  { notices, log }: Marking,
): Promise<void> {
  const { contract, entry, audience, notBefore } = notice;
  await notices.changeState(notice, { state: 'superseded', notBefore, reason }, null);
  log.info(MESSAGES.noticeSuperseded, { contract, entry, audience, reason });
}

/** Runs one of several works. If it fails, adds the error to `errors` and returns undefined; the caller throws `failures` at the end. */
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

/** The logger writes `cause` but not `errors`, so the first error stands for all. */
export function failures(errors: readonly unknown[], of: number, what = 'notices'): AggregateError {
  const [cause] = errors;
  const first = cause instanceof Error ? cause.message : String(cause);
  const words = `${errors.length} of ${of} ${what} failed, first: ${first}`;
  return new AggregateError(errors, words, { cause });
}

/** The recipient under which the whole mail is marked, beside those of owners. No owner can have this name. */
export const EVERYBODY = '';

/** Publishes to the seller's topic, or to that of operations; a mail when the next one may go out. Throws if the topic refuses. */
export async function publish(
  publication: Publication,
  dependencies: Dependencies,
): Promise<Delivered> {
  const { topics, sellerTopicArn, operationsTopicArn, untilNextMail } = dependencies;
  if (publication.mail !== null) await untilNextMail();
  const isOfSeller = publication.kind !== 'operations';
  const topicArn = isOfSeller ? sellerTopicArn : operationsTopicArn;
  const published = await topics.publish(topicArn, publication);
  if (published.kind === 'accepted')
    return deliveredAs(published.messageId, publication, dependencies);
  const whose = isOfSeller ? "the seller's" : 'the operations';
  throw new Error(`${whose} topic refuses: ${published.reason}`);
}

/** Tells operations, by the alarm on notices that fail and by name in the log, of an item that cannot be read. */
export function tellUnreadable(
  { problem }: { readonly problem: string },
  { log, meter }: Pick<Dependencies, 'log' | 'meter'>,
): void {
  meter.measure(METRICS.noticesFailed, 1);
  log.error(MESSAGES.itemUnreadable, { problem });
}

/** What `read` returns. Null: the item cannot be read, which operations is told; only what depends on it waits. */
export async function readableOrNull<Read>(
  read: () => Promise<Read>,
  dependencies: Pick<Dependencies, 'log' | 'meter'>,
): Promise<Read | null> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof StoredShapeError)) throw error;
    tellUnreadable({ problem: cleanText(error.message, 600) }, dependencies);
    return null;
  }
}

/** The buyer's profile. Null: it cannot be read, and a notice is told without it. */
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
