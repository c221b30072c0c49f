import { describe, expect, it } from 'vitest';
import { hiddenBySettings } from '../../../lib/domain/check/believed-read.ts';
import { compareVersions, highestSeen } from '../../../lib/domain/check/versions.ts';
import type { License } from '../../../lib/domain/license/contract.ts';
import { type Instant, MINUTE, plus } from '../../../lib/domain/time.ts';
import { quantity } from '../../../lib/domain/license/quantity.ts';
import { anAgreement } from '../../support/agreements.ts';
import { product, WatchedContract } from '../../support/contracts.ts';
import { arnOf, at, license, seats, USAGE } from '../../support/licenses.ts';
import { blind, LEFT, REFUSED, seen } from '../../support/observations.ts';

/** A contract that was looked at once, and the ticks that follow. */
function watching(...first: Parameters<typeof seen>): {
  watched: WatchedContract;
  next: () => Instant;
} {
  const watched = new WatchedContract();
  let tick = at('2026-06-01');
  watched.look(tick, seen(...first));
  return { watched, next: () => (tick = plus(tick, 15 * MINUTE)) };
}

const V2 = license({ version: '2', entitlements: [USAGE, seats(8)] });

describe('a version that was superseded', () => {
  it('is a stale answer for two ticks, and believed in the third', () => {
    const { watched, next } = watching([license()]);
    watched.look(next(), seen([V2]));
    expect(watched.head?.superseded).toEqual([`${arnOf('a')}@1`]);
    expect(watched.look(next(), seen([license()]))).toEqual([]);
    expect(watched.head?.stale).toEqual({ pair: `${arnOf('a')}@1`, ticks: 1 });
    expect(watched.look(next(), seen([license()]))).toEqual([]);
    expect(watched.look(next(), seen([license()]))).toEqual(['LicenseDowngraded']);
    expect(watched.head).toMatchObject({ stale: null, superseded: [`${arnOf('a')}@2`] });
  });

  it('is counted once per tick, and from the start after a good read', () => {
    const { watched, next } = watching([license()]);
    watched.look(next(), seen([V2]));
    const tick = next();
    for (let time = 0; time < 5; time += 1) watched.look(tick, seen([license()]));
    expect(watched.head?.stale?.ticks).toBe(1);
    watched.look(next(), seen([license()]));
    watched.look(next(), seen([V2]));
    expect(watched.head?.stale).toBeNull();
    watched.look(next(), seen([license()]));
    expect(watched.head?.stale?.ticks).toBe(1);
    expect(watched.changes).toEqual(['WatchStarted', 'LicenseUpgraded']);
  });

  it('does not hide another license of the same read', () => {
    const { watched, next } = watching([license()]);
    watched.look(next(), seen([V2]));
    const other = license({ arn: 'b', begin: '2026-05-01', end: '2027-05-01' });
    expect(watched.look(next(), seen([license(), other]))).toEqual(['AnotherLicenseFound']);
    expect(watched.last.after.map(({ version }) => version)).toEqual(['2', '1']);
    // Both are known now, and each is there once.
    watched.look(next(), seen([license(), { ...other, version: '2', entitlements: [seats(9)] }]));
    expect(watched.last.after.map(({ version }) => version)).toEqual(['2', '2']);
    expect(watched.reason).toMatch(
      `the read went back to ${arnOf('a')}@1, which is superseded: not believed yet`,
    );
  });

  it('is counted together with that of another license', () => {
    const two = (version: string) => seen([license({ version }), license({ arn: 'b', version })]);
    const { watched, next } = watching(...[two('1').licenses]);
    watched.look(next(), two('2'));
    watched.look(next(), two('1'));
    expect(watched.head?.stale).toEqual({ pair: `${arnOf('a')}@1 ${arnOf('b')}@1`, ticks: 1 });
  });

  it('is none where the license was gone, and came back as it was', () => {
    const { watched, next } = watching([license()]);
    for (const _ of ['missing', 'gone']) watched.look(next(), seen([]));
    expect(watched.changes.at(-1)).toBe('LicenseRemoved');
    expect(watched.look(next(), seen([license()]))).toEqual(['LicenseGranted']);
  });

  it('is remembered of the last fifty versions', () => {
    const { watched, next } = watching([license({ version: 'v0' })]);
    for (let n = 1; n <= 60; n += 1) watched.look(next(), seen([license({ version: `v${n}` })]));
    expect(watched.head?.superseded).toHaveLength(50);
    expect(watched.head?.superseded.at(-1)).toBe(`${arnOf('a')}@v59`);
    expect(watched.head?.highest, 'of what is no number none is the highest').toEqual([]);
  });

  it('is no number, and nothing is below it once it is believed', () => {
    const { watched, next } = watching([license({ version: 'x' })]);
    watched.look(next(), seen([license({ version: '5' })]));
    for (const _ of ['first', 'second', 'third'])
      watched.look(next(), seen([license({ version: 'x' })]));
    expect(watched.head).toMatchObject({ stale: null, state: [{ version: 'x' }] });
    expect(watched.head?.highest).toEqual([{ licenseArn: arnOf('a'), version: '5' }]);
  });
});

