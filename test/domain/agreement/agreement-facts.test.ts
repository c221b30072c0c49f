import * as fc from '../../support/property.ts';
import { describe, expect, it } from 'vitest';
import { type Agreement, AGREEMENT_STATUSES } from '../../../lib/domain/agreement/agreement.ts';
import {
  agreementChanges,
  factsOf,
  renewalAt,
} from '../../../lib/domain/agreement/agreement-facts.ts';
import { quantity } from '../../../lib/domain/license/quantity.ts';
import { anAgreement, aRenewalTerm } from '../../support/agreements.ts';
import { runs } from '../../support/arbitrary.ts';
import { at } from '../../support/licenses.ts';

const OFF = { type: 'EXPIRE', reason: 'ACCEPTOR_RENEW_OPTED_OUT' } as const;
const SELLER_OFF = { type: 'EXPIRE', reason: 'PROPOSER_RENEW_OPTED_OUT' } as const;
const NO_TERM = { type: 'EXPIRE', reason: 'NO_RENEWAL_TERM' } as const;
const RENEWS = { type: 'RENEW', reason: null } as const;

/** Names of what is different, with who did it. */
function changed(before: Partial<Agreement>, after: Partial<Agreement>): readonly string[] {
  return agreementChanges(factsOf(anAgreement(before)), anAgreement(after)).map((change) =>
    'party' in change && change.party !== null ? `${change.type} by ${change.party}` : change.type,
  );
}

const terms = (
  renewal: Partial<Parameters<typeof aRenewalTerm>[0] & object>,
  seats = 5,
): Agreement['terms'] => ({
  renewal: aRenewalTerm(renewal),
  quantities: [{ name: 'ReadOnly', quantity: quantity(seats) }],
});

describe('what is different of an agreement', () => {
  it.each<[string, Partial<Agreement>, Partial<Agreement>, readonly string[]]>([
    ['nothing', {}, {}, []],
    ['the time of the last change alone', {}, { updatedAt: at('2027-01-01') }, []],
    ['switched off by the buyer', {}, { endTimeBehavior: OFF }, ['RenewalIntentChanged by buyer']],
    [
      'switched off by the seller, too',
      { endTimeBehavior: OFF },
      { endTimeBehavior: SELLER_OFF },
      ['RenewalIntentChanged by seller'],
    ],
    [
      'switched on again',
      { endTimeBehavior: OFF },
      { endTimeBehavior: RENEWS },
      ['RenewalIntentChanged by buyer'],
    ],
    [
      'moves to another offer',
      {},
      { endTimeBehavior: { type: 'REPLACE', reason: null } },
      ['RenewalIntentChanged'],
    ],
    [
      'the seller fixes the price',
      {
        terms: terms({
          priceIncrease: {
            ...{ kind: 'range', least: quantity(1), most: quantity(7) },
            otherwise: null,
          },
        }),
      },
      { terms: terms({ priceIncrease: { kind: 'fixed', percent: quantity(3) } }) },
      ['RenewalIntentChanged'],
    ],
    ['AWS is silent today', {}, { endTimeBehavior: null }, []],
    ['AWS was silent before', { endTimeBehavior: null }, {}, []],
    [
      'AWS was silent before, and somebody switched it off',
      { endTimeBehavior: null },
      { endTimeBehavior: OFF },
      ['RenewalIntentChanged by buyer'],
    ],
    [
      'AWS was silent before, and there is no term',
      { endTimeBehavior: null },
      { endTimeBehavior: NO_TERM },
      [],
    ],
    ['the terms are read at last', { terms: null }, {}, []],
    ['the terms are not read', {}, { terms: null }, []],
    ['more seats', {}, { terms: terms({}, 8) }, ['AgreementAmended']],
    ['a later end', {}, { end: at('2028-02-01') }, ['AgreementAmended']],
    ['an end hours later', {}, { end: at('2027-02-01T12:00') }, []],
    [
      'an end that is none any more',
      {},
      { end: null },
      ['AgreementAmended', 'RenewalIntentChanged'],
    ],
    ['another lockout', {}, { terms: terms({ lockoutDays: 60 }) }, ['AgreementAmended']],
    ['canceled', {}, { status: 'CANCELLED' }, ['AgreementEnded']],
    ['expired', {}, { status: 'EXPIRED' }, ['AgreementEnded']],
    ['terminated', {}, { status: 'TERMINATED' }, ['AgreementEnded']],
    ['renewed', {}, { status: 'RENEWED' }, []],
    ['replaced', {}, { status: 'REPLACED' }, []],
    ['put away', {}, { status: 'ARCHIVED' }, []],
    ['a word that nobody knows', {}, { status: 'UNKNOWN' }, []],
    [
      'canceled, and more seats',
      {},
      { status: 'CANCELLED', terms: terms({}, 8) },
      ['AgreementEnded'],
    ],
    ['ended before', { status: 'EXPIRED' }, { status: 'CANCELLED' }, []],
  ])('%s', (_, before, after, changes) => {
    expect(changed(before, after)).toEqual(changes);
  });

  it('of the one that followed another is what happens at its end alone', () => {
    const next = { agreementId: 'agmt-next', end: at('2028-02-01'), terms: terms({}, 8) };
    expect(changed({}, next)).toEqual([]);
    const last = { type: 'EXPIRE', reason: 'RENEWAL_LIMIT_EXHAUSTED' } as const;
    expect(changed({}, { ...next, endTimeBehavior: last })).toEqual(['RenewalIntentChanged']);
  });

  it('says when AWS changed it, by whom, and until when it can be changed', () => {
    const updatedAt = at('2026-12-20T10:00');
    const [change] = agreementChanges(
      factsOf(anAgreement()),
      anAgreement({ endTimeBehavior: OFF, updatedAt }),
    );
    expect(change).toEqual({
      type: 'RenewalIntentChanged',
      before: { intent: { kind: 'renews', price: { kind: 'same' } } },
      after: { intent: { kind: 'expires', because: 'buyer-switched-off' } },
      ...{ agreementId: anAgreement().agreementId, party: 'buyer', updatedAt },
      ...{ end: at('2027-02-01'), decideBy: at('2027-01-02') },
      reason: 'AWS says today that the agreement expires, by the choice of the buyer',
    });
  });
});

