import type { RenewalIntent } from '../domain/agreement/renewal-intent.ts';

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
