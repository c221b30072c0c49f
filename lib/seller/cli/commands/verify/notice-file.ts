import * as z from 'zod/mini';
import { canonicalJson } from '../../../../domain/ledger/canonical-json.ts';
import type { SealedEntry } from '../../../../domain/ledger/ledger.ts';
import {
  type Claim,
  type Claims,
  type ReceivedMail,
  withoutFooter,
} from '../../../ledger/receipt.ts';
import type { ContractKey } from '../../../../domain/license/contract.ts';
import { quoted } from '../../../../domain/outside-text.ts';
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
  /** From the envelope that SNS puts around the notice; null: it came without. */
  readonly sent: {
    readonly messageId: string;
    readonly subject: string;
    /** Character for character. */
    readonly body: string;
  } | null;
  /** What the file says beside the notice, or how else it can be read; null: nothing. */
  readonly unread: string | null;
}

const envelope = z.object({
  Type: z.literal('Notification'),
  MessageId: z.string(),
  TopicArn: z.exactOptional(z.string()),
  Subject: z.exactOptional(z.string()),
  Message: z.string(),
  Timestamp: z.exactOptional(z.iso.datetime()),
  SignatureVersion: z.exactOptional(z.string()),
  Signature: z.exactOptional(z.string()),
  SigningCertURL: z.exactOptional(z.string()),
  UnsubscribeURL: z.exactOptional(z.string()),
  MessageAttributes: z.exactOptional(
    z.partialRecord(
      z.enum(['kind', 'change', 'severity', 'productId', 'buyerAccountId', 'owner', 'test']),
      z.object({ Type: z.enum(['String', 'String.Array']), Value: z.string() }),
    ),
  ),
});

/** Undefined: the text is not JSON. Throws for JSON that is not a notice of ours. `subject`: of the mail that the text is in. */
export function readNoticeFile(received: ReceivedMail): NoticeFile | undefined {
  try {
    return noticeIn(received);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new CommandFailure('the file is JSON, nested more deeply than any notice of ours');
  }
}

function noticeIn({ subject, text }: ReceivedMail): NoticeFile | undefined {
  const outer = objectIn(text);
  if (outer === undefined) return undefined;
  const wrapped = z.safeParse(envelope, outer.value);
  const inner = wrapped.success ? objectIn(wrapped.data.Message) : outer;
  const value = inner?.value ?? {};
  const schema = 'kind' in value && value.kind === 'digest' ? publishedDigest : publishedNotice;
  const notice = z.safeParse(schema, value);
  if (!notice.success)
    throw new CommandFailure(
      `the file is JSON, but not a notice of format 1 as the topics of License Watcher publish it: ${problemsOf(notice.error, value)}`,
    );
  const { MessageId, Subject, Message } = wrapped.data ?? {};
  const isOtherSubject = subject !== null && subject !== Subject;
  const unread =
    outer.unread ??
    inner?.unread ??
    unknownMembers(outer.value, wrapped.success ? wrapped.data : notice.data) ??
    unknownMembers(value, notice.data) ??
    (isOtherSubject ? 'a subject that is not the one of its envelope' : null);
  return {
    notice: notice.data,
    sent:
      MessageId === undefined || Message === undefined
        ? null
        : { messageId: MessageId, subject: Subject ?? '', body: Message },
    unread,
  };
}

/** The object that the text begins with, and what else the text says, apart from what SNS adds below an `email-json`. */
function objectIn(
  text: string,
): { readonly value: object; readonly unread: string | null } | undefined {
  if (!text.trimStart().startsWith('{')) return undefined;
  const { lines, below } = withoutFooter(text.split(/\r?\n/));
  const own = lines.join('\n').trim();
  const [upToBrace, upToDashes] = [own.slice(0, own.lastIndexOf('}') + 1), own.split('\n--\n')[0]];
  for (const candidate of [own, upToBrace, upToDashes?.trim() ?? '']) {
    try {
      const value: unknown = JSON.parse(candidate);
      if (typeof value !== 'object' || value === null) return undefined;
      if (candidate !== own || below > 0) return { value, unread: 'words after the object' };
      return { value, unread: saysOnly(own, value) ? null : 'a duplicate member' };
    } catch (error) {
      // Try the next candidate; after the last, it is not JSON.
      if (!(error instanceof SyntaxError)) throw error;
    }
  }
  return undefined;
}

/** False if a member is duplicated: `JSON.parse` keeps the last one, and other programs the first. */
function saysOnly(text: string, value: object): boolean {
  const plain = text.replaceAll(/"[^"\\]*(?:\\.[^"\\]*)*"|\s+/g, (token) =>
    token.startsWith('"') ? JSON.stringify(JSON.parse(token)) : '',
  );
  return plain === JSON.stringify(value);
}

/** Finds members that the schema does not know, by what it takes away. */
function unknownMembers(value: object, known: object): string | null {
  return canonicalJson(value) === canonicalJson(known) ? null : 'members that no notice has';
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
  return { contract: contract as ContractKey, entry, from: entry, hash, isCut: false };
}

/**
 * Where a notice for machines differs from the entries it tells. Only what the ledger seals is compared: no entry has severity, audience or
 * the seller's name. `entries`: one for each claim, null if the ledger does not hold it.
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
          (type) => `entry ${entry.entry}: it reports ${type}, which the ledger does not`,
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
  const { skipped: _skipped, ...reminded } = entry.reminder ?? {};
  return [
    ...different(
      entry,
      { observedAt, effectiveAt, reminder },
      { ...entry, reminder: entry.reminder === null ? null : reminded },
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

export function shown(value: unknown): string {
  return quoted(value, 100);
}
