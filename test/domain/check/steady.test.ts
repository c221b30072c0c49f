import { describe, expect, it } from 'vitest';
import type { License } from '../../../lib/domain/license/contract.ts';
import type { Product } from '../../../lib/domain/license/product.ts';
import type { Observation, ProbeOutcome } from '../../../lib/domain/check/observation.ts';
import { digestAfter, isSteady } from '../../../lib/domain/check/perform-check.ts';
import { product, WatchedContract } from '../../support/contracts.ts';
import { aHead } from '../../support/records.ts';
import { at, license, seats, USAGE } from '../../support/licenses.ts';
import {
  ACCEPTED,
  blind,
  LEFT,
  NOT_LOOKED,
  NOT_PROBED,
  REFUSED,
  seen,
  trouble,
} from '../../support/observations.ts';
import { sha256 } from '../../../lib/aws/text.ts';

const BUSY: ProbeOutcome = {
  outcome: 'refused',
  entitlementName: 'ReadOnly',
  unit: 'Count',
  error: 'NoEntitlementsAllowedException',
};
const OTHER = license({ arn: 'b', entitlements: [USAGE, seats(1)] });

/** Whether, after a first look at five seats, `observation` of the next day needs no head. */
function steady(observation: Observation, when = '2026-06-02', of: Product = product()): boolean {
  const watched = new WatchedContract();
  watched.look(at('2026-06-01'), seen([license()], { probe: ACCEPTED }));
  if (watched.head === null) throw new Error('no head');
  const { digest, nextDue } = watched.head;
  return isSteady(observation, { productId: 'example', digest, nextDue }, of, at(when), sha256);
}

/** What a later check compares itself with, after `observation` and one whose digest was of other licenses. */
function digest(observation: Observation): string {
  const head = aHead({ watchStarted: at('2026-05-01'), digest: 'licenses.as before.usage.probe' });
  const now = at('2026-06-01');
  return digestAfter(head, { head, observation, product: product(), now }, sha256);
}

