import {
  BatchGetItemCommand,
  BatchWriteItemCommand,
  DeleteItemCommand,
  DescribeTableCommand,
  DynamoDBClient,
  ExecuteStatementCommand,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { PolicyDocument } from '../../../../lib/workbench/cloud/authorizer.ts';
import { EngineClient } from '../../../../lib/workbench/cloud/dynamodb/engine-client.ts';
import { dynamoDbService } from '../../../../lib/workbench/cloud/dynamodb/service.ts';
import { tableResource } from '../../../../lib/workbench/cloud/dynamodb/table-resource.ts';
import { onTable } from '../../../../lib/workbench/cloud/dynamodb/table-uses.ts';
import { Tables } from '../../../../lib/workbench/cloud/dynamodb/tables.ts';
import { internalFailure, throttled } from '../../../../lib/workbench/cloud/faults.ts';
import {
  allow,
  BUYER,
  clientOf,
  member,
  openBareCloud,
  policy,
  putResource,
  REGION,
  resourceContext,
  SELLER,
} from '../../../support/bare-cloud.ts';
import { dynamoDbLocal, dynoxide, type RunningEngine } from '../../../support/engines.ts';

const ARN = `arn:aws:dynamodb:${REGION}:${SELLER}:table/audit`;
const SHAPE = {
  KeySchema: [
    { AttributeName: 'contract', KeyType: 'HASH' },
    { AttributeName: 'entry', KeyType: 'RANGE' },
  ],
  AttributeDefinitions: ['contract', 'entry', 'month'].map((AttributeName) => ({
    AttributeName,
    AttributeType: 'S',
  })),
  BillingMode: 'PAY_PER_REQUEST',
  GlobalSecondaryIndexes: [
    {
      IndexName: 'by-month',
      KeySchema: [{ AttributeName: 'month', KeyType: 'HASH' }],
      Projection: { ProjectionType: 'ALL' },
    },
  ],
};
const key = (entry: string) => ({ contract: { S: 'c' }, entry: { S: entry } });

describe.each([dynoxide, dynamoDbLocal])('on $name', (program) => {
  describe.skipIf(program.missing !== null)('the proxy', () => {
    let engine: RunningEngine;
    let client: EngineClient;
    beforeAll(async () => {
      engine = await program.start();
      client = new EngineClient(engine);
    });
    afterAll(() => engine.stop());

    let bare: Awaited<ReturnType<typeof openBareCloud>>;
    let tables: Tables;
    let accounts = 0;
    let roles = 0;
    /** Tables of earlier tests stay in the engine: each test has accounts of its own. */
    let seller: string;
    let other: string;
    beforeEach(async () => {
      accounts += 2;
      seller = String(Number(SELLER) + accounts);
      other = String(Number(BUYER) + accounts);
      tables = new Tables();
      bare = await openBareCloud(({ access }) => [
        dynamoDbService({ tables, engine: client, access }),
      ]);
      return () => bare.front.close();
    });

    function handler() {
      return tableResource({ tables, engine: client });
    }

    async function createTable(properties: Record<string, unknown> = {}, accountId = seller) {
      const all = { ...SHAPE, TableName: 'audit', ...properties };
      return putResource(handler(), all, resourceContext('Audit', accountId));
    }

    function arn(accountId = seller): string {
      return ARN.replace(SELLER, accountId);
    }

    function administrator(accountId = seller) {
      return new DynamoDBClient(clientOf(bare, bare.credentials.root(accountId)));
    }

    /** A client in the session of a fresh role with this policy. */
    function clientWith(document?: PolicyDocument) {
      const name = `role-${(roles += 1)}`;
      const { role } = member(bare.iam, { name, accountId: seller, path: '/watcher/' }, document);
      const session = bare.credentials.session(role, 'session', 3600);
      return Object.assign(new DynamoDBClient(clientOf(bare, session)), { role });
    }

    const denied = (action: string, resource: string) => ({
      name: 'AccessDeniedException',
      message: expect.stringContaining(
        `is not authorized to perform: dynamodb:${action} on resource: ${resource}`,
      ) as string,
    });

    /** The client's overloads take one command at a time, not a union of them. */
    function asOne(command: object): GetItemCommand {
      return command as GetItemCommand;
    }

    describe('keeps apart', () => {
      test('tables of the same name in different accounts', async () => {
        await createTable();
        await createTable({}, other);
        const put = (ddb: DynamoDBClient, month: string) =>
          ddb.send(
            new PutItemCommand({ TableName: 'audit', Item: { ...key('1'), month: { S: month } } }),
          );
        const clients = [administrator(), administrator(other)];
        for (const [index, ddb] of clients.entries()) await put(ddb, String(index));
        const months = await Promise.all(
          clients.map((ddb) => ddb.send(new GetItemCommand({ TableName: 'audit', Key: key('1') }))),
        );
        expect(months.map(({ Item }) => Item?.['month']?.S)).toEqual(['0', '1']);
      });

      test('the engine’s names from the caller’s, in every answer', async () => {
        await createTable();
        const ddb = administrator();
        // An item may hold what looks like an engine's name: it is not touched.
        const lookalike = { S: `${seller}.${REGION}.audit` };
        const written = await ddb.send(
          new PutItemCommand({
            TableName: 'audit',
            Item: { ...key('1'), TableName: lookalike },
            ReturnConsumedCapacity: 'TOTAL',
          }),
        );
        expect(written.ConsumedCapacity?.TableName).toBe('audit');
        const batch = await ddb.send(
          new BatchGetItemCommand({
            RequestItems: { audit: { Keys: [key('1')] } },
            ReturnConsumedCapacity: 'TOTAL',
          }),
        );
        expect(batch.Responses).toEqual({ audit: [{ ...key('1'), TableName: lookalike }] });
        expect(batch.ConsumedCapacity?.[0]?.TableName).toBe('audit');
        const { Table } = await ddb.send(new DescribeTableCommand({ TableName: 'audit' }));
        expect(Table).toMatchObject({ TableName: 'audit', TableArn: arn() });
        expect(Table?.GlobalSecondaryIndexes?.[0]?.IndexArn).toBe(`${arn()}/index/by-month`);
      });
    });

    describe('asks for each action by itself', () => {
      const item = key('1');
      const calls = (index = 'by-month') => ({
        GetItem: new GetItemCommand({ TableName: 'audit', Key: item }),
        PutItem: new PutItemCommand({ TableName: 'audit', Item: item }),
        UpdateItem: new UpdateItemCommand({
          TableName: 'audit',
          Key: item,
          UpdateExpression: 'SET a = :a',
          ExpressionAttributeValues: { ':a': { S: 'a' } },
        }),
        DeleteItem: new DeleteItemCommand({ TableName: 'audit', Key: item }),
        Query: new QueryCommand({
          TableName: 'audit',
          KeyConditionExpression: 'contract = :c',
          ExpressionAttributeValues: { ':c': { S: 'c' } },
        }),
        Scan: new ScanCommand({ TableName: 'audit' }),
        BatchGetItem: new BatchGetItemCommand({ RequestItems: { audit: { Keys: [item] } } }),
        BatchWriteItem: new BatchWriteItemCommand({
          RequestItems: { audit: [{ PutRequest: { Item: item } }] },
        }),
        'PutItem in a transaction': new TransactWriteItemsCommand({
          TransactItems: [{ Put: { TableName: 'audit', Item: item } }],
        }),
        'UpdateItem in a transaction': new TransactWriteItemsCommand({
          TransactItems: [
            {
              Update: {
                TableName: 'audit',
                Key: item,
                UpdateExpression: 'SET a = :a',
                ExpressionAttributeValues: { ':a': { S: 'a' } },
              },
            },
          ],
        }),
        'DeleteItem in a transaction': new TransactWriteItemsCommand({
          TransactItems: [{ Delete: { TableName: 'audit', Key: item } }],
        }),
        'ConditionCheckItem in a transaction': new TransactWriteItemsCommand({
          TransactItems: [
            {
              ConditionCheck: {
                TableName: 'audit',
                Key: item,
                ConditionExpression: 'attribute_not_exists(nothing)',
              },
            },
          ],
        }),
        PartiQLSelect: new ExecuteStatementCommand({ Statement: 'SELECT * FROM "audit"' }),
        PartiQLInsert: new ExecuteStatementCommand({
          Statement: `INSERT INTO "audit" VALUE {'contract': 'c', 'entry': 'partiql'}`,
        }),
        PartiQLUpdate: new ExecuteStatementCommand({
          Statement: `UPDATE "audit" SET a = 'b' WHERE contract = 'c' AND entry = '1'`,
        }),
        PartiQLDelete: new ExecuteStatementCommand({
          Statement: `DELETE FROM "audit" WHERE contract = 'c' AND entry = '1'`,
        }),
        DescribeTable: new DescribeTableCommand({ TableName: 'audit' }),
        'Query of an index': new QueryCommand({
          TableName: 'audit',
          IndexName: index,
          KeyConditionExpression: '#m = :m',
          ExpressionAttributeNames: { '#m': 'month' },
          ExpressionAttributeValues: { ':m': { S: 'm' } },
        }),
        'Scan of an index': new ScanCommand({ TableName: 'audit', IndexName: index }),
        'PartiQLSelect of an index': new ExecuteStatementCommand({
          Statement: `SELECT * FROM "audit"."${index}" WHERE month = 'm'`,
        }),
      });

      test.each(Object.keys(calls()) as (keyof ReturnType<typeof calls>)[])('%s', async (name) => {
        await createTable();
        await administrator().send(
          new PutItemCommand({ TableName: 'audit', Item: { ...item, a: { S: 'before' } } }),
        );
        const [action = ''] = name.split(' ');
        const resource = name.endsWith('of an index') ? `${arn()}/index/by-month` : arn();
        await clientWith(allow(`dynamodb:${action}`, resource)).send(asOne(calls()[name]));

        const others = policy(
          { Effect: 'Allow', Action: 'dynamodb:*', NotResource: resource },
          { Effect: 'Allow', NotAction: `dynamodb:${action}`, Resource: '*' },
        );
        await expect(clientWith(others).send(asOne(calls()[name]))).rejects.toMatchObject(
          denied(action, resource),
        );
      });

      test('a transaction is refused as a whole, and nothing of it is written', async () => {
        await createTable();
        const ddb = clientWith(
          allow(['dynamodb:PutItem', 'dynamodb:ConditionCheckItem', 'dynamodb:GetItem'], arn()),
        );
        const put = { Put: { TableName: 'audit', Item: key('new') } };
        const remove = { Delete: { TableName: 'audit', Key: key('old') } };
        await expect(
          ddb.send(new TransactWriteItemsCommand({ TransactItems: [put, remove] })),
        ).rejects.toMatchObject(denied('DeleteItem', arn()));
        expect(
          (await ddb.send(new GetItemCommand({ TableName: 'audit', Key: key('new') }))).Item,
        ).toBeUndefined();
        await ddb.send(new TransactWriteItemsCommand({ TransactItems: [put] }));
        expect(
          (await ddb.send(new GetItemCommand({ TableName: 'audit', Key: key('new') }))).Item,
        ).toEqual(key('new'));
      });

      test('knows by dynamodb:LeadingKeys which partition is queried', async () => {
        await createTable();
        const some = {
          'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['seen#*'] },
          Null: { 'dynamodb:LeadingKeys': 'false' },
        };
        const ddb = clientWith(allow('dynamodb:Query', arn(), some));
        const query = (partition: string, condition = '#contract = :it') =>
          ddb.send(
            new QueryCommand({
              TableName: 'audit',
              KeyConditionExpression: condition,
              ExpressionAttributeNames: { '#contract': 'contract' },
              ExpressionAttributeValues: { ':it': { S: partition } },
            }),
          );
        await expect(query('seen#3')).resolves.toMatchObject({ Items: [] });
        await expect(query('111122223333')).rejects.toMatchObject(denied('Query', arn()));
        // What cannot be read off the expression is not taken for permitted.
        await expect(query('seen#3', ':it = #contract')).rejects.toMatchObject(
          denied('Query', arn()),
        );
      });

      test('knows by dynamodb:EnclosingOperation what happens in a transaction', async () => {
        await createTable();
        const inside = { StringEquals: { 'dynamodb:EnclosingOperation': 'TransactWriteItems' } };
        const ddb = clientWith(allow('dynamodb:PutItem', arn(), inside));
        const write = { TableName: 'audit', Item: key('1') };
        await ddb.send(new TransactWriteItemsCommand({ TransactItems: [{ Put: write }] }));
        await expect(ddb.send(new PutItemCommand(write))).rejects.toMatchObject(
          denied('PutItem', arn()),
        );
      });
    });

    describe('the table’s own policy', () => {
      const appendOnly = (resource: string, writer: string) => ({
        PolicyDocument: policy(
          {
            Effect: 'Deny',
            Principal: '*',
            Action: [
              'dynamodb:UpdateItem',
              'dynamodb:DeleteItem',
              'dynamodb:BatchWriteItem',
              'dynamodb:PartiQLUpdate',
              'dynamodb:PartiQLDelete',
            ],
            Resource: resource,
          },
          {
            Effect: 'Deny',
            Principal: { AWS: '*' },
            Action: 'dynamodb:PutItem',
            Resource: resource,
            Condition: { ArnNotEquals: { 'aws:PrincipalArn': [writer, `${writer}-2`] } },
          },
        ),
      });

      test('makes it append-only for everybody, and for the writers alone', async () => {
        const writer = clientWith(allow('dynamodb:*', '*'));
        const stranger = clientWith(allow('dynamodb:*', '*'));
        await createTable({ ResourcePolicy: appendOnly(arn(), writer.role.arn) });
        const put = () => new PutItemCommand({ TableName: 'audit', Item: key('1') });
        const remove = () => new DeleteItemCommand({ TableName: 'audit', Key: key('1') });
        await writer.send(put());
        await writer.send(
          new TransactWriteItemsCommand({
            TransactItems: [{ Put: { TableName: 'audit', Item: key('2') } }],
          }),
        );
        for (const ddb of [stranger, administrator()])
          await expect(ddb.send(put())).rejects.toMatchObject(denied('PutItem', arn()));
        for (const ddb of [writer, stranger, administrator()]) {
          await expect(ddb.send(remove())).rejects.toMatchObject({
            message: expect.stringMatching(
              /with an explicit deny in a resource-based policy$/,
            ) as string,
          });
          await expect(
            ddb.send(
              new ExecuteStatementCommand({
                Statement: `DELETE FROM "audit" WHERE contract = 'c' AND entry = '1'`,
              }),
            ),
          ).rejects.toMatchObject(denied('PartiQLDelete', arn()));
        }
        expect((await administrator().send(new ScanCommand({ TableName: 'audit' }))).Count).toBe(2);
      });
    });

    describe('refuses', () => {
      test('a table that is not there, after asking who may know', async () => {
        const get = new GetItemCommand({ TableName: 'nothing', Key: key('1') });
        await expect(administrator().send(get)).rejects.toMatchObject({
          name: 'ResourceNotFoundException',
          message: 'Requested resource not found',
        });
        await expect(clientWith().send(get)).rejects.toMatchObject({
          name: 'AccessDeniedException',
        });
        const byArn = new GetItemCommand({ TableName: arn(), Key: key('1') });
        await expect(administrator().send(byArn)).rejects.toThrow('knows tables by name, got arn:');
      });

      test('what fails in the engine, with the engine’s reasons and the caller’s names', async () => {
        await createTable();
        const ddb = administrator();
        const put = {
          TableName: 'audit',
          Item: key('1'),
          ConditionExpression: 'attribute_not_exists(contract)',
        };
        await ddb.send(new PutItemCommand(put));
        await expect(ddb.send(new PutItemCommand(put))).rejects.toMatchObject({
          name: 'ConditionalCheckFailedException',
        });
        await expect(
          ddb.send(new TransactWriteItemsCommand({ TransactItems: [{ Put: put }] })),
        ).rejects.toMatchObject({
          name: 'TransactionCanceledException',
          CancellationReasons: [expect.objectContaining({ Code: 'ConditionalCheckFailed' })],
        });
        await expect(
          ddb.send(
            new QueryCommand({
              TableName: 'audit',
              IndexName: 'none',
              KeyConditionExpression: 'a = :a',
              ExpressionAttributeValues: { ':a': { S: 'a' } },
            }),
          ),
        ).rejects.toMatchObject({
          name: 'ValidationException',
          message: expect.not.stringContaining(seller) as string,
        });
      });

      test('operations that belong to templates', async () => {
        const { UpdateTableCommand } = await import('@aws-sdk/client-dynamodb');
        await expect(
          administrator().send(new UpdateTableCommand({ TableName: 'audit' })),
        ).rejects.toMatchObject({
          name: 'UnknownOperationException',
          message: expect.stringContaining('the local cloud has no dynamodb:UpdateTable') as string,
        });
      });

      test('what a scenario injects, for one table and action', async () => {
        await createTable();
        await createTable({ TableName: 'watch' });
        const ddb = administrator();
        const put = (TableName: string) =>
          ddb.send(new PutItemCommand({ TableName, Item: key('1') }));
        const end = bare.faults.inject({
          service: 'dynamodb',
          operation: 'PutItem',
          when: onTable('audit'),
          answer: throttled('dynamodb'),
        });
        await put('watch');
        await expect(put('audit')).rejects.toMatchObject({
          name: 'ProvisionedThroughputExceededException',
        });
        end();
        await put('audit');
        bare.faults.inject({
          service: 'dynamodb',
          operation: 'TransactWriteItems',
          when: onTable('audit'),
          answer: internalFailure('dynamodb'),
        });
        await expect(
          ddb.send(
            new TransactWriteItemsCommand({
              TransactItems: [{ Put: { TableName: 'audit', Item: key('2') } }],
            }),
          ),
        ).rejects.toMatchObject({ name: 'InternalServerError' });
      });
    });

    describe('AWS::DynamoDB::Table', () => {
      const context = () => resourceContext('Audit', seller);

      test('answers Ref with its name and Arn, and generates a name', async () => {
        expect(await createTable()).toMatchObject({
          physicalId: 'audit',
          attributes: { Arn: arn() },
        });
        expect((await createTable({ TableName: undefined })).physicalId).toBe('stack-Audit');
      });

      test('refuses the name of a table that exists, and leaves that table alone', async () => {
        await createTable();
        await administrator().send(new PutItemCommand({ TableName: 'audit', Item: key('1') }));
        await expect(createTable()).rejects.toThrow(
          "Resource of type 'AWS::DynamoDB::Table' with identifier 'audit' already exists.",
        );
        expect((await administrator().send(new ScanCommand({ TableName: 'audit' }))).Count).toBe(1);
      });

      test('protects from deletion until it no longer does', async () => {
        const guarded = await createTable({ DeletionProtectionEnabled: true });
        await expect(handler().remove(guarded, context())).rejects.toThrow(
          'protected against deletion',
        );
        const free = { ...guarded.properties, DeletionProtectionEnabled: false };
        await handler().remove(await putResource(handler(), free, context(), guarded), context());
        await expect(
          administrator().send(new ScanCommand({ TableName: 'audit' })),
        ).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
        await createTable();
      });

      test('changes its policy in place, and nothing of its shape', async () => {
        const created = await createTable();
        const Statement = { Effect: 'Deny', Principal: '*', Action: 'dynamodb:Scan' };
        const PolicyDocument = policy({ ...Statement, Resource: arn() });
        const after = { ...created.properties, ResourcePolicy: { PolicyDocument } };
        await putResource(handler(), after, context(), created);
        await expect(
          administrator().send(new ScanCommand({ TableName: 'audit' })),
        ).rejects.toMatchObject(denied('Scan', arn()));
        const other = { ...after, GlobalSecondaryIndexes: [] };
        await expect(putResource(handler(), other, context(), created)).rejects.toThrow(
          'the local cloud changes no GlobalSecondaryIndexes of a table',
        );
      });
    });
  });
});
