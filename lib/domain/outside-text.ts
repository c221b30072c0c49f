/** The longest name that a mail shows, in characters: names come from accounts we do not know (rule 15). */
const LONGEST_NAME = 120;

/** More than 4 accents on one letter: they paint over the lines above and below. */
const TOO_MANY_MARKS = /(\p{M}{4})\p{M}+/gu;

/** Characters that are invisible, break lines or change text direction: C0 and C1 controls, formats, fillers, blanks but the space. */
const UNSEEN = /(?! )[\p{C}\p{Z}\p{DI}\u2800]/gu;

/**
 * Text from outside as one line: without control characters, line breaks, invisible characters and those that change text
 * direction. Runs of spaces become one, and the line is cut to `longest` characters.
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
  return cutTo(longest, line);
}

/**
 * A value from outside as an error quotes it: as JSON, so that text and number can be told apart, with invisible characters escaped.
 * `JSON.stringify` alone passes on C1 controls, which a terminal obeys, and marks that change text direction.
 */
export function quoted(value: unknown, longest = 200): string {
  if (value === undefined) return 'nothing';
  const short = typeof value === 'string' ? value.slice(0, longest * 4) : value;
  return cutTo(
    longest,
    jsonText(short)
      .slice(0, longest * 8)
      .replace(TOO_MANY_MARKS, '$1'),
  );
}

/** Several values as `quoted` writes each, separated by commas. */
export function allQuoted(values: readonly unknown[]): string {
  return values.map((value) => quoted(value)).join(', ');
}

/** The value as JSON that is safe to show on a terminal: invisible and control characters are escaped. */
export function jsonText(value: unknown, indent?: number): string {
  let json: string;
  try {
    json = JSON.stringify(value, undefined, indent);
  } catch (error) {
    if (error instanceof RangeError) return '"(nested too deeply to be shown)"';
    throw error;
  }
  // In JSON these characters occur only inside strings, where an escape means the same.
  return visible(json);
}

/** Escapes invisible characters, but keeps line feeds: for text whose lines are ours, but whose words may come from outside. */
export function visible(text: string): string {
  return text.replace(UNSEEN, (character) => (character === '\n' ? character : escaped(character)));
}

/**
 * True if the words look like what they are: at most `longest` long, with a letter or digit, without space around them, without
 * invisible characters or line breaks, and with at most 4 accents on a letter.
 */
export function isPlain(words: string, longest: number): boolean {
  return (
    words.length <= longest &&
    words === words.trim() &&
    /[\p{L}\p{N}]/u.test(words) &&
    !/[\p{C}\p{Zl}\p{Zp}\p{DI}\u2800]|\p{M}{5}/u.test(words)
  );
}

function cutTo(longest: number, text: string): string {
  const characters = Array.from(text);
  return characters.length > longest
    ? `${characters
        .slice(0, longest - 3)
        .join('')
        .trimEnd()}...`
    : text;
}

function escaped(character: string): string {
  return Array.from(
    { length: character.length },
    (_, at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`,
  ).join('');
}
