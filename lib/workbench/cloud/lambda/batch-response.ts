/**
 * Which messages of a batch failed, by a handler's partial batch response. `all`: the answer cannot be trusted, so that the whole batch
 * comes back (developer guide, "Implementing partial batch responses": an identifier that is empty, null, of a bad key name, or of
 * no message of the batch; JSON that is no object).
 */
export function failedItems(
  payload: string,
  messageIds: readonly string[],
): ReadonlySet<string> | 'all' {
  const answer = JSON.parse(payload) as { readonly batchItemFailures?: unknown } | null;
  if (answer === null) return new Set();
  if (typeof answer !== 'object') return 'all';
  const failures = answer.batchItemFailures ?? [];
  if (!Array.isArray(failures)) return 'all';
  const ids = failures.map(
    (failure) => (failure as { itemIdentifier?: unknown } | null)?.itemIdentifier,
  );
  return ids.every((id) => typeof id === 'string' && messageIds.includes(id))
    ? new Set(ids as string[])
    : 'all';
}
