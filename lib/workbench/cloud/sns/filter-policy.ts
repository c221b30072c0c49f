import { invalid, type PublishedAttribute, type PublishedAttributes } from './publication.ts';

type Scalar = string | number | boolean | null;
type Condition =
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

/** Of message attributes (`FilterPolicyScope: MessageAttributes`): every key must match, by any of its conditions. */
export type FilterPolicy = Readonly<Record<string, readonly Condition[]>>;

const OPERATORS = ['exists', 'prefix', 'suffix', 'equals-ignore-case', 'anything-but', 'numeric'];

/** Refuses by name what the local cloud would not apply: a filter that silently lets everything through helps nobody. */
export function filterPolicy(value: unknown): FilterPolicy {
  const policy = (typeof value === 'string' ? parsed(value) : value) as Record<string, unknown>;
  for (const [key, conditions] of Object.entries(policy)) {
    if (!Array.isArray(conditions))
      throw invalid(
        `FilterPolicy: "${key}" must be an object or an array (the local cloud filters by attributes only: an array)`,
      );
    for (const condition of conditions as Condition[]) assertCondition(condition);
  }
  return policy as FilterPolicy;
}

export function isMatch(policy: FilterPolicy, attributes: PublishedAttributes): boolean {
  return Object.entries(policy).every(([key, conditions]) => {
    const values = valuesOf(attributes[key]);
    return conditions.some((condition) => holds(condition, values));
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw invalid('FilterPolicy: failed to parse JSON.');
  }
}

function assertCondition(condition: Condition): void {
  if (typeof condition !== 'object' || condition === null) return;
  const unknown = Object.keys(condition).find((operator) => !OPERATORS.includes(operator));
  if (unknown !== undefined) throw invalid(`FilterPolicy: Unrecognized match type ${unknown}`);
}

/** Undefined: the message has no such attribute. An array's members each get their chance. */
function valuesOf(attribute: PublishedAttribute | undefined): readonly Scalar[] | undefined {
  if (attribute === undefined) return undefined;
  const { dataType, value } = attribute;
  if (dataType === 'String.Array') return JSON.parse(value) as Scalar[];
  return dataType.startsWith('Number') ? [Number(value)] : [value];
}

function holds(condition: Condition, values: readonly Scalar[] | undefined): boolean {
  if (typeof condition === 'object' && condition !== null && 'exists' in condition)
    return condition.exists === (values !== undefined);
  return values?.some((value) => meets(value, condition)) ?? false;
}

/** `["rugby", "baseball"]` meets `anything-but: ["rugby"]` by its second member (developer guide, "Anything-but matching"). */
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

/** `["=", 3]`, `[">", 0, "<=", 5]` */
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
