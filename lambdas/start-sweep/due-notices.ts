import { dueShards } from '../../lib/domain/notice/notice.ts';
import type { SendNotices } from '../../lib/messages/send-notices.ts';
import type { Delayed, Dependencies } from './dependencies.ts';

/** What is urgent is received first: a queue promises no order, and few functions share it. */
const ORDINARY_WAITS_SECONDS = 5;

/**
 * A message for each part of the notices of which anything is due and was not told yet, the urgent parts first. Nothing is read of
 * what is due but that there is something: the notices of seller and operations are the digest's.
 */
export async function dueNotices({
  notices,
  now,
}: Pick<Dependencies, 'notices' | 'now'>): Promise<readonly Delayed<SendNotices>[]> {
  const at = now();
  const parts = dueShards('buyer').map((part) => ({ ...part, audience: 'buyer' as const }));
  const asked = await Promise.all(
    parts.map(async (part) => ({ part, isDue: await notices.isAnyDue(part, at) })),
  );
  return asked
    .filter(({ isDue }) => isDue)
    .map(({ part }) => ({
      body: { format: 1, kind: 'due', ...part },
      delaySeconds: part.urgency === 'urgent' ? 0 : ORDINARY_WAITS_SECONDS,
    }));
}
