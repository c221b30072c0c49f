import * as z from 'zod/mini';
import { NOTICE_ABOUTS, type Notice } from '../domain/notice/notice.ts';
import { contractText, instantText } from './primitives.ts';
import { FORMAT, parseStored } from './stored.ts';

const storedNotice = z.object({
  contract: contractText,
  entry: z.number(),
  audience: z.enum(['buyer', 'seller', 'operations']),
  about: z.optional(z.enum(NOTICE_ABOUTS)),
  kind: z.enum(['change', 'reminder', 'welcome']),
  state: z.enum(['settling', 'waiting', 'due', 'told', 'superseded', 'undeliverable', 'withdrawn']),
  severity: z.enum(['info', 'attention', 'urgent']),
  bornAt: instantText,
  notBefore: instantText,
  reason: z.string(),
});

/** The notice's attributes, one for one. Without keys of the table and its indexes. */
export function storeNotice(notice: Notice) {
  return { ...notice, format: FORMAT };
}

export function readNotice(stored: Readonly<Record<string, unknown>>): Notice {
  const { about, ...notice } = parseStored(
    storedNotice,
    stored,
    `the notice ${String(stored['record'])}`,
  );
  return about === undefined ? notice : { ...notice, about };
}
