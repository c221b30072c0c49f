import type { AwsFault } from './fault.ts';

export interface Page<T> {
  readonly items: readonly T[];
  /** Undefined: the last page. */
  readonly next: string | undefined;
}

/** `size` items from where `token` points to, which an earlier page gave; throws `refusal` where no page gave it. */
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
