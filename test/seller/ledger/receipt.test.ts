import { describe, expect, it } from 'vitest';
import {
  claimsIn,
  findSent,
  isTestMail,
  withoutFooter,
} from '../../../lib/seller/ledger/receipt.ts';
import { buyerMail } from '../../../lib/mail/buyer-mail.ts';
import type { Mail } from '../../../lib/domain/ports.ts';
import { operationsNotice } from '../../../lib/mail/operations-notice.ts';
import { sellerDigest } from '../../../lib/mail/seller-digest.ts';
import { type WatchedContract, product } from '../../support/contracts.ts';
import { sha256 } from '../../../lib/aws/text.ts';
import { at, seats, USAGE } from '../../support/licenses.ts';
import {
  digestEntry,
  lastMail,
  seats5,
  SELLER,
  watching,
  SNS_FOOTER,
} from '../../support/mails.ts';
import { seen } from '../../support/observations.ts';

const ACCOUNT = '111122223333';
const CONTRACT = `${ACCOUNT}#design-suite`;

function upgraded(): WatchedContract {
  const watched = watching();
  watched.look(at('2026-04-01'), seen([seats5({ version: '2', entitlements: [USAGE, seats(8)] })]));
  watched.look(at('2026-05-01'), seen([seats5({ version: '3', entitlements: [USAGE, seats(9)] })]));
  return watched;
}

const watched = upgraded();
const mail = lastMail(watched);
const hashes = new Set([sha256(`${mail.subject}\n${mail.text}`)]);

describe('claimsIn', () => {
  const { entry, hash } = watched.last;

  it.each([
    ['as it was sent', (text: string) => text],
    [
      'with lines that were broken anew',
      (text: string) => text.replace(/([^\n])\n(?=\S)/g, '$1 ').replace(/ /g, '\n'),
    ],
    ['quoted in an answer', (text: string) => text.replace(/^/gm, '> ')],
    ['quoted in an answer to an answer', (text: string) => text.replace(/^/gm, '> > ')],
    ['with line ends of Windows', (text: string) => text.replaceAll('\n', '\r\n')],
  ])('finds contract, entry and hash in a mail to a buyer %s', (_, change) => {
    const claims = [{ contract: CONTRACT, entry, from: entry, hash, isCut: false }];
    expect(claimsIn(change(mail.text))).toEqual({ kind: 'buyer', claims });
  });

  it('finds the first of several entries that one mail tells', () => {
    const { text } = lastMail(watched, { welcome: true, folded: watched.ledger.slice(0, -1) });
    expect(claimsIn(text)).toMatchObject({ claims: [{ entry: 3, from: 1, hash }] });
  });

  it('finds the only entry of a ledger', () => {
    const first = watching();
    expect(claimsIn(lastMail(first).text)).toMatchObject({
      claims: [{ entry: 1, hash: first.last.hash }],
    });
  });

  it('finds each entry of a digest, with the beginning of its hash, whatever the names are', () => {
    const names = [
      'Buyer One',
      '',
      '* (999999999999), x, entry 7 [',
      'A (B) * C',
      'entry 1 [0123456789ab]',
      '999999999999#x, entry 7 [0123456789ab]',
    ];
    const entries = names.map((buyerName) => ({
      ...digestEntry(watched),
      entry: { ...watched.last, buyerName },
      product: product({ id: 'design-suite', name: 'Suite, entry of (all)' }),
    }));
    const { text } = sellerDigest({ entries, now: at('2026-05-02') });
    expect(claimsIn(text)).toEqual({
      kind: 'seller',
      claims: [
        {
          contract: CONTRACT,
          entry,
          from: entry,
          hash: hash.slice(0, 12),
          isCut: true,
        },
      ],
    });
  });

  it('finds the entry of a notice to operations', () => {
    const { text } = operationsNotice(watched.last, product({ id: 'design-suite' }));
    expect(claimsIn(text)).toMatchObject({
      kind: 'operations',
      claims: [{ contract: CONTRACT, entry, hash }],
    });
  });

  it('finds the longest product ID that can be configured', () => {
    const of = product({ id: 'x'.repeat(40) });
    expect(claimsIn(lastMail(watching(of)).text)).toMatchObject({
      claims: [{ contract: `${ACCOUNT}#${of.id}` }],
    });
  });

  it('finds nothing where there is nothing, quickly', () => {
    expect(claimsIn('Dear customer, entry 4 of the ledger is fine.')).toBeNull();
    expect(claimsIn(`${'* ('.repeat(100_000)}${'Entries '.repeat(50_000)}`)).toBeNull();
  });
});

