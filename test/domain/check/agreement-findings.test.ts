import { beforeEach, describe, expect, it } from 'vitest';
import type { Agreement } from '../../../lib/domain/agreement/agreement.ts';
import type { Observation } from '../../../lib/domain/check/observation.ts';
import { DAY, HOUR, type Instant, MINUTE, plus } from '../../../lib/domain/time.ts';
import { anAgreement } from '../../support/agreements.ts';
import { WatchedContract } from '../../support/contracts.ts';
import { at, license, seats, USAGE } from '../../support/licenses.ts';
import { blind, NOT_LOOKED, seen } from '../../support/observations.ts';
import { quantity } from '../../../lib/domain/license/quantity.ts';

const TICK = 15 * MINUTE;
const OFF = { type: 'EXPIRE', reason: 'ACCEPTOR_RENEW_OPTED_OUT' } as const;
const RENEWS = { type: 'RENEW', reason: null } as const;
const START = at('2026-04-01T10:00');

const FIVE = license({ entitlements: [USAGE, seats(5)] });
const { licenseArn, validity } = FIVE;
const sold = (changes: Partial<Agreement> = {}): Agreement =>
  anAgreement({
    ...{ agreementId: 'agmt-1', initialAgreementId: 'agmt-1', licenseArns: [licenseArn] },
    ...{ start: validity.begin, end: validity.end, endTimeBehavior: RENEWS },
    ...changes,
  });

let watched: WatchedContract;
let now: Instant;
beforeEach(() => {
  watched = new WatchedContract();
  now = START;
  watched.agreements = [sold()];
  watched.look(now, seen([FIVE]));
});

/** AWS says this of it from now on, and has said so to read-agreements; the next look, which sees `observation`. */
function then(
  agreements: readonly Agreement[] | null,
  observation: Observation = seen([FIVE]),
  later = TICK,
): readonly string[] {
  now = plus(now, later);
  watched.agreements = agreements;
  watched.dueNow(now);
  return watched.look(now, observation);
}

const steady = () => watched.look((now = plus(now, TICK)), seen([FIVE]));

describe('what agreements say', () => {
  it('is a baseline at the first look', () => {
    expect(watched.changes).toEqual(['WatchStarted']);
    expect(watched.head?.agreements).toMatchObject([{ facts: { agreementId: 'agmt-1' } }]);
  });

  it('is a baseline where they are read for the first time', () => {
    const before = new WatchedContract();
    before.look(START, seen([FIVE]));
    before.agreements = [sold({ endTimeBehavior: OFF })];
    before.dueNow(plus(START, TICK));
    expect(before.look(plus(START, TICK), seen([FIVE]))).toEqual([]);
    expect(before.head?.agreements).toHaveLength(1);
  });

  it('is told once, to the seller at once where somebody switched the renewal off', () => {
    expect(then([sold({ endTimeBehavior: OFF })])).toEqual(['RenewalIntentChanged']);
    expect(watched.noticesTo('seller').at(-1)).toMatchObject({ state: 'due', severity: 'urgent' });
    expect(watched.noticesTo('buyer').at(-1)).toMatchObject({ severity: 'attention' });
    expect(then([sold({ endTimeBehavior: OFF })])).toEqual([]);
    expect(steady()).toEqual([]);
    expect(then([sold()])).toEqual(['RenewalIntentChanged']);
  });

  it('costs a steady check nothing', () => {
    then([sold()]);
    const { decided } = watched;
    for (let n = 0; n < 10; n += 1) steady();
    expect(watched.decided).toBe(decided);
  });

  it.each([
    ['a blind buyer', blind()],
    ['nobody was let in', NOT_LOOKED],
  ])('arrives whatever the look saw: %s', (_, observation) => {
    expect(then([sold({ endTimeBehavior: OFF })], observation)).toEqual(['RenewalIntentChanged']);
    expect(watched.noticesTo('seller').at(-1)).toMatchObject({ state: 'due', severity: 'urgent' });
  });

  it('is nothing before a ledger has begun, nor where agreements cannot be read', () => {
    const never = new WatchedContract();
    never.agreements = [sold()];
    never.look(START, blind());
    never.agreements = [sold({ endTimeBehavior: OFF })];
    expect(never.look(plus(START, TICK), blind())).toEqual([]);
    const { agreements } = watched.head!;
    expect(then(null)).toEqual([]);
    expect(watched.head?.agreements).toEqual(agreements);
  });

  it('comes to nobody any more once the watch has ended', () => {
    watched.look(plus(now, TICK), { kind: 'left', detail: 'gone' });
    now = plus(now, TICK);
    expect(then([sold({ endTimeBehavior: OFF })], blind())).toEqual([]);
  });
});

