import { createHash } from 'node:crypto';

/**
 * Text from outside as every store, hash and page takes it: well-formed (a lone surrogate becomes U+FFFD, as UTF-8 has none), and
 * visibly cut to `longest` code units. Two texts that are cut stay different: the hash is of the whole.
 */
export function bounded(text: string, longest: number): string {
  if (text.length <= longest) return text.toWellFormed();
  const hash = createHash('sha256').update(text).digest('hex').slice(0, 8);
  const tail = `... (${text.length} characters, ${hash})`;
  // Cut between two characters, not within one.
  return (
    text
      .slice(0, longest - tail.length)
      .replace(/[\uD800-\uDBFF]$/, '')
      .toWellFormed() + tail
  );
}

/** Text from outside as one line without control, format or line-breaking characters, cut to `maxLength` (rule 15). */
export function oneLine(text: string, maxLength: number): string {
  // Cut first as well: a megabyte from a hostile account is not worth a regular expression.
  const line = text
    .slice(0, maxLength * 4)
    .replace(/[\p{C}\s]+/gu, ' ')
    .trim();
  return line.length > maxLength ? `${line.slice(0, maxLength - 3)}...` : line;
}

/** A value got from outside, as an error message quotes it. */
export function quoted(value: unknown): string {
  return value === undefined ? 'nothing' : oneLine(JSON.stringify(value), 200);
}
