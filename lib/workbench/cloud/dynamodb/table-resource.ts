import { isDeepStrictEqual } from 'node:util';
import type { PolicyDocument } from '../authorizer.ts';
import { AwsFault } from '../fault.ts';
import type { CreatedResource, Properties, ResourceContext, ResourceHandler } from '../resource.ts';
import type { EngineClient } from './engine-client.ts';
import { engineName, tableArn, type Table, type TableId, type Tables } from './tables.ts';

/** Properties that the engine gets at creation. */
const SHAPE = [
  'AttributeDefinitions',
  'GlobalSecondaryIndexes',
  'KeySchema',
  'LocalSecondaryIndexes',
  'TableName',
];

/**
 * AWS::DynamoDB::Table: `Ref` is its name. Nothing expires here, and nothing is backed up.
 */
export function tableResource(store: {
  readonly tables: Tables;
  readonly engine: EngineClient;
}): ResourceHandler {
  const { tables, engine } = store;
  return {
    type: 'AWS::DynamoDB::Table',
    properties: `${SHAPE.join(' ')} BillingMode DeletionProtectionEnabled PointInTimeRecoverySpecification ResourcePolicy TimeToLiveSpecification`,
    put: async (properties, context, current) => {
      if (current === undefined) return create(properties, context, tables, engine);
      const changed = SHAPE.find(
        (name) => !isDeepStrictEqual(properties[name], current.properties[name]),
      );
      if (changed !== undefined)
        throw new AwsFault('ValidationError', `the local cloud changes no ${changed} of a table`);
      tables.keep(tableOf(idOf(current.physicalId, context), properties, context));
      return current;
    },
    remove: async (current, context) => {
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
  await engine.require('CreateTable', {
    TableName: engineName(id),
    // Capacity is not reproduced; with it an engine might throttle.
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: properties['AttributeDefinitions'],
    KeySchema: properties['KeySchema'],
    LocalSecondaryIndexes: properties['LocalSecondaryIndexes'],
    GlobalSecondaryIndexes: properties['GlobalSecondaryIndexes'],
  });
  await engine.active(engineName(id));
  const table = tableOf(id, properties, context);
  tables.keep(table);
  return { physicalId: id.name, attributes: { Arn: table.arn } };
}

function tableOf(id: TableId, properties: Properties, { partition }: ResourceContext): Table {
  const { ResourcePolicy: policy, DeletionProtectionEnabled: isProtected } = properties as {
    readonly ResourcePolicy?: { readonly PolicyDocument: PolicyDocument };
    readonly DeletionProtectionEnabled?: boolean | string;
  };
  return {
    ...id,
    arn: tableArn(id, partition),
    resourcePolicy: policy?.PolicyDocument,
    // Templates may write a boolean as text.
    deletionProtection: isProtected === true || isProtected === 'true',
  };
}

function idOf(name: string, { accountId, region }: ResourceContext): TableId {
  return { accountId, region, name };
}
