import { createHash } from 'node:crypto';

/** In hexadecimal, as the ledger writes it. */
export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/**
 * Text from outside as every store, hash and page takes it: well-formed (a lone surrogate becomes U+FFFD, as UTF-8 has none), and
 * visibly cut to `longest` code units. Two texts that are cut stay different: the hash is of the whole.
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
