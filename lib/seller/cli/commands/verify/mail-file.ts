import PostalMime, { type Email } from 'postal-mime';
import type { ReceivedMail } from '../../../ledger/receipt.ts';
import { notOneText } from './one-text.ts';

/** The content of a saved mail that can be compared with what was sent. */
export interface MailFile {
  /** Parts in plain text, each with the subject of the mail that it is in. */
  readonly parts: readonly ReceivedMail[];
  /** Types of the parts that were not looked at, such as `text/html`. */
  readonly ignored: readonly string[];
  /** What else the file holds, or how else it can be read; null: subject and text are all of it. */
  readonly unread: string | null;
}

/** Levels: mails that are forwarded as attachments lie in each other. */
const DEEPEST = 8;

/**
 * Reads a mail as a mail program saves it (.eml), or its text as somebody copied it into a file, with or without a line `Subject: ...`
 * above it.
 */
export async function readMailFile(file: string): Promise<MailFile> {
  const text = file.replace(/^\ufeff/, '').replace(MBOX_LINE, '');
  const copied = { parts: [{ subject: null, text }], ignored: [], unread: null };
  if (!/^(?:[!-9;-~]+:[^\n]*\n(?:[ \t][^\n]*\n)*)+(?:\r?\n|$)/.test(`${text}\n`)) return copied;
  const email = await parsed(text);
  return email.headers.some(({ key }) => key === 'subject' || key === 'content-type')
    ? { ...(await partsOf(email, null, 0)), unread: notOneText(text) }
    : copied;
}

/** The line above each mail of an mbox: address and time, and no more. */
const MBOX_LINE =
  /^From \S{1,320} {1,3}[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d(?::\d\d)?(?: [+-]\d{4})? \d{4}(?: [+-]\d{4})?\r?\n/;

/** Keeps a forwarded mail as a part of its own, because its subject belongs to its text. */
function parsed(mail: string | Uint8Array): Promise<Email> {
  return PostalMime.parse(mail, { forceRfc822Attachments: true });
}

async function partsOf(
  email: Email,
  outer: string | null,
  depth: number,
): Promise<Omit<MailFile, 'unread'>> {
  const subject = email.subject ?? outer;
  const parts: ReceivedMail[] = email.text === undefined ? [] : [{ subject, text: email.text }];
  const ignored: string[] = email.html === undefined ? [] : ['text/html'];
  for (const { mimeType, content } of email.attachments) {
    const bytes = typeof content === 'string' ? Buffer.from(content) : new Uint8Array(content);
    if (mimeType === 'message/rfc822' && depth < DEEPEST) {
      const inner = await partsOf(await parsed(bytes), subject, depth + 1);
      parts.push(...inner.parts);
      ignored.push(...inner.ignored);
    } else if (mimeType === 'text/plain' || !mimeType.includes('/'))
      // RFC 2045, 5.2: a part without a type that can be read is plain text.
      parts.push({ subject, text: new TextDecoder().decode(bytes) });
    else ignored.push(mimeType);
  }
  return { parts, ignored };
}
