import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';
import { CLIENT_SETTINGS } from '../../lib/aws/client-settings.ts';
import { dynamoDbWatchStore } from '../../lib/aws/dynamodb/dynamodb-watch-store.ts';
import { sendEveryMessage } from '../../lib/aws/sqs.ts';
import { instant } from '../../lib/domain/time.ts';
import { lambdaHandler, createObservability } from '../../lib/observability/handler.ts';
import { readEnvironment, readSettings } from '../../lib/messages/settings.ts';
import { env } from './env.ts';
import { startSweep } from './start-sweep.ts';

const settings = readSettings();
const environment = readEnvironment(env, process.env);
const observability = createObservability('start-sweep', settings.deployment);
const store = dynamoDbWatchStore(new DynamoDBClient(CLIENT_SETTINGS), {
  watchTableName: environment.WATCH_TABLE_NAME,
});
const sqs = new SQSClient(CLIENT_SETTINGS);

export const handler = lambdaHandler(observability, (event: unknown) =>
  startSweep(event, {
    ...store,
    ...observability,
    settings,
    sendChecks: (messages) => sendEveryMessage(sqs, environment.CHECKS_QUEUE_URL, messages),
    sendNotices: (messages) => sendEveryMessage(sqs, environment.NOTICES_QUEUE_URL, messages),
    now: () => instant(Date.now()),
  }),
);
