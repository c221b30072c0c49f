import { cleanText } from '../domain/outside-text.ts';

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

/** The text in printable ASCII, which is all that SNS takes in a subject: spelled in Latin letters, with `?` for what has no spelling. */
export function toAscii(text: string): string {
  const spelled = transliterate(cleanText(text)).normalize('NFKD').replace(/\p{M}/gu, '');
  return transliterate(spelled)
    .replace(/[‐-―]/g, '-')
    .replace(/[^ -~]+/g, '?')
    .replace(/ {2,}/g, ' ')
    .trim();
}

/**
 * Letters that Unicode does not split into a Latin letter and an accent. Spelled by sound, never by likeness: the Cyrillic `Р` becomes `R`,
 * so that no name can pass for another by its looks.
 */
const LATIN: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  œ: 'oe',
  ı: 'i',
};

const GREEK = spelled(
  'α a β v γ g δ d ε e ζ z η i θ th ι i κ k λ l μ m ν n ξ x ο o π p ρ r σ s ς s τ t υ y φ f χ ch ψ ps ω o',
);

const CYRILLIC = spelled(
  'а a б b в v г g д d е e ё e ж zh з z и i й i к k л l м m н n о o п p р r с s т t у u ф f х kh ц ts ч ch ш sh щ shch ' +
    'ъ - ы y ь - э e ю iu я ia є ie і i ї i ґ g љ lj њ nj ћ c ђ dj џ dz ј j ў u',
);

const PUNCTUATION: Readonly<Record<string, string>> = {
  '‘': "'",
  '’': "'",
  '“': '"',
  '”': '"',
  '„': '"',
  '−': '-',
};

const SMALL = new Map([...Object.entries(LATIN), ...GREEK, ...CYRILLIC]);

/** Covers Ukrainian, Serbian and Belarusian letters. What has no entry is left as it is. */
function transliterate(text: string): string {
  return Array.from(text, (character) => {
    const small = character.toLowerCase();
    const spelling = PUNCTUATION[character] ?? SMALL.get(character) ?? SMALL.get(small);
    if (spelling === undefined || character === small) return spelling ?? character;
    return spelling.charAt(0).toUpperCase() + spelling.slice(1);
  }).join('');
}

/** Pairs of letter and spelling, `а a ь -`; `-` stands for nothing. */
function spelled(pairs: string): readonly (readonly [string, string])[] {
  const words = pairs.split(' ');
  return words.flatMap((letter, index) => {
    const spelling = words[index + 1];
    return index % 2 === 0 && spelling !== undefined
      ? [[letter, spelling === '-' ? '' : spelling] as const]
      : [];
  });
}
