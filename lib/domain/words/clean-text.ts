/** Longest name that a mail shows: names come from accounts we do not know (rule 15). */
const LONGEST_NAME = 120;

/**
 * Text from outside as one line: without control characters, line breaks and the marks that turn the direction of what
 * follows; spaces joined; cut to `longest` characters.
 */
export function cleanText(text: string, longest: number = LONGEST_NAME): string {
  const line = text
    .slice(0, longest * 4)
    .normalize('NFC')
    .replace(/[\p{C}\p{Z}\s]+/gu, ' ')
    .trim();
  const characters = Array.from(line);
  return characters.length > longest ? `${characters.slice(0, longest - 3).join('')}...` : line;
}

const LETTERS: Readonly<Record<string, string>> = { ß: 'ss', æ: 'ae', Æ: 'AE', ø: 'o', Ø: 'O', ł: 'l', Ł: 'L', đ: 'd' };

/** In printable ASCII, which is all that SNS takes in a subject: accents dropped, what has no likeness as `?`. */
export function toAscii(text: string): string {
  return cleanText(text)
    .replace(/[ßæÆøØłŁđ]/g, (letter) => LETTERS[letter] ?? '?')
    .replace(/[‘’]/g, "'")
    .replace(/[“”„]/g, '"')
    .replace(/[‐-―]/g, '-')
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[^ -~]+/g, '?');
}

/** SNS refuses 100 characters and more. */
const LONGEST_SUBJECT = 99;

/** `<name>: <fact>`, shortened at the name so that the fact stays whole. Begins with a letter or digit, as SNS demands. */
export function subjectOf(name: string, fact: string): string {
  const words = toAscii(fact).slice(0, LONGEST_SUBJECT);
  const room = LONGEST_SUBJECT - words.length - 2;
  const ascii = toAscii(name).replace(/^[^A-Za-z0-9]+/, '');
  const short = ascii.length > room ? `${ascii.slice(0, Math.max(0, room - 3))}...` : ascii;
  return room < 8 || ascii === '' ? words : `${short}: ${words}`;
}
