import { dynamoDbBuyerCount } from '../../lib/aws/dynamodb/buyer-book.ts';
import { dynamoDbLastSeenBook } from '../../lib/aws/dynamodb/last-seen-book.ts';
import { dynamoDbNoticeBook } from '../../lib/aws/dynamodb/notice-book.ts';
import { tablesOf } from '../../lib/aws/dynamodb/table-access.ts';
import { dynamoDbTickBook } from '../../lib/aws/dynamodb/tick-book.ts';
import { sendEveryMessage } from '../../lib/aws/sqs.ts';
import { instant } from '../../lib/domain/time.ts';
import {
  lambdaHandler,
  createObservability,
  logUnreadable,
} from '../../lib/observability/handler.ts';
import { readEnvironment, readSettings } from '../../lib/messages/settings.ts';
import { dynamoDb, sqs } from '../aws-clients.ts';
import { env } from './env.ts';
import { startSweep } from './start-sweep.ts';

const settings = readSettings();
const environment = readEnvironment(env, process.env);
const observability = createObservability('start-sweep', settings.deployment);
const tables = tablesOf(
  dynamoDb(),
  { watchTableName: environment.WATCH_TABLE_NAME },
  logUnreadable(observability.log),
);
const queues = sqs();

export const handler = lambdaHandler(observability, (event: unknown) =>
  startSweep(event, {
    ...observability,
    settings,
    buyers: dynamoDbBuyerCount(tables),
    lastSeen: dynamoDbLastSeenBook(tables),
    notices: dynamoDbNoticeBook(tables),
    ticks: dynamoDbTickBook(tables),
    sendChecks: (messages) => sendEveryMessage(queues, environment.CHECKS_QUEUE_URL, messages),
    sendNotices: (messages) => sendEveryMessage(queues, environment.NOTICES_QUEUE_URL, messages),
    now: () => instant(Date.now()),
  }),
);