describe('an agreement that ended', () => {
  const ended = [sold({ status: 'CANCELLED', endTimeBehavior: null })];

  it('is told when it still has an hour later, without another reading', () => {
    expect(then(ended)).toEqual([]);
    expect(watched.head?.nextDue).toBe(plus(plus(now, 3 * MINUTE), HOUR));
    for (let n = 0; n < 3; n += 1) expect(steady()).toEqual([]);
    expect(watched.look((now = plus(now, TICK)), seen([FIVE]))).toEqual(['AgreementEnded']);
    expect(watched.last.changes).toMatchObject([{ after: { status: 'CANCELLED' } }]);
    expect(then(ended)).toEqual([]);
    expect(watched.noticesTo('buyer').filter(({ entry }) => entry > 1)).toEqual([]);
  });

  it('is told of a blind buyer, too', () => {
    then(ended, blind());
    expect(then(ended, blind(), HOUR)).toEqual(['AgreementEnded']);
  });

  it('and goes on again within the hour is told to nobody', () => {
    then(ended);
    then([sold()]);
    expect(then([sold()], seen([FIVE]), 2 * HOUR)).toEqual([]);
  });

  it('and is followed by another of its chain has not ended, whatever AWS calls it', () => {
    const next = sold({ agreementId: 'agmt-2', end: at('2028-02-01') });
    for (const status of ['RENEWED', 'REPLACED', 'EXPIRED', 'SUPERSEDED'] as const) {
      expect(then([sold({ status }), next])).toEqual([]);
      expect(then([sold({ status }), next], seen([FIVE]), 2 * HOUR)).toEqual([]);
    }
  });

  it.each([
    ['begins in its last month', at('2027-01-20'), 'EXPIRED', []],
    ['begins when it ends', at('2027-02-01'), 'EXPIRED', []],
    ['began in the middle of it, beside it', at('2026-09-01'), 'EXPIRED', ['AgreementEnded']],
    ['begins days later', at('2027-02-06'), 'EXPIRED', ['AgreementEnded']],
    ['follows one that was canceled', at('2027-01-20'), 'CANCELLED', ['AgreementEnded']],
  ] as const)('and is followed by another that %s', (_, start, status, told) => {
    const chain = { agreementId: 'agmt-2', initialAgreementId: 'agmt-2', licenseArns: [] };
    const both = [sold({ status }), sold({ ...chain, start, end: at('2028-02-01') })];
    then(both);
    expect(then(both, seen([FIVE]), HOUR)).toEqual(told);
  });

  it('in a renewal of which the next does not show yet hands its intent on', () => {
    expect(then([sold({ status: 'RENEWED', endTimeBehavior: null })])).toEqual([]);
    const last = { type: 'EXPIRE', reason: 'RENEWAL_LIMIT_EXHAUSTED' } as const;
    const next = sold({ agreementId: 'agmt-2', end: at('2028-02-01'), endTimeBehavior: last });
    expect(then([sold({ status: 'RENEWED', endTimeBehavior: null }), next])).toEqual([
      'RenewalIntentChanged',
    ]);
  });

  it('is the cause of what became of its license', () => {
    then(ended, seen([]));
    now = plus(now, TICK);
    expect(watched.look(now, seen([]))).toEqual(['LicenseRemoved']);
    expect(watched.last.changes).toMatchObject([{ cause: 'CANCELLED' }]);
    then(ended, seen([]), HOUR + TICK);
    expect(watched.last.toldChanges).toMatchObject([
      {
        type: 'LicenseRemoved',
        cause: 'CANCELLED',
        reason: expect.stringContaining('CANCELLED') as string,
      },
      { type: 'AgreementEnded' },
    ]);
  });
});