it.each([
  ['1', '2', -1],
  ['9', '10', -1],
  ['10', '9', 1],
  ['2', '2', 0],
  ['007', '7', 0],
  ['0', '00', 0],
  ['0010', '11', -1],
  ['1001', '101', 1],
  ['100', '11', 1],
  ['v1', '2', null],
  ['1', 'v2', null],
  ['-1', '1', null],
  ['1.5', '1', null],
  ['', '1', null],
])('compares version %s with %s: %s', (a, b, order) => {
  expect(compareVersions(a, b)).toBe(order);
  expect(compareVersions(b, a)).toBe(order === null ? null : 0 - order);
});

describe('the highest version of each license', () => {
  const versions = (...pairs: readonly string[]) =>
    pairs.map((pair) => ({ licenseArn: pair.split('@')[0]!, version: pair.split('@')[1]! }));

  it('stays whatever is read below it, in the order of the ARNs, and falls with what is believed', () => {
    const read = versions('b@1', 'a@3', 'a@12', 'c@x');
    expect(highestSeen(read, [], [])).toEqual(versions('a@12', 'b@1'));
    expect(highestSeen(versions('a@3'), [], versions('b@1', 'a@12'))).toEqual(
      versions('b@1', 'a@12'),
    );
    expect(highestSeen(versions('a@3', 'b@1'), versions('a@3'), versions('a@12', 'b@1'))).toEqual(
      versions('a@3', 'b@1'),
    );
  });

  it('is forgotten first of those that are no longer read', () => {
    const before = versions(...Array.from({ length: 50 }, (_, n) => `old${n}@7`));
    const kept = highestSeen(versions('old0@7', 'new@1'), [], before);
    expect(kept).toHaveLength(50);
    expect(kept.map(({ licenseArn }) => licenseArn)).toEqual(
      expect.arrayContaining(['old0', 'old2', 'new']) as unknown,
    );
    expect(kept.map(({ licenseArn }) => licenseArn)).not.toContain('old1');
  });
});

