/** What `work` makes of each, at most `width` at a time, in no particular order. After the first failure none is begun. */
export async function sideBySide<Each, Result>(
  all: AsyncIterable<Each>,
  width: number,
  work: (each: Each) => Promise<Result>,
): Promise<readonly Result[]> {
  const source = all[Symbol.asyncIterator]();
  const results: Result[] = [];
  let failed = false;
  const worker = async (): Promise<void> => {
    while (!failed) {
      const next = await source.next();
      if (next.done === true) return;
      results.push(await work(next.value));
    }
  };
  const workers = Array.from({ length: width }, () =>
    worker().catch((error: unknown) => {
      failed = true;
      throw error;
    }),
  );
  await Promise.all(workers);
  return results;
}
