import { Stack } from 'aws-cdk-lib';
import { AnyPrincipal, Effect, PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { WatcherFunction } from '../../messages/names.ts';
import { functionRoleArn } from './function-role-arn.ts';

/** Nobody rewrites the past: by single items, in batches, by PartiQL, nor by letting DynamoDB expire it. */
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
  readonly writers: readonly WatcherFunction[];
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