describe('a version that the ledger never saw', () => {
  it('is a stale answer where it is below the highest: not renewed, then shortened', () => {
    const { watched, next } = watching([license({ version: '3' })]);
    const old = license({ version: '2', end: '2028-02-01' });
    expect(watched.look(next(), seen([old]))).toEqual([]);
    expect(watched.head).toMatchObject({
      stale: { pair: `${arnOf('a')}@2`, ticks: 1 },
      standing: 'in-force',
    });
    expect(watched.look(next(), seen([license({ version: '3' })]))).toEqual([]);
    expect(watched.head?.stale).toBeNull();
    for (const _ of ['first', 'second']) expect(watched.look(next(), seen([old]))).toEqual([]);
    expect(watched.look(next(), seen([old]))).toEqual(['LicenseRenewed']);
    // What lasted is what AWS says now: nothing is below it any more.
    for (const _ of ['fourth', 'fifth']) expect(watched.look(next(), seen([old]))).toEqual([]);
    expect(watched.head).toMatchObject({ stale: null });
    expect(watched.head?.highest).toEqual([{ licenseArn: arnOf('a'), version: '2' }]);
    expect(watched.ledger).toHaveLength(2);
  });

  it.each([
    ['numbers of any length, not texts', '9', '10', true],
    ['numbers beyond what a double can tell apart', '9007199254740992', '9007199254740993', true],
    ['zeros in front', '010', '11', true],
    ['equal numbers in two spellings', '03', '3', false],
    ['opaque versions', 'a1b2', 'c3d4', false],
    ['a number after an opaque one', '1', 'v2', false],
  ])('compares %s', (_, older, newer, isStale) => {
    const { watched, next } = watching([license({ version: newer })]);
    watched.look(next(), seen([license({ version: older, entitlements: [USAGE, seats(8)] })]));
    expect(watched.head?.stale !== null).toBe(isStale);
  });

  it('is compared with the highest of its own ARN only, also of a license that is over', () => {
    const { watched, next } = watching([license({ version: '7', end: '2026-05-01' })]);
    const other = license({ arn: 'b', version: '1', begin: '2026-06-01', end: '2027-06-01' });
    expect(watched.look(next(), seen([other]))).toEqual(['LicenseRenewed']);
    const back = license({ version: '6' });
    expect(watched.look(next(), seen([back, other]))).toEqual([]);
    expect(watched.head?.stale).toEqual({ pair: `${arnOf('a')}@6`, ticks: 1 });
  });

  it('is remembered of fifty licenses at most, the latest', () => {
    const { watched, next } = watching([]);
    for (let n = 0; n < 60; n += 1) {
      const short = license({ arn: `n${n}`, version: '5', begin: '2026-01-01', end: '2026-05-01' });
      watched.look(next(), seen([short]));
    }
    expect(watched.head?.highest).toHaveLength(50);
    expect(watched.head?.highest.at(-1)).toEqual({ licenseArn: arnOf('n59'), version: '5' });
  });

  it('says when it was known for certain: not at a look that was not believed', () => {
    const { watched, next } = watching([license({ version: '2' })]);
    const first = watched.lastSeen;
    watched.look(next(), seen([license({ version: '1' })]));
    expect(watched.lastSeen).toBe(first);
    watched.look(next(), seen([]));
    expect(watched.lastSeen).toBe(first);
    watched.look(next(), seen([license({ version: '3', entitlements: [USAGE, seats(8)] })]));
    expect(watched.last.seenBetween.after).toBe(first);
  });
});

