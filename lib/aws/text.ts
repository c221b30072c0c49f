import { createHash } from 'node:crypto';

/** The hash in hexadecimal, as the ledger writes it. */
export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/**
 * Makes text from outside safe for every store, hash and page: well-formed (a lone surrogate becomes U+FFFD, as UTF-8 has none), and
 * visibly cut to `longest` code units. Two different texts stay different, because the tail has a hash of the whole text.
 */
export function bounded(text: string, longest: number): string {
  if (text.length <= longest) return text.toWellFormed();
  const hash = sha256(text).slice(0, 8);
  const tail = `... (${text.length} characters, ${hash})`;
  // Cut between two characters, not within one.
  return (
    text
      .slice(0, longest - tail.length)
      .replace(/[\uD800-\uDBFF]$/, '')
      .toWellFormed() + tail
  );
}