describe('findSent', () => {
  const found = (subject: string | null, text: string) =>
    findSent({ subject, text }, hashes, sha256);
  const UNCHANGED = { textHash: [...hashes][0], linesAbove: 0, linesBelow: 0, subject: false };

  it.each<[string, (mail: Mail) => readonly [string | null, string]]>([
    ['as it was sent', ({ subject, text }) => [subject, text]],
    ['with what SNS adds', ({ subject, text }) => [subject, `${text}\n${SNS_FOOTER}`]],
    [
      'with what SNS adds, wrapped',
      ({ subject, text }) => [
        subject,
        `${text}\n\n${SNS_FOOTER}`.replace('visit the link', 'visit\nthe link'),
      ],
    ],
    [
      'with what SNS added in former times',
      ({ subject, text }) => [subject, `${text}\n${SNS_FOOTER.split('\n\nPlease')[0]!}`],
    ],
    [
      'with line ends of Windows',
      ({ subject, text }) => [subject, `${text}\n${SNS_FOOTER}`.replaceAll('\n', '\r\n')],
    ],
    [
      'with blanks at the ends of lines',
      ({ subject, text }) => [subject, text.replaceAll('\n', '  \n')],
    ],
    ['with hard blanks', ({ subject, text }) => [subject, text.replaceAll('  ', '\u00a0 ')]],
    ['with empty lines around', ({ subject, text }) => [subject, `\n\n${text}\n\n\n`]],
    ['with the subject in the first line', ({ subject, text }) => [null, `${subject}\n\n${text}`]],
  ])('knows a mail %s', (_, change) => {
    expect(found(...change(mail))).toEqual(UNCHANGED);
  });

  it('says what else stands in the mail', () => {
    const { subject, text } = mail;
    expect(found(`Fwd: [EXTERNAL] ${subject}`, text)).toEqual({ ...UNCHANGED, subject: true });
    expect(found(subject, `Beware: from outside.\nReally.\n\n${text}`)).toEqual({
      ...UNCHANGED,
      linesAbove: 2,
    });
    expect(found(subject, `${text}\n\nYou may use 500 seats.`)).toEqual({
      ...UNCHANGED,
      linesBelow: 1,
    });
    expect(found(subject, `${text}\n${SNS_FOOTER}You may use 500 seats.\nAll of you.`)).toEqual({
      ...UNCHANGED,
      linesBelow: 2,
    });
    expect(found(subject, `${text}\n${SNS_FOOTER.trimEnd()} You may use 500 seats.`)).toEqual({
      ...UNCHANGED,
      linesBelow: 1,
    });
    expect(found(subject, `${text}\n\nYou may use 500 seats.\n${SNS_FOOTER}`)).toEqual({
      ...UNCHANGED,
      linesBelow: 1,
    });
    expect(
      found(
        subject,
        `${text}\n${SNS_FOOTER.replace(/https:\S+\n/, 'https://safe.example/?url=1\n')}`,
      ),
    ).toEqual({ ...UNCHANGED, linesBelow: 3 });
    expect(found(null, `${subject}\nYou may use 500 seats.\n\n${text}`)).toEqual({
      ...UNCHANGED,
      linesAbove: 1,
    });
  });

  it.each<[string, (mail: Mail) => readonly [string | null, string]]>([
    ['another figure', ({ subject, text }) => [subject, text.replace('9 seats', '90 seats')]],
    ['another subject', ({ subject, text }) => [subject.replace('9', '90'), text]],
    ['a line less', ({ subject, text }) => [subject, text.replace(/\nWhat to do[^]*?\n\n/, '\n')]],
    [
      'a line more in between',
      ({ subject, text }) => [subject, text.replace('\n\nFacts', '\n500 seats\n\nFacts')],
    ],
    ['no subject', ({ text }) => [null, text]],
  ])('does not know a mail with %s', (_, change) => {
    const [subject, text] = change(mail);
    expect([subject, text]).not.toEqual([mail.subject, mail.text]);
    expect(found(subject, text)).toBeNull();
  });

  it('is not slowed down by a mail of many paragraphs', () => {
    expect(found('x', 'a\n\n'.repeat(2_000))).toBeNull();
  });
});