describe('a deadline', () => {
  it('is named where a choice is left, whatever stands in the terms', () => {
    const usedUp = { type: 'EXPIRE', reason: 'RENEWAL_LIMIT_EXHAUSTED' } as const;
    const last = anAgreement({ endTimeBehavior: usedUp });
    const facts = factsOf(last);
    expect(facts.decideBy).toBe(at('2027-01-02'));
    expect(agreementChanges(factsOf(anAgreement()), last)).toMatchObject([{ decideBy: null }]);
    expect(renewalAt([{ facts }], last.end)?.decideBy).toBeNull();
    expect(renewalAt([{ facts: factsOf(anAgreement()) }], last.end)?.decideBy).toBe(
      at('2027-01-02'),
    );
  });
});

describe('what is remembered of an agreement', () => {
  const behavior = fc.constantFrom(null, OFF, SELLER_OFF, NO_TERM, RENEWS);
  const any = fc
    .record({
      status: fc.constantFrom(...AGREEMENT_STATUSES),
      end: fc.constantFrom(null, at('2027-02-01'), at('2027-02-01T12:00'), at('2028-02-01')),
      endTimeBehavior: behavior,
      terms: fc.constantFrom(
        null,
        { renewal: null, quantities: [] },
        terms({}),
        terms({ lockoutDays: 60, priceIncrease: { kind: 'unknown' } }, 8),
      ),
    })
    .map((traits) => anAgreement(traits));

  it('once it is told, is no news any more', () => {
    fc.assert(
      fc.property(any, any, (first, then) => {
        const told = factsOf(then, factsOf(first));
        expect(agreementChanges(told, then)).toEqual([]);
      }),
      runs(1_000),
    );
  });

  it('goes through the silence of AWS: there and back is nothing', () => {
    fc.assert(
      fc.property(any, (agreement) => {
        const told = factsOf(agreement);
        const silent = { ...agreement, endTimeBehavior: null, terms: null };
        expect(agreementChanges(told, silent)).toEqual([]);
        expect(agreementChanges(factsOf(silent, told), agreement)).toEqual([]);
      }),
      runs(1_000),
    );
  });
});
