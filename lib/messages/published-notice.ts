import * as z from 'zod/mini';
import { RISKS } from '../domain/agreement/forecast.ts';
import { CHANGE_TYPES, type ChangeType } from '../domain/check/changes.ts';
import { STANDINGS } from '../domain/license/contract.ts';
import { SEVERITIES } from '../domain/notice/notice.ts';
import { accountId, contractText, instantText } from './primitives.ts';

/** A change as the ledger holds it, beside `type` and `reason` what differs from type to type: see `lib/domain/check/changes.ts`. */
const publishedChange = z.looseObject({
  type: z.enum(CHANGE_TYPES),
  before: z.unknown(),
  after: z.unknown(),
  reason: z.string(),
});

const publishedEntry = z.object({
  contract: contractText,
  /** With `hash` the proof of what the ledger said: compare it with the audit table. */
  entry: z.number(),
  hash: z.string(),
  observedAt: instantText,
  /** When it took effect; null: AWS does not say. */
  effectiveAt: z.nullable(instantText),
  /** Only what this audience is told of. */
  changes: z.array(publishedChange),
  /** There and true where its bad news was seen, and no look could confirm it since: it may still turn out otherwise. */
  isUnconfirmed: z.exactOptional(z.literal(true)),
  reminder: z.nullable(
    z.object({
      daysBefore: z.number(),
      end: instantText,
      /** There where the days count to the decision deadline, not to the end. */
      decideBy: z.exactOptional(instantText),
      daysLeft: z.number(),
      share: z.nullable(z.string()),
    }),
  ),
});

/** To the seller: what is known, at the moment of sending, of the notice to the buyer of the same entry. */
const toBuyer = z.optional(
  z.nullable(
    z.object({
      /** Published; waits, and is not told yet; not told, and not going to be by itself. */
      outcome: z.enum(['told', 'waits', 'not-told']),
      /** Why it was not told, or not yet; null: it was. */
      reason: z.nullable(z.string()),
    }),
  ),
);

const severity = z.enum(SEVERITIES);

/** To the seller: who of the seller's looks after the buyer. Absent: nobody, or this is not told to the seller. */
const owner = z.exactOptional(z.string());

/** There and true where somebody only tries the way: nothing happened, the entry is 0 and the hash is none. Else absent. */
const test = z.optional(z.literal(true));

/** A custom notification: what a channel shows. See `lib/mail/slack-card.ts`. */
const card = z.object({
  version: z.literal('1.0'),
  source: z.literal('custom'),
  id: z.string(),
  content: z.object({
    textType: z.literal('client-markdown'),
    title: z.string(),
    description: z.string(),
    nextSteps: z.readonly(z.array(z.string())),
  }),
  metadata: z.object({ threadId: z.string(), summary: z.string(), eventType: z.string() }),
});

/**
 * What machines get from the topics, as the body of every protocol but e-mail. A stable contract: within `format: 1` members
 * are added and never changed or taken away.
 */
export const publishedNotice = z.extend(publishedEntry, {
  format: z.literal(1),
  kind: z.enum(['change', 'reminder', 'welcome']),
  audience: z.enum(['buyer', 'seller', 'operations']),
  deployment: z.string(),
  seller: z.string(),
  severity,
  buyerAccountId: accountId,
  buyerName: z.string(),
  owner,
  productId: z.string(),
  productName: z.string(),
  standing: z.enum(STANDINGS),
  /** End of what is in force; null: none. */
  validityEnd: z.nullable(instantText),
  /** Earlier entries that are told with this one, oldest first. */
  folded: z.array(publishedEntry),
  /** So many more, older ones, stand in the ledger alone: a message has no room for them. Absent: none. */
  leftOut: z.exactOptional(z.number()),
  /** Why the buyer could not be told; null: nothing is asked of the seller. */
  undelivered: z.nullable(z.string()),
  /** Null: it is not for the buyer to hear, or this is not told to the seller. Absent: of an earlier version. */
  toBuyer,
  /** On the event bus, where there is a channel in Slack: what it shows. Else absent. */
  card: z.exactOptional(card),
  test,
});

