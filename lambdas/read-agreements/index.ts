import { setTimeout } from 'node:timers/promises';
import { dynamoDbAgreementBook } from '../../lib/aws/dynamodb/agreement-book.ts';
import { dynamoDbContractBook } from '../../lib/aws/dynamodb/contract-book.ts';
import { dynamoDbMatterBook } from '../../lib/aws/dynamodb/matter-book.ts';
import { tablesOf } from '../../lib/aws/dynamodb/table-access.ts';
import { dynamoDbTickBook } from '../../lib/aws/dynamodb/tick-book.ts';
import { STS_ERRORS } from '../../lib/aws/license-manager/sessions.ts';
import {
  AGREEMENT_ERRORS,
  agreementService,
  agreementTroubleOf,
} from '../../lib/aws/marketplace-agreement/agreement-service.ts';
import { paced } from '../../lib/aws/marketplace-agreement/paced.ts';
import { roleCredentials } from '../../lib/aws/marketplace-agreement/role-credentials.ts';
import { atMostTwice, signedCalls } from '../../lib/aws/signed-call.ts';
import { sendEveryMessage } from '../../lib/aws/sqs.ts';
import { instant } from '../../lib/domain/time.ts';
import {
  lambdaHandler,
  createObservability,
  logUnreadable,
} from '../../lib/observability/handler.ts';
import { readEnvironment, readSettings } from '../../lib/messages/settings.ts';
import { scheduledTick } from '../../lib/messages/scheduled-tick.ts';
import { isQueueEvent } from '../../lib/observability/events.ts';
import type { CheckBuyers } from '../../lib/messages/check-buyers.ts';
import { calling, dynamoDb, pacing, sqs } from '../aws-clients.ts';
import { answerEvents } from './answer-events.ts';
import { env } from './env.ts';
import { readAgreements } from './read-agreements.ts';

/** AWS takes 5 searches, 5 descriptions and 10 readings of terms a second from an account, and others may use that account too. */
const RATE = { perSecond: 4, free: 4 };
/** The only Region of the Agreement service, for everything that AWS sells. */
const AGREEMENTS_REGION = 'us-east-1';

const settings = readSettings();
const environment = readEnvironment(env, process.env);
const observability = createObservability('read-agreements', settings.deployment);
const tables = tablesOf(
  dynamoDb(),
  { watchTableName: environment.WATCH_TABLE_NAME },
  logUnreadable(observability.log),
);
const ticks = dynamoDbTickBook(tables);
const queues = sqs();
const now = () => instant(Date.now());
const { AGREEMENTS_ROLE_ARN: roleArn } = environment;
const agreements = signedCalls('aws-marketplace', {
  ...calling,
  environment: { ...process.env, AWS_REGION: AGREEMENTS_REGION },
})(
  roleArn === ''
    ? undefined
    : roleCredentials(atMostTwice(STS_ERRORS, signedCalls('sts', calling)(), pacing), roleArn, now),
);

export const handler = lambdaHandler(observability, async (event: unknown, context) => {
  const startedAt = performance.now();
  const waiting = {
    elapsed: () => performance.now() - startedAt,
    pause: (milliseconds: number) => setTimeout(milliseconds),
  };
  const dependencies = {
    ...observability,
    agreements: dynamoDbAgreementBook(tables),
    matters: dynamoDbMatterBook(tables),
    contracts: dynamoDbContractBook(tables),
    settings,
    sellerAccountId: environment.SELLER_ACCOUNT_ID,
    service: agreementService(
      atMostTwice(AGREEMENT_ERRORS, agreements, pacing),
      paced(RATE, waiting),
    ),
    troubleOf: agreementTroubleOf,
    sendChecks: (messages: readonly CheckBuyers[]) =>
      sendEveryMessage(
        queues,
        environment.CHECKS_QUEUE_URL,
        messages.map((body) => ({ body, delaySeconds: 0 })),
      ),
    now,
    remainingMilliseconds: () => context.getRemainingTimeInMillis(),
  };
  if (!isQueueEvent(event))
    return readAgreements(scheduledTick(event, now(), 'read-agreements'), dependencies);
  const lastSweep = () => ticks.lastSweep();
  const unkept = await answerEvents(event.Records, { ...dependencies, lastSweep });
  return { batchItemFailures: unkept.map((itemIdentifier) => ({ itemIdentifier })) };
});
