import { instant } from '../../domain/time.ts';
import { checkBuyers, type RangeMessage } from '../../messages/check-buyers.ts';
import type { LoggedCall } from './call-log.ts';

interface SentBatch {
  readonly Entries: readonly { readonly MessageBody: string }[];
}

/** The messages that sweeps sent to the checks queue. */
export function checkMessagesOf(calls: readonly LoggedCall[]): readonly RangeMessage[] {
  return calls
    .filter(
      ({ operation, role }) => operation === 'SendMessageBatch' && role.endsWith('-start-sweep'),
    )
    .flatMap(({ body }) => (JSON.parse(body) as SentBatch).Entries)
    .map(({ MessageBody }) => JSON.parse(MessageBody) as unknown)
    .flatMap((body) => {
      const parsed = checkBuyers.safeParse(body);
      return parsed.success && parsed.data.kind === 'range' ? [parsed.data] : [];
    });
}

/** An event with these messages, as if a sweep had sent them at `now`; `run` distinguishes the probes of different events. */
export function checkEvent(messages: readonly RangeMessage[], now: number, run: string): object {
  return {
    Records: messages.map((message, n) => ({
      messageId: `${run}-${n}`,
      body: JSON.stringify({ ...message, checkId: `${run}-${n}`, visibleAt: instant(now) }),
      attributes: { ApproximateReceiveCount: '1' },
    })),
  };
}
