import { responseAddress, deliverAnswer } from '../../lib/aws/cloudformation-response.ts';
import { dynamoDbBuyerBook, dynamoDbEnrolmentBook } from '../../lib/aws/dynamodb/buyer-book.ts';
import { dynamoDbContractBook } from '../../lib/aws/dynamodb/contract-book.ts';
import { dynamoDbLastSeen } from '../../lib/aws/dynamodb/last-seen-book.ts';
import { dynamoDbTickBook } from '../../lib/aws/dynamodb/tick-book.ts';
import { tablesOf } from '../../lib/aws/dynamodb/table-access.ts';
import { regionOf } from '../../lib/aws/endpoints.ts';
import { signedCalls } from '../../lib/aws/signed-call.ts';
import { plainQueue } from '../../lib/aws/sqs.ts';
import { openRoles, sameSecret } from '../../lib/aws/registration-role.ts';
import { snsTopics } from '../../lib/aws/sns.ts';
import * as MESSAGES from '../../lib/observability/message-codes.ts';
import { isQueueEvent, readRequest } from '../../lib/observability/events.ts';
import {
  lambdaHandler,
  createObservability,
  logUnreadable,
} from '../../lib/observability/handler.ts';
import { registrationRequest } from '../../lib/messages/registration-request.ts';
import { readEnvironment, readSettings } from '../../lib/messages/settings.ts';
import { READING_ROLE_PATH } from '../../lib/messages/names.ts';
import { calling, dynamoDb, pacing, sqs } from '../aws-clients.ts';
import { answerRequest } from './answer-request.ts';
import type { RegisterBuyerDependencies } from './dependencies.ts';
import { env } from './env.ts';
import { registerBuyers, type BatchResponse } from './register-buyer.ts';
import { sha256 } from '../../lib/aws/text.ts';

const environment = readEnvironment(env, process.env);
const { deployment, products, openEnrolment } = readSettings();
const observability = createObservability('register-buyer', deployment);
const region = regionOf(process.env);
const tables = tablesOf(
  dynamoDb(),
  {
    watchTableName: environment.WATCH_TABLE_NAME,
    auditTableName: environment.AUDIT_TABLE_NAME,
  },
  logUnreadable(observability.log),
);
const now = () => Date.now();
const queues = sqs();

const dependencies: RegisterBuyerDependencies = {
  policy: { deployment, region, readingRolePath: READING_ROLE_PATH, sameSecret, openEnrolment },
  products,
  buyers: dynamoDbBuyerBook(tables),
  contracts: dynamoDbContractBook(tables),
  lastSeen: dynamoDbLastSeen(tables),
  ticks: dynamoDbTickBook(tables),
  enrolments: dynamoDbEnrolmentBook(tables),
  openRole: openRoles({
    sts: signedCalls('sts', calling)(),
    licenseManager: signedCalls('license-manager', calling),
    topics: snsTopics(signedCalls('sns', calling)()),
    pacing,
    limit: (milliseconds) => AbortSignal.timeout(milliseconds),
    report: (report, { buyerAccountId, productId }) => {
      if (report.kind !== 'check-in-failed') return;
      const { entitlementName, unit, error: problem } = report;
      observability.log.error(MESSAGES.checkInFailed, {
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
  queueCheck: plainQueue(queues, environment.CHECKS_QUEUE_URL).send,
  postpone: plainQueue(queues, environment.REGISTRATIONS_QUEUE_URL).hide,
  log: observability.log,
  meter: observability.meter,
  now,
  sha256,
};

export const handler = lambdaHandler(
  observability,
  async (
    event: unknown,
    context,
  ): Promise<BatchResponse | Awaited<ReturnType<typeof answerRequest>>> => {
    if (isQueueEvent(event)) return registerBuyers(event.Records, dependencies);
    const request = readRequest(event, registrationRequest, 'register-buyer');
    const [, partition = ''] = context.invokedFunctionArn.split(':');
    return answerRequest(request, { requestId: context.awsRequestId, partition }, dependencies);
  },
);
