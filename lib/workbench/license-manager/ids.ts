import { createHash } from 'node:crypto';

/** Where IDs come from; `kind` is what the ID is of. Answers with 32 hexadecimal digits, never the same twice. */
export type Ids = (kind: string) => string;

/** The same IDs in every run. Each kind counts for itself: a license's ARN does not depend on how many calls came before. */
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
