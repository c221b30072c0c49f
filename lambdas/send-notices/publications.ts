import type { PendingNotice, Sending } from '../../lib/domain/notice/delivery.ts';
import type { Change } from '../../lib/domain/check/changes.ts';
import type { Reminder } from '../../lib/domain/ledger/ledger.ts';
import type { Notice, Reader } from '../../lib/domain/notice/notice.ts';
import { changesFor, severityOf, gravestOf } from '../../lib/domain/notice/notices.ts';
import type { Instant } from '../../lib/domain/time.ts';
import type { BusEvent, Mail, Publication } from '../../lib/domain/ports.ts';
import type { DigestEntry } from '../../lib/mail/mail.ts';
import { slackCard } from '../../lib/mail/slack-card.ts';
import { buyerTold } from '../../lib/mail/told-words.ts';
import type {
  EventType,
  PublishedDigest,
  PublishedPipeline,
  PublishedNotice,
} from '../../lib/messages/published-notice.ts';
import { PIPELINE, OWNER_DIGEST, OWNER_PIPELINE } from '../../lib/messages/names.ts';
import type { Settings } from '../../lib/messages/settings.ts';

/** The sender. `test`: the message is a simulation. */
export type Sender = Pick<Settings, 'deployment' | 'sellerName'> & { readonly test?: true };

/** A notice to the seller's side. */
export interface ToldToSeller extends PendingNotice {
  /** The current notice to the buyer about the same entry. Absent or undefined: the buyer is not to be told about it. */
  readonly toBuyer?: Notice | undefined;
  /** The seller's person who looks after the buyer. Absent or undefined: nobody. */
  readonly owner?: string | undefined;
}

/** When a mail to the seller's side is sent. `owner`: it is only about that owner's buyers, and goes out beside the whole one. */
export interface MailFrame {
  readonly tick: Instant;
  readonly now: Instant;
  readonly owner?: string | undefined;
  /** Absent: the seller. */
  readonly audience?: PublishedDigest['audience'];
}

/** What subscriptions filter a message by, beside its kind. */
type Filters = Pick<
  Publication,
  'changes' | 'severity' | 'productIds' | 'buyerAccountIds' | 'owners'
>;

type Beginning = 'format' | 'audience' | 'deployment' | 'tick' | 'owner' | 'test';

/**
 * A mail to the seller's side, of which machines get what is `said` below what all digests and pipelines begin with. A filter lets that of an
 * owner or the whole one through, because SNS can only send a message unchanged or not at all.
 */
export function mailPublication(
  said: Omit<PublishedDigest, Beginning> | Omit<PublishedPipeline, Beginning>,
  mail: Mail,
  filters: Filters,
  { tick, owner, audience = 'seller' }: MailFrame,
  { deployment, test }: Sender,
): Publication {
  const isTest = test === undefined ? {} : { test };
  const beginning = {
    format: 1,
    kind: said.kind,
    audience,
    deployment,
    tick,
    ...ownerOf({ owner }),
  };
  const [whole, ofOwner] = KINDS[said.kind];
  const kind = audience === 'operations' ? audience : owner === undefined ? whole : ofOwner;
  return { mail, json: { ...beginning, ...said, ...isTest }, kind, ...filters, ...isTest };
}

const KINDS = { digest: ['digest', OWNER_DIGEST], pipeline: [PIPELINE, OWNER_PIPELINE] } as const;

/** A mail about many notices. */
export function digestPublication(
  all: readonly ToldToSeller[],
  mail: Mail,
  sent: MailFrame,
  sender: Sender,
): Publication {
  const notices = all.map((each) => inDigest(each, sent.now));
  return mailPublication({ kind: 'digest', notices }, mail, filtersOf(all), sent, sender);
}

