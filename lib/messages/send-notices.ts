import * as z from 'zod/mini';
import { URGENCIES } from '../domain/notice/notice.ts';
import { place } from './check-buyers.ts';
import { contractText, instantText } from './primitives.ts';

/** A message of the notices queue: from check-licenses (what is due at once) and start-sweep (what is due, digest) to send-notices. */
export const sendNotices = z.discriminatedUnion('kind', [
  /** Tell the buyers what is pending of these contracts, if it is still true and its time has come. */
  z.object({
    format: z.literal(1),
    kind: z.literal('contracts'),
    contracts: z.array(contractText),
  }),
  /** Tell the buyers what is due of one part of their notices, as far as the time goes. */
  z.object({
    format: z.literal(1),
    kind: z.literal('due'),
    urgency: z.enum(URGENCIES),
    shard: z.number(),
  }),
  /** Look at who reads the topics of the buyers whose places lie in the range. */
  z.object({
    format: z.literal(1),
    kind: z.literal('look-at-topics'),
    tick: instantText,
    from: place,
    to: place,
  }),
  /** Tell the seller what does not wait for the digest of the day: one such message a tick. */
  z.object({ format: z.literal(1), kind: z.literal('tick'), tick: instantText }),
  /** Put on the event bus what is due there: one such message a tick. */
  z.object({ format: z.literal(1), kind: z.literal('events'), tick: instantText }),
  /** Tell the seller all that is due: by the schedule of the seller's hour. */
  z.object({
    format: z.literal(1),
    kind: z.literal('daily-digest'),
    tick: instantText,
  }),
  /** Tell the seller of the pipeline: on Mondays, by the same schedule's hour. */
  z.object({ format: z.literal(1), kind: z.literal('weekly-pipeline'), tick: instantText }),
]);

export type SendNotices = z.infer<typeof sendNotices>;
