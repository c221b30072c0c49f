import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Aws, Stack, Validations } from 'aws-cdk-lib';
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { Settings } from '../../../messages/settings.ts';
import type { WatcherQueues } from '../watcher-queues.ts';
import type { WatcherStores } from '../watcher-stores.ts';
import { READING_ROLE_PATH } from '../../../messages/names.ts';
import { allow } from '../access.ts';
import { NOTICE_TOPIC_ID } from '../../buyer/notice-topic.ts';

/** The resources that every function may use. */
export interface SharedResources {
  readonly settings: Settings;
  readonly stores: WatcherStores;
  readonly queues: WatcherQueues;
  readonly operations: ITopic;
}

// How far the watcher reaches into buyers' accounts. Each pattern comes with the words that acknowledge its wildcard.

/** Allows any account: invitations decide who is watched, and each role's own trust decides who may assume it. */
export function assumeReadingRoles(scope: Construct): PolicyStatement {
  const roles = `iam::*:role${READING_ROLE_PATH}*`;
  acknowledgeWildcard(
    scope,
    roles,
    'Buyers come and go without a deployment. Only roles under the path of the buyer stack, and each trusts the watcher by ExternalId.',
  );
  return allow('AssumeReadingRoles', ['sts:AssumeRole'], [`arn:${Aws.PARTITION}:${roles}`]);
}

/**
 * Allows any account: CloudFormation names a topic `<stack>-<logical ID>-<random>`, which tells the buyers' topics from all others. Across
 * accounts both sides must allow: each topic's own policy names the watcher.
 */
export function useNoticeTopics(
  scope: Construct,
  sid: string,
  actions: readonly `sns:${string}`[],
): PolicyStatement {
  const topics = `sns:${Stack.of(scope).region}:*:*-${NOTICE_TOPIC_ID}-*`;
  acknowledgeWildcard(
    scope,
    topics,
    'Buyers come and go without a deployment. Only topics that a buyer stack made, and each names the watcher in its own policy.',
  );
  return allow(sid, actions, [`arn:${Aws.PARTITION}:${topics}`]);
}

/** For the roles inside `scope`, and for this one pattern. */
function acknowledgeWildcard(scope: Construct, pattern: string, reason: string): void {
  Validations.of(scope).acknowledge({
    id: `AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:${pattern}]`,
    reason,
  });
}
