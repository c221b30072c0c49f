import * as fc from '../../support/property.ts';
import { describe, expect, it } from 'vitest';
import {
  approximately,
  compareQuantities,
  minusQuantity,
  parseQuantity,
  percentOf,
  plusQuantity,
  quantity,
  share,
} from '../../../lib/domain/license/quantity.ts';

describe('a quantity', () => {
  it.each([
    ['0', '0'],
    ['007', '7'],
    ['412.50', '412.5'],
    ['5.000', '5'],
    ['0.0000005', '0.0000005'],
    ['1125899906842624', '1125899906842624'],
    ['9223372036854775807', '9223372036854775807'],
    ['412.0123456789', '412.0123456789'],
  ])('reads %s as %s', (text, read) => {
    expect(parseQuantity(text)).toBe(read);
  });

  it.each(['', '-1', '-0', '1e3', 'NaN', 'Infinity', '1.', '.5', ' 1', '1'.repeat(41), '١'])(
    'refuses %j',
    (text) => {
      expect(parseQuantity(text)).toBeNull();
    },
  );

  it('is written without an exponent, or not at all', () => {
    expect(quantity(0.1)).toBe('0.1');
    expect(() => quantity(1e21)).toThrow('got 1e+21');
    expect(() => quantity(-1)).toThrow('got -1');
    expect(() => quantity(NaN)).toThrow('got NaN');
  });

  it('adds, takes away and compares as whole numbers of its smallest part do', () => {
    const part = fc.bigInt({ min: 0n, max: 2n ** 70n });
    const scale = 10n ** 6n;
    const at = (n: bigint) =>
      parseQuantity(`${n / scale}.${String(n % scale).padStart(6, '0')}`) ?? quantity(0);
    fc.assert(
      fc.property(part, part, (a, b) => {
        expect(plusQuantity(at(a), at(b))).toBe(at(a + b));
        expect(minusQuantity(at(a), at(b))).toBe(at(a > b ? a - b : 0n));
        expect(Math.sign(compareQuantities(at(a), at(b)))).toBe(a === b ? 0 : a < b ? -1 : 1);
      }),
    );
  });

  it('says 100 % only when nothing is left', () => {
    const all = quantity(2n ** 63n - 1n);
    expect(percentOf(minusQuantity(all, quantity(1)), all)).toBe(99);
    expect(percentOf(all, all)).toBe(100);
    expect(percentOf(quantity(1), quantity(0))).toBeNull();
    expect(percentOf(all, share(quantity(1), 1))).toBe(999_999_999);
    expect(compareQuantities(all, all)).toBe(0);
    expect(share(parseQuantity('0.5') ?? all, 50)).toBe('0.25');
    expect(share(quantity(100), 100)).toBe('100');
    expect(minusQuantity(all, all)).toBe('0');
    expect(share(quantity(500), 82)).toBe('410');
    expect(approximately(share(quantity(825), 50))).toBe(412.5);
  });
});
