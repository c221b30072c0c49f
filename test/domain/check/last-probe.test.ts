import { describe, expect, it } from 'vitest';
import type { License } from '../../../lib/domain/license/contract.ts';
import type { Product } from '../../../lib/domain/license/product.ts';
import { probeKind } from '../../../lib/domain/check/verdict.ts';
import { neededOf } from '../../../lib/domain/license/purchase.ts';
import { PROBE_KINDS, type ProbeOutcome } from '../../../lib/domain/check/observation.ts';
import { canonicalState } from '../../../lib/domain/license/canonical-state.ts';
import { readHead, storeHead } from '../../../lib/messages/stored-head.ts';
import { product, WatchedContract } from '../../support/contracts.ts';
import { at, gigabytes, license, SEAT, seats, tier, USAGE } from '../../support/licenses.ts';
import { aHead } from '../../support/records.ts';
import { ACCEPTED, NOT_PROBED, REFUSED, seen } from '../../support/observations.ts';

const FAILED: ProbeOutcome = { outcome: 'failed', error: 'TimeoutError', reason: 'no answer' };
const EMPTY: ProbeOutcome = {
  outcome: 'unclear',
  what: 'nothing-allowed',
  entitlementName: USAGE.name,
  licenseArn: 'a',
  checkedIn: true,
};
const untried = (
  why: Extract<ProbeOutcome, { outcome: 'not-probed' }>['untried'],
): ProbeOutcome => ({
  outcome: 'not-probed',
  untried: why,
  reason: why,
});

describe('what the head remembers of the last probe', () => {
  it('writes when another kind of thing happened, and never when the same did', () => {
    const watched = new WatchedContract();
    const look = (
      when: string,
      probe: ProbeOutcome,
      licenses: readonly License[] = [license()],
    ) => {
      const before = watched.decided;
      watched.look(at(when), seen(licenses, { probe }));
      return {
        decided: watched.decided - before,
        kind: watched.head?.lastProbe?.kind,
        since: watched.head?.lastProbe?.since,
      };
    };
    const accepted = { kind: 'accepted', since: '2026-06-01T00:03:00Z' };
    expect(look('2026-06-01', ACCEPTED)).toEqual({ decided: 1, ...accepted });
    expect(look('2026-06-02', ACCEPTED)).toEqual({ decided: 0, ...accepted });
    // Another license of the contract, or another name: the same kind.
    expect(look('2026-06-03', { ...ACCEPTED, licenseArn: 'b' } as ProbeOutcome)).toEqual({
      decided: 0,
      ...accepted,
    });
    // A look in which nothing was to be tried says nothing.
    expect(look('2026-06-04', NOT_PROBED)).toEqual({ decided: 0, ...accepted });
    const off = { kind: 'switched-off', since: '2026-06-05T00:03:00Z' };
    expect(look('2026-06-05', untried('switched-off'))).toEqual({ decided: 1, ...off });
    expect(look('2026-06-06', untried('switched-off'))).toEqual({ decided: 0, ...off });
    expect(look('2026-06-07', EMPTY)).toEqual({
      decided: 1,
      kind: 'nothing-allowed',
      since: '2026-06-07T00:03:00Z',
    });
    expect(look('2026-06-08', FAILED)).toEqual({
      decided: 1,
      kind: 'failed',
      since: '2026-06-08T00:03:00Z',
    });
    expect(look('2026-06-09', ACCEPTED)).toEqual({
      decided: 1,
      kind: 'accepted',
      since: '2026-06-09T00:03:00Z',
    });
    // All of that is no entitlement version.
    expect(watched.ledger).toHaveLength(1);
    // Of another state it is another thing.
    const renewed = [license({ version: '2' })];
    expect(look('2026-06-10', ACCEPTED, renewed)).toMatchObject({
      decided: 1,
      since: '2026-06-10T00:03:00Z',
    });
    expect(look('2026-06-11', NOT_PROBED, [license({ version: '3' })])).toMatchObject({
      decided: 1,
      kind: undefined,
    });
  });

  it('goes on since when it was so, where another look writes the head', () => {
    const watched = new WatchedContract();
    watched.alwaysDecides = true;
    const first = { since: '2026-06-01T00:03:00Z', licenseArn: 'a' };
    watched.look(at('2026-06-01'), seen([license()], { probe: ACCEPTED }));
    watched.look(
      at('2026-06-02'),
      seen([license()], {
        probe: { ...ACCEPTED, licenseArn: 'b' } as ProbeOutcome,
        foreign: ['arn:other'],
      }),
    );
    expect(watched.head).toMatchObject({ lastProbe: first, entries: 2 });
    watched.look(
      at('2026-06-03'),
      seen([license()], { probe: NOT_PROBED, foreign: ['arn:another'] }),
    );
    expect(watched.head).toMatchObject({ lastProbe: first, entries: 3 });
  });

  it('remembers which entitlement of which license, and what a watch that begins anew has not seen it forgets', () => {
    const watched = new WatchedContract();
    watched.look(at('2026-06-01'), seen([license()], { probe: ACCEPTED }));
    expect(watched.head?.lastProbe).toMatchObject({ entitlementName: USAGE.name, licenseArn: 'a' });
    watched.look(at('2026-06-02'), { kind: 'left', detail: 'the buyer deleted the stack' });
    watched.look(at('2026-06-03'), seen([license()], { probe: NOT_PROBED }));
    expect(watched.head?.lastProbe).toBeNull();
  });

  it('holds no refusal against a success without what was asked for, and ends none by it', () => {
    const watched = new WatchedContract();
    const probes = (...all: ProbeOutcome[]) =>
      all.flatMap((probe, day) =>
        watched.look(at(`2026-06-0${day + 1}`), seen([license()], { probe })),
      );
    expect(probes(EMPTY, EMPTY, EMPTY, EMPTY)).toEqual(['WatchStarted']);
    expect(watched.head).toMatchObject({ verdict: 'entitled', refused: null });
    watched.head = null;
    expect(probes(REFUSED, EMPTY, REFUSED, EMPTY, REFUSED, EMPTY)).toEqual([
      'WatchStarted',
      'CheckoutRefused',
    ]);
    expect(watched.head).toMatchObject({ verdict: 'unknown', refused: { told: true } });
    expect(watched.look(at('2026-06-08'), seen([license()], { probe: ACCEPTED }))).toEqual([
      'CheckoutAccepted',
    ]);
  });

  it.each(PROBE_KINDS)('%s is stored and read back', (kind) => {
    const head = aHead({
      lastProbe: { kind, entitlementName: null, licenseArn: null, since: at('2026-06-01') },
    });
    expect(readHead(storeHead(head))).toEqual(head);
  });

  it('tells a role that may not check out from trouble', () => {
    expect(probeKind(FAILED)).toBe('failed');
    expect(probeKind({ ...FAILED, denied: true })).toBe('denied');
    expect(probeKind({ ...REFUSED, unit: 'Count' } as ProbeOutcome)).toBe('refused-counted');
    expect(probeKind(REFUSED)).toBe('refused');
    expect(probeKind(NOT_PROBED)).toBeNull();
  });
});

