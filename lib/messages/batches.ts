/** What SQS takes in a SendMessageBatch, and EventBridge in a PutEvents. */
const MOST_ENTRIES = 10;
/** Both take 1 MiB today, and took this until 2025 and 2026: queues of other makes still have it. */
const LARGEST_BATCH = 256 * 1024;

/** In their order, as few batches as take them. `bodyOf`: what of an item is sent, as JSON; one that is too large stands alone. */
export function batchesOf<Item>(
  items: readonly Item[],
  bodyOf: (item: Item) => unknown,
): readonly (readonly Item[])[] {
  const batches: Item[][] = [];
  let size = 0;
  for (const item of items) {
    const bytes = new TextEncoder().encode(JSON.stringify(bodyOf(item))).length;
    const last = batches.at(-1);
    if (last === undefined || last.length === MOST_ENTRIES || size + bytes > LARGEST_BATCH) {
      batches.push([item]);
      size = bytes;
    } else {
      last.push(item);
      size += bytes;
    }
  }
  return batches;
}
