/** The middle value; for an even number of values, the upper of the two. Throws if there are no values. */
export function median(values: readonly number[]): number {
  const middle = values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
  if (middle === undefined) throw new Error('there is no median of no values');
  return middle;
}
