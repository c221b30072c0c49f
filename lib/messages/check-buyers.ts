import * as z from 'zod/mini';
import { accountId, instantText } from './primitives.ts';

const asked = {
  format: z.literal(1),
  tick: instantText,
  /** Made by the sender and kept across redeliveries; part of the client token of every probe. */
  checkId: z.string(),
  /** When the message became visible: a message older than one tick from here is dropped and counted. */
  visibleAt: instantText,
};

/** 8 hex digits, or a place. */
export const place = z
  .string()
  .check(z.regex(/^[0-9a-f]{8}(#\d{12})?$/, 'expected 8 hex digits, or these with #<account ID>'));

/** From a sweep: all buyers whose place lies in the range. No data of a buyer travels in the queue. */
const rangeMessage = z.object({
  ...asked,
  kind: z.literal('range'),
  from: place,
  to: place,
  /** The tick of the previous sweep; null if there was none in the last days. */
  previous: z.nullable(instantText),
  /** How often the unfinished part has been sent again. */
  round: z.number().check(z.nonnegative()),
});

/** One buyer, requested by name, for example by a registration. */
const namedMessage = z.object({ ...asked, kind: z.literal('named'), buyerAccountId: accountId });

/** A message of the checks queue, to check-licenses. */
export const checkBuyers = z.discriminatedUnion('kind', [rangeMessage, namedMessage]);

export type CheckBuyers = z.infer<typeof checkBuyers>;
export type RangeMessage = z.infer<typeof rangeMessage>;
