import * as z from 'zod/mini';
import {
  ADDRESS_STATES,
  type BuyerReachability,
  REACHABILITIES,
} from '../domain/notice/reachability.ts';
import { accountId, contractText, instantText } from './primitives.ts';
import { FORMAT, parseStored } from './stored.ts';

const storedReachability = z.object({
  buyer: accountId,
  registeredAt: instantText,
  topicArn: z.string(),
  state: z.enum(REACHABILITIES),
  since: instantText,
  addresses: z.array(z.object({ address: z.string(), state: z.enum(ADDRESS_STATES) })),
  contract: z.nullable(contractText),
  unconfirmedToldAt: z.exactOptional(instantText),
});

/** The item's attributes, its account ID as `buyer`. */
export function storeReachability({ buyerAccountId, ...rest }: BuyerReachability) {
  return { buyer: buyerAccountId, format: FORMAT, ...rest };
}

export function readReachability(stored: Readonly<Record<string, unknown>>): BuyerReachability {
  const what = `whether notices reach buyer ${String(stored['buyer'])}`;
  const { buyer, ...rest } = parseStored(storedReachability, stored, what);
  return { buyerAccountId: buyer, ...rest };
}
