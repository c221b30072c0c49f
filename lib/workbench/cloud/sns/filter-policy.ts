import { holds, unknownMatch, type Condition } from '../match-condition.ts';
import { invalid, type PublishedAttribute, type PublishedAttributes } from './publication.ts';

/** Of message attributes (`FilterPolicyScope: MessageAttributes`): every key must match, by any of its conditions. */
export type FilterPolicy = Readonly<Record<string, readonly Condition[]>>;

/** Refuses by name what the local cloud would not apply: a filter that silently lets everything through helps nobody. */
export function filterPolicy(value: unknown): FilterPolicy {
  const policy = (typeof value === 'string' ? parsed(value) : value) as Record<string, unknown>;
  for (const [key, conditions] of Object.entries(policy)) {
    if (!Array.isArray(conditions))
      throw invalid(
        `FilterPolicy: "${key}" must be an object or an array (the local cloud filters by attributes only: an array)`,
      );
    const unknown = conditions.map(unknownMatch).find((each) => each !== undefined);
    if (unknown !== undefined) throw invalid(`FilterPolicy: ${unknown}`);
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

type Values = Parameters<typeof holds>[1];

/** Undefined: the message has no such attribute. An array's members each get their chance. */
function valuesOf(attribute: PublishedAttribute | undefined): Values {
  if (attribute === undefined) return undefined;
  const { dataType, value } = attribute;
  if (dataType === 'String.Array') return JSON.parse(value) as NonNullable<Values>;
  return dataType.startsWith('Number') ? [Number(value)] : [value];
}
