import { describe, expect, it } from 'vitest';
import {
  readSkipped,
  type ReadVersions,
  skippedVersions,
} from '../../../lib/domain/check/versions.ts';
import { canonicalLicense } from '../../../lib/domain/license/canonical-state.ts';
import type { License } from '../../../lib/domain/license/contract.ts';
import { arnOf, license, seats, USAGE } from '../../support/licenses.ts';

const ARN = arnOf('a');
const version = (number: string, traits: Parameters<typeof license>[0] = {}) =>
  license({ version: number, entitlements: [USAGE, seats(Number(number))], ...traits });

describe('a version is skipped', () => {
  const skipped = (before: string, after: string) =>
    skippedVersions(
      [canonicalLicense(version('1', { version: before }))],
      [canonicalLicense(version('1', { version: after }))],
    );
  it.each([
    ['2', '4'],
    ['0002', '0004'],
    ['9007199254740993', '9007199254740995'],
  ])('from %s to %s', (before, after) => {
    expect(skipped(before, after)).toEqual([{ licenseArn: ARN, after: before, before: after }]);
  });

  it.each([
    ['2', '3'],
    ['2', '2'],
    ['4', '2'],
    ['a1', 'a3'],
    ['2', 'v4'],
    ['9007199254740993', '9007199254740994'],
  ])('but not from %s to %s', (before, after) => {
    expect(skipped(before, after)).toEqual([]);
  });

  it('not where the license was not there before', () => {
    expect(skippedVersions([], [canonicalLicense(version('7'))])).toEqual([]);
    const another = canonicalLicense(version('1', { arn: 'b' }));
    expect(skippedVersions([another], [canonicalLicense(version('7'))])).toEqual([]);
  });
});

describe('what a skipped version said', () => {
  const answering =
    (licenses: readonly License[], problem: string | null = null): ReadVersions =>
    () =>
      Promise.resolve({ licenses, problem });
  const read = async (after: string, before: string, readVersions: ReadVersions) => {
    const [only] = await readSkipped([{ licenseArn: ARN, after, before }], readVersions);
    return { versions: only?.versions.map((each) => each.version), unknown: only?.unknown };
  };

  it('is kept by number, each once, whatever the order', async () => {
    const listed = ['5', '3', '1', '4', '3', '2', '6'].map((each) => version(each));
    expect(await read('2', '5', answering(listed))).toEqual({
      versions: ['3', '4'],
      unknown: null,
    });
    const [kept] = await readSkipped(
      [{ licenseArn: ARN, after: '2', before: '4' }],
      answering(listed),
    );
    const { licenseArn: _arn, receivedStatus: _grant, ...terms } = canonicalLicense(version('3'));
    expect(kept?.versions).toEqual([terms]);
  });

  it('is not known where AWS denies the list, and why', async () => {
    expect(await read('2', '4', answering([], 'AccessDeniedException'))).toEqual({
      versions: [],
      unknown: { which: '3', why: 'AccessDeniedException' },
    });
    expect(await read('2', '9', answering([], 'AccessDeniedException'))).toMatchObject({
      unknown: { which: '3 to 8' },
    });
  });

  it('is not known where the list lacks it', async () => {
    const listed = ['2', '5', '6', '9'].map((each) => version(each));
    expect(await read('2', '10', answering(listed))).toEqual({
      versions: ['5', '6', '9'],
      unknown: { which: '3 to 4, 7 to 8', why: 'they are not listed' },
    });
  });

  it('is none of another license’s, and none that is no number', async () => {
    const listed = [version('3', { arn: 'b' }), version('3', { version: 'three' })];
    expect(await read('2', '4', answering(listed))).toMatchObject({ versions: [] });
  });

  it('is kept as far as an entry holds it', async () => {
    const hundred = Array.from({ length: 100 }, (_, n) => version(String(n + 3)));
    expect(await read('2', '103', answering(hundred))).toMatchObject({
      versions: { length: 20 },
      unknown: { which: '23 to 102', why: 'there are more than an entry holds' },
    });
    const many = Array.from({ length: 300 }, (_, n) => seats(n, `Seats ${n}`));
    const large = ['3', '4'].map((each) => version(each, { entitlements: many }));
    expect(await read('2', '5', answering(large))).toEqual({
      versions: [],
      unknown: { which: '3 to 4', why: 'there are more than an entry holds' },
    });
  });
});
