import type { Sha256 } from '../../domain/ledger/canonical-json.ts';
import type { ContractKey } from '../../domain/license/contract.ts';

/** What a mail of ours says about one entry of the ledger. */
export interface Claim {
  readonly contract: ContractKey;
  readonly entry: number;
  /** The first of the entries that the mail tells; the same as `entry` if it tells only one. */
  readonly from: number;
  /** The entry's hash; with `isCut` only the beginning of it, which is all that a digest has room for. */
  readonly hash: string;
  readonly isCut: boolean;
}

export interface Claims {
  readonly kind: 'buyer' | 'seller' | 'operations';
  readonly claims: readonly Claim[];
}

/**
 * Finds what a mail claims, whatever a mail program made of its lines. Null: it claims nothing. The patterns are the words of
 * `buyerMail`, `sellerDigest` and `operationsNotice`.
 */
export function claimsIn(text: string): Claims | null {
  const words = text.replace(/^[> ]+/gm, '').replace(/\s+/g, ' ');
  const buyers = [...words.matchAll(BUYER)].map(toClaim);
  if (buyers.length > 0) return { kind: 'buyer', claims: buyers };
  const operations = [...words.matchAll(OPERATIONS)].map(toClaim);
  if (operations.length > 0) return { kind: 'operations', claims: operations };
  const proofs = words.lastIndexOf(DIGEST_PROOFS);
  if (proofs < 0) return null;
  const told = [...words.slice(proofs).matchAll(DIGEST_PROOF)].map(toClaim);
  return told.length > 0
    ? { kind: 'seller', claims: told.map((claim) => ({ ...claim, isCut: true })) }
    : null;
}

