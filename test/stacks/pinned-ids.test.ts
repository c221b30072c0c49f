import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import {
  licenseWatcherApp,
  readable,
  synthesized,
  type Synthesized,
} from '../support/synthesized.ts';

const app = licenseWatcherApp({
  sellerEmail: 'seller@example.com',
  operationsEmail: 'operations@example.com',
});

/** Properties that name a resource for good: another value is another resource. */
const NAME_PROPERTIES = [
  'TableName',
  'TopicName',
  'QueueName',
  'RoleName',
  'FunctionName',
  'BucketName',
  'Name',
  'Path',
];

/** `Type LogicalId`, and the physical names and paths that are set, a line each. */
function idsOf({ resources, outputs }: Synthesized): readonly string[] {
  const ids = Object.entries(resources).map(([id, { Type, Properties = {} }]) => {
    const names = NAME_PROPERTIES.filter((property) => property in Properties).map(
      (property) => ` ${property}=${String(readable(Properties[property]))}`,
    );
    return `${Type} ${id}${names.join('')}`;
  });
  return [...ids, ...Object.keys(outputs).map((id) => `Output ${id}`)].toSorted();
}

/**
 * A logical ID that changes replaces its resource: a table is orphaned, a buyer's role is made anew. A resource may be added or
 * taken away on purpose, in a change that says so; a refactoring leaves these files alone.
 */
it.each(['watcher', 'buyer'] as const)(
  'logical IDs and physical names of the %s stack stay',
  (stack) => {
    const pinned = readFileSync(join(import.meta.dirname, `pinned-ids.${stack}.txt`), 'utf8');
    expect(idsOf(synthesized(app[stack])).join('\n')).toBe(pinned.trimEnd());
  },
);
