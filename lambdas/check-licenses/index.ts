import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';
import { STSClient } from '@aws-sdk/client-sts';
import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { createHash } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { CLIENT_SETTINGS, ONE_ATTEMPT } from '../../lib/adapters/client-settings.ts';
import { dynamoDbWatchStore } from '../../lib/adapters/dynamodb/dynamodb-watch-store.ts';
import type { LookTools } from '../../lib/adapters/license-manager/look.ts';
import { lookSessions } from '../../lib/adapters/license-manager/sessions.ts';
import { sendEveryMessage, sendMessages } from '../../lib/adapters/sqs.ts';
import type { Product } from '../../lib/domain/product.ts';
import { instant, type Instant } from '../../lib/domain/time.ts';
import { door, openEyes } from '../../lib/observability/door.ts';
import type { BuyerToCheck } from '../../lib/schemas/check-buyers.ts';
import { readEnvironment } from '../../lib/schemas/environment.ts';
import type { Settings } from '../../lib/schemas/settings.ts';
import { checkLicenses } from './check-licenses.ts';
import type { Dependencies } from './dependencies.ts';
import { env } from './env.ts';
import { logCheck } from './log-reports.ts';

declare const LICENSE_WATCHER_SETTINGS: Settings;

/** Each of a probe's two calls: with the reads' limit they fit into the time in which no buyer is started any more. */
const PROBE_CALL_MILLISECONDS = 5_000;

const { WATCH_TABLE_NAME, AUDIT_TABLE_NAME, NOTICES_QUEUE_URL, CHECKS_QUEUE_URL } = readEnvironment(env, process.env);
const eyes = openEyes('check-licenses', LICENSE_WATCHER_SETTINGS.deployment);
const sqs = new SQSClient(CLIENT_SETTINGS);
const { contracts, ticks } = dynamoDbWatchStore(new DynamoDBClient(CLIENT_SETTINGS), {
  watchTableName: WATCH_TABLE_NAME,
  auditTableName: AUDIT_TABLE_NAME,
});
const openSession = lookSessions({
  sts: new STSClient(ONE_ATTEMPT),
  pacing: { random: Math.random, pause: (milliseconds, signal) => setTimeout(milliseconds, undefined, { signal }) },
  toolsFor,
});

const dependencies: Omit<Dependencies, 'remainingMilliseconds'> = {
  settings: LICENSE_WATCHER_SETTINGS,
  contracts,
  ticks,
  openSession,
  nudge: async (messages) => {
    const unsent = await sendMessages(
      sqs,
      NOTICES_QUEUE_URL,
      messages.map((body) => ({ body, delaySeconds: 0 })),
    );
    return unsent.map(({ reason }) => reason);
  },
  resend: (body, delaySeconds) => sendEveryMessage(sqs, CHECKS_QUEUE_URL, [{ body, delaySeconds }]),
  sha256,
  now,
  limit: (milliseconds) => AbortSignal.timeout(milliseconds),
  measure: (metric, value) => {
    eyes.meter.measure(metric, value);
  },
  report: (report) => {
    logCheck(eyes.log, report);
  },
};

/**
 * The invocation's own signal is not used: a look has its limit, and what must not be cut short (a check-in, a record)
 * has its own.
 */
export const handler = door(eyes, (event: SQSEvent, context: Context): Promise<SQSBatchResponse> =>
  checkLicenses(event.Records, {
    ...dependencies,
    remainingMilliseconds: () => context.getRemainingTimeInMillis(),
  }),
);

function toolsFor({ buyerAccountId }: BuyerToCheck, { id: productId }: Product): LookTools {
  const limit = () => AbortSignal.timeout(PROBE_CALL_MILLISECONDS);
  return {
    now,
    sha256,
    limits: { checkOut: limit, checkIn: limit },
    report: (report) => {
      logCheck(eyes.log, { ...report, buyerAccountId, productId });
    },
  };
}

function now(): Instant {
  return instant(Date.now());
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
