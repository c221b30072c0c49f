import type { Attributes } from './tables.ts';

/** Names and values of an expression. Names always stand in for themselves: half of ours are reserved words of DynamoDB. */
export interface Expression {
  readonly text: string;
  readonly names: Readonly<Record<string, string>>;
  readonly values: Attributes;
}

/** `#a = :a AND #b = :b`, an undefined value asking that the attribute is not there. `prefix` keeps two expressions apart. */
export function allEqual(attributes: Attributes, prefix: string): Expression {
  const parts = Object.entries(attributes).map(([name, value]) =>
    value === undefined
      ? `attribute_not_exists(#${prefix}${name})`
      : `#${prefix}${name} = :${prefix}${name}`,
  );
  return { text: parts.join(' AND '), ...bound(attributes, prefix) };
}

/** `SET` of everything that has a value, `REMOVE` of what is undefined. */
export function setting(attributes: Attributes): Expression {
  const names = Object.keys(attributes);
  const set = names
    .filter((name) => attributes[name] !== undefined)
    .map((name) => `#${name} = :${name}`);
  const remove = names.filter((name) => attributes[name] === undefined).map((name) => `#${name}`);
  const text = [
    ...(set.length > 0 ? [`SET ${set.join(', ')}`] : []),
    ...(remove.length > 0 ? [`REMOVE ${remove.join(', ')}`] : []),
  ].join(' ');
  return { text, ...bound(attributes, '') };
}

/** An update under a condition, as both UpdateItem and a transaction take it. */
export function updating(change: Expression, condition: Expression) {
  return {
    UpdateExpression: change.text,
    ConditionExpression: condition.text,
    ExpressionAttributeNames: { ...change.names, ...condition.names },
    ExpressionAttributeValues: { ...change.values, ...condition.values },
  };
}

function bound(attributes: Attributes, prefix: string): Pick<Expression, 'names' | 'values'> {
  const entries = Object.entries(attributes);
  return {
    names: Object.fromEntries(entries.map(([name]) => [`#${prefix}${name}`, name])),
    values: Object.fromEntries(
      entries
        .filter(([, value]) => value !== undefined)
        .map(([name, value]) => [`:${prefix}${name}`, value]),
    ),
  };
}
