/** The most entries that SQS takes in a SendMessageBatch, and EventBridge in a PutEvents. */
const MOST_ENTRIES = 10;
/** Bytes. Both take 1 MiB today, and took only this until 2025 and 2026. Queues of other makes still have this limit. */
const LARGEST_BATCH = 256 * 1024;

/** Splits items, in order, into as few batches as possible. `bodyOf`: what is sent of an item, as JSON; one too large is alone. */
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
