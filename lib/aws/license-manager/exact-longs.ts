import type { Readable } from 'node:stream';

/** A text of JSON, or a whole number with more digits than a JavaScript number keeps. */
const TEXT_OR_LONG = /"[^"\\]*(?:\\.[^"\\]*)*"|(?<![\w.+-])-?\d{16,}(?![\w.])/gs;

/**
 * Collects an answer's body with its long numbers as text. License Manager counts in 64 bits and the SDK reads with `JSON.parse`:
 * 9223372036854775807 arrives as 9223372036854776000 (measured), and nothing behind it can tell.
 */
export async function exactLongs(body: Readable): Promise<Uint8Array> {
  const bytes = Buffer.concat((await body.toArray()) as Uint8Array[]);
  const text = bytes.toString('utf8');
  if (!/\d{16}/.test(text)) return bytes;
  return Buffer.from(
    text.replace(TEXT_OR_LONG, (token) => (token.startsWith('"') ? token : `"${token}"`)),
  );
}
