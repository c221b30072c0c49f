import type { Context, SQSBatchResponse } from 'aws-lambda';
import { randomBytes } from 'node:crypto';
import { identify } from '../../lib/aws/caller-identity.ts';
import { dynamoDbAgreementBook } from '../../lib/aws/dynamodb/agreement-book.ts';
import { dynamoDbBuyerBook } from '../../lib/aws/dynamodb/buyer-book.ts';
import { dynamoDbContractBook } from '../../lib/aws/dynamodb/contract-book.ts';
import { dynamoDbLastSeenBook } from '../../lib/aws/dynamodb/last-seen-book.ts';
import { dynamoDbReachabilityBook } from '../../lib/aws/dynamodb/reachability-book.ts';
import { dynamoDbTickBook } from '../../lib/aws/dynamodb/tick-book.ts';
import { dynamoDbUsageBook } from '../../lib/aws/dynamodb/usage-book.ts';
import { tablesOf } from '../../lib/aws/dynamodb/table-access.ts';
import type { ObserveTools } from '../../lib/aws/license-manager/observe.ts';
import { observingSessions } from '../../lib/aws/license-manager/sessions.ts';
import { startTranscript } from '../../lib/aws/license-manager/transcript.ts';
import { signedCalls, type Credentials } from '../../lib/aws/signed-call.ts';
import { sendEveryMessage, sendMessages } from '../../lib/aws/sqs.ts';
import type { Product } from '../../lib/domain/license/product.ts';
import { instant, type Instant } from '../../lib/domain/time.ts';
import { isQueueEvent, readRequest } from '../../lib/observability/events.ts';
import {
  lambdaHandler,
  createObservability,
  logUnreadable,
} from '../../lib/observability/handler.ts';
import {
  checksRequest,
  type CheckAnswer,
  type NoteAnswer,
  noteBinding,
  type SettingsAnswer,
} from '../../lib/messages/requests.ts';
import type { EnrolmentCheck } from '../../lib/messages/registration.ts';
import * as MESSAGES from '../../lib/observability/message-codes.ts';
import { readEnvironment, readSettings } from '../../lib/messages/settings.ts';
import { calling, dynamoDb, pacing, sqs } from '../aws-clients.ts';
import { answerCheck } from './answer-check.ts';
import { answerNote, type NoteDependencies } from './answer-note.ts';
import { answerSettings } from './answer-settings.ts';
import { checkLicenses } from './check-licenses.ts';
import type { Dependencies } from './dependencies.ts';
import { env } from './env.ts';
import { sha256 } from '../../lib/aws/text.ts';
import type { BuyerToCheck } from '../../lib/domain/registration/buyer.ts';

/** Limits each of a probe's two calls. With the reads' limit, they fit into the time in which no buyer is started. */
const PROBE_CALL_MILLISECONDS = 5_000;

const environment = readEnvironment(env, process.env);
const settings = readSettings();
const observability = createObservability('check-licenses', settings.deployment);
const queues = sqs();
const tables = tablesOf(
  dynamoDb(),
  {
    watchTableName: environment.WATCH_TABLE_NAME,
    auditTableName: environment.AUDIT_TABLE_NAME,
  },
  logUnreadable(observability.log),
);
const books = {
  agreements: dynamoDbAgreementBook(tables),
  buyers: dynamoDbBuyerBook(tables),
  contracts: dynamoDbContractBook(tables),
  lastSeen: dynamoDbLastSeenBook(tables),
  usage: dynamoDbUsageBook(tables),
  reachability: dynamoDbReachabilityBook(tables),
  ticks: dynamoDbTickBook(tables),
};
const sts = signedCalls('sts', calling)();
const licenseManager = signedCalls('license-manager', calling);
const openSession = observingSessions({ sts, licenseManager, pacing, toolsFor });

