import { holds, unknownMatch, type Condition } from '../match-condition.ts';
import { invalid, type PublishedAttribute, type PublishedAttributes } from './publication.ts';

/** A filter on message attributes (`FilterPolicyScope: MessageAttributes`): every key must match any of its conditions. */
export type FilterPolicy = Readonly<Record<string, readonly Condition[]>>;

/** Reads a filter. Refuses by name anything that the local cloud would ignore: a filter must not silently let everything through. */
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

/** The values of an attribute: all members of an array; undefined if the message has no such attribute. */
function valuesOf(attribute: PublishedAttribute | undefined): Values {
  if (attribute === undefined) return undefined;
  const { dataType, value } = attribute;
  return dataType === 'String.Array' ? (JSON.parse(value) as NonNullable<Values>) : [value];
}
