import {
  gravestOf,
  type NoticeEntry,
  type Sending,
  type PendingNotice,
} from '../../lib/domain/notice/delivery.ts';
import type { Change } from '../../lib/domain/check/changes.ts';
import type { Audience, Notice } from '../../lib/domain/notice/notice.ts';
import { changesFor } from '../../lib/domain/notice/notices.ts';
import type { Instant } from '../../lib/domain/time.ts';
import type { Mail, Publication } from '../../lib/domain/ports.ts';
import { buyerTold } from '../../lib/mail/told-words.ts';
import type { PublishedDigest, PublishedNotice } from '../../lib/messages/published-notice.ts';
import type { Settings } from '../../lib/messages/settings.ts';

/** Who speaks; `test`: not in earnest. */
export type Sender = Pick<Settings, 'deployment' | 'sellerName'> & { readonly test?: true };

/** To a buyer: one mail of everything that waited. */
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
  return { mail, json, kind, ...filters(all), severity, ...testOf(sender) };
}

export interface ToldToSeller extends PendingNotice {
  /** The notice to the buyer of the same entry, as it is now; undefined: it is not for the buyer to hear. */
  readonly toBuyer: Notice | undefined;
}

/** To machines that listen to the seller's topic: one notice, and no mail of it. */
export function singlePublication(
  telling: ToldToSeller,
  sender: Sender,
  now: Instant,
): Publication {
  const json = { ...publishedOf(telling, [], sender), toBuyer: buyerTold(telling.toBuyer, now) };
  return { ...single(telling, sender), json };
}

function single(telling: PendingNotice, sender: Sender): Publication {
  const { severity } = telling.notice;
  const json = publishedOf(telling, [], sender);
  return { mail: null, json, kind: 'notice', ...filters([telling]), severity, ...testOf(sender) };
}

export function operationsPublication(
  telling: PendingNotice,
  mail: Mail,
  sender: Sender,
): Publication {
  return { ...single(telling, sender), mail, kind: 'operations' };
}

/** The seller's one e-mail of a tick. */
export function digestPublication(
  tellings: readonly ToldToSeller[],
  mail: Mail,
  { tick, now }: { readonly tick: Instant; readonly now: Instant },
  sender: Sender,
): Publication {
  const json: PublishedDigest = {
    format: 1,
    kind: 'digest',
    audience: 'seller',
    deployment: sender.deployment,
    tick,
    notices: tellings.map((telling) => ({
      contract: telling.entry.contract,
      entry: telling.entry.entry,
      hash: telling.entry.hash,
      changes: changesSaid(telling).map(({ type }) => type),
      daysBefore: telling.entry.reminder?.daysBefore ?? null,
      undelivered: undeliveredOf(telling),
      toBuyer: buyerTold(telling.toBuyer, now),
    })),
    ...testOf(sender),
  };
  const severity = gravestOf(tellings.map(({ notice }) => notice.severity));
  return { mail, json, kind: 'digest', ...filters(tellings), severity, ...testOf(sender) };
}

function testOf({ test }: Sender): { readonly test?: true } {
  return test === undefined ? {} : { test };
}

/** Why the seller is asked to tell the buyer; null: they are not. */
export function undeliveredOf({ notice }: PendingNotice): string | null {
  return notice.about === 'undelivered' ? notice.reason : null;
}

function publishedOf(
  telling: PendingNotice,
  folded: readonly PendingNotice[],
  sender: Sender,
): PublishedNotice {
  const { deployment, sellerName } = sender;
  const { notice, entry } = telling;
  const { audience, kind, severity } = notice;
  const { buyerAccountId, buyerName, productId, productName } = entry;
  const { standing, validityEnd } = entry.told ?? entry;
  return {
    format: 1,
    kind,
    audience,
    deployment,
    seller: sellerName,
    severity,
    buyerAccountId,
    buyerName,
    productId,
    productName,
    standing,
    validityEnd,
    ...factsOf(entry, changesSaid(telling)),
    folded: folded.map((each) => factsOf(each.entry, changesSaid(each))),
    undelivered: undeliveredOf(telling),
    toBuyer: null,
    ...testOf(sender),
  };
}

function factsOf(
  entry: NoticeEntry,
  changes: readonly Change[],
): PublishedNotice['folded'][number] {
  const { contract, entry: number, hash, observedAt, effectiveAt, reminder } = entry;
  return {
    contract,
    entry: number,
    hash,
    observedAt,
    effectiveAt,
    changes: changes.map((change) => ({ ...change })),
    ...(entry.isUnconfirmed === true && { isUnconfirmed: true }),
    reminder:
      reminder === null
        ? null
        : {
            daysBefore: reminder.daysBefore,
            end: reminder.end,
            daysLeft: reminder.daysLeft,
            share: reminder.share,
          },
  };
}

/** Rule 13 holds for machines as for people: what an audience is not told of is not in its messages. */
function changesSaid(telling: PendingNotice): readonly Change[] {
  const said = changesFor(telling.entry, told(telling));
  // Of what nobody could confirm, the buyer hears of an end that the dates confirm.
  const isBuyersPart = telling.entry.isUnconfirmed === true && told(telling) === 'buyer';
  return isBuyersPart ? said.filter(({ type }) => type === 'LicenseExpired') : said;
}

/** A notice that asks the seller to tell the buyer speaks of what the buyer should hear. */
function told({ notice }: PendingNotice): Audience {
  return notice.about === 'undelivered' ? 'buyer' : notice.audience;
}

function filters(
  tellings: readonly PendingNotice[],
): Pick<Publication, 'changes' | 'productIds' | 'buyerAccountIds'> {
  return {
    changes: tellings.flatMap((telling) => [
      ...changesSaid(telling).map(({ type }) => type),
      ...(telling.entry.reminder === null ? [] : (['Reminder'] as const)),
    ]),
    productIds: tellings.map(({ entry }) => entry.productId),
    buyerAccountIds: tellings.map(({ entry }) => entry.buyerAccountId),
  };
}
