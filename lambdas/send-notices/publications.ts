import type { PendingNotice, Sending } from '../../lib/domain/notice/delivery.ts';
import {
  answerBy,
  type MatterAudience,
  severityOfMatter,
} from '../../lib/domain/agreement/matter.ts';
import { endSaidOf } from '../../lib/domain/agreement/forecast.ts';
import type { UnwatchedNews } from '../../lib/domain/agreement/census.ts';
import { isNear, type Pipeline } from '../../lib/domain/agreement/pipeline.ts';
import type { Change } from '../../lib/domain/check/changes.ts';
import type { Reminder } from '../../lib/domain/ledger/ledger.ts';
import type { Notice, Reader } from '../../lib/domain/notice/notice.ts';
import { changesFor, severityOf, gravestOf } from '../../lib/domain/notice/notices.ts';
import type { Instant } from '../../lib/domain/time.ts';
import type { BusEvent, Mail, Publication } from '../../lib/domain/ports.ts';
import type {
  DigestEntry,
  MatterToTell,
  SellerDigest,
  UnlaunchedBuyer,
} from '../../lib/mail/mail.ts';
import { slackCard } from '../../lib/mail/slack-card.ts';
import { buyerTold } from '../../lib/mail/told-words.ts';
import type {
  EventType,
  PublishedDigest,
  PublishedLetter,
  PublishedNotice,
} from '../../lib/messages/published-notice.ts';
import { LETTER, OWNER_DIGEST, OWNER_LETTER } from '../../lib/messages/names.ts';
import type { Settings } from '../../lib/messages/settings.ts';

/** The sender. `test`: the message is a simulation. */
export type Sender = Pick<Settings, 'deployment' | 'sellerName'> & { readonly test?: true };

/** When a message to the seller's side is sent. `owner`: it is only about that owner's buyers, and goes out beside the whole one. */
interface Sent {
  readonly tick: Instant;
  readonly now: Instant;
  readonly owner?: string | undefined;
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
  const severity = gravestOf(all.map(({ notice }) => notice.severity));
  const json: PublishedNotice = { ...publishedOf(lead, folded, sender), kind, severity };
  return publicationOf(all, { mail, json, kind }, sender);
}

export interface ToldToSeller extends PendingNotice {
  /** The current notice to the buyer about the same entry. Undefined: the buyer is not to be told about it. */
  readonly toBuyer: Notice | undefined;
  /** The seller's person who looks after the buyer. Undefined: nobody. */
  readonly owner: string | undefined;
}

/** The publication of one notice, without a mail, to machines that listen to the seller's topic. */
export function singlePublication(told: ToldToSeller, sender: Sender, now: Instant): Publication {
  const json = singleJson(told, sender, now);
  return {
    ...publicationOf([told], { mail: null, json, kind: 'notice' }, sender),
    ...ownersOf([told]),
  };
}

