import { describe, expect, it, test } from 'vitest';
import { filterPolicy, isMatch } from '../../../../lib/workbench/cloud/sns/filter-policy.ts';
import type { PublishedAttributes } from '../../../../lib/workbench/cloud/sns/publication.ts';

const text = (value: string): PublishedAttributes => ({ key: { dataType: 'String', value } });
const list = (...values: unknown[]): PublishedAttributes => ({
  key: { dataType: 'String.Array', value: JSON.stringify(values) },
});
const number = (value: string): PublishedAttributes => ({ key: { dataType: 'Number', value } });
const none: PublishedAttributes = {};

describe('a filter policy', () => {
  test.each<[string, unknown[], PublishedAttributes, boolean]>([
    ['equal text', ['digest'], text('digest'), true],
    ['other text', ['digest'], text('Digest'), false],
    ['any of several', ['a', 'b'], text('b'), true],
    ['no attribute', ['a'], none, false],
    ['a member of a list', ['b'], list('a', 'b'), true],
    ['no member of a list', ['c'], list('a', 'b'), false],
    ['an empty list', ['c'], list(), false],
    ['a number by its value', [3], number('3.0'), true],
    ['a text that looks like the number', [3], text('3'), false],
    ['a prefix', [{ prefix: 'License' }], text('LicenseRenewed'), true],
    ['another prefix', [{ prefix: 'License' }], text('WatchLost'), false],
    ['a prefix of a member', [{ prefix: 'License' }], list('WatchLost', 'LicenseRenewed'), true],
    ['a suffix', [{ suffix: 'Lost' }], text('WatchLost'), true],
    ['another case', [{ 'equals-ignore-case': 'HIGH' }], text('high'), true],
    ['anything but it, given it', [{ 'anything-but': 'low' }], text('low'), false],
    ['anything but it, given another', [{ 'anything-but': 'low' }], text('high'), true],
    ['anything but several', [{ 'anything-but': ['low', 'high'] }], text('high'), false],
    ['anything but a prefix', [{ 'anything-but': { prefix: 'Watch' } }], text('WatchLost'), false],
    ['anything but it, of no attribute', [{ 'anything-but': 'low' }], none, false],
    ['anything but one member', [{ 'anything-but': ['rugby'] }], list('rugby', 'baseball'), true],
    ['anything but the only member', [{ 'anything-but': ['rugby'] }], list('rugby'), false],
    ['existence', [{ exists: true }], text('x'), true],
    ['existence of what is not there', [{ exists: true }], none, false],
    ['absence', [{ exists: false }], none, true],
    ['absence of what is there', [{ exists: false }], text('x'), false],
    ['absence or a value', [{ exists: false }, 'a'], text('a'), true],
    ['a range', [{ numeric: ['>', 0, '<=', 5] }], number('5'), true],
    ['outside a range', [{ numeric: ['>', 0, '<=', 5] }], number('5.1'), false],
  ])('of %s', (_name, conditions, attributes, expected) => {
    expect(isMatch(filterPolicy({ key: conditions }), attributes)).toBe(expected);
  });

  it('needs every key', () => {
    const policy = filterPolicy('{"kind":["change"],"severity":["high"]}');
    const kind = { dataType: 'String', value: 'change' };
    expect(isMatch(policy, { kind, severity: { dataType: 'String', value: 'high' } })).toBe(true);
    expect(isMatch(policy, { kind })).toBe(false);
  });

  test.each([
    ['{', /failed to parse JSON/],
    [{ key: 'a' }, /must be an object or an array/],
    [{ $or: { key: ['a'] } }, /must be an object or an array/],
    [{ key: [{ cidr: '10.0.0.0/8' }] }, /Unrecognized match type cidr/],
  ])('refuses %j', (policy, message) => {
    expect(() => filterPolicy(policy)).toThrow(message);
  });
});
