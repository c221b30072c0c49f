import type { Notice } from '../../../domain/notice.ts';
import type { DeliveryFact } from '../../../domain/ports.ts';
import { cleanText } from '../../../domain/words/clean-text.ts';
import { spoken } from '../../talk/time.ts';

/** `Buyer told 2027-01-18 00:05 UTC.` */
export function toldWords({ audience, about, at }: DeliveryFact): string {
  return `${whom(audience, about)} told ${spoken(at)}.`;
}

/** What became of a notice of which no fact was kept, and why. */
export function noticeWords({ audience, about, state, notBefore, reason }: Notice): string {
  const why = cleanText(reason, 300);
  switch (state) {
    case 'told':
      return `${whom(audience, about)} told ${spoken(notBefore)}.`;
    case 'due':
      return `${whom(audience, about)} not told yet: to be sent by the next sweep.`;
    case 'held':
      return `${whom(audience, about)} not told yet: held until ${spoken(notBefore)}; ${why}.`;
    case 'superseded':
      return `${whom(audience, about)} not told: superseded; ${why}.`;
    case 'undeliverable':
      return `${whom(audience, about)} not told: undeliverable; ${why}.`;
    case 'withdrawn':
      return `${whom(audience, about)} not told: withdrawn; ${why}.`;
  }
}

function whom(audience: Notice['audience'], about: Notice['about']): string {
  const names = { buyer: 'Buyer', seller: 'Seller', operations: 'Operations' } as const;
  return about === undefined ? names[audience] : `${names[audience]} (asked to tell the buyer)`;
}
