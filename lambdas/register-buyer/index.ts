import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { STSClient } from '@aws-sdk/client-sts';
import { CLIENT_SETTINGS, ONE_ATTEMPT } from '../../lib/aws/client-settings.ts';
import { responseAddress } from '../../lib/aws/cloudformation-response-address.ts';
import { deliverAnswer } from '../../lib/aws/cloudformation-response.ts';
import { dynamoDbWatchStore } from '../../lib/aws/dynamodb/dynamodb-watch-store.ts';
import { registrationQueues } from '../../lib/aws/registration-queues.ts';
import { openRoles } from '../../lib/aws/registration-role.ts';
import { sameSecret } from '../../lib/aws/same-secret.ts';
import { snsTopics } from '../../lib/aws/sns.ts';
import { COMMON_MESSAGES } from '../../lib/observability/common-messages.ts';
import { isQueueEvent, readAsk } from '../../lib/observability/asked.ts';
import { door, openEyes } from '../../lib/observability/door.ts';

import { registrationsAsk } from '../../lib/messages/registrations-asks.ts';
import { readEnvironment } from '../../lib/messages/environment.ts';
import { READING_ROLE_PATH } from '../../lib/messages/names.ts';
import type { Settings } from '../../lib/messages/settings.ts';
import { answerAsk } from './answer-ask.ts';
import type { RegisterBuyerDependencies } from './dependencies.ts';
import { env } from './env.ts';
import { logEvent } from './log-event.ts';
import { registerBuyers, type BatchResponse } from './register-buyer.ts';

/** Compiled into the bundle from the seller's `cdk.json`. */
declare const LICENSE_WATCHER_SETTINGS: Settings;

const environment = readEnvironment(env, process.env);
const { deployment, products, openEnrolment } = LICENSE_WATCHER_SETTINGS;
const eyes = openEyes('register-buyer', deployment);
const sts = new STSClient(ONE_ATTEMPT);
const region = await sts.config.region();
const { buyers, contracts, ticks, enrolments } = dynamoDbWatchStore(
  new DynamoDBClient(CLIENT_SETTINGS),
  {
    watchTableName: environment.WATCH_TABLE_NAME,
    auditTableName: environment.AUDIT_TABLE_NAME,
  },
);
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const now = () => Date.now();

const dependencies: RegisterBuyerDependencies = {
  desk: { deployment, region, readingRolePath: READING_ROLE_PATH, sameSecret, openEnrolment },
  products,
  buyers,
  contracts,
  ticks,
  enrolments,
  openRole: openRoles({
    sts,
    topics: snsTopics(new SNSClient(ONE_ATTEMPT)),
    pacing: {
      random: () => Math.random(),
      pause: (milliseconds, signal) => pause(milliseconds, undefined, { signal }),
    },
    limit: (milliseconds) => AbortSignal.timeout(milliseconds),
    report: (report, { buyerAccountId, productId }) => {
      if (report.kind !== 'check-in-failed') return;
      const { entitlementName, unit, error: problem } = report;
      eyes.log.error(COMMON_MESSAGES.checkInFailed, {
        buyerAccountId,
        productId,
        entitlementName,
        unit,
        problem,
      });
    },
    now,
    sha256,
  }),
  responseAddress: (request) => responseAddress(request, region),
  deliver: (url, request, answer) =>
    deliverAnswer(url, request, answer, (...call) => fetch(...call)),
  ...registrationQueues(new SQSClient(CLIENT_SETTINGS), {
    checks: environment.CHECKS_QUEUE_URL,
    registrations: environment.REGISTRATIONS_QUEUE_URL,
  }),
  report: (event) => {
    logEvent(eyes.log, event);
  },
  now,
  sha256,
};

export const handler = door(
  eyes,
  async (
    event: unknown,
    context,
  ): Promise<BatchResponse | Awaited<ReturnType<typeof answerAsk>>> => {
    if (isQueueEvent(event)) return registerBuyers(event.Records, dependencies);
    const ask = readAsk(event, registrationsAsk, 'register-buyer');
    const [, partition = ''] = context.invokedFunctionArn.split(':');
    return answerAsk(ask, { requestId: context.awsRequestId, partition }, dependencies);
  },
);
