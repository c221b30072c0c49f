import * as z from 'zod/mini';
import { UNWATCHED } from '../domain/registration/buyer.ts';
import { accountId, instantText } from './primitives.ts';

// Requests to send-notices: show how a notice looks, and whether it arrives. The rules of `requests.ts` hold here, too.

const format = z.literal(1);
const audience = z.enum(['buyer', 'seller']);

/** Publish a notice of something that did not happen, marked as a test, to real topics. Nothing is written. */
export const simulateRequest = z.object({
  format,
  request: z.literal('simulate'),
  buyerAccountId: accountId,
  productId: z.string(),
  /** As `parseSelection` in `lib/domain/simulation/selection.ts` reads it: `LicenseRenewed`, `reminder-30`. */
  selection: z.string(),
  to: z.array(audience).check(z.minLength(1)),
  /** Composes everything and publishes nothing. */
  dryRun: z.boolean(),
});

/** One message to one topic. */
const message = z.object({
  audience,
  topicArn: z.string(),
  /** As its attribute `kind`: `change`, `reminder`, `welcome`, `digest`, `notice`. */
  kind: z.string(),
  /** Null: it is for machines alone. */
  mail: z.nullable(z.object({ subject: z.string(), text: z.string() })),
  /** What machines get. */
  json: z.unknown(),
  /** Null: not published. */
  messageId: z.nullable(z.string()),
  /** Why the topic does not take it, for good; null: it does. */
  refused: z.nullable(z.string()),
  /** Of all protocols together; null: the topic does not say. */
  confirmedSubscriptions: z.nullable(z.number()),
});
export type SimulatedMessage = z.infer<typeof message>;

/** What was put onto the event bus. */
const event = z.object({
  detailType: z.string(),
  /** Null: not put. */
  eventId: z.nullable(z.string()),
  /** Why the bus does not take it; null: it does. */
  refused: z.nullable(z.string()),
});
export type SimulatedEvent = z.infer<typeof event>;

const simulated = z.object({
  format,
  request: z.literal('simulate'),
  outcome: z.literal('simulated'),
  buyerAccountId: accountId,
  buyerName: z.string(),
  productId: z.string(),
  productName: z.string(),
  selection: z.string(),
  dryRun: z.boolean(),
  /** When it would happen: now, or the day of the end or of the reminder. */
  at: instantText,
  messages: z.array(message),
  /** Null: the seller is not told, so no machine is either. */
  event: z.nullable(event),
});
export type SimulatedAnswer = z.infer<typeof simulated>;

const refused = z.object({
  format,
  request: z.literal('simulate'),
  outcome: z.literal('refused'),
  buyerAccountId: accountId,
  problem: z.enum([...UNWATCHED, 'unknown-product', 'not-seen', 'unknown-selection', 'impossible']),
  words: z.string(),
  /** What can be simulated instead, by the same spelling as `selection`; empty: nothing of this contract. */
  possible: z.array(z.string()),
});
export type SimulationRefused = z.infer<typeof refused>;

export const simulateAnswer = z.discriminatedUnion('outcome', [simulated, refused]);

export type SimulateRequest = z.infer<typeof simulateRequest>;
export type SimulateAnswer = z.infer<typeof simulateAnswer>;
