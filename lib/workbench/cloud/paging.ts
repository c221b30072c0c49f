import type { AwsFault } from './fault.ts';

export interface Page<T> {
  readonly items: readonly T[];
  /** Undefined: the last page. */
  readonly next: string | undefined;
}

/** A page of `size` items from `token` on, which an earlier page returned; throws `refusal` if no page did. */
export function pageOf<T>(
  all: readonly T[],
  size: number,
  token: unknown,
  refusal: AwsFault,
): Page<T> {
  const from = token === undefined || token === '' ? 0 : positionOf(token);
  if (from === undefined) throw refusal;
  return {
    items: all.slice(from, from + size),
    next:
      from + size < all.length
        ? Buffer.from(`page from ${from + size}`).toString('base64')
        : undefined,
  };
}

function positionOf(token: unknown): number | undefined {
  if (typeof token !== 'string') return undefined;
  const [, position] = /^page from (\d+)$/.exec(Buffer.from(token, 'base64').toString()) ?? [];
  return position === undefined ? undefined : Number(position);
}
