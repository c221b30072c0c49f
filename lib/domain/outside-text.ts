/** Longest name that a mail shows: names come from accounts we do not know (rule 15). */
const LONGEST_NAME = 120;

/** Accents that one letter may bear; more of them paint over the lines above and below. */
const TOO_MANY_MARKS = /(\p{M}{4})\p{M}+/gu;

/** What is invisible, breaks lines or turns the direction of what follows: controls old and new, formats, fillers, blanks but one. */
const UNSEEN = /(?! )[\p{C}\p{Z}\p{DI}\u2800]/gu;

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
  return cutTo(longest, line);
}

/**
 * A value from outside as an error quotes it: as JSON, so that text and number can be told apart, with all that cannot be seen spelled
 * out. `JSON.stringify` alone hands on C1 controls, which a terminal obeys, and marks that turn the direction of what follows.
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

/** A list of them. */
export function allQuoted(values: readonly unknown[]): string {
  return values.map((value) => quoted(value)).join(', ');
}

/** JSON of the same value, which does nothing to the terminal that it is shown on. */
export function jsonText(value: unknown, indent?: number): string {
  let json: string;
  try {
    json = JSON.stringify(value, undefined, indent);
  } catch (error) {
    if (error instanceof RangeError) return '"(nested too deeply to be shown)"';
    throw error;
  }
  // Within JSON such characters stand in texts alone, where an escape means the same.
  return visible(json);
}

/** Text whose lines are ours, and whose words may not be: with all that cannot be seen spelled out. */
export function visible(text: string): string {
  return text.replace(UNSEEN, (character) => (character === '\n' ? character : escaped(character)));
}

/**
 * Words that look like what they are: with a letter or digit, no space around them, nothing that is invisible or breaks the line, and
 * no more accents than one letter can bear.
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