/**
 * The body beside the seller's e-mail: which notices it gathers. Each is also published by itself. Of operations: beside the e-mail of a
 * tick in which several are due, and there is nothing else. With an owner: the lines of one owner's buyers alone, which another digest
 * has, too.
 */
export const publishedDigest = z.object({
  format: z.literal(1),
  kind: z.literal('digest'),
  audience: z.enum(['seller', 'operations']),
  deployment: z.string(),
  tick: instantText,
  owner,
  /** Accounts that were invited a week ago or longer and have not launched. Absent: none is told of here. */
  unlaunched: z.exactOptional(z.array(accountId)),
  /** Accounts that launched two days ago or longer, and have confirmed no address. Absent: none is told of here. */
  unconfirmed: z.exactOptional(z.array(accountId)),
  /**
   * Agreements that nobody watches: bought, gone on by renewal or replacement, or changed in what they say; `changes` has how. Absent: none is
   * told of here.
   */
  unwatched: z.exactOptional(
    z.array(
      z.object({
        agreementId: z.string(),
        buyerAccountId: accountId,
        productId: z.string(),
        news: z.enum(['bought', 'went-on', 'changed']),
        end: z.nullable(instantText),
        decideBy: z.nullable(instantText),
        changes: z.array(publishedChange),
      }),
    ),
  ),
  /**
   * What AWS says beside agreements: a request to cancel, in AWS's words; an advisory. As it says it: no entry of any ledger holds it. Absent:
   * none is told of here.
   */
  matters: z.exactOptional(
    z.array(
      z.object({
        kind: z.enum(['cancellation', 'advisory']),
        agreementId: z.string(),
        buyerAccountId: z.nullable(accountId),
        productId: z.nullable(z.string()),
        /** Null: an advisory has none. */
        requestId: z.nullable(z.string()),
        status: z.string(),
        /** An event alone, or AWS's own list as well. */
        saidBy: z.enum(['event', 'list']),
        /** When it was asked for, issued or resolved; null: AWS does not say. */
        since: z.nullable(instantText),
        /** Until when the buyer can answer a request, before AWS approves it; null: not known, or an advisory. */
        answerBy: z.nullable(instantText),
      }),
    ),
  ),
  notices: z.array(
    z.object({
      contract: contractText,
      owner,
      entry: z.number(),
      hash: z.string(),
      changes: z.array(z.enum(CHANGE_TYPES)),
      daysBefore: z.nullable(z.number()),
      undelivered: z.nullable(z.string()),
      toBuyer,
    }),
  ),
  test,
});

/** The body of the letter of Mondays: what ends in the next 90 days, and what the week before brought. With an owner: of that owner's buyers alone. */
export const publishedLetter = z.object({
  format: z.literal(1),
  kind: z.literal('letter'),
  audience: z.literal('seller'),
  deployment: z.string(),
  tick: instantText,
  owner,
  /** What is to be decided or ends first at the beginning. */
  ends: z.array(
    z.object({
      contract: contractText,
      end: instantText,
      risk: z.enum(RISKS),
      /** Until when either party can change it; null: there is no such day, or it is not known. */
      decideBy: z.nullable(instantText),
    }),
  ),
  /** So many more, later ones, have no room here. Absent: none. */
  leftOut: z.exactOptional(z.number()),
  lapsed: z.array(contractText),
  won: z.array(
    z.object({ contract: contractText, how: z.enum(['bought', 'renewed', 'upgraded']) }),
  ),
});

export type PublishedLetter = z.input<typeof publishedLetter>;
export type PublishedNotice = z.input<typeof publishedNotice>;
export type PublishedDigest = z.input<typeof publishedDigest>;

/**
 * What an event is of: the change that leads its notice; a reminder and nothing else; that the seller is asked to tell the buyer; that bad
 * news could not be confirmed for a day.
 */
export type EventType = ChangeType | 'Reminder' | 'BuyerNotTold' | 'NewsUnconfirmed';
