import { toAscii } from './text.ts';

/**
 * The longest subject. SNS refuses 100 characters and more, line breaks, and subjects that do not begin with an ASCII letter, digit or
 * punctuation mark.
 */
const LONGEST_TAKEN = 99;

/** How much of a subject a list of mails shows a buyer; below, how much of that its point may take. */
const LONGEST_TO_BUYER = 70;
const LONGEST_POINT = 40;

/** A fact, which is never shortened; or a name, which is. */
export type SubjectPart = string | Name;

export interface Name {
  readonly name: string;
  /** Stands for a name that cannot be written in ASCII: an account ID, a product ID. */
  readonly or: string;
}

export type Subject = readonly SubjectPart[];

/** How many characters of a name must stay for it to be recognized. */
const KNOWN_BY = 12;

/**
 * A subject of at most 99 printable ASCII characters that begins with a letter or digit. Only names are shortened, the longest first; verb,
 * date and number stay whole. If too little of the names would stay, `shorter` is taken, which says less.
 */
export function subjectOf(
  parts: Subject,
  shorter: Subject = parts,
  longest = LONGEST_TAKEN,
): string {
  return fitted(parts, KNOWN_BY, longest) ?? fitted(shorter, 0, longest) ?? '';
}

/** `Ends in 14 days: Design Suite (Borealis Bank)`: the point comes first, because a list of mails cuts the end. */
export function buyersSubject(
  { subject, shorter = subject }: { readonly subject: Subject; readonly shorter?: Subject },
  around: { readonly more: string; readonly product: Name; readonly buyer: Name },
): string {
  const { more, product, buyer } = around;
  const whole = (point: Subject): Subject => [
    ...point.map((part, index) => (index === 0 ? capitalPart(part) : part)),
    `${more}: `,
    product,
    ' (',
    buyer,
    ')',
  ];
  const point = lengthOf(subject) + more.length > LONGEST_POINT ? shorter : subject;
  return subjectOf(whole(point), whole(shorter), LONGEST_TO_BUYER);
}

function capitalPart(part: SubjectPart): SubjectPart {
  return typeof part === 'string' ? part.charAt(0).toUpperCase() + part.slice(1) : part;
}

function lengthOf(parts: Subject): number {
  return parts.reduce((sum, part) => sum + textOf(part).length, 0);
}

function textOf(part: SubjectPart): string {
  return typeof part === 'string' ? part : asciiName(part);
}

/** Undefined: a name would have to be shorter than `least`. */
function fitted(parts: Subject, least: number, longest: number): string | undefined {
  const texts = parts.map(textOf);
  const lengths = texts.map(({ length }) => length);
  const fixed = parts.reduce(
    (sum, part, index) => sum + (typeof part === 'string' ? (lengths[index] ?? 0) : 0),
    0,
  );
  const names = parts.flatMap((part, index) => (typeof part === 'string' ? [] : [index]));
  const space = shared(
    new Map(names.map((index) => [index, lengths[index] ?? 0])),
    longest - fixed,
  );
  if (names.some((index) => (space.get(index) ?? 0) < Math.min(least, lengths[index] ?? 0)))
    return undefined;
  return texts.map((text, index) => shortened(text, space.get(index) ?? text.length)).join('');
}

/** A name in ASCII that begins with a letter or digit, so that a subject may begin with it. */
function asciiName({ name, or }: Name): string {
  const written = [name, or, 'license'].map((text) => toAscii(text).replace(/^[^A-Za-z0-9]+/, ''));
  return written.find((text) => text !== '') ?? 'license';
}

/** How long each name may be: short ones stay whole, and the long ones share the rest. */
function shared(wanted: ReadonlyMap<number, number>, space: number): ReadonlyMap<number, number> {
  const granted = new Map<number, number>();
  let left = space;
  for (const [index, length] of [...wanted].toSorted(([, a], [, b]) => a - b)) {
    const share = Math.min(length, Math.floor(left / (wanted.size - granted.size)));
    granted.set(index, share);
    left -= share;
  }
  return granted;
}

function shortened(text: string, length: number): string {
  return text.length <= length
    ? text
    : `${text.slice(0, Math.max(1, length - 3)).trimEnd()}...`.slice(0, Math.max(1, length));
}
