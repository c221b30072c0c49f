import { Aws, Stack, Validations } from 'aws-cdk-lib';
import { ManagedPolicy } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { allow } from './access.ts';
import type { WatcherStores } from './watcher-stores.ts';

export interface ReaderPolicyProps {
  readonly stores: WatcherStores;
}

/**
 * For staff who look and change nothing: permits what the reading commands need, and the same by AWS CLI and PartiQL. The stack attaches it
 * to nobody. It shows the ExternalIds in the watch table, as every reader of that table sees them: docs/audit-table.md says why this is no
 * harm.
 */
export class ReaderPolicy extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, { stores }: ReaderPolicyProps) {
    super(scope, id);
    const { region, stackName } = Stack.of(this);
    // If a stack is requested by name, CloudFormation asks IAM by that name, so its unique ID cannot be used here.
    const stack = `arn:${Aws.PARTITION}:cloudformation:${region}:${Aws.ACCOUNT_ID}:stack/${stackName}/*`;
    const policy = new ManagedPolicy(this, 'Policy', {
      description: 'Reads what the License Watcher knows and recorded; changes nothing.',
      statements: [
        // DescribeTable: a scan is split by the size of the table, and an export says what it will read before it does.
        ...stores.audit.reader('ReadLedger', ['dynamodb:DescribeTable']),
        ...stores.watch.reader('ReadWatch', ['dynamodb:DescribeTable']),
        allow('FindWatcher', ['cloudformation:DescribeStacks'], [stack]),
      ],
    });
    Validations.of(policy).acknowledge({
      id: `AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:cloudformation:${region}:<AWS::AccountId>:stack/${stackName}/*]`,
      reason: 'A stack’s ARN ends with an ID that differs each time a stack of this name is made.',
    });
    this.arn = policy.managedPolicyArn;
  }
}
