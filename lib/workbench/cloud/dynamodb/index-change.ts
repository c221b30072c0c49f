import { isDeepStrictEqual } from 'node:util';
import { AwsFault } from '../fault.ts';
import type { Properties } from '../resource.ts';

interface Index {
  readonly IndexName: string;
  readonly [member: string]: unknown;
}

/** The engine's `UpdateTable` for a change of the secondary indexes; undefined where there is none. AWS takes one at a time. */
export function indexChange(properties: Properties, previous: Properties): object | undefined {
  const [next, before] = [indexesOf(properties), indexesOf(previous)];
  const created = [...next.values()].filter(({ IndexName: name }) => !before.has(name));
  const deleted = [...before.keys()].filter((name) => !next.has(name));
  const changed = [...next.values()].filter((index) => {
    const old = before.get(index.IndexName);
    return old !== undefined && !isDeepStrictEqual(old, index);
  });
  if (changed.length > 0)
    throw new AwsFault(
      'ValidationException',
      `an index cannot be changed, only created or deleted: ${changed.map(({ IndexName: name }) => name).join(', ')}`,
    );
  if (created.length + deleted.length > 1)
    throw new AwsFault(
      'LimitExceededException',
      'Cannot perform more than one GSI creation or deletion in a single update',
    );
  const changes = [
    ...created.map((index) => ({ Create: withoutThroughput(index) })),
    ...deleted.map((name) => ({ Delete: { IndexName: name } })),
  ];
  if (changes.length === 0) return undefined;
  return {
    AttributeDefinitions: properties['AttributeDefinitions'],
    GlobalSecondaryIndexUpdates: changes,
  };
}

/** Capacity is not reproduced. */
export function withoutThroughput(
  index: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(index).filter(([name]) => name !== 'ProvisionedThroughput'),
  );
}

function indexesOf(properties: Properties): ReadonlyMap<string, Index> {
  const list = (properties['GlobalSecondaryIndexes'] ?? []) as readonly Index[];
  return new Map(list.map((index) => [index.IndexName, index]));
}
