import * as z from 'zod/mini';
import {
  publishedDigest,
  publishedNotice,
  type PublishedDigest,
  type PublishedNotice,
} from '../../../../messages/published-notice.ts';
import { problemsOf } from '../../../../messages/problems.ts';
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