/** For machines, a single notice is published as itself, several as a list. */
export function operationsPublication(
  all: readonly PendingNotice[],
  mail: Mail,
  sent: MailFrame,
  sender: Sender,
): Publication {
  const digest = digestPublication(all, mail, { ...sent, audience: 'operations' }, sender);
  const [only, ...others] = all;
  return only === undefined || others.length > 0
    ? digest
    : { ...digest, json: publishedOf(only, [], sender) };
}

/** To a buyer: one mail with everything that waited. */
export function buyerPublication(
  { lead, folded, welcome }: Sending,
  mail: Mail,
  sender: Sender,
): Publication {
  const all = [...folded, lead];
  const changed = all.some(({ notice }) => notice.kind !== 'reminder');
  const kind = welcome ? 'welcome' : changed ? 'change' : 'reminder';
  const filters = filtersOf(all);
  const { severity } = filters;
  const json: PublishedNotice = { ...publishedOf(lead, folded, sender), kind, severity };
  return { mail, json, kind, ...filters, ...(sender.test && { test: sender.test }) };
}

/** The publication of one notice, without a mail, to machines that listen to the seller's topic. */
export function singlePublication(told: ToldToSeller, sender: Sender, now: Instant): Publication {
  const json = singleJson(told, sender, now);
  const { test } = sender;
  return { mail: null, json, kind: 'notice', ...filtersOf([told]), ...(test && { test }) };
}

/**
 * The same for machines that listen to the event bus. A notice without news of its own is named after what it asks or leaves open. `shown`:
 * present if the seller's people also read it, in a channel.
 */
export function eventOf(
  told: ToldToSeller,
  shown: DigestEntry | undefined,
  sender: Sender,
  now: Instant,
): BusEvent {
  const detail = singleJson(told, sender, now);
  const detailType = detailTypeOf(told);
  if (shown === undefined) return { detailType, detail };
  const { deployment, test = false } = sender;
  const { severity } = detail;
  return {
    detailType,
    detail: { ...detail, card: slackCard(shown, { deployment, severity, detailType, now, test }) },
  };
}

/** The type of the gravest change; of equally grave ones, the first. */
function detailTypeOf(told: ToldToSeller): EventType {
  const { about } = told.notice;
  if (about === 'undelivered') return 'BuyerNotTold';
  if (about === 'unconfirmed') return 'NewsUnconfirmed';
  const said = changesSaid(told);
  const severities = said.map((change) => severityOf(change, 'seller') ?? 'info');
  const lead = said[severities.indexOf(gravestOf(severities))];
  return lead?.type ?? 'Reminder';
}

function filtersOf(all: readonly ToldToSeller[]): Filters {
  return {
    changes: all.flatMap((each) => [
      ...changesSaid(each).map(({ type }) => type),
      ...(each.entry.reminder === null ? [] : (['Reminder'] as const)),
    ]),
    severity: gravestOf(all.map(({ notice }) => notice.severity)),
    productIds: all.map(({ entry }) => entry.productId),
    buyerAccountIds: all.map(({ entry }) => entry.buyerAccountId),
    owners: all.flatMap(({ owner }) => owner ?? []),
  };
}

/** The most bytes of notices in a digest, of the 256 KB that SNS takes including frame and attributes. */
export const DIGEST_BYTES = 240 * 1024;

/**
 * The bytes that a notice adds to a digest: its lines in the mail, its item in the list for machines, its account and owner in the
 * attributes.
 */
export function digestBytes(told: ToldToSeller, lines: string, now: Instant): number {
  const item = JSON.stringify([inDigest(told, now)]);
  return [item, lines, told.entry.buyerAccountId, told.owner ?? '']
    .map(bytesSent)
    .reduce((sum, bytes) => sum + bytes);
}

function inDigest(told: ToldToSeller, now: Instant): PublishedDigest['notices'][number] {
  const { contract, entry, hash, reminder } = told.entry;
  return {
    contract,
    ...ownerOf(told),
    ...{ entry, hash },
    changes: changesSaid(told).map(({ type }) => type),
    daysBefore: reminder?.daysBefore ?? null,
    undelivered: undeliveredOf(told),
    toBuyer: buyerTold(told.toBuyer, now),
  };
}

