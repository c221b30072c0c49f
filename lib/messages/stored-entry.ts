import * as z from 'zod/mini';
import { LICENSE_STATUSES, RECEIVED_STATUSES, STANDINGS } from '../domain/license/contract.ts';
import { parseQuantity, type Quantity } from '../domain/license/quantity.ts';
import { instantText, accountId, contractText } from './primitives.ts';
import { CHANGE_TYPES, type Change } from '../domain/check/changes.ts';
import type { SealedEntry } from '../domain/ledger/ledger.ts';
import { NOTICE_ABOUTS, type NoticeKey, type Notice } from '../domain/notice/notice.ts';
import type { DeliveryFact } from '../domain/ports.ts';
import { NOTE_KINDS, SAYINGS } from '../domain/ledger/note.ts';
import { FORMAT, parseStored } from './stored.ts';

/** Shapes that heads and entries share. */
export const storedStanding = z.enum(STANDINGS);
export const storedVerdict = z.enum(['entitled', 'not-entitled', 'unknown']);

/** In the one form that the domain writes: another text of the same quantity would have another hash. */
export const storedQuantity = z.pipe(
  z
    .string()
    .check(
      z.refine((text) => parseQuantity(text) === text, 'expected a quantity like "5" or "412.5"'),
    ),
  z.transform((text) => text as Quantity),
);

const storedValidity = z.object({ begin: instantText, end: z.nullable(instantText) });

const storedEntitlements = z.array(
  z.object({
    name: z.string(),
    unit: z.string(),
    value: z.nullable(z.string()),
    maxCount: z.nullable(storedQuantity),
    overage: z.boolean(),
    allowCheckIn: z.exactOptional(z.literal(false)),
  }),
);

export const storedState = z.array(
  z.object({
    licenseArn: z.string(),
    version: z.string(),
    status: z.enum(LICENSE_STATUSES),
    receivedStatus: z.enum(RECEIVED_STATUSES),
    validity: storedValidity,
    entitlements: storedEntitlements,
    moreEntitlements: z.exactOptional(z.number()),
    moreLicenses: z.exactOptional(z.number()),
  }),
);

export const storedUsage = z.nullable(
  z.array(
    z.object({
      name: z.string(),
      unit: z.string(),
      consumed: storedQuantity,
      maxCount: z.nullable(storedQuantity),
    }),
  ),
);

export const storedDimensions = z.record(
  z.string(),
  z.object({
    name: z.nullable(z.string()),
    singular: z.nullable(z.string()),
    plural: z.nullable(z.string()),
    covers: z.nullable(z.object({ number: z.number(), of: z.string() })),
    neededToStart: z.boolean(),
    usedUp: z.nullable(z.boolean()),
  }),
);

/**
 * Members that differ from type to type of change are kept as written: if any were lost, the hash would no longer match. The chain, not
 * this schema, tells whether somebody meddled.
 */
export const storedChange = z.pipe(
  z.looseObject({ type: z.enum(CHANGE_TYPES), reason: z.string() }),
  z.transform((change) => change as unknown as Change),
);

const storedNote = z.object({
  kind: z.enum(NOTE_KINDS),
  says: z.nullable(z.enum(SAYINGS)),
  until: z.nullable(instantText),
  erases: z.nullable(z.number()),
  textHash: z.nullable(z.string()),
  by: z.union([z.object({ arn: z.string() }), z.object({ claimedBy: z.string() })]),
  request: z.string(),
});

export const storedQuiet = z.object({
  kind: z.enum(['snoozed', 'dismissed']),
  until: z.nullable(instantText),
  entry: z.number(),
});

const entryNumber = z.pipe(z.string().check(z.regex(/^\d{8}$/)), z.transform(Number));

