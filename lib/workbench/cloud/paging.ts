export interface Page<T> {
  readonly items: readonly T[];
  /** Undefined: the last page. */
  readonly next: string | undefined;
}

/** `size` items from where `token` points to, which an earlier page gave; undefined where no page gave it. */
export function pageOf<T>(
  all: readonly T[],
  size: number,
  token: string | undefined,
): Page<T> | undefined {
  const from = token === undefined ? 0 : positionOf(token);
  if (from === undefined) return undefined;
  return {
    items: all.slice(from, from + size),
    next: from + size < all.length ? tokenOf(from + size) : undefined,
  };
}

function tokenOf(position: number): string {
  return Buffer.from(`page from ${position}`).toString('base64');
}

function positionOf(token: string): number | undefined {
  const [, position] = /^page from (\d+)$/.exec(Buffer.from(token, 'base64').toString()) ?? [];
  return position === undefined ? undefined : Number(position);
}