function singleJson(told: ToldToSeller, sender: Sender, now: Instant): PublishedNotice {
  return {
    ...publishedOf(told, [], sender),
    ...ownerOf(told),
    toBuyer: buyerTold(told.toBuyer, now),
  };
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
function detailTypeOf(pendingNotice: ToldToSeller): EventType {
  const { about } = pendingNotice.notice;
  if (about === 'undelivered') return 'BuyerNotTold';
  if (about === 'unconfirmed') return 'NewsUnconfirmed';
  const said = changesSaid(pendingNotice);
  const severities = said.map((change) => severityOf(change, 'seller') ?? 'info');
  const lead = said[severities.indexOf(gravestOf(severities))];
  return lead?.type ?? 'Reminder';
}

/** For machines, a single notice is published as itself, several as a list. */
export function operationsPublication(
  pendingNotices: readonly PendingNotice[],
  mail: Mail,
  sent: Sent,
  sender: Sender,
): Publication {
  const [only, ...others] = pendingNotices;
  const all = pendingNotices.map((each) => ({ ...each, toBuyer: undefined, owner: undefined }));
  const json =
    only !== undefined && others.length === 0
      ? publishedOf(only, [], sender)
      : listOf(all, 'operations', sent, sender);
  return publicationOf(pendingNotices, { mail, json, kind: 'operations' }, sender);
}

/**
 * An e-mail to the seller with many notices. A filter lets that of an owner or the whole one through, because SNS can only send a message
 * unchanged or not at all.
 */
export function digestPublication(
  pendingNotices: readonly ToldToSeller[],
  mail: Mail,
  sent: Sent,
  sender: Sender,
): Publication {
  const json = listOf(pendingNotices, 'seller', sent, sender);
  const kind = sent.owner === undefined ? 'digest' : OWNER_DIGEST;
  return {
    ...publicationOf(pendingNotices, { mail, json, kind }, sender),
    ...ownersOf(pendingNotices),
  };
}

/** A message about these notices, with what subscriptions filter it by. */
function publicationOf(
  pendingNotices: readonly PendingNotice[],
  message: Pick<Publication, 'mail' | 'json' | 'kind'>,
  sender: Sender,
): Publication {
  return {
    ...message,
    changes: pendingNotices.flatMap((pendingNotice) => [
      ...changesSaid(pendingNotice).map(({ type }) => type),
      ...(pendingNotice.entry.reminder === null ? [] : (['Reminder'] as const)),
    ]),
    severity: gravestOf(pendingNotices.map(({ notice }) => notice.severity)),
    productIds: pendingNotices.map(({ entry }) => entry.productId),
    buyerAccountIds: pendingNotices.map(({ entry }) => entry.buyerAccountId),
    ...testOf(sender),
  };
}

/** How every digest and letter begins. */
function beginOf<const Kind, const Audience>(
  kind: Kind,
  audience: Audience,
  { tick, owner }: Sent,
  { deployment }: Sender,
) {
  return { format: 1, kind, audience, deployment, tick, ...ownerOf({ owner }) } as const;
}

function listOf(
  pendingNotices: readonly ToldToSeller[],
  audience: PublishedDigest['audience'],
  sent: Sent,
  sender: Sender,
): PublishedDigest {
  const notices = pendingNotices.map((each) => inDigest(each, sent.now));
  return { ...beginOf('digest', audience, sent, sender), notices, ...testOf(sender) };
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

/** The most ends, and below the most contracts, that have room in a letter beside its lines. */
const MOST_ENDS = 400;
const MOST_TURNS = 100;

/** Has no accounts to filter by: the letter covers all of them. */
export function letterPublication(
  { ends, lapsed, won }: Pipeline,
  mail: Mail,
  sent: Sent,
  sender: Sender,
): Publication {
  const near = ends.filter((each) => isNear(each, sent.now));
  const leftOut = near.length - MOST_ENDS;
  const json: PublishedLetter = {
    ...beginOf('letter', 'seller', sent, sender),
    ends: near
      .slice(0, MOST_ENDS)
      .map(({ contract, at, risk, decideBy }) => ({ contract, end: at, risk, decideBy })),
    ...(leftOut > 0 && { leftOut }),
    lapsed: [...lapsed].slice(0, MOST_TURNS),
    won: [...won].slice(0, MOST_TURNS).map(([contract, how]) => ({ contract, how })),
  };
  return {
    ...{ mail, json, kind: sent.owner === undefined ? LETTER : OWNER_LETTER },
    ...{ changes: [], severity: 'info', productIds: [], buyerAccountIds: [] },
    ...ownersOf([sent]),
  };
}

/** About buyers whom no entry mentions: not launched, no address confirmed, or bought and not watched. */
export function buyersPublication(
  {
    unlaunched,
    unconfirmed,
    unwatched,
  }: Pick<Required<SellerDigest>, 'unlaunched' | 'unconfirmed' | 'unwatched'>,
  mail: Mail,
  sent: Sent,
  sender: Sender,
): Publication {
  const accountOf = ({ buyer }: UnlaunchedBuyer): string => buyer.buyerAccountId;
  const [accounts, silent] = [unlaunched.map(accountOf), unconfirmed.map(accountOf)];
  const news = unwatched.flatMap((each) => each.news);
  const changes = news.flatMap((each) => (each.kind === 'changed' ? each.changes : []));
  const json: PublishedDigest = {
    ...beginOf('digest', 'seller', sent, sender),
    ...(accounts.length > 0 && { unlaunched: accounts }),
    ...(silent.length > 0 && { unconfirmed: silent }),
    ...(news.length > 0 && { unwatched: news.map(inUnwatched) }),
    notices: [],
  };
  return {
    ...{ mail, json, kind: sent.owner === undefined ? 'digest' : OWNER_DIGEST },
    changes: [...new Set(changes.map(({ type }) => type))],
    severity: 'attention',
    productIds: [
      ...[...unlaunched, ...unconfirmed].flatMap(({ buyer }) => buyer.productIds),
      ...news.map(({ agreement }) => agreement.productId),
    ],
    buyerAccountIds: [...accounts, ...silent, ...unwatched.map((each) => each.buyerAccountId)],
    ...ownersOf([...unlaunched, ...unconfirmed, ...unwatched].map(({ buyer }) => buyer ?? {})),
  };
}

/** The publication of what AWS says beside agreements, with the same words to operations as to the seller. */
export function mattersPublication(
  told: readonly MatterToTell[],
  mail: Mail,
  { audience, ...sent }: Sent & { readonly audience: MatterAudience },
  sender: Sender,
): Publication {
  const to = audience === 'operations' ? audience : 'seller';
  const json: PublishedDigest = {
    ...beginOf('digest', to, sent, sender),
    matters: told.map(inMatters),
    notices: [],
  };
  const sellers = sent.owner === undefined ? 'digest' : OWNER_DIGEST;
  return {
    ...{ mail, json, kind: to === 'operations' ? to : sellers },
    changes: [],
    severity: gravestOf(told.map(({ matter }) => severityOfMatter(matter))),
    productIds: told.flatMap(({ product }) => product?.id ?? []),
    buyerAccountIds: told.flatMap(({ matter }) => matter.buyerAccountId ?? []),
    ...ownersOf(told.map(({ buyer }) => buyer ?? {})),
  };
}

function inMatters({
  matter,
  product,
}: MatterToTell): NonNullable<PublishedDigest['matters']>[number] {
  const { kind, agreementId, buyerAccountId, status, saidBy } = matter;
  const said = {
    kind,
    agreementId,
    buyerAccountId,
    status,
    saidBy,
    productId: product?.id ?? null,
  };
  return matter.kind === 'cancellation'
    ? { ...said, requestId: matter.requestId, since: matter.createdAt, answerBy: answerBy(matter) }
    : { ...said, requestId: null, since: matter.at, answerBy: null };
}

function inUnwatched(news: UnwatchedNews): NonNullable<PublishedDigest['unwatched']>[number] {
  const { agreementId, buyerAccountId, productId, end } = news.agreement;
  return {
    ...{ agreementId, buyerAccountId, productId, end, news: news.kind },
    decideBy: endSaidOf(news.agreement).decideBy,
    changes: news.kind === 'changed' ? news.changes.map((change) => ({ ...change })) : [],
  };
}

function ownerOf({ owner }: Owned): { readonly owner?: string } {
  return owner === undefined ? {} : { owner };
}

function ownersOf(all: readonly Owned[]): Pick<Publication, 'owners'> {
  return { owners: all.flatMap(({ owner }) => owner ?? []) };
}

interface Owned {
  readonly owner?: string | undefined;
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

function testOf({ test }: Sender): { readonly test?: true } {
  return test === undefined ? {} : { test };
}

/** Why the seller is asked to tell the buyer. Null: they are not asked. */
export function undeliveredOf({ notice }: PendingNotice): string | null {
  return notice.about === 'undelivered' ? notice.reason : null;
}

function publishedOf(
  pendingNotice: PendingNotice,
  folded: readonly PendingNotice[],
  sender: Sender,
): PublishedNotice {
  const { deployment, sellerName: seller } = sender;
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
    ...testOf(sender),
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

/** Rule 13 holds for machines as for people: a message holds only the changes that its audience is told about. */
function changesSaid(pendingNotice: PendingNotice): readonly Change[] {
  const said = changesFor(pendingNotice.entry, told(pendingNotice));
  // Of unconfirmed changes, the buyer is told only about an end that the dates confirm.
  const isBuyersPart =
    pendingNotice.entry.isUnconfirmed === true && told(pendingNotice) === 'buyer';
  return isBuyersPart ? said.filter(({ type }) => type === 'LicenseExpired') : said;
}

/** A notice that asks the seller to tell the buyer contains what the buyer should be told. */
function told({ notice }: PendingNotice): Reader {
  return notice.about === 'undelivered' ? 'buyer' : readerOf(notice);
}

/** The seller's machines listen to the bus. */
function readerOf({ audience }: Pick<Notice, 'audience'>): Reader {
  return audience === 'bus' ? 'seller' : audience;
}
