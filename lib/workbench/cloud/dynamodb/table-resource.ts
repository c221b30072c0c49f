import { isDeepStrictEqual } from 'node:util';
import type { PolicyDocument } from '../authorizer.ts';
import { AwsFault } from '../fault.ts';
import type { CreatedResource, Properties, ResourceContext, ResourceHandler } from '../resource.ts';
import type { EngineClient } from './engine-client.ts';
import { engineName, tableArn, type Table, type TableId, type Tables } from './tables.ts';

/** Given to the engine at creation; a change of one of these replaces the table. */
const FIXED = ['KeySchema', 'LocalSecondaryIndexes', 'TableName'];

/**
 * AWS::DynamoDB::Table: `Ref` is its name. Encryption, table class, tags and throughput decide nothing here and are not kept;
 * time to live is kept and expires nothing.
 */
export function tableResource({
  tables,
  engine,
}: {
  tables: Tables;
  engine: EngineClient;
}): ResourceHandler {
  return {
    type: 'AWS::DynamoDB::Table',
    properties: [
      ...FIXED,
      'AttributeDefinitions',
      'BillingMode',
      'DeletionProtectionEnabled',
      'GlobalSecondaryIndexes',
      'PointInTimeRecoverySpecification',
      'ProvisionedThroughput',
      'ResourcePolicy',
      'SSESpecification',
      'TableClass',
      'Tags',
      'TimeToLiveSpecification',
    ],
    create: (properties, context) => create(properties, context, tables, engine),
    update: async (properties, current, previous, context) => {
      if (FIXED.some((name) => !isDeepStrictEqual(properties[name], previous[name]))) {
        requireRenamed(properties, previous);
        return create(properties, context, tables, engine);
      }
      const id = idOf(current.physicalId, context);
      const change = indexChange(properties, previous);
      if (change !== undefined) {
        await engine.require('UpdateTable', { TableName: engineName(id), ...change });
        await engine.active(engineName(id));
      }
      tables.keep(tableOf(id, properties, context));
      return current;
    },
    remove: async (current, _properties, context) => {
      const id = idOf(current.physicalId, context);
      const table = tables.find(id);
      if (table === undefined) return;
      if (table.deletionProtection)
        throw new AwsFault(
          'ValidationException',
          `Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first. (table ${id.name})`,
        );
      await engine.require('DeleteTable', { TableName: engineName(id) });
      tables.forget(id);
    },
  };
}

async function create(
  properties: Properties,
  context: ResourceContext,
  tables: Tables,
  engine: EngineClient,
): Promise<CreatedResource> {
  const { TableName: given } = properties as { TableName?: string };
  const id = idOf(given ?? context.generatedName(255), context);
  if (tables.find(id) !== undefined)
    throw new AwsFault(
      'AlreadyExists',
      `Resource of type 'AWS::DynamoDB::Table' with identifier '${id.name}' already exists.`,
    );
  const indexes = properties['GlobalSecondaryIndexes'] as readonly Properties[] | undefined;
  await engine.require('CreateTable', {
    TableName: engineName(id),
    // Capacity is not reproduced, so that no engine refuses what it would throttle.
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: properties['AttributeDefinitions'],
    KeySchema: properties['KeySchema'],
    LocalSecondaryIndexes: properties['LocalSecondaryIndexes'],
    GlobalSecondaryIndexes: indexes?.map(withoutThroughput),
  });
  await engine.active(engineName(id));
  const table = tableOf(id, properties, context);
  tables.keep(table);
  return { physicalId: id.name, attributes: { Arn: table.arn } };
}

/** CloudFormation creates the new table before it removes the old one: a given name stands in the way. */
function requireRenamed(properties: Properties, previous: Properties): void {
  const { TableName: name } = properties as { TableName?: string };
  if (name === undefined || name !== previous['TableName']) return;
  throw new AwsFault(
    'ValidationError',
    `CloudFormation cannot update a stack when a custom-named resource requires replacing. Rename ${name} and update the stack again.`,
  );
}

function tableOf(id: TableId, properties: Properties, { partition }: ResourceContext): Table {
  const p = properties as {
    readonly ResourcePolicy?: { readonly PolicyDocument: PolicyDocument };
    readonly DeletionProtectionEnabled?: boolean | string;
    readonly PointInTimeRecoverySpecification?: {
      readonly PointInTimeRecoveryEnabled?: boolean | string;
    };
    readonly TimeToLiveSpecification?: {
      readonly AttributeName?: string;
      readonly Enabled: boolean | string;
    };
  };
  const ttl = p.TimeToLiveSpecification;
  return {
    ...id,
    arn: tableArn(id, partition),
    resourcePolicy: p.ResourcePolicy?.PolicyDocument,
    deletionProtection: isTrue(p.DeletionProtectionEnabled),
    pointInTimeRecovery: isTrue(p.PointInTimeRecoverySpecification?.PointInTimeRecoveryEnabled),
    timeToLiveAttribute: isTrue(ttl?.Enabled) ? ttl?.AttributeName : undefined,
  };
}

function idOf(name: string, { accountId, region }: ResourceContext): TableId {
  return { accountId, region, name };
}

/** Templates may write booleans as text. */
function isTrue(value: boolean | string | undefined): boolean {
  return value === true || value === 'true';
}

interface Index {
  readonly IndexName: string;
  readonly [member: string]: unknown;
}

/** The engine's `UpdateTable` for a change of the secondary indexes; undefined where there is none. AWS takes one at a time. */
function indexChange(properties: Properties, previous: Properties): object | undefined {
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
function withoutThroughput(
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