describe('a license of which the list and GetLicense say two things', () => {
  const differs = (got: Partial<License>, listed: Partial<License>) => {
    const { version, status, validity, entitlements } = license(listed);
    return license({ ...got, listed: { version, status, validity, entitlements } });
  };
  const SHORT = { begin: at('2026-02-01'), end: at('2026-12-01') };

  it('is believed as its higher version says, in doubt until it was so for three ticks', () => {
    for (const higherIsListed of [false, true]) {
      const { watched, next } = watching([license()]);
      const [old, bigger] = [{}, { version: '2', entitlements: [USAGE, seats(8)] }];
      const both = higherIsListed ? differs(old, bigger) : differs(bigger, old);
      expect(watched.look(next(), seen([both]))).toEqual(['LicenseUpgraded']);
      const first = watched.lastSeen;
      expect(watched.last.after).toMatchObject([{ version: '2' }]);
      expect(watched.head).toMatchObject({ disagreement: { ticks: 1 } });
      expect(watched.look(next(), seen([both]))).toEqual([]);
      expect(watched.head).toMatchObject({ disagreement: { ticks: 2 } });
      expect(watched.lastSeen).toBe(first);
      watched.look(next(), seen([both]));
      expect(watched.lastSeen).not.toBe(first);
      watched.look(next(), seen([license(bigger)]));
      expect(watched.head?.disagreement).toBeNull();
      expect(watched.ledger).toHaveLength(2);
    }
  });

  it.each([
    ['the end', { validity: SHORT }, {}, 'LicenseShortened'],
    ['the status', { status: 'SUSPENDED' }, {}, 'LicenseSuspended'],
    ['the entitlements', { entitlements: [USAGE, seats(3)] }, {}, 'LicenseDowngraded'],
    [
      'opaque versions',
      { version: 'x', entitlements: [seats(3)] },
      { version: 'y' },
      'LicenseDowngraded',
    ],
  ] as const)(
    'concludes nothing from %s before three ticks; then GetLicense is believed',
    (_, got, listed, type) => {
      const { watched, next } = watching([license()]);
      const both = seen([differs(got, listed)]);
      for (const _ of ['first', 'second']) expect(watched.look(next(), both)).toEqual([]);
      expect(watched.head).toMatchObject({ standing: 'in-force', disagreement: { ticks: 2 } });
      expect(watched.look(next(), both)).toEqual([type]);
      expect(watched.look(next(), both)).toEqual([]);
      expect(watched.ledger).toHaveLength(2);
    },
  );

  it('starts to count anew when they say other things, and moves once per tick', () => {
    const { watched, next } = watching([license()]);
    const [one, other] = [differs({ status: 'SUSPENDED' }, {}), differs({ validity: SHORT }, {})];
    const tick = next();
    for (let time = 0; time < 5; time += 1) watched.look(tick, seen([one]));
    expect(watched.head?.disagreement?.ticks).toBe(1);
    watched.look(next(), seen([one]));
    expect(watched.look(next(), seen([other]))).toEqual([]);
    expect(watched.head?.disagreement?.ticks).toBe(1);
    watched.look(next(), seen([license()]));
    expect(watched.head?.disagreement).toBeNull();
    for (const _ of ['first', 'second']) expect(watched.look(next(), seen([other]))).toEqual([]);
    expect(watched.ledger).toHaveLength(1);
  });

  it('lets the end of another move closer, as does an answer that is stale', () => {
    const b = { arn: 'b', begin: '2026-01-01', end: '2027-08-01', version: '9' };
    const closer = license({ ...b, end: '2027-04-01', version: '10' });
    const odd = watching([license(), license(b)]);
    expect(
      odd.watched.look(odd.next(), seen([closer, differs({ status: 'SUSPENDED' }, {})])),
    ).toEqual(['LicenseShortened']);
    const stale = watching([license({ version: '2' }), license(b)]);
    expect(stale.watched.look(stale.next(), seen([closer, license()]))).toEqual([
      'LicenseShortened',
    ]);
  });

  it('counts with both of its versions among the highest', () => {
    const { watched, next } = watching([license({ version: '4' })]);
    expect(watched.head?.highest).toEqual([{ licenseArn: arnOf('a'), version: '4' }]);
    watched.look(next(), seen([differs({ version: '4' }, { version: '5', status: 'SUSPENDED' })]));
    expect(watched.head?.highest).toEqual([{ licenseArn: arnOf('a'), version: '5' }]);
    watched.look(next(), seen([license({ version: '4' })]));
    expect(watched.head?.stale).toEqual({ pair: `${arnOf('a')}@4`, ticks: 1 });
  });

  it('is compared with the look before by what differs of each, up to a length that can be stored', () => {
    const { watched, next } = watching([license(), license({ arn: 'b' })]);
    const odd = (arn: string, got: Partial<License>) => ({
      ...differs(got, {}),
      licenseArn: arnOf(arn),
    });
    watched.look(
      next(),
      seen([odd('b', { status: 'SUSPENDED' }), odd('a', { status: 'SUSPENDED', validity: SHORT })]),
    );
    const dates = (end: string) => `{"begin":"2026-02-01T00:00:00Z","end":"${end}T00:00:00Z"}`;
    expect(watched.head?.disagreement?.what.split('\n')).toEqual([
      `${arnOf('a')}: status "SUSPENDED", listed "AVAILABLE"; validity ${dates('2026-12-01')}, listed ${dates('2027-02-01')}`,
      `${arnOf('b')}: status "SUSPENDED", listed "AVAILABLE"`,
    ]);
    expect(watched.reason).toBe(
      `ListReceivedLicenses and GetLicense say two things of ${arnOf('b')}, ${arnOf('a')}`,
    );
    expect(watched.head?.state).toHaveLength(2);
    const many = Array.from({ length: 400 }, (_, n) => seats(n, `\u{1f511}${n}`));
    watched.look(next(), seen([odd('a', { entitlements: many }), license({ arn: 'b' })]));
    const what = watched.head?.disagreement?.what ?? '';
    expect(what).toHaveLength(4_000);
    expect(what.isWellFormed()).toBe(true);
  });

  it('is no first look either: the watch starts when it is known what there is', () => {
    const watched = new WatchedContract();
    const both = seen([differs({ status: 'SUSPENDED' }, {})]);
    const tick = (n: number) => plus(at('2026-06-01'), n * 15 * MINUTE);
    expect(watched.look(tick(0), both)).toEqual([]);
    expect(watched.look(tick(1), both)).toEqual([]);
    expect(watched.reason).toBe(
      `ListReceivedLicenses and GetLicense say two things of ${arnOf('a')}`,
    );
    expect(watched.head).toMatchObject({ entries: 0, watchStarted: null });
    expect(watched.lastSeen).toBeNull();
    expect(watched.look(tick(2), both)).toEqual(['WatchStarted']);
    expect(watched.last.standing).toBe('suspended');

    const higher = new WatchedContract();
    higher.look(tick(0), seen([differs({ version: '2', status: 'SUSPENDED' }, {})]));
    expect(higher.last.standing, 'the higher version is believed at once').toBe('suspended');

    const other = new WatchedContract();
    other.look(tick(0), both);
    expect(other.look(tick(1), seen([license()]))).toEqual(['WatchStarted']);
    expect(other.last.standing).toBe('in-force');
  });

  it('hides no other license of the same read, and a refused checkout says nothing meanwhile', () => {
    const { watched, next } = watching([
      license(),
      license({ arn: 'b', begin: '2026-01-01', end: '2026-08-01' }),
    ]);
    const odd = differs({ status: 'SUSPENDED' }, {});
    const ended = license({ arn: 'b', begin: '2026-01-01', end: '2026-12-01', version: '2' });
    expect(watched.look(next(), seen([odd, ended], { probe: REFUSED }))).toEqual([
      'LicenseRenewed',
    ]);
    expect(watched.head?.refused).toBeNull();
    expect(watched.last.after.map(({ licenseArn }) => licenseArn)).toEqual([
      arnOf('a'),
      arnOf('b'),
    ]);
  });
});

