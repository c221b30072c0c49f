import * as z from 'zod/mini';
import { AGREEMENT_STATUSES } from '../domain/agreement/agreement.ts';
import type { AgreementFacts } from '../domain/agreement/agreement-facts.ts';
import type { RenewalIntent } from '../domain/agreement/renewal-intent.ts';
import { type Head, NOTHING_REMEMBERED } from '../domain/check/head.ts';
import { canonicalJson } from '../domain/ledger/canonical-json.ts';
import { BLIND_CAUSES, PROBE_KINDS } from '../domain/check/observation.ts';
import { type NoteText, SAYINGS } from '../domain/ledger/note.ts';
import { UNREACHABLE } from '../domain/notice/reachability.ts';
import { contractText, instantText } from './primitives.ts';
import {
  storedChange,
  storedDimensions,
  storedQuantity,
  storedQuiet,
  storedStanding,
  storedState,
  storedUsage,
  storedVerdict,
} from './stored-entry.ts';
import { FORMAT, parseStored } from './stored.ts';
import { UNRECORDED_CAUSES, type Unrecorded } from '../domain/check/unrecorded.ts';

export const storedQuantities = z.array(
  z.object({ name: z.string(), quantity: z.nullable(storedQuantity) }),
);

/** What was told about an agreement. Its intent is only compared and put into words, so it is kept as it was written. */
export const storedFacts = z.object({
  agreementId: z.string(),
  initialAgreementId: z.nullable(z.string()),
  status: z.enum(AGREEMENT_STATUSES),
  start: z.nullable(instantText),
  end: z.nullable(instantText),
  decideBy: z.nullable(instantText),
  quantities: z.nullable(storedQuantities),
  intent: z.pipe(
    z.looseObject({ kind: z.enum(['renews', 'replaced', 'expires', 'no-end', 'unknown']) }),
    z.transform((intent) => intent as unknown as RenewalIntent),
  ),
}) satisfies z.ZodMiniType<AgreementFacts>;

const storedDisagreement = z.object({
  what: z.enum(['end', 'quantity', 'status']),
  license: z.string(),
  agreement: z.string(),
});

const ticks = z.number();

const storedHead = z.object({
  contract: contractText,
  entries: z.number(),
  revision: z.number(),
  lastHash: z.nullable(z.string()),
  state: storedState,
  skus: z.array(z.string()),
  digest: z.string(),
  standing: storedStanding,
  verdict: storedVerdict,
  dimensions: storedDimensions,
  usage: storedUsage,
  nextDue: z.nullable(instantText),
  superseded: z.array(z.string()),
  highest: z.array(z.object({ licenseArn: z.string(), version: z.string() })),
  disagreement: z.nullable(z.object({ what: z.string(), ticks })),
  stale: z.nullable(z.object({ pair: z.string(), ticks })),
  missing: z.nullable(z.object({ licenseArns: z.array(z.string()), ticks })),
  blind: z.nullable(
    z.object({
      cause: z.enum([...BLIND_CAUSES, 'trouble']),
      detail: z.string(),
      ticks,
      since: instantText,
      told: z.boolean(),
      backOffUntil: z.nullable(instantText),
    }),
  ),
  lastProbe: z.nullable(
    z.object({
      kind: z.enum(PROBE_KINDS),
      entitlementName: z.nullable(z.string()),
      licenseArn: z.nullable(z.string()),
      since: instantText,
    }),
  ),
  needed: z.enum(['held', 'missing', 'unknown']),
  refused: z.nullable(z.object({ ticks, told: z.boolean() })),
  unitOutUntil: z.nullable(instantText),
  marks: z.array(
    z.object({
      endDate: z.string(),
      of: z.exactOptional(z.literal('decision')),
      daysBefore: z.number(),
      how: z.enum(['told', 'folded', 'skipped']),
    }),
  ),
  usageMarks: z.array(
    z.object({
      version: z.string(),
      entitlementName: z.string(),
      unit: z.string(),
      threshold: z.literal([80, 90, 100, 'over']),
    }),
  ),
  agreements: z.nullable(
    z.array(
      z.object({
        facts: storedFacts,
        endedSince: z.nullable(instantText),
        disagrees: z.nullable(z.object({ since: instantText, told: z.array(storedDisagreement) })),
      }),
    ),
  ),
  settling: z.nullable(
    z.object({
      told: z.object({
        state: storedState,
        standing: storedStanding,
        at: instantText,
        known: z.exactOptional(storedState),
      }),
      entry: z.number(),
      bad: z.array(z.object({ fact: z.string(), seenAt: instantText, tick: instantText })),
      others: z.array(storedChange),
      lookedAt: instantText,
      isUnconfirmedTold: z.boolean(),
      remindedUntil: z.nullable(instantText),
    }),
  ),
  others: z.object({ beside: z.array(z.string()), foreign: z.array(z.string()) }),
  unknownTiers: z.array(z.string()),
  knownBefore: z.nullable(storedState),
  unreachable: z.nullable(z.enum(UNREACHABLE)),
  note: z.nullable(
    z.object({ entry: z.number(), says: z.nullable(z.enum(SAYINGS)), at: instantText }),
  ),
  quiet: z.nullable(storedQuiet),
  lastNote: z.nullable(z.object({ request: z.string(), entry: z.number() })),
  lastTick: z.nullable(instantText),
  watchStarted: z.nullable(instantText),
  watchEnded: z.nullable(instantText),
});

