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

/** Notices read, claimed, put and marked side by side: at 100 ms a call some 80 events a second. */
const WIDTH = 4 * MOST_EVENTS;
/** No more notices are claimed with less time left: what is in flight must come to its mark. */
const LEAST_MILLISECONDS = 15_000;

interface Ready extends Claimed {
  readonly event: BusEvent;
}

type Refusal = Pick<Extract<PutOutcome, { kind: 'refused' }>, 'reason' | 'forItself'>;

const UNTOLD: Refusal = { reason: 'the bus did not say what became of it', forItself: false };

/**
 * Puts on the event bus what is due there, the urgent first. What the bus does not take stays due and is the next tick's; where it takes
 * nothing, no more is tried, unless the events themselves are the cause: others must not wait for them for ever. Nobody else's news waits
 * for the bus: it comes by a message of its own. False: the time did not suffice.
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

/** Answers with why the bus did not take some: those stay claimed, and come again when the claim is over. */
async function putBatch(
  batch: readonly Ready[],
  errors: unknown[],
  dependencies: Dependencies,
): Promise<readonly Refusal[]> {
  const { bus, notices, now, log } = dependencies;
  const outcomes = await bus.put(batch.map(({ event }) => event));
  const refused: Refusal[] = [];
  // One event that is not valid has the whole request refused: alone it keeps back none of its neighbors.
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
      const settled = await notices.settle(told.notice, next, null);
      const keys = { contract, entry, detailType: event.detailType, eventId };
      if (settled) log.info(MESSAGES.eventPut, keys);
      else log.warn(MESSAGES.settleLost, { contract, entry, audience, messageId: eventId });
    });
  }
  return refused;
}
