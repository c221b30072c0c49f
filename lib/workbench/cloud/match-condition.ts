type Scalar = string | number | boolean | null;
export type Condition =
  | Scalar
  | { readonly exists: boolean }
  | { readonly prefix: string }
  | { readonly suffix: string }
  | { readonly 'equals-ignore-case': string }
  | {
      readonly 'anything-but':
        Scalar | readonly Scalar[] | { readonly prefix: string } | { readonly suffix: string };
    }
  | { readonly numeric: readonly (string | number)[] };

const isText = (operand: unknown): boolean => typeof operand === 'string';

/** The operators that SNS filters and EventBridge patterns share, each with a check of its operand. */
const OPERATORS: Readonly<Record<string, (operand: unknown) => boolean>> = {
  'anything-but': (operand) =>
    [operand].flat().every((each) => isScalar(each) || isAffix(each)) && operand !== null,
  'equals-ignore-case': isText,
  exists: (operand) => typeof operand === 'boolean',
  numeric: (operand) => Array.isArray(operand) && operand.length % 2 === 0,
  prefix: isText,
  suffix: isText,
};

/** The part of a condition that the local cloud would ignore, in the words of both services; undefined if there is none. */
export function unknownMatch(condition: unknown): string | undefined {
  if (isScalar(condition)) return undefined;
  const operators = Object.keys(condition as object);
  const unknown = operators.find((operator) => !Object.hasOwn(OPERATORS, operator));
  if (unknown !== undefined)
    return `Unrecognized match type ${unknown} (the local cloud knows ${Object.keys(OPERATORS).join(', ')})`;
  const [operator = ''] = operators;
  const operand = (condition as Readonly<Record<string, unknown>>)[operator];
  if (operators.length === 1 && OPERATORS[operator]?.(operand) === true) return undefined;
  return `Unrecognized match ${JSON.stringify(condition)}: one operator with its operand is expected`;
}

/** True if any value meets the condition; undefined: there is no value. `["rugby", "baseball"]` meets `anything-but: ["rugby"]`. */
export function holds(condition: Condition, values: readonly Scalar[] | undefined): boolean {
  if (typeof condition === 'object' && condition !== null && 'exists' in condition)
    return condition.exists === (values !== undefined);
  return values?.some((value) => meets(value, condition)) ?? false;
}

export function isScalar(value: unknown): value is Scalar {
  return value === null || ['string', 'number', 'boolean'].includes(typeof value);
}

function isAffix(operand: unknown): boolean {
  if (typeof operand !== 'object' || operand === null) return false;
  const [name = '', ...others] = Object.keys(operand);
  return (
    others.length === 0 &&
    ['prefix', 'suffix'].includes(name) &&
    Object.values(operand).every(isText)
  );
}

function meets(
  value: Scalar,
  condition: Exclude<Condition, { readonly exists: boolean }>,
): boolean {
  if (typeof condition !== 'object' || condition === null) return value === condition;
  if ('prefix' in condition) return typeof value === 'string' && value.startsWith(condition.prefix);
  if ('suffix' in condition) return typeof value === 'string' && value.endsWith(condition.suffix);
  if ('equals-ignore-case' in condition)
    return (
      typeof value === 'string' &&
      value.toLowerCase() === condition['equals-ignore-case'].toLowerCase()
    );
  if ('numeric' in condition)
    return typeof value === 'number' && isWithin(value, condition.numeric);
  const excluded = [condition['anything-but']].flat();
  return !excluded.some((each) => meets(value, each));
}

/** Bounds are like `["=", 3]` or `[">", 0, "<=", 5]`. */
function isWithin(value: number, bounds: readonly (string | number)[]): boolean {
  for (let index = 0; index < bounds.length; index += 2) {
    const bound = Number(bounds[index + 1]);
    const operator = bounds[index];
    const inside =
      (operator === '=' && value === bound) ||
      (operator === '<' && value < bound) ||
      (operator === '<=' && value <= bound) ||
      (operator === '>' && value > bound) ||
      (operator === '>=' && value >= bound);
    if (!inside) return false;
  }
  return true;
}
