import * as fc from '../../support/property.ts';
import { describe, expect, it } from 'vitest';
import {
  type Agreement,
  AGREEMENT_LIVES,
  AGREEMENT_STATUSES,
  END_TIME_BEHAVIORS,
  END_TIME_REASONS,
  type PriceIncrease,
} from '../../../lib/domain/agreement/agreement.ts';
import {
  agreementOf,
  intentOf,
  type RenewalIntent,
  switchedOffBy,
  adjustmentDeadline,
  decisionDeadline,
} from '../../../lib/domain/agreement/renewal-intent.ts';
import { quantity } from '../../../lib/domain/license/quantity.ts';
import { AGREEMENT_ID, anAgreement, aRenewalTerm } from '../../support/agreements.ts';
import { runs } from '../../support/arbitrary.ts';
import { at } from '../../support/licenses.ts';
import { END } from '../../support/records.ts';

type Behavior = NonNullable<Agreement['endTimeBehavior']>;

/** In one word, to be read as a table. */
function short(intent: RenewalIntent): string {
  switch (intent.kind) {
    case 'renews':
      return `renews, ${intent.price.kind}`;
    case 'expires':
      return `expires, ${intent.because}`;
    case 'unknown':
      return `unknown, ${intent.why}`;
    case 'replaced':
    case 'no-end':
      return intent.kind;
  }
}

const ALL_REASONS = [null, ...END_TIME_REASONS] as const;

/** What AWS says x the reason it gives. */
const TABLE: Readonly<
  Record<Behavior['type'], Readonly<Record<(typeof END_TIME_REASONS)[number] | 'none', string>>>
> = {
  RENEW: {
    none: 'renews, same',
    PROPOSER_RENEW_OPTED_OUT: 'unknown, contradictory',
    ACCEPTOR_RENEW_OPTED_OUT: 'unknown, contradictory',
    NO_RENEWAL_TERM: 'unknown, contradictory',
    RENEWAL_LIMIT_EXHAUSTED: 'unknown, contradictory',
    UNKNOWN: 'unknown, contradictory',
  },
  REPLACE: {
    none: 'replaced',
    PROPOSER_RENEW_OPTED_OUT: 'replaced',
    ACCEPTOR_RENEW_OPTED_OUT: 'replaced',
    NO_RENEWAL_TERM: 'replaced',
    RENEWAL_LIMIT_EXHAUSTED: 'replaced',
    UNKNOWN: 'replaced',
  },
  EXPIRE: {
    none: 'expires, unknown',
    PROPOSER_RENEW_OPTED_OUT: 'expires, seller-switched-off',
    ACCEPTOR_RENEW_OPTED_OUT: 'expires, buyer-switched-off',
    NO_RENEWAL_TERM: 'expires, no-renewal-term',
    RENEWAL_LIMIT_EXHAUSTED: 'expires, renewals-used-up',
    UNKNOWN: 'expires, unknown',
  },
  UNKNOWN: {
    none: 'unknown, not-understood',
    PROPOSER_RENEW_OPTED_OUT: 'unknown, not-understood',
    ACCEPTOR_RENEW_OPTED_OUT: 'unknown, not-understood',
    NO_RENEWAL_TERM: 'unknown, not-understood',
    RENEWAL_LIMIT_EXHAUSTED: 'unknown, not-understood',
    UNKNOWN: 'unknown, not-understood',
  },
};

describe('what AWS says of an end', () => {
  it.each(END_TIME_BEHAVIORS.flatMap((type) => ALL_REASONS.map((reason) => ({ type, reason }))))(
    '$type, $reason',
    (endTimeBehavior) => {
      const { type, reason } = endTimeBehavior;
      expect(short(intentOf(anAgreement({ endTimeBehavior })))).toBe(TABLE[type][reason ?? 'none']);
    },
  );

  it('is not known where AWS does not say, and nothing where there is no end', () => {
    expect(short(intentOf(anAgreement({ endTimeBehavior: null })))).toBe('unknown, not-said');
    expect(short(intentOf(anAgreement({ end: null, endTimeBehavior: null })))).toBe('no-end');
  });

  it.each(AGREEMENT_STATUSES)('says something of an agreement that goes on alone: %s', (status) => {
    const isActive = AGREEMENT_LIVES[status] === 'goes-on';
    expect(isActive).toBe(status === 'ACTIVE');
    expect(short(intentOf(anAgreement({ status })))).toBe(
      isActive ? 'renews, same' : 'unknown, not-active',
    );
  });

  it.each<[PriceIncrease, RenewalIntent]>([
    [{ kind: 'none' }, { kind: 'renews', price: { kind: 'same' } }],
    [
      { kind: 'fixed', percent: quantity(0) },
      { kind: 'renews', price: { kind: 'same' } },
    ],
    [
      { kind: 'fixed', percent: quantity(5) },
      { kind: 'renews', price: { kind: 'increased', percent: quantity(5) } },
    ],
    [
      { kind: 'range', least: quantity(1), most: quantity(7), otherwise: quantity(3) },
      { kind: 'renews', price: { kind: 'up-to', percent: quantity(7) } },
    ],
    [{ kind: 'unknown' }, { kind: 'renews', price: { kind: 'unknown' } }],
  ])('the price by its term: %j', (priceIncrease, intent) => {
    const terms = { renewal: aRenewalTerm({ priceIncrease }), quantities: [] };
    expect(intentOf(anAgreement({ terms }))).toEqual(intent);
  });

  it('the price is not known before the terms are read, nor where they hold no renewal', () => {
    const unknown = { kind: 'renews', price: { kind: 'unknown' } };
    expect(intentOf(anAgreement({ terms: null }))).toEqual(unknown);
    expect(intentOf(anAgreement({ terms: { renewal: null, quantities: [] } }))).toEqual(unknown);
  });

  it('names who switched the renewal off, where somebody did', () => {
    const off = (reason: Behavior['reason']) =>
      switchedOffBy(intentOf(anAgreement({ endTimeBehavior: { type: 'EXPIRE', reason } })));
    expect(ALL_REASONS.map(off)).toEqual([null, 'seller', 'buyer', null, null, null]);
    expect(switchedOffBy(intentOf(anAgreement()))).toBeNull();
  });
});