const BUYER =
  /Proof: (?<contract>\d{12}#\S{1,60}), entr(?:y|ies (?<from>\d{1,8}) to) (?<entry>\d{1,8}), hash (?<hash>[0-9a-f]{64})\b/g;
const OPERATIONS =
  /Ledger: (?<contract>\d{12}#\S{1,60}), entry (?<entry>\d{1,8}) Hash: (?<hash>[0-9a-f]{64})\b/g;
/** No name follows these words, so that none can pass for an entry. */
const DIGEST_PROOFS = 'Proof: the entries of the audit table, each';
const DIGEST_PROOF =
  /(?<contract>\d{12}#\S{1,60}), entry (?<entry>\d{1,8}) \[(?<hash>[0-9a-f]{12})\]/g;

function toClaim({ groups = {} }: RegExpExecArray): Claim {
  const {
    contract = '',
    entry,
    from,
    hash = '',
  } = groups as Readonly<Record<string, string | undefined>>;
  return {
    contract: contract as ContractKey,
    entry: Number(entry),
    from: Number(from ?? entry),
    hash,
    isCut: false,
  };
}

/** A mail that `simulate` sent, or that calls itself one. */
export function isTestMail({ subject, text }: ReceivedMail): boolean {
  return (subject ?? '').includes('[TEST]') || /^\s*\[TEST\] /.test(text);
}

/** A mail as a person received it. */
export interface ReceivedMail {
  /** Null: there is none. */
  readonly subject: string | null;
  readonly text: string;
}

/** The text that was sent, and what else stands in the mail that neither we nor SNS wrote. */
export interface Sent {
  readonly textHash: string;
  readonly linesAbove: number;
  readonly linesBelow: number;
  readonly subject: boolean;
}

/**
 * Finds the very text that was sent in the mail, by the hashes in the facts of its delivery. Undoes what mail programs do: line
 * endings, spaces at the ends of lines, non-breaking spaces, and the lines that SNS adds. None of our mails has such spaces, so
 * what remains has that hash only if it is what was sent, character for character. Null: the mail does not hold it.
 */
export function findSent(
  received: ReceivedMail,
  textHashes: ReadonlySet<string>,
  sha256: Sha256,
): Sent | null {
  const { lines, below } = withoutFooter(linesOf(received.text));
  const starts = paragraphStarts(lines);
  const ends = paragraphEnds(lines);
  for (const linesAbove of starts.slice(0, MOST_PARAGRAPHS)) {
    for (const end of ends.slice(0, MOST_PARAGRAPHS)) {
      const text = lines.slice(linesAbove, end).join('\n');
      for (const subject of subjectsOf(received.subject, lines)) {
        const textHash = sha256(`${subject.words}\n${text}`);
        if (!textHashes.has(textHash)) continue;
        return {
          textHash,
          linesAbove: counted(lines.slice(subject.lines, linesAbove)),
          linesBelow: counted(lines.slice(end)) + below,
          subject: subject.added,
        };
      }
    }
  }
  return null;
}

/** Gateways add a paragraph or two; a person who added more has to take it out to compare. */
const MOST_PARAGRAPHS = 12;

function linesOf(text: string): readonly string[] {
  return text
    .replace(/\r\n?/g, '\n')
    .replace(/\u00a0/g, ' ')
    .split('\n')
    .map((line) => line.trimEnd());
}

const FOOTER_BEGINS = 'If you wish to stop receiving notifications from this topic';
/** As of 2026; older ones lack the last sentence. A link that is not Amazon's was put there by a gateway, or by a thief. */
const FOOTER =
  /^If you wish to stop receiving notifications from this topic, please click or visit the link below to unsubscribe: https:\/\/sns\.[a-z0-9-]{1,30}\.amazonaws\.com(?:\.cn)?\/unsubscribe\.html\?SubscriptionArn=[\w:-]{1,300}&Endpoint=[\w.%+@-]{1,320}(?= |$)( Please do not reply directly to this email\. If you have any questions or comments regarding this email, please contact us at https:\/\/aws\.amazon\.com\/support(?= |$))?/;

/** Leaves out the lines that SNS adds to every e-mail; `below`: how many lines after them it did not add. */
export function withoutFooter(lines: readonly string[]): {
  readonly lines: readonly string[];
  readonly below: number;
} {
  const footer = lines.findLastIndex((line) => line.startsWith(FOOTER_BEGINS));
  if (footer < 0) return { lines, below: 0 };
  const body = lines.slice(0, lines[footer - 1] === '--' ? footer - 1 : footer);
  return { lines: body, below: linesBehind(FOOTER, lines.slice(footer)) };
}

/** How many lines hold something after the words that `known` finds at their beginning. */
function linesBehind(known: RegExp, lines: readonly string[]): number {
  const [found = ''] = known.exec(lines.join(' ').replace(/\s+/g, ' ')) ?? [];
  let words = '';
  for (const [at, line] of lines.entries()) {
    if (words.length >= found.length)
      return counted(lines.slice(at)) + (words.length > found.length ? 1 : 0);
    words = `${words} ${line}`.replace(/\s+/g, ' ').trim();
  }
  return words.length > found.length ? 1 : 0;
}

interface Subject {
  readonly words: string;
  /** True if something in the subject is not ours. */
  readonly added: boolean;
  /** How many of the first lines it takes. */
  readonly lines: number;
}

/** The subject as it is, and without what replies, forwards and gateways put before it; if there is none, the first line with text. */
function subjectsOf(subject: string | null, lines: readonly string[]): readonly Subject[] {
  if (subject !== null) {
    const words = subject.replace(/\s+/g, ' ').trim();
    const bare = words.replace(/^(?:(?:re|fwd?|aw|wg|tr|rv): *|\[[^\]]{1,40}\]:? *)+/i, '');
    return [
      { words, added: false, lines: 0 },
      { words: bare, added: true, lines: 0 },
    ];
  }
  const first = lines.findIndex((line) => line !== '');
  return [{ words: (lines[first] ?? '').trim(), added: false, lines: first + 1 }];
}

/** Where paragraphs begin: the first line that is not empty, and each after an empty one. */
function paragraphStarts(lines: readonly string[]): readonly number[] {
  return lines.flatMap((line, at) => (line !== '' && (lines[at - 1] ?? '') === '' ? [at] : []));
}

/** Where paragraphs end, exclusive, the last first. */
function paragraphEnds(lines: readonly string[]): readonly number[] {
  return lines
    .flatMap((line, at) => (line !== '' && (lines[at + 1] ?? '') === '' ? [at + 1] : []))
    .reverse();
}

/** The number of lines that are not empty. */
function counted(lines: readonly string[]): number {
  return lines.filter((line) => line !== '').length;
}