export const storedEntry = z.object({
  format: z.literal(FORMAT),
  contract: contractText,
  entry: entryNumber,
  kind: z.enum(['version', 'reminder', 'note']),
  buyerAccountId: accountId,
  buyerName: z.string(),
  productId: z.string(),
  productName: z.string(),
  tick: instantText,
  observedAt: instantText,
  effectiveAt: z.nullable(instantText),
  seenBetween: z.object({ after: z.nullable(instantText), by: instantText }),
  standing: storedStanding,
  verdict: storedVerdict,
  validityEnd: z.nullable(instantText),
  changes: z.array(storedChange),
  toldChanges: z.exactOptional(z.array(storedChange)),
  told: z.exactOptional(
    z.object({ standing: storedStanding, validityEnd: z.nullable(instantText) }),
  ),
  reminder: z.nullable(
    z.object({
      daysBefore: z.number(),
      end: instantText,
      decideBy: z.exactOptional(instantText),
      daysLeft: z.number(),
      skipped: z.array(z.number()),
      share: z.nullable(z.string()),
    }),
  ),
  before: z.nullable(storedState),
  after: storedState,
  versionsBetween: z.exactOptional(
    z.array(
      z.object({
        licenseArn: z.string(),
        after: z.string(),
        before: z.string(),
        versions: z.array(
          z.object({
            version: z.string(),
            status: z.enum(LICENSE_STATUSES),
            validity: storedValidity,
            entitlements: storedEntitlements,
          }),
        ),
        unknown: z.nullable(z.object({ which: z.string(), why: z.string() })),
      }),
    ),
  ),
  dimensions: z.exactOptional(storedDimensions),
  usage: storedUsage,
  note: z.exactOptional(storedNote),
  endsQuiet: z.exactOptional(storedQuiet),
  reason: z.string(),
  previousHash: z.nullable(z.string()),
  hash: z.string(),
});

const storedFact = z.object({
  contract: contractText,
  entry: z.pipe(
    z.string().check(z.regex(/^\d{8}#/)),
    z.transform((key) => Number(key.slice(0, 8))),
  ),
  audience: z.enum(['buyer', 'seller']),
  about: z.exactOptional(z.enum(NOTICE_ABOUTS)),
  at: instantText,
  messageId: z.string(),
  textHash: z.string(),
  jsonHash: z.exactOptional(z.string()),
  single: z.exactOptional(z.object({ messageId: z.string(), jsonHash: z.string() })),
});

/** Sort key of an entry: eight digits, so that text order is number order. */
export function entryKey(entry: number): string {
  return String(entry).padStart(8, '0');
}

/** Sort key of the fact that an entry was told: right after the entry. */
export function factKey({
  entry,
  audience,
  about,
}: Pick<NoticeKey, 'entry' | 'audience' | 'about'>): string {
  return [entryKey(entry), audience, ...(about === undefined ? [] : [about])].join('#');
}

/** The entry as the audit table holds it: `changeTypes` to filter by, and the key of its product's month. */
export function storeEntry(entry: SealedEntry) {
  return {
    ...entry,
    entry: entryKey(entry.entry),
    changeTypes: entry.changes.map(({ type }) => type),
    productMonth: `${entry.productId}#${entry.observedAt.slice(0, 7)}`,
  };
}

export function readEntry(stored: Readonly<Record<string, unknown>>): SealedEntry {
  return parseStored(
    storedEntry,
    stored,
    `entry ${String(stored['entry'])} of ${String(stored['contract'])}`,
  );
}

export function storeFact(fact: DeliveryFact) {
  return { ...fact, entry: factKey(fact), format: FORMAT };
}

export function readFact(stored: Readonly<Record<string, unknown>>): DeliveryFact {
  const what = `the delivery fact ${String(stored['entry'])} of ${String(stored['contract'])}`;
  return parseStored(storedFact, stored, what);
}

const storedNotice = z.object({
  contract: contractText,
  entry: z.number(),
  audience: z.enum(['buyer', 'seller', 'operations', 'bus']),
  about: z.exactOptional(z.enum(NOTICE_ABOUTS)),
  kind: z.enum(['change', 'reminder', 'welcome']),
  state: z.enum(['settling', 'waiting', 'due', 'told', 'superseded', 'undeliverable', 'withdrawn']),
  severity: z.enum(['info', 'attention', 'urgent']),
  bornAt: instantText,
  notBefore: instantText,
  reason: z.string(),
  reached: z.exactOptional(
    z.object({
      digest: z.object({
        at: instantText,
        messageId: z.string(),
        textHash: z.string(),
        jsonHash: z.string(),
      }),
      owner: z.nullable(z.string()),
    }),
  ),
});

/** The notice's attributes, one for one. Without keys of the table and its indexes. */
export function storeNotice(notice: Notice) {
  return { ...notice, format: FORMAT };
}

export function readNotice(stored: Readonly<Record<string, unknown>>): Notice {
  return parseStored(storedNotice, stored, `the notice ${String(stored['record'])}`);
}
