import { NO_SUBSCRIPTION } from '../../../../domain/notice/delivery.ts';
import type { Notice } from '../../../../domain/notice/notice.ts';
import type { DeliveryFact } from '../../../../domain/ports.ts';
import { FOLLOW_CONFIRMATION } from '../../../../mail/aws-sentences.ts';
import { cleanText } from '../../../../mail/clean-text.ts';
import { spoken } from '../../output/time.ts';

/** `Buyer told 2027-01-18 00:05 UTC.` */
export function toldWords({ audience, about, at }: DeliveryFact): string {
  return `${whom(audience, about)} told ${spoken(at)}.`;
}

/** As `buyers` says it: also of one who had confirmed, and has left the topic since. */
const NOBODY_READS = `the topic has no confirmed subscription: the buyer has to ${FOLLOW_CONFIRMATION}`;

/** What became of a notice of which no fact was kept, and why. */
export function noticeWords({ audience, about, state, notBefore, reason }: Notice): string {
  const why = reason === NO_SUBSCRIPTION ? NOBODY_READS : cleanText(reason, 300);
  switch (state) {
    case 'told':
      return `${whom(audience, about)} told ${spoken(notBefore)}.`;
    case 'due':
      return `${whom(audience, about)} NOT TOLD yet: to be sent by the next sweep.`;
    case 'settling':
      return `${whom(audience, about)} NOT TOLD yet: from ${spoken(notBefore)} on a look may confirm it; ${why}.`;
    case 'waiting':
      return `${whom(audience, about)} NOT TOLD yet: waits until ${spoken(notBefore)}; ${why}${reason === NO_SUBSCRIPTION ? ' (the watcher asks once an hour)' : ''}.`;
    case 'superseded':
      return `${whom(audience, about)} NOT TOLD: superseded; ${why}.`;
    case 'undeliverable':
      return `${whom(audience, about)} NOT TOLD: undeliverable; ${why}.`;
    case 'withdrawn':
      return `${whom(audience, about)} NOT TOLD: withdrawn; ${why}.`;
  }
}

function whom(audience: Notice['audience'], about: Notice['about']): string {
  const names = { buyer: 'Buyer', seller: 'Seller', operations: 'Operations' } as const;
  if (about === 'unconfirmed') return `${names[audience]} (that it could not be confirmed)`;
  return about === undefined ? names[audience] : `${names[audience]} (asked to tell the buyer)`;
}
