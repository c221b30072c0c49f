import * as fc from '../support/property.ts';
import { describe, expect, it } from 'vitest';
import { subjectOf } from '../../lib/mail/subject.ts';

const FACT = ': current term ends 2027-02-01 00:00 UTC, in 14 days (';

describe('a subject', () => {
  it('shortens names, the longer one first, and never a fact', () => {
    const product = {
      name: 'The Very Complete Design and Engineering Suite of Tomorrow',
      or: 'suite',
    };
    const subject = subjectOf([product, FACT, { name: 'Acme', or: '1' }, ')']);
    expect(subject).toBe(
      'The Very Complete Design and Engineer...: current term ends 2027-02-01 00:00 UTC, in 14 days (Acme)',
    );
    expect(subject).toHaveLength(99);
  });

  it('holds every fact whole whatever the names are', () => {
    fc.assert(
      fc.property(
        fc.string({ maxLength: 300 }),
        fc.string({ maxLength: 300 }),
        (product, alias) => {
          const subject = subjectOf([
            { name: product, or: 'suite' },
            FACT,
            { name: alias, or: '111122223333' },
            ')',
          ]);
          expect(subject).toContain(FACT);
          expect(subject).toMatch(/^[A-Za-z0-9][ -~]{0,98}$/);
          expect(subject.endsWith(')')).toBe(true);
        },
      ),
    );
  });

  it('says less where too little of the names would stay', () => {
    const names = ['Meridian Engineering Suite', 'Borealis Bank of the North'].map((name) => ({
      name,
      or: '1',
    }));
    const long = `: ${'a fact that is told at length, '.repeat(2)}on 2027-02-01 (`;
    const subject = subjectOf(
      [names[0]!, long, names[1]!, ')'],
      [names[0]!, ': a fact (', names[1]!, ')'],
    );
    expect(subject).toBe('Meridian Engineering Suite: a fact (Borealis Bank of the North)');
  });

  it.each([
    ['設計', 'suite: it ended'],
    ['!!! Suite', 'Suite: it ended'],
    ['', 'suite: it ended'],
  ])('begins with a letter or digit: %j', (name, subject) => {
    expect(subjectOf([{ name, or: 'suite' }, ': it ended'])).toBe(subject);
  });
});