/**
 * What an item leaves out, because it is written once in 6 hours for each contract and costs by the kilobyte. The highest versions seen are
 * usually those of the state, unless a license left it or went back.
 */
function nothingOf(state: unknown) {
  const licenses = Array.isArray(state) ? (state as Partial<Head['highest'][number]>[]) : [];
  const highest = licenses.map(({ licenseArn, version }) => ({ licenseArn, version }));
  return { ...NOTHING_REMEMBERED, highest };
}

/** The head's attributes, one for one; undefined: nothing to remember. Without keys of the table and its indexes. */
export function storeHead(head: Head) {
  const nothing: Readonly<Record<string, unknown>> = nothingOf(head.state);
  const kept = Object.entries(head).map(([name, value]: [string, unknown]) => {
    const isNothing = name in nothing && canonicalJson(value) === canonicalJson(nothing[name]);
    return [name, isNothing ? undefined : value] as const;
  });
  return { ...Object.fromEntries(kept), format: FORMAT };
}

export function readHead(stored: Readonly<Record<string, unknown>>): Head {
  const head: Record<string, unknown> = nothingOf(stored['state']);
  for (const name in stored) if (stored[name] !== undefined) head[name] = stored[name];
  return parseStored(storedHead, head, `the head of ${String(stored['contract'])}`);
}

const storedUnrecorded = z.object({
  contract: contractText,
  cause: z.enum(UNRECORDED_CAUSES),
  detail: z.string(),
  since: instantText,
});

/** Without `since`, which only the first failure writes. */
export function unrecordedAttributes({ contract, cause, detail }: Omit<Unrecorded, 'since'>) {
  return { contract, cause, detail, format: FORMAT };
}

/** Undefined: recording works again, and the item waits to expire. */
export function readUnrecorded(stored: Readonly<Record<string, unknown>>): Unrecorded | undefined {
  if (stored['since'] === undefined) return undefined;
  return parseStored(storedUnrecorded, stored, `the failure of ${String(stored['contract'])}`);
}

/** A note without text is erased. */
const storedNoteText = z.object({
  contract: contractText,
  entry: z.number(),
  text: z.optional(z.string()),
  salt: z.optional(z.string()),
});

/** An erased text leaves only the fact that there was one. */
export function storeNoteText({ contract, entry, written }: NoteText) {
  return { contract, entry, ...(written ?? { text: undefined, salt: undefined }), format: FORMAT };
}

export function readNoteText(stored: Readonly<Record<string, unknown>>): NoteText {
  const what = `the text of entry ${String(stored['entry'])} of ${String(stored['contract'])}`;
  const { contract, entry, text, salt } = parseStored(storedNoteText, stored, what);
  const written = text === undefined || salt === undefined ? null : { text, salt };
  return { contract, entry, written };
}
