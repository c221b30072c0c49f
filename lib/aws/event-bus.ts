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

/** The bus by EventBridge's PutEvents. */
export function eventBridgeBus(call: SignedCall, EventBusName: string): EventBus {
  return {
    put: async (events) => {
      const refusedAll = (reason: string): readonly PutOutcome[] =>
        events.map(() => ({ kind: 'refused', reason: cleanText(reason, 400) }));
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
        const refused = outcomes.filter(({ kind }) => kind === 'refused').length;
        // An answer that contradicts itself must not pass for success.
        return FailedEntryCount === refused
          ? outcomes
          : refusedAll(
              `EventBridge says that ${FailedEntryCount ?? 'nobody knows how many'} of ${events.length} events failed, and shows ${refused}`,
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
  return { kind: 'refused', reason: cleanText(reason.filter(Boolean).join(': '), 400) };
}
