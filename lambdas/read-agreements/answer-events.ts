import type { SQSRecord } from 'aws-lambda';
import { type AgreementEvent, readAgreementEvent } from '../../lib/messages/agreement-event.ts';
import * as MESSAGES from '../../lib/observability/message-codes.ts';
import type { Instant } from '../../lib/domain/time.ts';
import type { Dependencies } from './dependencies.ts';
import { keepMatter } from './read-requests.ts';
import { readAgreements } from './read-agreements.ts';

type Received = AgreementEvent & Pick<SQSRecord, 'messageId'>;

/**
 * Handles events about agreements: reads what changed now and asks for checks of the buyers, because AWS changes licenses with agreements.
 * It does not matter which events came, how often or in which order. What they say beside the agreements is stored, to be told as what AWS
 * says. Throws if the store or a queue fails; the events then come again. Returns the message IDs of those that must come again alone: what
 * is stored of what they say cannot be read, and AWS may not list it.
 */
export async function answerEvents(
  records: readonly Pick<SQSRecord, 'body' | 'messageId'>[],
  dependencies: Dependencies & { readonly lastSweep: () => Promise<{ tick: Instant } | undefined> },
): Promise<readonly string[]> {
  const { sendChecks, now, log, lastSweep } = dependencies;
  const events = records.flatMap(({ body, messageId }): readonly Received[] => {
    const event = readAgreementEvent(body);
    if (event === null) log.warn(MESSAGES.agreementEventUnknown, { messageId });
    return event === null ? [] : [{ ...event, messageId }];
  });
  if (events.length === 0) return [];
  const unkept: string[] = [];
  for (const { matter, messageId } of events)
    if (matter !== null && !(await keepMatter(matter, dependencies))) unkept.push(messageId);
  // A look beside the sweeps counts for the sweep before it.
  const tick = (await lastSweep())?.tick ?? now();
  await readAgreements(
    tick,
    dependencies,
    events.some(({ isOfRequest }) => isOfRequest) ? 'request-event' : 'event',
  );
  const buyers = new Map(
    events.flatMap(({ buyerAccountId, requestId }) =>
      buyerAccountId === null ? [] : [[buyerAccountId, requestId ?? tick] as const],
    ),
  );
  await sendChecks(
    [...buyers].map(([buyerAccountId, cause]) => ({
      ...{ format: 1, kind: 'named', tick, visibleAt: now(), buyerAccountId },
      checkId: `event-${cause}`,
    })),
  );
  return unkept;
}
