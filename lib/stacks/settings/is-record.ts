export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** For checks over several fields: they run although some of the fields are wrong, so that all problems are told at once. */
export const WHEREVER_A_RECORD = {
  when: ({ value }: { readonly value: unknown }) => isRecord(value),
};