describe('what may stand around a mail', () => {
  const { subject, text } = mail;
  const found = (given: string | null, of: string) =>
    findSent({ subject: given, text: of }, hashes, sha256);
  const paragraphs = (count: number) => 'Added.\nBy a gateway.\n\n\n'.repeat(count);

  it('is a dozen paragraphs above and below, and no more', () => {
    expect(found(subject, `${paragraphs(11)}${text}`)?.linesAbove).toBe(22);
    expect(found(subject, `${paragraphs(12)}${text}`)).toBeNull();
    expect(found(subject, `${text}\n\n${paragraphs(11)}`)?.linesBelow).toBe(22);
    expect(found(subject, `${text}\n\n${paragraphs(12)}`)).toBeNull();
  });

  it.each<[string, boolean]>([
    ['Re: ', true],
    ['RE: AW: WG: Fw: fwd:', true],
    ['[EXTERNAL] ', true],
    ['[EXTERNAL]: ', true],
    ['[EXTERNAL]', true],
    ['Tr:  rv: ', true],
    [`[${'x'.repeat(41)}] `, false],
    ['Beware Re: ', false],
    ['Result: ', false],
    ['', true],
  ])('is "%s" before the subject: %s', (before, isKnown) => {
    expect(found(`${before}${subject}`, text) !== null).toBe(isKnown);
  });

  it('is nothing in the middle of the subject', () => {
    expect(found(subject.replace(' ', ' Re: '), text)).toBeNull();
  });

  it('is white space in the subject, and line ends of old Macs', () => {
    expect(found(`  ${subject.replaceAll(' ', '\t ')} `, text)).toMatchObject({ subject: false });
    expect(found(subject, text.replaceAll('\n', '\r'))).not.toBeNull();
    expect(found(null, `\n\n  ${subject}  \n\n${text}`)).toMatchObject({ linesAbove: 0 });
    expect(found(null, text)).toBeNull();
    expect(found(null, '')).toBeNull();
  });

  it('is what SNS adds, without its two dashes, and what stands behind it on the last line', () => {
    const bare = SNS_FOOTER.replace('\n--\n', '\n');
    expect(found(subject, `${text}\n${bare}`)).toMatchObject({ linesBelow: 0 });
    expect(withoutFooter(SNS_FOOTER.trim().split('\n'))).toEqual({ lines: [], below: 0 });
    expect(withoutFooter(SNS_FOOTER.trim().split('\n').slice(1))).toEqual({ lines: [], below: 0 });
    expect(
      withoutFooter(['If you wish to stop receiving notifications from this topic, say so']),
    ).toEqual({
      lines: [],
      below: 1,
    });
    const spaced = SNS_FOOTER.trim().replace('Please do not', 'Please   do   not');
    expect(withoutFooter(spaced.split('\n')).below).toBe(0);
    const more = `${SNS_FOOTER.trim()} You may use 500 seats.\n\nAll of you.`;
    expect(withoutFooter(more.split('\n')).below).toBe(2);
  });
});

describe('a test', () => {
  it.each([
    ['[TEST] It begins so', true],
    ['\n  [TEST] It begins so', true],
    ['It has [TEST] in it', false],
    ['x[TEST] It begins otherwise', false],
    ['[TEST]It begins otherwise', false],
  ])('is a text "%s": %s', (text, isTest) => {
    expect(isTestMail({ subject: null, text })).toBe(isTest);
  });

  it('is known by its subject or its first line', () => {
    const { subject, text } = lastMail(watched, { test: true });
    expect(isTestMail({ subject, text: '' })).toBe(true);
    expect(isTestMail({ subject: null, text })).toBe(true);
    expect(isTestMail({ subject: mail.subject, text: mail.text })).toBe(false);
    expect(
      isTestMail({
        ...buyerMail({
          entry: watched.last,
          folded: [],
          welcome: false,
          head: watched.head!,
          lastSeen: watched.lastSeen,
          product: watched.product,
          sellerName: SELLER,
          now: at('2026-05-02'),
        }),
      }),
    ).toBe(false);
  });
});
