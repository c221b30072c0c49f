import type { EventBus, PutOutcome } from '../domain/ports.ts';
import { cleanText } from '../domain/outside-text.ts';
import { EVENT_SOURCE } from '../messages/names.ts';
import { describe } from './judge.ts';
import type { SignedCall } from './signed-call.ts';

interface PutEventsAnswer {
  readonly FailedEntryCount?: number;
  readonly Entries?: readonly {
    readonly EventId?: string;
    readonly ErrorCode?: string;
    readonly ErrorMessage?: string;
  }[];
}

/** Errors of the event, or of a request's events, and not of the bus or the caller (API reference, PutEventsResultEntry). */
const FOR_THEMSELVES = [
  'InvalidArgument',
  'MalformedDetail',
  'NotAuthorizedForDetailTypeException',
  'RedactionFailure',
  'ValidationException',
];

/** An `EventBus` that calls EventBridge's PutEvents. */
export function eventBridgeBus(call: SignedCall, EventBusName: string): EventBus {
  return {
    put: async (events) => {
      const refusedAll = (reason: string): readonly PutOutcome[] =>
        events.map(() => refused(reason));
      try {
        const { members } = await call('PutEvents', {
          Entries: events.map(({ detailType, detail }) => ({
            EventBusName,
            Source: EVENT_SOURCE,
            DetailType: detailType,
            Detail: JSON.stringify(detail),
          })),
        });
        const { FailedEntryCount, Entries = [] } = members as PutEventsAnswer;
        const outcomes = events.map((_event, index) => outcomeOf(Entries[index]));
        const failed = outcomes.filter(({ kind }) => kind === 'refused').length;
        // An answer that contradicts itself must not pass for success.
        return FailedEntryCount === failed
          ? outcomes
          : refusedAll(
              `EventBridge says that ${FailedEntryCount ?? 'nobody knows how many'} of ${events.length} events failed, and shows ${failed}`,
            );
      } catch (error) {
        return refusedAll(describe(error));
      }
    },
  };
}

function outcomeOf(entry: NonNullable<PutEventsAnswer['Entries']>[number] | undefined): PutOutcome {
  const { EventId, ErrorCode, ErrorMessage } = entry ?? {};
  if (EventId !== undefined && ErrorCode === undefined)
    return { kind: 'accepted', eventId: EventId };
  const reason = [ErrorCode ?? 'EventBridge did not say what became of it', ErrorMessage];
  return refused(reason.filter(Boolean).join(': '));
}

/** `reason` begins with AWS's code. */
function refused(reason: string): PutOutcome {
  const forItself = FOR_THEMSELVES.some((code) => reason.startsWith(code));
  return { kind: 'refused', reason: cleanText(reason, 400), forItself };
}
