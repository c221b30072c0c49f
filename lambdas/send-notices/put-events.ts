import { dueShards, type Notice } from '../../lib/domain/notice/notice.ts';
import { type BusEvent, MOST_EVENTS, type PutOutcome } from '../../lib/domain/ports.ts';
import { sideBySide } from '../../lib/domain/side-by-side.ts';
import { batchesOf } from '../../lib/messages/batches.ts';
import * as MESSAGES from '../../lib/observability/message-codes.ts';
import { METRICS } from '../../lib/messages/names.ts';
import { type Claimed, claimTrue, digestEntryOf } from './claim-true.ts';
import type { Dependencies } from './dependencies.ts';
import { attempt, failures } from './pending-notices.ts';
import { eventOf } from './publications.ts';

/** The number of notices read, claimed, put and marked side by side: at 100 ms a call, some 80 events a second. */
const WIDTH = 4 * MOST_EVENTS;
/** No more notices are claimed with less time left: those in flight must still be marked. */
const LEAST_MILLISECONDS = 15_000;

interface Ready extends Claimed {
  readonly event: BusEvent;
}

type Refusal = Pick<Extract<PutOutcome, { kind: 'refused' }>, 'reason' | 'forItself'>;

const UNTOLD: Refusal = { reason: 'the bus did not say what became of it', forItself: false };

/**
 * Puts what is due on the event bus, the urgent first. What the bus does not take stays due for the next tick. If the bus takes nothing,
 * this stops, unless the events themselves are the cause: others must not wait for them for ever. No other news waits for the bus, which
 * has a message of its own. False: there was not enough time.
 */
export async function putEvents(dependencies: Dependencies): Promise<boolean> {
  const { notices, now, log, meter, remainingMilliseconds } = dependencies;
  const waiting: Notice[] = [];
  for (const part of dueShards('bus'))
    for await (const notice of notices.due(part, now())) waiting.push(notice);
  const due = waiting.length;
  const errors: unknown[] = [];
  const refused: string[] = [];
  const state: { isOpen: boolean } = { isOpen: true };
  while (state.isOpen && waiting.length > 0 && remainingMilliseconds() >= LEAST_MILLISECONDS) {
    const ready = await readyOf(waiting.splice(0, WIDTH), errors, dependencies);
    await sideBySide(
      batchesOf(ready, ({ event }) => event),
      WIDTH / MOST_EVENTS,
      async (batch) => {
        const refusals = await putBatch(batch, errors, dependencies);
        refused.push(...refusals.map(({ reason }) => reason));
        const tookNone = refusals.length === batch.length;
        if (tookNone && refusals.some(({ forItself }) => !forItself)) state.isOpen = false;
      },
    );
  }
  if (refused.length > 0) {
    meter.measure(METRICS.eventsFailed, refused.length);
    log.warn(MESSAGES.eventsNotPut, {
      refused: refused.length,
      due,
      reasons: [...new Set(refused)].slice(0, 3),
    });
  }
  if (errors.length > 0) throw failures(errors, due, 'events');
  if (state.isOpen && waiting.length > 0) {
    log.info(MESSAGES.noticesLeft, { left: waiting.length, told: due - waiting.length });
    return false;
  }
  return true;
}

async function readyOf(
  due: readonly Notice[],
  errors: unknown[],
  dependencies: Dependencies,
): Promise<readonly Ready[]> {
  const { settings, lastSeen, now } = dependencies;
  const ready = await Promise.all(
    due.map((notice) =>
      attempt(errors, async () => {
        const [claimed, seenAt] = await Promise.all([
          claimTrue(notice, dependencies),
          settings.slack ? lastSeen.of(notice.contract) : null,
        ]);
        if (claimed === undefined) return undefined;
        const shown = settings.slack
          ? await digestEntryOf(claimed, seenAt, dependencies)
          : undefined;
        return { ...claimed, event: eventOf(claimed.told, shown, settings, now()) };
      }),
    ),
  );
  return ready.filter((each) => each !== undefined);
}

/** Returns why the bus did not take some events. Those stay claimed, and come again when the claim is over. */
async function putBatch(
  batch: readonly Ready[],
  errors: unknown[],
  dependencies: Dependencies,
): Promise<readonly Refusal[]> {
  const { bus, notices, now, log } = dependencies;
  const outcomes = await bus.put(batch.map(({ event }) => event));
  const refused: Refusal[] = [];
  // One invalid event makes the bus refuse the whole request. Put alone, it does not stop its neighbors.
  if (batch.length > 1 && outcomes.every((each) => each.kind === 'refused' && each.forItself)) {
    for (const each of batch) refused.push(...(await putBatch([each], errors, dependencies)));
    return refused;
  }
  for (const [index, { told, event }] of batch.entries()) {
    const outcome = outcomes[index];
    if (outcome?.kind !== 'accepted') {
      refused.push(outcome ?? UNTOLD);
      continue;
    }
    const { contract, entry, audience } = told.notice;
    const { eventId } = outcome;
    await attempt(errors, async () => {
      const next = { state: 'told', notBefore: now(), reason: `put as ${eventId}` } as const;
      const isMine = await notices.changeState(told.notice, next, null);
      const keys = { contract, entry, detailType: event.detailType, eventId };
      if (isMine) log.info(MESSAGES.eventPut, keys);
      else log.warn(MESSAGES.markLost, { contract, entry, audience, messageId: eventId });
    });
  }
  return refused;
}
