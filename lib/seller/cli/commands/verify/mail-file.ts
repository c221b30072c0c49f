import { MIMEType } from 'node:util';
import type { Received } from '../../../../domain/ledger/receipt.ts';

/** What of a saved mail can be compared with what was sent. */
interface MailFile {
  /** Every part of plain text, with the subject of the mail that it is in. */
  readonly parts: readonly Received[];
  /** Kinds of the parts that were not looked at, such as `text/html`. */
  readonly ignored: readonly string[];
}

/** Mails that are forwarded as attachments lie in each other. */
const DEEPEST = 8;

/**
 * A mail as a mail program saves it (.eml), or its text as somebody copied it into a file, with or without a line `Subject: ...`
 * above it. Only what SNS and mail programs make of plain text: no S/MIME, no `winmail.dat`, no UTF-7.
 */
export function readMailFile(file: string): MailFile {
  const text = file.replace(/^\ufeff/, '').replace(/^From [^\n]*\n/, '');
  const { headers, body } = split(text);
  return headers.has('subject') || headers.has('content-type')
    ? partsOf(headers, body, null, 0)
    : { parts: [{ subject: null, text }], ignored: [] };
}

function partsOf(headers: Headers, body: string, outer: string | null, depth: number): MailFile {
  const subject = headers.has('subject') ? decodedWords(headers.get('subject') ?? '') : outer;
  const type = mimeType(headers.get('content-type'));
  const boundary = type.params.get('boundary');
  if (depth < DEEPEST && type.type === 'multipart' && boundary !== null) {
    return joined(between(body, boundary).map((part) => inner(part, subject, depth)));
  }
  const encoding = headers.get('content-transfer-encoding') ?? '';
  const text = decoded(body, encoding, type.params.get('charset') ?? 'utf-8');
  if (depth < DEEPEST && type.essence === 'message/rfc822') return inner(text, subject, depth);
  return type.essence === 'text/plain'
    ? { parts: [{ subject, text }], ignored: [] }
    : { parts: [], ignored: [type.essence] };
}

function inner(part: string, subject: string | null, depth: number): MailFile {
  const { headers, body } = split(part);
  return partsOf(headers, body, subject, depth + 1);
}

function joined(files: readonly MailFile[]): MailFile {
  return {
    parts: files.flatMap(({ parts }) => parts),
    ignored: files.flatMap(({ ignored }) => ignored),
  };
}

type Headers = ReadonlyMap<string, string>;

/** Header lines, unfolded, up to the first empty line. Text that does not begin with one has none. */
function split(text: string): { readonly headers: Headers; readonly body: string } {
  const headers = new Map<string, string>();
  let at = 0;
  let last = '';
  while (at < text.length) {
    const end = text.indexOf('\n', at);
    const line = text.slice(at, end < 0 ? text.length : end).replace(/\r$/, '');
    const next = end < 0 ? text.length : end + 1;
    if (line === '') return { headers, body: text.slice(next) };
    const [, name, value = ''] = /^([!-9;-~]+):[ \t]*(.*)$/.exec(line) ?? [];
    if (name !== undefined) {
      last = name.toLowerCase();
      // The first of several: further ones are what somebody added below.
      if (!headers.has(last)) headers.set(last, value);
      else last = '';
    } else if (/^[ \t]/.test(line) && headers.size > 0) {
      if (last !== '') headers.set(last, `${headers.get(last) ?? ''} ${line.trim()}`);
    } else return { headers: new Map(), body: text };
    at = next;
  }
  return { headers, body: '' };
}

function between(body: string, boundary: string): readonly string[] {
  const lines = body.split('\n');
  const marks = lines.flatMap((line, at) =>
    line.trimEnd().startsWith(`--${boundary}`) ? [at] : [],
  );
  return marks
    .slice(0, -1)
    .map((mark, index) => lines.slice(mark + 1, marks[index + 1]).join('\n'));
}

function mimeType(header: string | undefined): MIMEType {
  try {
    return new MIMEType(header ?? 'text/plain');
  } catch {
    // RFC 2045, 5.2: what cannot be read is plain text.
    return new MIMEType('text/plain');
  }
}

function decoded(body: string, encoding: string, charset: string): string {
  switch (encoding.trim().toLowerCase()) {
    case 'base64':
      return inCharset(Buffer.from(body, 'base64'), charset);
    case 'quoted-printable':
      return inCharset(
        quotedPrintable(body.replace(/[ \t]+(?=\r?$)/gm, '').replace(/=\r?\n/g, '')),
        charset,
      );
    default:
      return body;
  }
}

/** RFC 2045, 6.7. Bytes that stand there without being quoted stay what they are. */
function quotedPrintable(text: string): Buffer {
  return Buffer.concat(
    text
      .split(/((?:=[0-9A-Fa-f]{2})+)/)
      .map((piece, at) =>
        at % 2 === 1 ? Buffer.from(piece.replaceAll('=', ''), 'hex') : Buffer.from(piece),
      ),
  );
}

function inCharset(bytes: Buffer, charset: string): string {
  try {
    return new TextDecoder(charset).decode(bytes);
  } catch {
    // An unknown name: our mails are UTF-8, and what is not does not have the hash of what was sent.
    return bytes.toString('utf8');
  }
}

/** RFC 2047, by which a gateway may write a subject though it is ASCII. */
function decodedWords(header: string): string {
  return header
    .replace(/(=\?[^?\s]+\?[BQbq]\?[^?\s]*\?=)\s+(?==\?)/g, '$1')
    .replace(
      /=\?([^?\s*]+)(?:\*[^?\s]*)?\?([BQbq])\?([^?\s]*)\?=/g,
      (_, charset: string, how: string, word: string) =>
        inCharset(
          how.toLowerCase() === 'b'
            ? Buffer.from(word, 'base64')
            : quotedPrintable(word.replaceAll('_', ' ')),
          charset,
        ),
    )
    .trim();
}
