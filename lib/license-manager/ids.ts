import { createHash } from 'node:crypto';

/** Where IDs come from; `kind` is what the ID is of. Answers with 32 hexadecimal digits, never the same twice. */
export type Ids = (kind: string) => string;

/** The same IDs in the same order in every run. */
export function countedIds(): Ids {
  let count = 0;
  return (kind) => {
    count += 1;
    return digest(`${kind}:${count}`).slice(0, 32);
  };
}

export function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
