import type { Renewal } from '../domain/agreement/agreement-facts.ts';
import type { Risk } from '../domain/agreement/forecast.ts';
import {
  canBeChanged,
  type RenewalIntent,
  UNKNOWN_INTENTS,
} from '../domain/agreement/renewal-intent.ts';
import type { Instant } from '../domain/time.ts';
import { dayAndTime } from './dates.ts';

/** What AWS says today happens at the end, for a column: `by itself`, `moves`, `no: buyer`, `?`. */
export function intentInShort(intent: RenewalIntent): string {
  switch (intent.kind) {
    case 'renews':
      return 'by itself';
    case 'replaced':
      return 'moves';
    case 'expires':
      return EXPIRES_IN_SHORT[intent.because];
    case 'no-end':
      return '-';
    case 'unknown':
      return '?';
  }
}

const EXPIRES_IN_SHORT = {
  'buyer-switched-off': 'no: buyer',
  'seller-switched-off': 'no: seller',
  'no-renewal-term': 'no: no term',
  'renewals-used-up': 'no: used up',
  unknown: 'no',
} as const satisfies Readonly<
  Record<Extract<RenewalIntent, { kind: 'expires' }>['because'], string>
>;

/** What the seller does about a coming end, by its risk. */
export const ASK_BEFORE_THE_END = {
  'will-not':
    'Ask what they plan. Where a day to decide is named, the renewal can be switched on again until then; else only a new offer helps.',
  undecided: 'Ask whether they go on.',
} as const satisfies Partial<Readonly<Record<Risk, string>>>;

/** What AWS says today happens at the end, as a clause. Never a promise. */
export function renewalSaid(of: string, intent: RenewalIntent): string {
  return intent.kind === 'unknown'
    ? `whether ${of} renews is not known: ${UNKNOWN_INTENTS[intent.why]}`
    : `AWS says today that ${of} ${intentWords(intent)}`;
}

/** The second half of a sentence: `renews by itself at the same price`. */
export function intentWords(intent: RenewalIntent): string {
  switch (intent.kind) {
    case 'renews':
      return `renews by itself${priceWords(intent.price)}`;
    case 'replaced':
      return 'moves to another offer (from a private offer to the public one), whose terms may differ';
    case 'expires':
      return `ends and does not renew: ${EXPIRY_WORDS[intent.because]}`;
    case 'no-end':
      return 'has no end';
    case 'unknown':
      return `ends, and it is not known whether it renews: ${UNKNOWN_INTENTS[intent.why]}`;
  }
}

const EXPIRY_WORDS = {
  'buyer-switched-off': 'the buyer switched the renewal off',
  'seller-switched-off': 'the seller switched the renewal off',
  'no-renewal-term': 'it has no renewal term',
  'renewals-used-up': 'it has renewed as often as it may',
  unknown: 'no reason is given',
} as const satisfies Readonly<
  Record<Extract<RenewalIntent, { kind: 'expires' }>['because'], string>
>;

function priceWords(price: Extract<RenewalIntent, { kind: 'renews' }>['price']): string {
  switch (price.kind) {
    case 'same':
      return ' at the same price';
    case 'increased':
      return ` at a price ${price.percent} % higher`;
    case 'up-to':
      return ` at a price up to ${price.percent} % higher`;
    case 'unknown':
      return ', at a price that is not known';
  }
}

/** Until when a party's choice can change what happens at the end. Null: nobody has a choice. */
export function deadlineWords({ intent, decideBy }: Renewal, now: Instant): string | null {
  if (!canBeChanged(intent)) return null;
  if (decideBy === null) return 'Until when this can be changed is not known.';
  return decideBy > now
    ? `This can be changed until ${dayAndTime(decideBy)}.`
    : `The deadline for changing this passed on ${dayAndTime(decideBy)}.`;
}
