import type { EngineAnswer } from './engine-client.ts';

type Members = Readonly<Record<string, unknown>>;

/** Members that are keyed by table name in the answers of batches and transactions. */
const KEYED = ['ItemCollectionMetrics', 'Responses', 'UnprocessedItems', 'UnprocessedKeys'];

/**
 * An engine's answer with the tables named as the caller named them. `names`: the engine's name -> the caller's. Items are
 * left alone, whatever they contain.
 */
export function withTablesRestored(
  { status, body }: EngineAnswer,
  names: ReadonlyMap<string, string>,
): EngineAnswer {
  if (![...names.keys()].some((name) => body.includes(name))) return { status, body };
  const output = JSON.parse(body) as Members;
  return {
    status,
    body: JSON.stringify(status === 200 ? restored(output, names) : restoredMessage(output, names)),
  };
}

function restored(output: Members, names: ReadonlyMap<string, string>): Members {
  return Object.fromEntries(
    Object.entries(output).map(([member, value]) => {
      if (Array.isArray(value) && (member === 'ConsumedCapacity' || member === 'Responses'))
        return [member, value.map((each) => named(each, names))];
      if (member === 'ConsumedCapacity') return [member, named(value, names)];
      if (KEYED.includes(member)) return [member, keyed(value as Members, names)];
      return [member, value];
    }),
  );
}

/** `ConsumedCapacity`, or one response of a batch of statements. */
function named(value: unknown, names: ReadonlyMap<string, string>): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const { TableName: name } = value as { TableName?: unknown };
  return typeof name === 'string' ? { ...value, TableName: names.get(name) ?? name } : value;
}

function keyed(value: Members, names: ReadonlyMap<string, string>): Members {
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [names.get(name) ?? name, each]),
  );
}

function restoredMessage(output: Members, names: ReadonlyMap<string, string>): Members {
  return Object.fromEntries(
    Object.entries(output).map(([member, value]) => [
      member,
      typeof value === 'string'
        ? [...names].reduce((text, [name, original]) => text.replaceAll(name, original), value)
        : value,
    ]),
  );
}
