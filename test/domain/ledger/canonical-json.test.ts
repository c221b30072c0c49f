import * as fc from '../../support/property.ts';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from '../../../lib/domain/ledger/canonical-json.ts';

describe('canonicalJson', () => {
  it('does not depend on the order of properties, and leaves undefined out', () => {
    expect(canonicalJson({ b: 1, a: { d: undefined, c: [2, { f: 3, e: null }] } })).toBe(
      '{"a":{"c":[2,{"e":null,"f":3}]},"b":1}',
    );
  });

  it('is JSON of the same value, for any', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it('loses no property for its name, and puts numbers as JSON does', () => {
    const text = '{"9":1,"10":2,"__proto__":{"a":1},"b":3}';
    expect(canonicalJson(JSON.parse(text))).toBe(text);
  });

  it.each([
    ['a date', new Date(0), 'at .a'],
    ['NaN', NaN, 'number at .a'],
    ['a function', () => 0, 'function at .a'],
    ['a map', new Map(), 'an object of a class at .a'],
    ['undefined in a list', [undefined], 'undefined at .a[0]'],
  ])('refuses %s, which JSON would alter', (_, value, message) => {
    expect(() => canonicalJson({ a: value })).toThrow(message);
  });

  it('refuses what is no JSON by itself, and takes an object without a class', () => {
    expect(() => canonicalJson(undefined)).toThrow('undefined at the top');
    const bare = Object.assign(Object.create(null) as object, { a: 1 });
    expect(canonicalJson(bare)).toBe('{"a":1}');
  });
});
