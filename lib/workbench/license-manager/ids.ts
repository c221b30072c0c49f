import { createHash } from 'node:crypto';

/** Makes IDs of 32 hexadecimal digits, never the same twice. `kind` says what the ID identifies. */
export type Ids = (kind: string) => string;

/** Makes the same IDs in every run. Each kind has its own count, so a license's ARN does not depend on how many calls came before. */
export function countedIds(): Ids {
  const counts = new Map<string, number>();
  return (kind) => {
    const count = (counts.get(kind) ?? 0) + 1;
    counts.set(kind, count);
    return digest(`${kind}:${count}`).slice(0, 32);
  };
}

export function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
