import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SNSClient } from '@aws-sdk/client-sns';
import { CLIENT_SETTINGS } from '../adapters/client-settings.ts';
import { dynamoDbWatchStore } from '../adapters/dynamodb/dynamodb-watch-store.ts';
import { publishRevocation } from '../adapters/registration-topic.ts';
import { watcherStackOutputs } from '../adapters/watcher-stack-outputs.ts';
import type { Connection } from './connection.ts';
import type { Watcher } from './io.ts';

/** Finds the deployed watcher by its stack, in AWS or in the local cloud, with the same clients. */
export async function connect({ deployment, region, profile, local }: Connection): Promise<Watcher> {
  const settings = {
    ...CLIENT_SETTINGS,
    region,
    ...(profile !== undefined && { profile }),
    ...(local !== undefined && { endpoint: local.endpoint, credentials: local.credentials }),
  };
  const stack = await watcherStackOutputs(new CloudFormationClient(settings), deployment, region);
  const { buyers, contracts } = dynamoDbWatchStore(new DynamoDBClient(settings), stack);
  return {
    deployment,
    region,
    sellerAccountId: stack.sellerAccountId,
    productIds: stack.productIds,
    buyers,
    contracts,
    endWatch: (buyerAccountId) =>
      publishRevocation(new SNSClient(settings), stack.registrationTopicArn, buyerAccountId),
  };
}
