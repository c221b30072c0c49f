import { describe, expect, it } from 'vitest';
import {
  LICENSE_STATUSES,
  RECEIVED_STATUSES,
  type Standing,
  STANDINGS,
} from '../../../lib/domain/license/contract.ts';
import {
  licenseStanding,
  LIFE_TABLE,
  phaseOf,
  STANDING_TABLE,
} from '../../../lib/domain/license/standing.ts';
import { VERDICT_TABLE } from '../../../lib/domain/check/verdict.ts';
import { at, license } from '../../support/licenses.ts';

const [BEFORE, WITHIN, AFTER] = [at('2026-01-01'), at('2026-06-01'), at('2027-06-01')];

describe('license status x received status -> life', () => {
  const cells = LICENSE_STATUSES.flatMap((status) =>
    RECEIVED_STATUSES.map((receivedStatus) => ({
      status,
      receivedStatus,
      ...LIFE_TABLE[status][receivedStatus],
    })),
  );

  it('is total, each cell with its reason', () => {
    expect(cells).toHaveLength(56);
    for (const { reason } of cells) expect(reason).toMatch(/\w+ \w+/);
  });

  it('lets only an available license with an active grant be used', () => {
    const usable = cells.filter(({ life }) => life === 'usable');
    expect(usable.map(({ status, receivedStatus }) => [status, receivedStatus])).toEqual([
      ['AVAILABLE', 'ACTIVE'],
    ]);
  });

  it('lets no grant bring back what the license’s own status rules out', () => {
    for (const { status, life } of cells) {
      if (status === 'AVAILABLE' || status === 'PENDING_AVAILABLE') continue;
      expect(life).toBe(LIFE_TABLE[status].ACTIVE.life);
    }
  });
});

describe('life x phase -> standing', () => {
  it('lets only what is usable be in force, and only within its validity', () => {
    for (const [life, row] of Object.entries(STANDING_TABLE)) {
      for (const [phase, { standing, reason }] of Object.entries(row)) {
        expect(standing === 'in-force').toBe(life === 'usable' && phase === 'within');
        expect(reason).not.toBe('');
      }
    }
  });

  it('ends everything at its end', () => {
    for (const row of Object.values(STANDING_TABLE)) expect(row.after.standing).toBe('ended');
  });

  it('reaches every standing but none, which is the standing without a license', () => {
    const reached = new Set<Standing>(
      Object.values(STANDING_TABLE).flatMap((row) =>
        Object.values(row).map((cell) => cell.standing),
      ),
    );
    expect([...reached, 'none'].toSorted()).toEqual(STANDINGS.toSorted());
  });
});

describe('the standing of one license', () => {
  it.each([
    ['AVAILABLE', 'ACTIVE', 'upcoming', 'in-force', 'ended'],
    ['AVAILABLE', 'PENDING_ACCEPT', 'not-activated', 'not-activated', 'ended'],
    ['AVAILABLE', 'DISABLED', 'not-activated', 'not-activated', 'ended'],
    ['AVAILABLE', 'DELETED', 'not-activated', 'not-activated', 'ended'],
    ['PENDING_AVAILABLE', 'ACTIVE', 'upcoming', 'upcoming', 'ended'],
    ['SUSPENDED', 'ACTIVE', 'suspended', 'suspended', 'ended'],
    ['DEACTIVATED', 'DISABLED', 'deactivated', 'deactivated', 'ended'],
    ['EXPIRED', 'ACTIVE', 'ended', 'ended', 'ended'],
    ['PENDING_DELETE', 'ACTIVE', 'canceled', 'canceled', 'ended'],
    ['DELETED', 'DELETED', 'canceled', 'canceled', 'ended'],
  ] as const)(
    '%s with a grant %s is %s, %s, %s before, within and after its validity',
    (status, receivedStatus, ...expected) => {
      const one = license({ status, receivedStatus });
      expect([BEFORE, WITHIN, AFTER].map((now) => licenseStanding(one, now))).toEqual(expected);
    },
  );

  it('begins with its first instant and ends with its last', () => {
    const { validity } = license();
    expect(phaseOf(validity, at('2026-01-31T23:59:59'))).toBe('before');
    expect(phaseOf(validity, at('2026-02-01'))).toBe('within');
    expect(phaseOf(validity, at('2027-01-31T23:59:59'))).toBe('within');
    expect(phaseOf(validity, at('2027-02-01'))).toBe('after');
    expect(phaseOf({ begin: at('2026-02-01'), end: null }, at('3000-01-01'))).toBe('within');
  });
});

describe('reads x probe -> verdict', () => {
  const rows = Object.entries(VERDICT_TABLE);

  it('is total, each cell with its reason', () => {
    expect(rows.map(([reads]) => reads).toSorted()).toEqual([...STANDINGS, 'unseen'].toSorted());
    for (const [, row] of rows)
      for (const cell of Object.values(row)) expect(cell.reason).not.toBe('');
  });

  it('is entitled only where the reads say in force', () => {
    for (const [reads, row] of rows) {
      for (const { verdict } of Object.values(row))
        if (verdict === 'entitled') expect(reads).toBe('in-force');
    }
  });

  it('never lets a probe alone say not entitled, nor a missing read anything', () => {
    for (const [reads, row] of rows) {
      if (reads === 'in-force')
        expect(Object.values(row).map(({ verdict }) => verdict)).not.toContain('not-entitled');
      if (reads === 'unseen')
        expect(new Set(Object.values(row).map(({ verdict }) => verdict))).toEqual(
          new Set(['unknown']),
        );
    }
  });

  it('takes a busy seat for a busy seat', () => {
    expect(VERDICT_TABLE['in-force']['refused-counted'].verdict).toBe('entitled');
    expect(VERDICT_TABLE['in-force'].refused.verdict).toBe('unknown');
  });
});
