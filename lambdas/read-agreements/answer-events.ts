import type { SQSRecord } from 'aws-lambda';
import { type AgreementEvent, readAgreementEvent } from '../../lib/messages/agreement-event.ts';
import * as MESSAGES from '../../lib/observability/message-codes.ts';
import type { Instant } from '../../lib/domain/time.ts';
import type { Dependencies } from './dependencies.ts';
import { keepMatter } from './read-requests.ts';
import { readAgreements } from './read-agreements.ts';

/**
 * Handles events about agreements: reads what changed now and asks for checks of the buyers, because AWS changes licenses with agreements.
 * It does not matter which events came, how often or in which order. What they say beside the agreements is stored, to be told as what AWS
 * says. Throws if the store or a queue fails; the events then come again.
 */
export async function answerEvents(
  records: readonly Pick<SQSRecord, 'body' | 'messageId'>[],
  dependencies: Dependencies & { readonly lastSweep: () => Promise<{ tick: Instant } | undefined> },
): Promise<void> {
  const { sendChecks, now, log, lastSweep } = dependencies;
  const events = records.flatMap(({ body, messageId }): readonly AgreementEvent[] => {
    const event = readAgreementEvent(body);
    if (event === null) log.warn(MESSAGES.agreementEventUnknown, { messageId });
    return event === null ? [] : [event];
  });
  if (events.length === 0) return;
  for (const { matter } of events) if (matter !== null) await keepMatter(matter, dependencies);
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
}
