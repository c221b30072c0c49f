import { transliterate } from './transliteration.ts';

/** Longest name that a mail shows: names come from accounts we do not know (rule 15). */
const LONGEST_NAME = 120;

/** Accents that one letter may bear; more of them paint over the lines above and below. */
const TOO_MANY_MARKS = /(\p{M}{4})\p{M}+/gu;

/**
 * Text from outside as one line: without control characters, line breaks, and all that is invisible or turns the direction
 * of what follows; spaces joined; cut to `longest` characters.
 */
export function cleanText(text: string, longest: number = LONGEST_NAME): string {
  const line = text
    .slice(0, longest * 4)
    .toWellFormed()
    .normalize('NFC')
    .replace(/[\p{Cc}\p{Z}\s]+/gu, ' ')
    .replace(/[\p{C}\p{DI}\u2800]+/gu, '')
    .replace(TOO_MANY_MARKS, '$1')
    .replace(/ {2,}/g, ' ')
    .trim();
  const characters = Array.from(line);
  return characters.length > longest
    ? `${characters
        .slice(0, longest - 3)
        .join('')
        .trimEnd()}...`
    : line;
}

/** In printable ASCII, which is all that SNS takes in a subject: spelled in Latin letters; what has no spelling as `?`. */
export function toAscii(text: string): string {
  const spelled = transliterate(cleanText(text)).normalize('NFKD').replace(/\p{M}/gu, '');
  return transliterate(spelled)
    .replace(/[‐-―]/g, '-')
    .replace(/[^ -~]+/g, '?')
    .replace(/ {2,}/g, ' ')
    .trim();
}