describe('license and agreement that disagree', () => {
  const eight = [{ name: 'ReadOnly', quantity: quantity(8) }];
  const other = (changes: Partial<Agreement>) => [sold(changes)];

  it.each<[string, Partial<Agreement>, string]>([
    ['end', { end: at('2027-06-01') }, 'end'],
    [
      'an unlimited quantity',
      { terms: { ...sold().terms!, quantities: [{ name: 'ReadOnly', quantity: null }] } },
      'quantity',
    ],
    ['quantity', { terms: { ...sold().terms!, quantities: eight } }, 'quantity'],
  ])('for a day are told to the seller, and that they agree again: %s', (_, changes, what) => {
    expect(then(other(changes))).toEqual(['AgreementAmended']);
    expect(then(other(changes), seen([FIVE]), DAY - MINUTE)).toEqual([]);
    expect(then(other(changes), seen([FIVE]), MINUTE)).toEqual(['AgreementDisagreed']);
    expect(watched.last.changes).toMatchObject([{ after: { differs: [{ what }] } }]);
    expect(watched.noticesTo('buyer').filter(({ entry }) => entry > 1)).toEqual([]);
    expect(then(other(changes), seen([FIVE]), DAY)).toEqual([]);
    expect(then(other({}))).toEqual(['AgreementAmended', 'AgreementDisagreed']);
    expect(watched.last.changes[1]).toMatchObject({ after: { differs: [] } });
  });

  it('on whether it is over, are told when the license still is there a day later', () => {
    const ended = other({ status: 'TERMINATED' });
    then(ended);
    expect(then(ended, seen([FIVE]), HOUR)).toEqual(['AgreementEnded']);
    expect(then(ended, seen([FIVE]), DAY)).toEqual(['AgreementDisagreed']);
  });

  it.each([
    ['whose grant the buyer deactivated', 'DISABLED', []],
    ['that is suspended', 'SUSPENDED', ['AgreementDisagreed']],
  ] as const)('are told of a license that is another’s to change: %s', (_, how, told) => {
    const change = how === 'DISABLED' ? { receivedStatus: how } : { status: how };
    const other = seen([license({ entitlements: [USAGE, seats(5)], ...change })]);
    then([sold()], other);
    then([sold()], other, 2 * HOUR);
    expect(then([sold()], other, DAY)).toEqual(told);
  });

  it('are told of an agreement without an end, whose license ends', () => {
    const endless = other({ end: null, endTimeBehavior: null });
    then(endless);
    then(endless, seen([FIVE]), DAY);
    expect(watched.last.changes).toMatchObject([
      { after: { differs: [{ what: 'end', license: sold().end, agreement: 'no end' }] } },
    ]);
  });

  it('are told of a license without an end, whose agreement ends', () => {
    const endless = seen([{ ...FIVE, validity: { ...FIVE.validity, end: null } }]);
    const arn = { licenseArns: [FIVE.licenseArn] };
    then([sold(arn)], endless);
    then([sold(arn)], endless, 2 * HOUR);
    then([sold(arn)], endless, DAY);
    expect(watched.last.changes).toMatchObject([
      { after: { differs: [{ what: 'end', license: 'no end', agreement: sold().end }] } },
    ]);
  });

  it('for less than a day are told to nobody', () => {
    then(other({ end: at('2027-06-01') }));
    then(other({ end: at('2027-02-01') }), seen([FIVE]), HOUR);
    expect(then(other({}), seen([FIVE]), 2 * DAY)).toEqual([]);
  });

  it('is nothing of which one of them says nothing, and nothing while nobody can look', () => {
    const silent = other({ terms: { renewal: null, quantities: [] } });
    then(silent);
    expect(then(silent, seen([FIVE]), 2 * DAY)).toEqual([]);
    const far = other({ end: at('2027-06-01'), terms: { renewal: null, quantities: [] } });
    then(far, blind());
    expect(watched.head?.agreements).toMatchObject([{ disagrees: null }]);
  });
});
