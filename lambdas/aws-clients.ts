import { setTimeout } from 'node:timers/promises';
import { connections } from '../lib/aws/connections.ts';
import { documentCalls } from '../lib/aws/dynamodb/documents.ts';
import { atMostTwice, type CallMeans, type Pacing, signedCalls } from '../lib/aws/signed-call.ts';
import { SQS_ERRORS } from '../lib/aws/sqs.ts';

/** Every function calls AWS in its environment, over connections that stay open between invocations. */
export const calling: CallMeans = {
  environment: process.env,
  send: connections(),
  now: () => Date.now(),
};

export const pacing: Pacing = {
  random: () => Math.random(),
  pause: (milliseconds, signal) => setTimeout(milliseconds, undefined, { signal }),
};

/** The seller's tables. */
export const dynamoDb = (send = calling.send) =>
  documentCalls(signedCalls('dynamodb', { ...calling, send })(), pacing);

/** The seller's queues. A message whose answer was lost is sent again: every reader may get a message twice. */
export const sqs = () => atMostTwice(SQS_ERRORS, signedCalls('sqs', calling)(), pacing);