const dependencies: Omit<Dependencies, 'remainingMilliseconds'> = {
  ...observability,
  settings,
  ...books,
  openSession,
  sendNotices: async (messages) => {
    const unsent = await sendMessages(
      queues,
      environment.NOTICES_QUEUE_URL,
      messages.map((body) => ({ body, delaySeconds: 0 })),
    );
    return unsent.map(({ reason }) => reason);
  },
  checkEnrolments: (buyerAccountIds, at) =>
    sendEveryMessage(
      queues,
      environment.REGISTRATIONS_QUEUE_URL,
      buyerAccountIds.map((buyerAccountId) => ({
        body: { format: 1, kind: 'enrolment', buyerAccountId, at } satisfies EnrolmentCheck,
        delaySeconds: 0,
      })),
    ),
  resend: (body, delaySeconds) =>
    sendEveryMessage(queues, environment.CHECKS_QUEUE_URL, [{ body, delaySeconds }]),
  sha256,
  now,
  limit: (milliseconds) => AbortSignal.timeout(milliseconds),
};

/**
 * The invocation's own signal is not used: a look has its own limit, and so do the calls that must not be cut short (a check-in, a record).
 */
export const handler = lambdaHandler(
  observability,
  (
    event: unknown,
    context,
  ): Promise<SQSBatchResponse | CheckAnswer | NoteAnswer | SettingsAnswer> => {
    const remainingMilliseconds = () => context.getRemainingTimeInMillis();
    return isQueueEvent(event)
      ? checkLicenses(event.Records, { ...dependencies, remainingMilliseconds })
      : answer(event, context, remainingMilliseconds);
  },
);

/** Records its AWS calls. Those of sweeps are not recorded, which costs sweeps nothing. */
async function answer(
  event: unknown,
  { awsRequestId, invokedFunctionArn }: Context,
  remainingMilliseconds: () => number,
): Promise<CheckAnswer | NoteAnswer | SettingsAnswer> {
  const request = readRequest(event, checksRequest, 'check-licenses');
  if (request.request === 'settings') return answerSettings(settings);
  if (request.request === 'note')
    return answerNote(request, {
      ...dependencies,
      contracts: books.contracts,
      ticks: books.ticks,
      ...noteDependencies(invokedFunctionArn),
    });
  const { recording, take } = startTranscript(() => Date.now());
  const recorded = {
    sts: recording('sts', sts),
    licenseManager: (credentials: Credentials) =>
      recording('license-manager', licenseManager(credentials)),
  };
  return answerCheck(request, awsRequestId, {
    ...dependencies,
    remainingMilliseconds,
    ticks: books.ticks,
    openSession: observingSessions({ ...recorded, pacing, toolsFor }),
    takeCalls: take,
  });
}

/** How long to wait for STS to say who signed a note. */
const IDENTITY_MILLISECONDS = 5_000;

function noteDependencies(
  functionArn: string,
): Pick<NoteDependencies, 'identify' | 'bindingOf' | 'newSalt'> {
  const [, , , region = '', sellerAccountId = ''] = functionArn.split(':');
  const place = { deployment: settings.deployment, sellerAccountId, region };
  return {
    bindingOf: (request) => noteBinding(request, place, sha256),
    identify: (signed, binding) =>
      identify(signed, binding, {
        region,
        now: now(),
        fetch: (...call) => fetch(...call),
        limit: AbortSignal.timeout(IDENTITY_MILLISECONDS),
      }),
    newSalt: () => randomBytes(16).toString('hex'),
  };
}

function toolsFor({ buyerAccountId }: BuyerToCheck, { id: productId }: Product): ObserveTools {
  const limit = () => AbortSignal.timeout(PROBE_CALL_MILLISECONDS);
  return {
    now,
    sha256,
    limits: { checkOut: limit, checkIn: limit },
    report: (report) => {
      const { log } = observability;
      if (report.kind === 'check-in-failed') {
        const { entitlementName, unit, error: problem } = report;
        log.error(MESSAGES.checkInFailed, {
          buyerAccountId,
          productId,
          entitlementName,
          unit,
          problem,
        });
      } else if (report.kind === 'usage-unread') {
        const { licenseArn, error: problem } = report;
        log.warn(MESSAGES.usageUnread, { buyerAccountId, productId, licenseArn, problem });
      } else {
        const { licenseArn } = report;
        log.warn(MESSAGES.otherLicenseDrawn, { buyerAccountId, productId, licenseArn });
      }
    },
  };
}

function now(): Instant {
  return instant(Date.now());
}
