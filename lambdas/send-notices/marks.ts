import { CLAIM, type PendingNotice } from '../../lib/domain/notice/delivery.ts';
import { TOLD_WITHIN, type Notice } from '../../lib/domain/notice/notice.ts';
import type { DeliveryFact } from '../../lib/domain/ports.ts';
import { plus } from '../../lib/domain/time.ts';
import type { Mail } from '../../lib/domain/notice/topics.ts';
import { MESSAGES } from '../../lib/observability/message-codes.ts';
import type { Dependencies } from './dependencies.ts';

type Marking = Pick<Dependencies, 'notices' | 'now' | 'log' | 'sha256'>;

/** Keeps everybody else off a notice while it is published; its reason stays. Undefined: somebody else was first. */
export async function claim(
  telling: PendingNotice,
  { notices, now }: Marking,
): Promise<PendingNotice | undefined> {
  const { reason } = telling.notice;
  const next = { state: 'due', notBefore: plus(now(), CLAIM), reason } as const;
  const claimed = await notices.settle(telling.notice, next, null);
  return claimed ? { ...telling, notice: { ...telling.notice, ...next } } : undefined;
}

export interface Delivered {
  readonly mail: Mail;
  readonly messageId: string;
}

/** Writes that a notice was told, with the fact; `within`: the entry whose mail told it, where that is another. */
export async function markTold(
  { notice }: PendingNotice,
  { mail, messageId }: Delivered,
  within: number | null,
  marking: Marking,
): Promise<void> {
  const { notices, now, log, sha256 } = marking;
  const { contract, entry, audience, about } = notice;
  const fact: DeliveryFact | null =
    audience === 'operations'
      ? null
      : {
          contract,
          entry,
          audience,
          ...(about === undefined ? {} : { about }),
          at: now(),
          messageId,
          textHash: sha256(`${mail.subject}\n${mail.text}`),
        };
  const settled = await notices.settle(
    notice,
    within === null
      ? { state: 'told', notBefore: now(), reason: `published as ${messageId}` }
      : { state: 'superseded', notBefore: now(), reason: `${TOLD_WITHIN} ${within}, ${messageId}` },
    fact,
  );
  const keys = { contract, entry, audience, messageId };
  if (settled) log.info(MESSAGES.noticeTold, keys);
  else log.warn(MESSAGES.settleLost, keys);
}

/** Takes a notice that is no longer true off the list. */
export async function supersede(
  notice: Notice,
  reason: string,
  { notices, log }: Marking,
): Promise<void> {
  const { contract, entry, audience, notBefore } = notice;
  await notices.settle(notice, { state: 'superseded', notBefore, reason }, null);
  log.info(MESSAGES.noticeSuperseded, { contract, entry, audience, reason });
}
