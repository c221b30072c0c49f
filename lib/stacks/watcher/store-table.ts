import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import {
  AttributeType,
  BillingMode,
  ProjectionType,
  Table,
  type Attribute,
} from 'aws-cdk-lib/aws-dynamodb';
import { PolicyDocument, PolicyStatement, AnyPrincipal, Effect } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { AUDIT_TABLE } from './table-shapes.ts';
import { allow, type Binding, functionRoleArn } from './access.ts';
import type { FunctionName } from '../../messages/names.ts';

export interface StoreTableProps {
  /** Named, so that a re-created stack finds the retained table again: see docs/runbook.md. */
  readonly tableName: string;
  readonly shape: typeof AUDIT_TABLE;
  readonly resourcePolicy?: PolicyDocument;
}

/** What a function does to a table: actions on the table itself, indexes that it queries. */
export interface TableAccess {
  readonly actions: readonly `dynamodb:${string}`[];
  readonly indexes?: readonly string[];
  /** The only partitions that it queries. A `*` at the end matches all that begin so. */
  readonly partitions?: readonly string[];
}

/** What a person reads with: `PartiQLSelect` without a key is a scan, which is allowed by its own name as well. */
const READING = ['dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:Scan', 'dynamodb:PartiQLSelect'];
const READING_INDEXES = ['dynamodb:Query', 'dynamodb:PartiQLSelect'];

/** A table in the shape that the store relies on. It outlives its stack, whatever happens to that. */
export class StoreTable extends Construct {
  readonly #table: Table;
  readonly #indexes: readonly string[];

  constructor(scope: Construct, id: string, { tableName, shape, resourcePolicy }: StoreTableProps) {
    super(scope, id);
    this.#table = new Table(this, 'Table', {
      tableName,
      partitionKey: text(shape.partition),
      sortKey: text(shape.sort),
      billingMode: BillingMode.PAY_PER_REQUEST,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN,
      ...(shape.expiry === null ? {} : { timeToLiveAttribute: shape.expiry }),
      ...(resourcePolicy === undefined ? {} : { resourcePolicy }),
    });
    this.#indexes = [...shape.indexes, ...shape.localIndexes].map(
      ({ name }) => `${this.#table.tableArn}/index/${name}`,
    );
    for (const { name, sort } of shape.localIndexes)
      this.#table.addLocalSecondaryIndex({ indexName: name, sortKey: text(sort) });
    for (const { name, partition, sort, projected } of shape.indexes) {
      this.#table.addGlobalSecondaryIndex({
        indexName: name,
        partitionKey: text(partition),
        sortKey: text(sort),
        ...(projected === 'all'
          ? { projectionType: ProjectionType.ALL }
          : { projectionType: ProjectionType.INCLUDE, nonKeyAttributes: [...projected] }),
      });
    }
  }

  get tableName(): string {
    return this.#table.tableName;
  }

  /** A transaction is authorized as its single actions: there is no action `TransactWriteItems`. */
  user(sid: string, { actions, indexes = [], partitions = [] }: TableAccess): Binding {
    const table = allow(sid, actions, [this.#table.tableArn]);
    const arns = indexes.map((name) => `${this.#table.tableArn}/index/${name}`);
    const queries = arns.length === 0 ? [] : [allow(`${sid}Indexes`, ['dynamodb:Query'], arns)];
    const some =
      partitions.length === 0
        ? []
        : [
            allow(`${sid}Partitions`, ['dynamodb:Query'], [this.#table.tableArn], {
              'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': [...partitions] },
              // Without it a call that names no key would satisfy the condition.
              Null: { 'dynamodb:LeadingKeys': 'false' },
            }),
          ];
    return { value: this.tableName, statements: [table, ...some, ...queries] };
  }

  /** For people: reads everything in the table and its indexes, and writes nothing. */
  reader(sid: string, more: readonly `dynamodb:${string}`[] = []): readonly PolicyStatement[] {
    const table = allow(sid, [...READING, ...more], [this.#table.tableArn]);
    return [table, allow(`${sid}Indexes`, READING_INDEXES, this.#indexes)];
  }
}

function text(name: string): Attribute {
  return { name, type: AttributeType.STRING };
}

/** The actions that could rewrite the past: on single items, in batches, by PartiQL, or by letting DynamoDB expire it. */
const REWRITING = [
  'dynamodb:UpdateItem',
  'dynamodb:DeleteItem',
  'dynamodb:BatchWriteItem',
  'dynamodb:PartiQLInsert',
  'dynamodb:PartiQLUpdate',
  'dynamodb:PartiQLDelete',
  'dynamodb:UpdateTimeToLive',
];

export interface LedgerPolicyProps {
  readonly tableName: string;
  readonly deployment: string;
  readonly writers: readonly FunctionName[];
}

/**
 * The audit table's own policy: append only, and only by the functions that write it. An explicit deny holds for every
 * principal, administrators included, until somebody removes the policy itself, which CloudTrail shows. The table's ARN is
 * written out because a table cannot refer to itself.
 */
export function ledgerPolicy(
  scope: Construct,
  { tableName, deployment, writers }: LedgerPolicyProps,
): PolicyDocument {
  const stack = Stack.of(scope);
  const table = stack.formatArn({
    service: 'dynamodb',
    resource: 'table',
    resourceName: tableName,
  });
  const deny = { effect: Effect.DENY, principals: [new AnyPrincipal()], resources: [table] };
  return new PolicyDocument({
    statements: [
      new PolicyStatement({ ...deny, sid: 'NobodyRewrites', actions: REWRITING }),
      new PolicyStatement({
        ...deny,
        sid: 'OnlyWritersAppend',
        actions: ['dynamodb:PutItem'],
        conditions: {
          ArnNotEquals: {
            'aws:PrincipalArn': writers.map((writer) =>
              functionRoleArn(stack.account, deployment, writer),
            ),
          },
        },
      }),
    ],
  });
}
