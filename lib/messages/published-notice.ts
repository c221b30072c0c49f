import * as z from 'zod/mini';
import { RISKS } from '../domain/agreement/forecast.ts';
import { CHANGE_TYPES, type ChangeType } from '../domain/check/changes.ts';
import { STANDINGS } from '../domain/license/contract.ts';
import { SEVERITIES } from '../domain/notice/notice.ts';
import { accountId, contractText, instantText } from './primitives.ts';

/** A change as the ledger holds it. Besides `type` and `reason`, members differ from type to type: see `lib/domain/check/changes.ts`. */
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
  /** Present and true if no look has confirmed its bad news since that was seen: it may still turn out otherwise. */
  isUnconfirmed: z.exactOptional(z.literal(true)),
  reminder: z.nullable(
    z.object({
      daysBefore: z.number(),
      end: instantText,
      /** Present if the days count to the decision deadline, not to the end. */
      decideBy: z.exactOptional(instantText),
      daysLeft: z.number(),
      share: z.nullable(z.string()),
    }),
  ),
});

/** To the seller: what is known, at the moment of sending, about the buyer's notice of the same entry. */
const toBuyer = z.optional(
  z.nullable(
    z.object({
      /** `told`: published. `waits`: not told yet. `not-told`: not told, and will not be by itself. */
      outcome: z.enum(['told', 'waits', 'not-told']),
      /** Why it was not told, or not yet; null: it was. */
      reason: z.nullable(z.string()),
    }),
  ),
);

const severity = z.enum(SEVERITIES);

/** To the seller: who on the seller's side looks after the buyer. Absent: nobody, or this is not told to the seller. */
const owner = z.exactOptional(z.string());

/** Present and true in a test of delivery: nothing happened, the entry is 0 and the hash is not a real one. Else absent. */
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
  /** How many older entries are in the ledger alone, because a message has no room for them. Absent: none. */
  leftOut: z.exactOptional(z.number()),
  /** Why the buyer could not be told; null: nothing is asked of the seller. */
  undelivered: z.nullable(z.string()),
  /** Null: the buyer is not to be told, or this is not told to the seller. Absent: of an earlier version. */
  toBuyer,
  /** What a Slack channel shows: on the event bus, if there is such a channel. Else absent. */
  card: z.exactOptional(card),
  test,
});

/**
 * The body beside the seller's e-mail: the notices that it gathers, each of which is also published by itself. For operations: beside the
 * e-mail of a tick with several due notices, which are not published by themselves. With an owner: only the lines of that owner's buyers,
 * which another digest has, too.
 */
export const publishedDigest = z.object({
  format: z.literal(1),
  kind: z.literal('digest'),
  audience: z.enum(['seller', 'operations']),
  deployment: z.string(),
  tick: instantText,
  owner,
  /** Accounts that were invited a week ago or longer and have not launched. Absent: this digest tells of none. */
  unlaunched: z.exactOptional(z.array(accountId)),
  /** Accounts that launched two days ago or longer and have confirmed no address. Absent: this digest tells of none. */
  unconfirmed: z.exactOptional(z.array(accountId)),
  /**
   * Agreements that nobody watches and that were bought, continued by renewal or replacement, or changed; `changes` says how. Absent: this
   * digest tells of none.
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
   * What AWS says besides agreements: a request to cancel, or an advisory. It is told as AWS says it: no entry of any ledger holds it.
   * Absent: this digest tells of none.
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
        /** `event`: an event alone says it. `list`: AWS's own list says it as well. */
        saidBy: z.enum(['event', 'list']),
        /** When it was requested, issued or resolved; null: AWS does not say. */
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

/**
 * The body of the weekly pipeline: what ends in the next 90 days, and what the past week brought. With an owner: only that owner's buyers.
 */
export const publishedPipeline = z.object({
  format: z.literal(1),
  kind: z.literal('pipeline'),
  audience: z.literal('seller'),
  deployment: z.string(),
  tick: instantText,
  owner,
  /** Sorted by what is to be decided or ends first. */
  ends: z.array(
    z.object({
      contract: contractText,
      end: instantText,
      risk: z.enum(RISKS),
      /** Until when either party can change it; null: there is no such day, or it is not known. */
      decideBy: z.nullable(instantText),
    }),
  ),
  /** How many later ones have no room here. Absent: none. */
  leftOut: z.exactOptional(z.number()),
  lapsed: z.array(contractText),
  won: z.array(
    z.object({ contract: contractText, how: z.enum(['bought', 'renewed', 'upgraded']) }),
  ),
});

export type PublishedPipeline = z.input<typeof publishedPipeline>;
export type PublishedNotice = z.input<typeof publishedNotice>;
export type PublishedDigest = z.input<typeof publishedDigest>;

/**
 * What an event is about: the change that leads its notice; a reminder alone; that the seller is asked to tell the buyer; bad news that
 * could not be confirmed for a day.
 */
export type EventType = ChangeType | 'Reminder' | 'BuyerNotTold' | 'NewsUnconfirmed';
