import type { Archive, Filed } from '../../../../domain/ledger/archive.ts';
import type { Instant } from '../../../../domain/time.ts';

/** What the feed shows: entries, and what cannot be read as one. */
export type Item = Extract<Filed, { kind: 'entry' | 'unreadable' }>;

/** Entries of all these products observed from `since` to before `until`, oldest first, read as they are asked for. */
export async function* feed(
  productIds: readonly string[],
  since: Instant,
  until: Instant,
  archive: Pick<Archive, 'observed'>,
): AsyncIterable<Item> {
  const sources = productIds.map((id) =>
    itemsOf(archive.observed(id, since, until))[Symbol.asyncIterator](),
  );
  const heads = await Promise.all(
    sources.map(async (source) => ({ source, next: await source.next() })),
  );
  for (;;) {
    let first: { readonly head: (typeof heads)[number]; readonly item: Item } | undefined;
    for (const head of heads) {
      if (head.next.done === true) continue;
      const item = head.next.value;
      if (first === undefined || observedAt(item) < observedAt(first.item)) first = { head, item };
    }
    if (first === undefined) return;
    yield first.item;
    first.head.next = await first.head.source.next();
  }
}

async function* itemsOf(filed: AsyncIterable<Filed>): AsyncGenerator<Item, undefined> {
  for await (const each of filed) if (each.kind !== 'fact') yield each;
  return undefined;
}

/** Both ways to have an item: the index finds by this attribute, so that even what cannot be read has it. */
export function observedAt(item: Item): string {
  if (item.kind === 'entry') return item.entry.observedAt;
  const { observedAt: stored } = item.stored;
  return typeof stored === 'string' ? stored : '';
}

/** By which two readings of an item are known to be of the same. */
export function keyOf(item: Item): string {
  return item.kind === 'entry'
    ? `${item.entry.contract} ${item.entry.entry}`
    : `${item.contract} ${item.key}`;
}