function singleJson(told: ToldToSeller, sender: Sender, now: Instant): PublishedNotice {
  return {
    ...publishedOf(told, [], sender),
    ...ownerOf(told),
    toBuyer: buyerTold(told.toBuyer, now),
  };
}

function publishedOf(
  pendingNotice: PendingNotice,
  folded: readonly PendingNotice[],
  { deployment, sellerName: seller, test }: Sender,
): PublishedNotice {
  const { notice, entry } = pendingNotice;
  const { kind, severity } = notice;
  const { buyerAccountId, buyerName, productId, productName } = entry;
  const { standing, validityEnd } = entry.told ?? entry;
  return {
    ...{ format: 1, kind, audience: readerOf(notice), deployment, seller, severity },
    ...{ buyerAccountId, buyerName, productId, productName, standing, validityEnd },
    ...factsOf(pendingNotice),
    ...foldedOf(folded),
    undelivered: undeliveredOf(pendingNotice),
    toBuyer: null,
    ...(test && { test }),
  };
}

function factsOf(pendingNotice: PendingNotice): PublishedNotice['folded'][number] {
  const { contract, entry, hash, observedAt, effectiveAt, ...rest } = pendingNotice.entry;
  return {
    ...{ contract, entry, hash, observedAt, effectiveAt },
    changes: changesSaid(pendingNotice).map((change) => ({ ...change })),
    ...(rest.isUnconfirmed === true && { isUnconfirmed: true }),
    reminder: rest.reminder === null ? null : withoutSkipped(rest.reminder),
  };
}

function withoutSkipped({ skipped: _, ...reminder }: Reminder): Omit<Reminder, 'skipped'> {
  return reminder;
}

/** The most bytes of earlier entries in a notice for machines: with mail and entry it stays below the 256 KB that SNS takes. */
const FOLDED_BYTES = 128 * 1024;

/** The newest of the entries folded into a notice, oldest first. The others are in the ledger, as the mail says, too. */
function foldedOf(folded: readonly PendingNotice[]): Pick<PublishedNotice, 'folded' | 'leftOut'> {
  const all = folded.map((each) => factsOf(each));
  let bytes = 0;
  const first =
    1 +
    all.findLastIndex((each) => {
      bytes += bytesSent(JSON.stringify(each));
      return bytes > FOLDED_BYTES;
    });
  return { folded: all.slice(first), ...(first > 0 && { leftOut: first }) };
}

/** SNS takes the body as a string inside JSON, so escaped characters count as they are sent. */
function bytesSent(text: string): number {
  return new TextEncoder().encode(JSON.stringify(text)).length;
}

function ownerOf({ owner }: Pick<ToldToSeller, 'owner'>): { readonly owner?: string } {
  return owner === undefined ? {} : { owner };
}

/** Why the seller is asked to tell the buyer. Null: they are not asked. */
export function undeliveredOf({ notice }: PendingNotice): string | null {
  return notice.about === 'undelivered' ? notice.reason : null;
}

/** Rule 13 holds for machines as for people: a message holds only the changes that its audience is told about. */
function changesSaid({ notice, entry }: PendingNotice): readonly Change[] {
  // A notice that asks the seller to tell the buyer contains what the buyer should be told.
  const reader = notice.about === 'undelivered' ? 'buyer' : readerOf(notice);
  const said = changesFor(entry, reader);
  // Of unconfirmed changes, the buyer is told only about an end that the dates confirm.
  return entry.isUnconfirmed === true && reader === 'buyer'
    ? said.filter(({ type }) => type === 'LicenseExpired')
    : said;
}

/** The seller's machines listen to the bus. */
function readerOf({ audience }: Pick<Notice, 'audience'>): Reader {
  return audience === 'bus' ? 'seller' : audience;
}