describe('isSteady', () => {
  it.each([
    ['the same license', seen([license()], { probe: ACCEPTED })],
    ['in another order', seen([license({ entitlements: [seats(5), USAGE] })], { probe: ACCEPTED })],
    [
      'beside one that ended',
      seen(
        [license(), { ...OTHER, validity: { begin: at('2020-01-01'), end: at('2021-01-01') } }],
        {
          probe: ACCEPTED,
        },
      ),
    ],
    ['not probed this time', seen([license()], { probe: NOT_PROBED })],
    ['with other names', seen([license({ licenseName: 'Renamed' })], { probe: ACCEPTED })],
  ])('is true of %s', (_, observation) => {
    expect(steady(observation)).toBe(true);
  });

  it.each([
    ['another version', seen([license({ version: '2' })])],
    ['another status', seen([license({ status: 'SUSPENDED' })])],
    ['another grant state', seen([license({ receivedStatus: 'DISABLED' })])],
    ['a second license', seen([license(), OTHER])],
    ['no license', seen([])],
    [
      'one of another issuer',
      seen([license()], { foreign: ['arn:aws:license-manager::999999999999:license:l-x'] }),
    ],
    ['a refused probe', seen([license()], { probe: REFUSED })],
    ['a role that is gone', blind()],
    ['trouble', trouble()],
    ['nobody having looked', NOT_LOOKED],
    ['a farewell', LEFT],
  ])('is false of %s', (_, observation) => {
    expect(steady(observation)).toBe(false);
  });

  it('is false when a reminder, a begin or an end is due, and before the first check', () => {
    const same = seen([license()], { probe: ACCEPTED });
    expect(steady(same, '2026-11-02T23:59:59')).toBe(true);
    expect(steady(same, '2026-11-03')).toBe(false);
    expect(
      isSteady(
        same,
        { productId: 'example', digest: null, nextDue: null },
        product(),
        at('2026-06-02'),
        sha256,
      ),
    ).toBe(false);
  });

  it('is false once after the seller changed the reminder days or the tiers', () => {
    const same = seen([license()], { probe: ACCEPTED });
    expect(steady(same, '2026-06-02', product({ reminderDays: [10] }))).toBe(false);
    const watched = new WatchedContract();
    watched.look(at('2026-06-01'), same);
    watched.product = product({ reminderDays: [10] });
    for (const day of ['2026-06-02', '2026-06-03', '2026-06-04']) watched.look(at(day), same);
    expect(watched.decided).toBe(2);
    expect(watched.head?.nextDue).toBe(at('2027-01-22'));
  });

  it('is true of a contract that is over, whether or not AWS still lists the license', () => {
    const watched = new WatchedContract();
    watched.look(at('2027-03-01'), seen([license()]));
    const { decided } = watched;
    for (const hour of ['01', '02', '03'])
      watched.look(at(`2027-03-02T${hour}:00`), seen([license()]));
    expect(watched.decided).toBe(decided);
    for (const hour of ['04', '05', '06']) watched.look(at(`2027-03-02T${hour}:00`), seen([]));
    expect(watched.decided).toBe(decided + 1);
    expect(watched.ledger).toHaveLength(1);
  });

  it('takes a probe that says nothing for the answer before, but only of what is in force', () => {
    const [upcoming, at1] = [license({ begin: '2026-07-01' }), at('2026-06-01')];
    const accepted = seen([upcoming], { probe: ACCEPTED });
    const watched = new WatchedContract();
    watched.look(at1, accepted);
    const { digest, nextDue } = watched.head!;
    const isSame = (observation: Observation) =>
      isSteady(
        observation,
        { productId: 'example', digest, nextDue },
        product(),
        at('2026-06-02'),
        sha256,
      );
    expect(isSame(accepted)).toBe(true);
    // The contradiction is over with the probe that made it: nothing keeps it in doubt.
    expect(isSame(seen([upcoming], { probe: NOT_PROBED }))).toBe(false);
    expect(isSame(seen([upcoming], { probe: BUSY }))).toBe(false);
  });

  it('is another look where the list says another thing of a license, whatever the order', () => {
    const { version, validity, entitlements } = license();
    const listed = (status: License['status'], arn = 'a') =>
      license({ arn, listed: { version, validity, entitlements, status } });
    const read = (...licenses: readonly License[]) => digest(seen(licenses));
    expect(read(listed('SUSPENDED'))).not.toBe(read(listed('DEACTIVATED')));
    const two = [listed('SUSPENDED'), listed('DEACTIVATED', 'b')];
    expect(read(...two)).toBe(read(...two.toReversed()));
  });

  it('takes a probe that failed, or was refused a seat that may be busy, for silence: only of what is in force', () => {
    const failed: ProbeOutcome = { outcome: 'failed', error: 'TimeoutError', reason: 'slow' };
    const verdict = (probe: ProbeOutcome, begin = '2026-02-01') =>
      digest(seen([license({ begin })], { probe })).split('.')[1];
    for (const silent of [NOT_PROBED, failed, BUSY]) {
      expect(verdict(silent)).toBe('as before');
      expect(verdict(silent, '2026-07-01')).toBe('not-entitled');
    }
    expect(verdict(ACCEPTED)).toBe('entitled');
    expect(verdict(REFUSED)).toBe('unknown');
  });

  it('keeps a refusal that was told until a checkout is accepted: silence takes nothing back', () => {
    const watched = new WatchedContract();
    const look = (day: string, probe: ProbeOutcome) =>
      watched.look(at(`2026-06-${day}`), seen([license()], { probe }));
    look('01', ACCEPTED);
    for (const day of ['02', '03', '04']) look(day, REFUSED);
    expect(watched.changes).toContain('CheckoutRefused');
    for (const [day, probe] of [
      ['05', NOT_PROBED],
      ['06', BUSY],
    ] as const)
      expect(look(day, probe)).toEqual([]);
    expect(watched.head?.verdict).toBe('unknown');
    expect(look('07', ACCEPTED)).toEqual(['CheckoutAccepted']);
  });
});