describe('the deadlines', () => {
  const terms = (lockoutDays: number | null, adjustmentDays: number | null) => ({
    renewal: aRenewalTerm({ lockoutDays, adjustmentDays }),
    quantities: [],
  });

  it.each([
    [30, at('2027-01-02')],
    [0, END],
    [null, null],
  ])('of the decision: %s days before the end', (days, deadline) => {
    expect(decisionDeadline(anAgreement({ terms: terms(days, 60) }))).toBe(deadline);
  });

  it('of the adjustment', () => {
    expect(adjustmentDeadline(anAgreement({ terms: terms(30, 60) }))).toBe(at('2026-12-03'));
    expect(adjustmentDeadline(anAgreement({ terms: terms(30, null) }))).toBeNull();
  });

  it('are none without an end, a renewal term, or terms', () => {
    for (const without of [
      anAgreement({ end: null, terms: terms(30, 60) }),
      anAgreement({ terms: null }),
      anAgreement({ terms: { renewal: null, quantities: [] } }),
    ])
      expect([decisionDeadline(without), adjustmentDeadline(without)]).toEqual([null, null]);
  });
});

describe('the agreement that a license comes from', () => {
  const [LICENSE] = anAgreement().licenseArns;
  const license = { licenseArn: LICENSE!, end: END };
  const idOf = (...ofContract: readonly Agreement[]) => {
    const found = agreementOf(license, ofContract);
    return typeof found === 'string' ? found : found.agreementId;
  };
  const said = (ofContract: readonly Agreement[] | null) => {
    const found = agreementOf(license, ofContract);
    return typeof found === 'string' ? found : short(intentOf(found));
  };
  const nameless = (changes: Partial<Agreement> = {}) =>
    anAgreement({ licenseArns: [], ...changes });
  const off = { type: 'EXPIRE', reason: 'ACCEPTOR_RENEW_OPTED_OUT' } as const;

  it('is the one that names it, before one that ends when it does', () => {
    expect(idOf(nameless({ agreementId: 'agmt-other' }), anAgreement())).toBe(AGREEMENT_ID);
  });

  it('else the one without a license that ends within a day of it', () => {
    expect(idOf(nameless({ end: at('2027-01-31') }))).toBe(AGREEMENT_ID);
    expect(idOf(nameless({ end: at('2027-01-30T23:59') }))).toBe('no-agreement');
    expect(idOf(nameless({ end: null }))).toBe('no-agreement');
    expect(idOf(anAgreement({ licenseArns: ['another'] }))).toBe('no-agreement');
    expect(idOf()).toBe('no-agreement');
  });

  it('of a chain that keeps its license the one that goes on', () => {
    const before = anAgreement({ agreementId: 'agmt-before', status: 'RENEWED' });
    expect(idOf(before, anAgreement())).toBe(AGREEMENT_ID);
    expect(idOf(anAgreement({ status: 'EXPIRED' }))).toBe(AGREEMENT_ID);
    const earlier = anAgreement({
      agreementId: 'agmt-1',
      status: 'EXPIRED',
      end: at('2026-02-01'),
    });
    expect(idOf(anAgreement({ status: 'CANCELLED' }), earlier)).toBe(AGREEMENT_ID);
  });

  it('is not known where two of one license say different things, and any of them where they say the same', () => {
    const twin = anAgreement({ agreementId: 'agmt-twin' });
    expect(idOf(anAgreement(), twin)).toBe(AGREEMENT_ID);
    expect(idOf(anAgreement(), { ...twin, endTimeBehavior: off })).toBe('several-agreements');
  });

  it('is not known where agreements are not read', () => {
    expect(said(null)).toBe('not-read');
    expect(said([anAgreement()])).toBe('renews, same');
  });

  it('does not depend on the order in which AWS names them', () => {
    const some = fc.record({
      agreementId: fc.constantFrom('a', 'b', 'c'),
      status: fc.constantFrom(...AGREEMENT_STATUSES),
      end: fc.constantFrom(null, END, at('2027-01-31'), at('2028-02-01')),
      endTimeBehavior: fc.constantFrom(null, off, { type: 'RENEW', reason: null } as const),
      licenseArns: fc.constantFrom([LICENSE!], ['another'], []),
    });
    const several = fc.uniqueArray(some, { selector: ({ agreementId }) => agreementId });
    fc.assert(
      fc.property(several, (traits) => {
        const all = traits.map((each) => anAgreement(each));
        const found = said(all);
        expect(said(all.toReversed())).toBe(found);
        if (found.startsWith('renews') || found.startsWith('expires'))
          expect(all.some((each) => short(intentOf(each)) === found)).toBe(true);
      }),
      runs(500),
    );
  });
});
