/** Does the work for each item, up to `width` at a time, and answers in the order of the items. Reads no further ahead than that. */
export async function* inOrder<Item, Result>(
  items: AsyncIterable<Item> | Iterable<Item>,
  width: number,
  work: (item: Item) => Promise<Result>,
): AsyncIterable<Result> {
  const started: Promise<Result>[] = [];
  for await (const item of items) {
    const result = work(item);
    // Its turn to be awaited may never come, if one before it fails: that one is thrown, and not this as unhandled.
    result.catch(() => undefined);
    started.push(result);
    const first = started.length < width ? undefined : started.shift();
    if (first !== undefined) yield await first;
  }
  for (const each of started) yield await each;
}
