import { setTimeout } from 'node:timers/promises';
import type { SQSBatchResponse } from 'aws-lambda';
import { connections } from '../../lib/aws/connections.ts';
import { dynamoDbAgreementSteps, listAgreements } from '../../lib/aws/dynamodb/agreement-book.ts';
import { dynamoDbBuyerBook } from '../../lib/aws/dynamodb/buyer-book.ts';
import { dynamoDbContractReader } from '../../lib/aws/dynamodb/contract-book.ts';
import { dynamoDbLastSeen } from '../../lib/aws/dynamodb/last-seen-book.ts';
import { dynamoDbMatterBook } from '../../lib/aws/dynamodb/matter-book.ts';
import { dynamoDbNoticeBook } from '../../lib/aws/dynamodb/notice-book.ts';
import { endingContracts, entryOutlines } from '../../lib/aws/dynamodb/by-month.ts';
import { dynamoDbReachabilityBook } from '../../lib/aws/dynamodb/reachability-book.ts';
import { dynamoDbToldTicks } from '../../lib/aws/dynamodb/tick-book.ts';
import { tablesOf } from '../../lib/aws/dynamodb/table-access.ts';
import { eventBridgeBus } from '../../lib/aws/event-bus.ts';
import { snsTopics } from '../../lib/aws/sns.ts';
import { signedCalls } from '../../lib/aws/signed-call.ts';
import { plainQueue } from '../../lib/aws/sqs.ts';
import { instant } from '../../lib/domain/time.ts';
import { isQueueEvent, readRequest, eachRecord } from '../../lib/observability/events.ts';
import { lambdaHandler, createObservability } from '../../lib/observability/handler.ts';
import { simulateRequest, type SimulateAnswer } from '../../lib/messages/simulation-request.ts';
import { readEnvironment, readSettings } from '../../lib/messages/settings.ts';
import { METRICS } from '../../lib/messages/names.ts';
import { sendNotices as sendNoticesMessage } from '../../lib/messages/send-notices.ts';
import { calling, dynamoDb, sqs } from '../aws-clients.ts';
import type { Dependencies } from './dependencies.ts';
import { env } from './env.ts';
import { MAIL_INTERVAL, mailInterval } from './mail-interval.ts';
import { tellUnreadable } from './pending-notices.ts';
import { receiveNotices } from './send-notices.ts';
import { simulate } from './simulate.ts';
import { sha256 } from '../../lib/aws/text.ts';

const settings = readSettings();
const environment = readEnvironment(env, process.env);
const observability = createObservability('send-notices', settings.deployment);
const queues = sqs();
/** This many reads run at once, for 25 buyers or 40 notices of a digest. With the usual 50 connections they would queue. */
const TABLE_CONNECTIONS = 128;
const tables = tablesOf(
  dynamoDb(connections(undefined, { maxSockets: TABLE_CONNECTIONS })),
  {
    watchTableName: environment.WATCH_TABLE_NAME,
    auditTableName: environment.AUDIT_TABLE_NAME,
  },
  (item) => {
    tellUnreadable(item, observability);
  },
);
const dependencies: Omit<Dependencies, 'remainingMilliseconds'> = {
  buyers: dynamoDbBuyerBook(tables),
  agreements: { ...dynamoDbAgreementSteps(tables), all: listAgreements(tables) },
  matters: dynamoDbMatterBook(tables),
  contracts: dynamoDbContractReader(tables),
  lastSeen: dynamoDbLastSeen(tables),
  reachability: dynamoDbReachabilityBook(tables),
  notices: dynamoDbNoticeBook(tables),
  ticks: dynamoDbToldTicks(tables),
  pipeline: { ending: endingContracts(tables), outlines: entryOutlines(tables) },
  settings,
  topics: snsTopics(signedCalls('sns', calling)()),
  sellerTopicArn: environment.SELLER_TOPIC_ARN,
  operationsTopicArn: environment.OPERATIONS_TOPIC_ARN,
  bus: eventBridgeBus(signedCalls('events', calling)(), environment.EVENT_BUS_NAME),
  sha256,
  now: () => instant(Date.now()),
  untilNextMail: mailInterval(MAIL_INTERVAL, {
    now: () => Date.now(),
    pause: (milliseconds) => setTimeout(milliseconds),
  }),
  comeAgain: (handle) => plainQueue(queues, environment.NOTICES_QUEUE_URL).hide(handle, 0),
  sendCheck: plainQueue(queues, environment.CHECKS_QUEUE_URL).send,
  log: observability.log,
  meter: observability.meter,
};

export const handler = lambdaHandler(
  observability,
  (event: unknown, context, signal): Promise<SQSBatchResponse | SimulateAnswer> =>
    isQueueEvent(event)
      ? eachRecord(
          event,
          sendNoticesMessage,
          { ...observability, failures: METRICS.noticesFailed },
          signal,
          (received) =>
            receiveNotices(received, {
              ...dependencies,
              remainingMilliseconds: () => context.getRemainingTimeInMillis(),
            }),
        )
      : simulate(readRequest(event, simulateRequest, 'send-notices'), dependencies),
);
