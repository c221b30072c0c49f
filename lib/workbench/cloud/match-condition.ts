type Scalar = string | number | boolean | null;
export type Condition = Scalar | { readonly exists: boolean };

/** The part of a condition that the local cloud would ignore, in the words of SNS and EventBridge; undefined if there is none. */
export function unknownMatch(condition: unknown): string | undefined {
  if (isScalar(condition)) return undefined;
  const { exists, ...others } = condition as Readonly<Record<string, unknown>>;
  const [unknown] = Object.keys(others);
  if (unknown !== undefined)
    return `Unrecognized match type ${unknown} (the local cloud knows values and exists)`;
  return typeof exists === 'boolean'
    ? undefined
    : `exists must be a boolean, got ${String(exists)}`;
}

/** True if any value meets the condition; undefined: there is no value. */
export function holds(condition: Condition, values: readonly Scalar[] | undefined): boolean {
  if (typeof condition === 'object' && condition !== null)
    return condition.exists === (values !== undefined);
  return values?.includes(condition) ?? false;
}

export function isScalar(value: unknown): value is Scalar {
  return value === null || ['string', 'number', 'boolean'].includes(typeof value);
}