describe('a license that a read does not show', () => {
  it('is removed when reads of two ticks agree', () => {
    const { watched, next } = watching([license()]);
    const tick = next();
    expect(watched.look(tick, seen([]))).toEqual([]);
    expect(watched.look(tick, seen([]))).toEqual([]);
    expect(watched.head).toMatchObject({
      standing: 'in-force',
      missing: { licenseArns: [arnOf('a')], ticks: 1 },
    });
    expect(watched.look(next(), seen([]))).toEqual(['LicenseRemoved']);
    expect(watched.head).toMatchObject({ standing: 'none', state: [], missing: null });
  });

  it('is removed, not expired, though an older license that ended is still listed', () => {
    const ended = license({
      arn: 'old',
      begin: '2025-01-01',
      end: '2026-01-01',
      status: 'EXPIRED',
    });
    const { watched, next } = watching([ended, license()]);
    watched.look(next(), seen([ended]));
    expect(watched.look(next(), seen([ended]))).toEqual(['LicenseRemoved']);
    expect(watched.look(next(), seen([ended]))).toEqual([]);
    expect(watched.head).toMatchObject({ standing: 'none', state: [], missing: null });
  });

  it('is not agreed on where the next read lacks another one, too', () => {
    const { watched, next } = watching([license(), license({ arn: 'b' }), license({ arn: 'c' })]);
    watched.look(next(), seen([license(), license({ arn: 'b' })]));
    expect(watched.reason).toBe(
      `the read lacks ${arnOf('c')}: not believed before another tick agrees`,
    );
    expect(watched.look(next(), seen([license()]))).toEqual([]);
    expect(watched.reason).toMatch(`the read lacks ${arnOf('b')}, ${arnOf('c')}:`);
    expect(watched.look(next(), seen([license()]))).toEqual(['LicenseRemoved']);
  });

  it('counts from the first tick that misses it, not from a look that was asked for', () => {
    const { watched, next } = watching([license()]);
    watched.look(at('2026-06-01'), seen([]), at('2026-06-01T00:10'));
    expect(watched.head?.missing).toEqual({ licenseArns: [arnOf('a')], ticks: 0 });
    expect(watched.look(next(), seen([]))).toEqual([]);
    expect(watched.look(next(), seen([]))).toEqual(['LicenseRemoved']);
  });

  it('stands meanwhile as the dates of what is known say', () => {
    const renewal = license({ arn: 'b', begin: '2027-03-01', end: '2028-03-01' });
    const { watched } = watching([license(), renewal]);
    watched.look(at('2027-02-01'), seen([]));
    expect(watched.head).toMatchObject({ standing: 'upcoming', missing: { ticks: 1 } });
  });

  it('was never gone when the next read shows it', () => {
    const { watched, next } = watching([license()]);
    watched.look(next(), seen([]));
    expect(watched.look(next(), seen([license()]))).toEqual([]);
    expect(watched.head?.missing).toBeNull();
    watched.look(next(), seen([]));
    expect(watched.look(next(), seen([license()]))).toEqual([]);
  });

  it('makes what came in its place wait for the second tick: a replacement is no addition', () => {
    const { watched, next } = watching([license()]);
    const bigger = license({ arn: 'b', begin: '2026-05-31', entitlements: [USAGE, seats(8)] });
    expect(watched.look(next(), seen([bigger]))).toEqual([]);
    expect(watched.look(next(), seen([bigger]))).toEqual(['LicenseUpgraded']);
    expect(watched.last.changes).toMatchObject([
      {
        before: { counts: [{ maxCount: quantity(5) }] },
        after: { counts: [{ maxCount: quantity(8) }] },
      },
    ]);
  });

  it('has expired, and is not removed, where its end has passed', () => {
    const { watched } = watching([license()]);
    expect(watched.look(at('2027-02-01'), seen([]))).toEqual(['LicenseExpired']);
    expect(watched.look(at('2027-02-01T00:15'), seen([]))).toEqual([]);
    expect(watched.head).toMatchObject({ standing: 'ended', missing: null });
    const other = watching([license()]).watched;
    other.look(at('2027-02-01'), seen([license()]));
    for (const { last } of [watched, other]) expect(last.after).toHaveLength(1);
  });

  it('has ended with another that is still listed', () => {
    const both = [license({ arn: 'b' }), license()];
    const { watched } = watching(both);
    watched.look(at('2027-02-01'), seen([license({ arn: 'b' })]));
    expect(watched.last.after.map(({ licenseArn }) => licenseArn)).toEqual([
      arnOf('a'),
      arnOf('b'),
    ]);
  });

  it('stays as it was canceled, also after its end', () => {
    const { watched, next } = watching([license()]);
    const dead = license({ status: 'DELETED', version: '2' });
    watched.look(next(), seen([dead]));
    watched.alwaysDecides = true;
    watched.look(at('2027-02-01T12:00'), seen([dead]));
    watched.look(at('2027-02-01T12:15'), seen([]));
    expect(watched.head?.standing).toBe('canceled');
    expect(watched.changes).toEqual(['WatchStarted', 'LicenseCanceled']);
  });

  it('does not count once it is over, and its end is remembered for a renewal', () => {
    const { watched, next } = watching([license({ end: '2026-05-01' })]);
    expect(
      watched.look(next(), seen([license({ end: '2026-05-01', status: 'DELETED', version: '9' })])),
    ).toEqual([]);
    expect(watched.look(next(), seen([]))).toEqual([]);
    expect(watched.ledger).toHaveLength(1);
    expect(
      watched.look(next(), seen([license({ arn: 'b', begin: '2026-06-01', end: '2027-06-01' })])),
    ).toEqual(['LicenseRenewed']);
  });
});

