import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buyerMail } from '../../../lib/domain/words/buyer-mail.ts';
import { cleanText, toAscii } from '../../../lib/domain/words/clean-text.ts';
import { operationsNotice } from '../../../lib/domain/words/operations-notice.ts';
import { sellerDigest } from '../../../lib/domain/words/seller-digest.ts';
import { aHead, anEntry, anExpiry, aProduct, aReminderEntry, NOW } from '../../support/records.ts';

/** What SNS takes: see its API reference, Publish, Subject; the digit or letter first is the stricter, older rule. */
const SUBJECT = /^[A-Za-z0-9][ -~]{0,98}$/;

const hostile = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.constantFrom(
    '',
    ' ',
    '\n',
    '\u202e\u2066evil',
    '💣'.repeat(200),
    '---',
    'A\r\nSubject: B',
    '\u0000',
    'é'.repeat(90),
  ),
);

describe('any name of a product, a buyer or a seller', () => {
  it('yields mails that SNS takes and nobody can smuggle a line into', () => {
    fc.assert(
      fc.property(hostile, hostile, hostile, (productName, buyerName, sellerName) => {
        const product = aProduct({ name: productName, contact: sellerName });
        for (const each of [anEntry(), anExpiry(2), aReminderEntry(3, 14)]) {
          const entry = { ...each, buyerName, productName };
          const mails = [
            buyerMail({ entry, folded: [], welcome: true, head: aHead(), product, sellerName, now: NOW }),
            sellerDigest({ entries: [{ entry, product, undelivered: buyerName }], now: NOW }),
            operationsNotice(entry, product),
          ];
          for (const { subject, text } of mails) {
            expect(subject).toMatch(SUBJECT);
            expect(text).not.toMatch(/[^\P{C}\n]/u);
            expect(text.split('\n').length).toBeLessThan(25);
          }
        }
      }),
      { numRuns: 200 },
    );
  });

  it.each([
    ['Café Größe — Łódź', 'Cafe Grosse - Lodz'],
    ['設計', '?'],
    ['“quoted”', '"quoted"'],
  ])('becomes ASCII as readers would write it: %s', (text, ascii) => {
    expect(toAscii(text)).toBe(ascii);
  });

  it.each([
    ['a\r\nb\u2028c', 'a b c'],
    ['\u202eabc\u0007', 'abc'],
    ['x'.repeat(200), `${'x'.repeat(117)}...`],
  ])('is cleaned to one line: %j', (text, clean) => {
    expect(cleanText(text)).toBe(clean);
  });
});