describe('what the product needs to start', () => {
  const tiered = product({ tiers: ['Basic', 'Premium'] });
  const needed = { ...SEAT, neededToStart: true };
  const both = product({ dimensions: { ReadOnly: needed, Admin: needed, Author: SEAT } });
  const admin = seats(1, 'Admin');
  const now = at('2026-06-01');
  it.each<[string, Product, readonly License[], string]>([
    ['a tier', tiered, [license({ entitlements: [tier('Basic'), USAGE] })], 'held'],
    [
      'a tier that is issued as a count',
      tiered,
      [license({ entitlements: [{ ...seats(1), name: 'Basic' }] })],
      'held',
    ],
    [
      'nothing but Usage of a tiered product',
      tiered,
      [license({ entitlements: [USAGE] })],
      'missing',
    ],
    [
      'a tier that is disabled',
      tiered,
      [license({ entitlements: [{ ...tier('Basic'), value: 'Disabled' }, USAGE] })],
      'missing',
    ],
    [
      'a tier that the seller does not list',
      tiered,
      [license({ entitlements: [tier('Secret'), USAGE] })],
      'unknown',
    ],
    [
      'a tier beside what the seller does not list',
      tiered,
      [license({ entitlements: [tier('Secret'), tier('Basic')] })],
      'held',
    ],
    ['seats', product(), [license()], 'held'],
    [
      'seats beside a tier',
      product(),
      [license({ entitlements: [tier('Basic'), seats(5)] })],
      'held',
    ],
    [
      'nothing but Usage of a product of seats',
      product(),
      [license({ entitlements: [USAGE] })],
      'missing',
    ],
    [
      'a tier of a product of seats',
      product(),
      [license({ entitlements: [tier('Basic')] })],
      'unknown',
    ],
    ['a pool', product(), [license({ entitlements: [gigabytes(5), USAGE] })], 'held'],
    ['all that the seller says', both, [license({ entitlements: [seats(1), admin] })], 'held'],
    ['one of two that the seller says', both, [license({ entitlements: [seats(5)] })], 'missing'],
    [
      'none that the seller says, but a tier of the list',
      product({ tiers: ['Basic'], dimensions: { ReadOnly: needed } }),
      [license({ entitlements: [tier('Basic')] })],
      'missing',
    ],
    [
      'the tier in one of two licenses',
      tiered,
      [
        license({ arn: 'a', entitlements: [USAGE] }),
        license({ arn: 'b', entitlements: [tier('Basic')] }),
      ],
      'held',
    ],
    [
      'the tier in a license that has not begun',
      tiered,
      [
        license({ arn: 'a', entitlements: [USAGE] }),
        license({ arn: 'b', begin: '2027-01-01', entitlements: [tier('Basic')] }),
      ],
      'missing',
    ],
  ])('%s', (_, of, licenses, expected) => {
    expect(neededOf(canonicalState(licenses, now), of, now)).toBe(expected);
  });

  it('is looked at again when the seller lists other tiers', () => {
    const watched = new WatchedContract(tiered);
    const look = seen([license({ entitlements: [tier('Secret'), USAGE] })], { probe: ACCEPTED });
    watched.look(at('2026-06-01'), look);
    expect(watched.head?.needed).toBe('unknown');
    watched.product = product({ ...tiered, tiers: ['Secret'] });
    watched.look(at('2026-06-02'), look);
    expect(watched.head?.needed).toBe('held');
  });
});
