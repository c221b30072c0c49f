/**
 * Does the work for each item, up to `width` at a time, and yields the results in the order of the items. Reads no further ahead than that.
 */
export async function* inOrder<Item, Result>(
  items: AsyncIterable<Item> | Iterable<Item>,
  width: number,
  work: (item: Item) => Promise<Result>,
): AsyncIterable<Result> {
  const started: Promise<Result>[] = [];
  for await (const item of items) {
    const result = work(item);
    // If one before it fails, this is never awaited: that failure is thrown, and this one must not count as unhandled.
    result.catch(() => undefined);
    started.push(result);
    const first = started.length < width ? undefined : started.shift();
    if (first !== undefined) yield await first;
  }
  for (const each of started) yield await each;
}
