import * as z from 'zod/mini';
import { canonicalJson } from '../../../../domain/ledger/canonical-json.ts';
import type { SealedEntry } from '../../../../domain/ledger/ledger.ts';
import type { Claim, Claims } from '../../../../domain/ledger/receipt.ts';
import { contractOf } from '../../../../domain/license/contract.ts';
import { cleanText } from '../../../../mail/text.ts';
import { problemsOf } from '../../../../messages/problems.ts';
import {
  publishedDigest,
  type PublishedDigest,
  publishedNotice,
  type PublishedNotice,
} from '../../../../messages/published-notice.ts';
import { CommandFailure } from '../../output/failure.ts';

/** A notice for machines, as a queue or an address of `email-json` gets it. */
export interface NoticeFile {
  readonly notice: PublishedNotice | PublishedDigest;
  /** Of SNS; null: it came without its envelope. */
  readonly messageId: string | null;
}

const envelope = z.object({
  Type: z.literal('Notification'),
  MessageId: z.string(),
  Message: z.string(),
});

/** Undefined: the text is no JSON. Throws for JSON that is no notice of ours. */
export function readNoticeFile(text: string): NoticeFile | undefined {
  const value = jsonIn(text);
  if (value === undefined) return undefined;
  const wrapped = z.safeParse(envelope, value);
  const inner = wrapped.success ? (jsonIn(wrapped.data.Message) ?? {}) : value;
  const schema = 'kind' in inner && inner.kind === 'digest' ? publishedDigest : publishedNotice;
  const notice = z.safeParse(schema, inner);
  if (notice.success)
    return { notice: notice.data, messageId: wrapped.success ? wrapped.data.MessageId : null };
  throw new CommandFailure(
    `the file is JSON, and no notice of format 1 as the topics of License Watcher publish it: ${problemsOf(notice.error, inner)}`,
  );
}

/** The object that the text begins with; what SNS adds below an `email-json` is left out. */
function jsonIn(text: string): object | undefined {
  const trimmed = text.trim();
  if (!trimmed.startsWith('{')) return undefined;
  for (const candidate of [
    trimmed,
    trimmed.slice(0, trimmed.lastIndexOf('}') + 1),
    trimmed.split(/\n--\s*\n/)[0] ?? '',
  ]) {
    try {
      const value: unknown = JSON.parse(candidate);
      if (typeof value === 'object' && value !== null) return value;
    } catch {
      // The next candidate, or it is no JSON.
    }
  }
  return undefined;
}

type Published = PublishedNotice | PublishedDigest;
type Told = Pick<PublishedNotice, 'contract' | 'entry' | 'hash'>;

export function claimsOf(notice: Published): Claims {
  const kind = notice.audience;
  return { kind, claims: toldIn(notice).map(toClaim) };
}

function toldIn(notice: Published): readonly Told[] {
  return notice.kind === 'digest' ? notice.notices : [notice, ...notice.folded];
}

function toClaim({ contract, entry, hash }: Told): Claim {
  const key = contract as NonNullable<Claim['contract']>;
  return {
    buyerAccountId: contractOf(key).buyerAccountId,
    contract: key,
    entry,
    from: entry,
    hash,
  };
}

/**
 * What a notice for machines says otherwise than the entries it tells. Only of what the ledger seals: severity, audience and the
 * seller's name are in no entry. `entries`: one for each claim, null where the ledger does not hold it.
 */
export function differences(
  notice: Published,
  entries: readonly (SealedEntry | null)[],
): readonly string[] {
  if (notice.kind === 'digest') {
    return notice.notices.flatMap(({ changes, daysBefore }, at) => {
      const entry = entries[at] ?? null;
      if (entry === null) return [];
      const known = [...entry.changes, ...(entry.toldChanges ?? [])].map(({ type }) => type);
      const unknown = changes.filter((type) => !known.includes(type));
      return [
        ...unknown.map(
          (type) => `entry ${entry.entry}: it tells of ${type}, which the ledger does not`,
        ),
        ...different(entry, { daysBefore }, { daysBefore: entry.reminder?.daysBefore ?? null }),
      ];
    });
  }
  return [notice, ...notice.folded].flatMap((told, at) => {
    const entry = entries[at] ?? null;
    return entry === null
      ? []
      : [...(at === 0 ? ofWhole(notice, entry) : []), ...ofEntry(told, entry)];
  });
}

function ofWhole(notice: PublishedNotice, entry: SealedEntry): readonly string[] {
  const { buyerAccountId, buyerName, productId, productName, standing, validityEnd } = notice;
  return different(
    entry,
    { buyerAccountId, buyerName, productId, productName, standing, validityEnd },
    { ...entry, ...entry.told },
  );
}

function ofEntry(told: PublishedNotice['folded'][number], entry: SealedEntry): readonly string[] {
  const { observedAt, effectiveAt, reminder, changes } = told;
  const sealed = new Set(
    [...entry.changes, ...(entry.toldChanges ?? [])].map((change) => canonicalJson(change)),
  );
  const unknown = changes.filter((change) => !sealed.has(canonicalJson(change)));
  const { daysBefore, end, daysLeft, share } = entry.reminder ?? {};
  return [
    ...different(
      entry,
      { observedAt, effectiveAt, reminder },
      { ...entry, reminder: entry.reminder === null ? null : { daysBefore, end, daysLeft, share } },
    ),
    ...unknown.map(
      ({ type }) => `entry ${entry.entry}: the ledger has no ${type} with these values`,
    ),
  ];
}

function different(
  { entry }: SealedEntry,
  told: Readonly<Record<string, unknown>>,
  sealed: Readonly<Record<string, unknown>> | SealedEntry,
): readonly string[] {
  const ledger: Readonly<Record<string, unknown>> = { ...sealed };
  return Object.keys(told)
    .filter((name) => canonicalJson(told[name]) !== canonicalJson(ledger[name] ?? null))
    .map(
      (name) =>
        `entry ${entry}: ${name} is ${shown(told[name])}, the ledger has ${shown(ledger[name])}`,
    );
}

function shown(value: unknown): string {
  return cleanText(JSON.stringify(value), 100);
}
