import type { SealedEntry } from '../domain/ledger/ledger.ts';
import { MARKETPLACE_USAGE } from '../domain/license/contract.ts';
import type { Product } from '../domain/license/product.ts';
import { cleanText } from '../domain/outside-text.ts';
import type { SellersOwn } from '../domain/registration/buyer.ts';

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

/** One line, however long: a mail program wraps it to the width of its pane, and would wrap lines that we had wrapped a second time. */
export function paragraph(text: string, first = ''): readonly string[] {
  return [`${first}${text}`.trimEnd()];
}

export function listItem(text: string): readonly string[] {
  return paragraph(text, '- ');
}

/** `Account: Borealis Bank (333333333333)`. */
export function labelled(label: string, value: string): readonly string[] {
  return paragraph(value, `${label}: `);
}

/** A heading with the lines below it, preceded by an empty line. Empty if there are no lines. */
export function section(heading: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ['', heading, ...lines];
}

/** The name of a product as a mail shows it, or its ID if nothing of the name can be shown. */
export function productName({ name, id }: Pick<Product, 'name' | 'id'>): string {
  return cleanText(name) || cleanText(id);
}

/** `Borealis Bank (333333333333)`. */
export function buyerWithAccount({
  buyerName,
  buyerAccountId,
}: Pick<SealedEntry, 'buyerName' | 'buyerAccountId'>): string {
  const name = cleanText(buyerName);
  const account = cleanText(buyerAccountId);
  return name === '' ? account : `${name} (${account})`;
}

/** The reason in the ledger's words, if there are no better ones. `AWS::Marketplace::Usage`, never bought, becomes the agreement. */
export function reasonWords({ reason }: Pick<SealedEntry, 'reason'>, longest = 300): string {
  const words = cleanText(reason.replaceAll(MARKETPLACE_USAGE, 'the agreement'), longest);
  return words.endsWith('.') ? words : `${words}.`;
}

/** `Contact: Grace Okafor; +1 555 0100. Owner: Ada Moreau.`; empty if nothing is kept. */
export function peopleLines({ owner, contacts = [] }: SellersOwn): readonly string[] {
  const people = [
    ...(contacts.length === 0
      ? []
      : [`Contact: ${contacts.map((each) => cleanText(each, 200)).join('; ')}.`]),
    ...(owner === undefined ? [] : [`Owner: ${cleanText(owner)}.`]),
  ];
  return people.length === 0 ? [] : [people.join(' ')];
}