describe('licenses that were in force together', () => {
  it('are canceled together without a word of fewer seats', () => {
    const second = { arn: 'b', begin: '2026-05-01', end: '2027-05-01' };
    const { watched, next } = watching([license(), license(second)]);
    const dead = [license({ ...second, status: 'DELETED' }), license({ status: 'DELETED' })];
    expect(watched.look(next(), seen(dead))).toEqual(['LicenseCanceled']);
    expect(watched.last.after.map(({ licenseArn }) => licenseArn)).toEqual([
      arnOf('a'),
      arnOf('b'),
    ]);
  });

  it('are beside each other from the day the second begins', () => {
    const { watched } = watching([
      license(),
      license({ arn: 'b', begin: '2026-07-01', end: '2027-07-01' }),
    ]);
    const both = seen([license(), license({ arn: 'b', begin: '2026-07-01', end: '2027-07-01' })]);
    expect(watched.look(at('2026-06-30'), both)).toEqual([]);
    expect(watched.look(at('2026-07-01'), both)).toEqual(['AnotherLicenseFound']);
  });
});

describe('what dates alone bring', () => {
  const soon = { arn: 'b', begin: '2026-06-10', end: '2027-06-10', entitlements: [seats(8)] };
  const first = license({ end: '2026-06-20' });
  const both = seen([first, license(soon)]);
  const { version, status, validity } = first;
  const listed = { version, status, validity, entitlements: [] };
  const doubted = seen([{ ...first, listed }, license(soon)]);

  it.each([
    ['of what it says', doubted],
    ['of what it lacks', seen([license(soon)])],
  ])('is told once, also by a look in doubt %s', (_, doubtful) => {
    const { watched } = watching(both.licenses);
    expect(watched.look(at('2026-06-10'), doubtful)).toEqual(['LicenseUpgraded']);
    expect(watched.look(at('2026-06-10T00:15'), both)).toEqual([]);
  });

  it('is told once, also between a tick and its look', () => {
    const later = license({ ...soon, begin: '2026-06-10T00:01' });
    const { watched } = watching([first, later]);
    const bumped = { ...later, version: '2' };
    const change = watched.look(at('2026-06-10'), seen([{ ...first, listed }, bumped]));
    expect(change).toEqual(['LicenseUpgraded']);
    expect(watched.look(at('2026-06-10T00:15'), seen([first, bumped]))).toEqual([]);
  });

  it('is told once it can be seen again, also if the last look before was in doubt', () => {
    const { watched } = watching(both.licenses);
    expect(watched.look(at('2026-06-09T23:30'), doubted)).toEqual([]);
    expect(watched.look(at('2026-06-10'), blind())).toEqual([]);
    expect(watched.look(at('2026-06-10T00:15'), both)).toEqual(['LicenseUpgraded']);
  });

  it('is compared with agreements only without doubt', () => {
    const { watched } = watching([first, license(soon)]);
    const agreement = anAgreement({ licenseArns: [first.licenseArn], end: at('2026-09-20') });
    watched.agreements = [agreement];
    watched.look(at('2026-06-05'), doubted);
    expect(watched.head?.agreements).toMatchObject([{ disagrees: null }]);
    watched.look(at('2026-06-06'), both);
    expect(watched.head?.agreements).toMatchObject([{ disagrees: { told: [] } }]);
  });

  it('is told although a look at the topic came between, which judges no license', () => {
    const { watched } = watching(both.licenses);
    const gone = { kind: 'topic', state: 'gone', since: at('2026-06-10') } as const;
    expect(watched.look(at('2026-06-10'), gone)).toEqual(['BuyerUnreachable']);
    watched.alwaysDecides = true;
    expect(watched.look(at('2026-06-10T00:15'), both)).toEqual(['LicenseUpgraded']);
  });
});

