import { describe, expect, it, test } from 'vitest';
import { filterPolicy, isMatch } from '../../../../lib/workbench/cloud/sns/filter-policy.ts';
import type { PublishedAttributes } from '../../../../lib/workbench/cloud/sns/publication.ts';

const text = (value: string): PublishedAttributes => ({ key: { dataType: 'String', value } });
const list = (...values: unknown[]): PublishedAttributes => ({
  key: { dataType: 'String.Array', value: JSON.stringify(values) },
});
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
    ['a text that looks like the number', [3], text('3'), false],
    ['a number in a list', [3], list(3), true],
    ['existence', [{ exists: true }], text('x'), true],
    ['existence of what is not there', [{ exists: true }], none, false],
    ['absence', [{ exists: false }], none, true],
    ['absence of what is there', [{ exists: false }], text('x'), false],
    ['absence or a value', [{ exists: false }, 'a'], text('a'), true],
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
    [{ key: [{ prefix: 'License' }] }, /Unrecognized match type prefix/],
  ])('refuses %j', (policy, message) => {
    expect(() => filterPolicy(policy)).toThrow(message);
  });
});