describe('licenses that a read lacks', () => {
  const old = license({ productSku: 'prod-old' });
  const second = license({ arn: 'b', begin: '2026-05-01', end: '2027-05-01' });
  const OTHER_SKU = product({ productSku: 'prod-new' });

  /** Why the settings hide what `watched` knows from a read; null: they do not. */
  const hidden = (
    { head }: WatchedContract,
    of = product(),
    read: ReturnType<typeof seen> = seen([]),
  ): string | null => {
    if (head === null) expect.fail('expected a head');
    return hiddenBySettings(read, head, of)?.detail ?? null;
  };

  it('are hidden by the settings if those no longer name a SKU under which they are sold', () => {
    const { watched } = watching([license()]);
    expect(hidden(watched, OTHER_SKU)).toContain('"prod-example"');
    expect(hidden(watched, OTHER_SKU, seen([second]))).toContain('"prod-example"');
    expect(hidden(watched)).toBeNull();
    const named = { productSku: 'prod-new', formerSkus: ['prod-example'] };
    expect(hidden(watched, product(named))).toBeNull();
    expect(hidden(watched, OTHER_SKU, seen([license()])), 'none is lacking').toBeNull();
  });

  it('are hidden by the settings if they are of another issuer now, not if any other license is', () => {
    const { watched } = watching([license(), second]);
    const foreign = [arnOf('b')];
    expect(hidden(watched, product(), seen([], { foreign }))).toContain('the issuer');
    expect(hidden(watched, product(), seen([license()], { foreign }))).toContain('the issuer');
    expect(hidden(watched, product(), seen([], { foreign: [arnOf('x')] }))).toBeNull();
  });

  it('are known with all their SKUs, also while they are missing or nothing new can be concluded', () => {
    const over = license({ arn: 'z', productSku: 'prod-oldest', status: 'EXPIRED' });
    const { watched, next } = watching([second, old, over]);
    expect(watched.head?.skus).toEqual(['prod-example', 'prod-old']);
    expect(hidden(watched, product(), seen([second]))).toContain('"prod-old"');
    watched.look(next(), seen([second]));
    expect(watched.head).toMatchObject({
      missing: { ticks: 1 },
      skus: ['prod-example', 'prod-old'],
    });
    watched.look(next(), seen([second]));
    expect(watched.head).toMatchObject({ missing: null, skus: ['prod-example'] });
    expect(hidden(watched)).toBeNull();
  });

  it('may be hidden although their end has passed: so would be the renewal', () => {
    const { watched } = watching([license()]);
    expect(watched.head?.standing).toBe('in-force');
    // Nothing tells this function what time it is.
    expect(hidden(watched, OTHER_SKU)).not.toBeNull();
    watched.look(at('2027-02-01'), seen([]));
    expect(watched.head?.settling, 'the end is not told yet').not.toBeNull();
    expect(hidden(watched, OTHER_SKU)).not.toBeNull();
    watched.look(at('2027-02-01T01:15'), seen([]));
    expect(watched.head).toMatchObject({ settling: null, standing: 'ended' });
    expect(hidden(watched, OTHER_SKU)).toBeNull();
  });

  it('do not matter to a watch that starts anew', () => {
    const { watched, next } = watching([license()]);
    watched.look(next(), LEFT);
    expect(hidden(watched, OTHER_SKU)).toBeNull();
    expect(hidden(watched, product(), seen([], { foreign: [arnOf('a')] }))).toBeNull();
  });
});
