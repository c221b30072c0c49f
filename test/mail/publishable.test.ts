import * as fc from '../support/property.ts';
import { describe, expect, it } from 'vitest';
import type { SealedEntry } from '../../lib/domain/ledger/ledger.ts';
import { type Entitlement, MARKETPLACE_USAGE } from '../../lib/domain/license/contract.ts';
import type { Product } from '../../lib/domain/license/product.ts';
import { BLIND_CAUSES } from '../../lib/domain/check/observation.ts';
import { DAY, MINUTE, plus } from '../../lib/domain/time.ts';
import { buyerMail } from '../../lib/mail/buyer-mail.ts';
import { cleanText } from '../../lib/domain/outside-text.ts';
import { toAscii } from '../../lib/mail/subject.ts';
import type { Mail } from '../../lib/domain/ports.ts';
import { operationsNotice } from '../../lib/mail/operations-notice.ts';
import { sellerDigest } from '../../lib/mail/seller-digest.ts';
import { slackCard, type SlackCard } from '../../lib/mail/slack-card.ts';
import { quantity } from '../../lib/domain/license/quantity.ts';
import { anyLicenses, runs, TIERS } from '../support/arbitrary.ts';
import { product as aProduct, WatchedContract } from '../support/contracts.ts';
import { at, gigabytes, inUse, license, seats, USAGE } from '../support/licenses.ts';
import { seats5 } from '../support/mails.ts';
import { blind, LEFT, NOT_LOOKED, REFUSED, seen, trouble } from '../support/observations.ts';

/** What SNS takes: see its API reference, Publish, Subject; the digit or letter first is the stricter, older rule. */
const SUBJECT = /^[A-Za-z0-9][ -~]{0,98}$/;

/** Names as an enemy would choose them, and as people do who never thought of mail. */
const hostile = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.string({ unit: 'grapheme', maxLength: 300 }),
  fc.constantFrom(
    '',
    ' ',
    '\n',
    '\u202e\u2066evil',
    '\u3164\u115f\u2800',
    '💣'.repeat(200),
    '---',
    '...',
    'A\r\nSubject: B',
    '\u0000',
    '\ud800',
    'é'.repeat(90),
    'word '.repeat(80),
    `e${'\u0301'.repeat(250)}`,
    'arn:aws:iam::111122223333:role/admin',
    '{"json": true}',
    MARKETPLACE_USAGE,
    '<!channel> <https://evil.example|invoice>',
    '@here :skull: *x* _y_ ~z~ `w`',
    '<&>'.repeat(100),
  ),
);

const hostileEntitlement: fc.Arbitrary<Entitlement> = fc.record({
  name: hostile,
  unit: fc.oneof(fc.constantFrom('Count', 'None', 'Gigabytes', 'Count/Second'), hostile),
  value: fc.option(hostile),
  maxCount: fc.option(fc.constantFrom(...[0, 1, 5, 0.1, 1e15, 2n ** 63n - 1n].map(quantity))),
  overage: fc.boolean(),
});

const someLicenses = fc.oneof(
  anyLicenses,
  fc
    .record({
      entitlements: fc.array(hostileEntitlement, { maxLength: 30 }),
      version: hostile,
      end: fc.constantFrom('2027-02-01', '2027-02-01T12:34:56', '2028-02-29', null),
    })
    .map((traits) => [seats5(traits)]),
);

const anyObservation = fc.oneof(
  { weight: 5, arbitrary: someLicenses.map((licenses) => seen(licenses)) },
  fc.constant(
    seen([seats5()], {
      probe: REFUSED,
      foreign: ['arn:aws:license-manager::999999999999:license:l-1'],
    }),
  ),
  fc.constantFrom(100, 410, 470, 500, 700).map((consumed) =>
    seen([seats5({ entitlements: [USAGE, gigabytes(500), seats(3)] })], {
      usage: [inUse('DataConsumption', consumed, 500, 'Gigabytes')],
    }),
  ),
  fc.constantFrom(...BLIND_CAUSES).map((cause) => blind(cause)),
  fc.constantFrom(trouble(), NOT_LOOKED, LEFT),
);

const anyProduct: fc.Arbitrary<Product> = fc
  .record({
    name: hostile,
    contact: hostile,
    renewalUrl: fc.option(fc.oneof(fc.webUrl(), hostile)),
    tiers: fc.constantFrom<readonly string[]>(TIERS, []),
    reminderDays: fc.constantFrom<readonly number[]>(
      [90, 60, 30, 14, 7, 3, 1, -1],
      [],
      [365, -30],
      [7, 0],
    ),
  })
  .map((traits) => aProduct(traits));

const anyLedger = fc
  .record({
    product: anyProduct,
    steps: fc.array(
      fc.record({
        minutes: fc.constantFrom(15, 15, 60, 24 * 60, 20 * 24 * 60, 90 * 24 * 60),
        observation: anyObservation,
      }),
      { minLength: 1, maxLength: 12 },
    ),
  })
  .map(({ product, steps }) => {
    const watched = new WatchedContract(product);
    let tick = at('2026-05-01');
    for (const { minutes, observation } of steps)
      watched.look((tick = plus(tick, minutes * MINUTE)), observation);
    return watched;
  });

/** That Slack shows it to the letter: no link, mention or mark but ours, and no more than it takes. */
function expectShowable({ content: { title, description, nextSteps }, metadata }: SlackCard): void {
  const words = [title.replace(/^:[a-z_]+: /, ''), description, ...nextSteps, metadata.summary];
  for (const each of words) {
    expect(each).not.toMatch(/[<>*~]|&(?!(?:amp|lt|gt);)|(?<![\p{L}\p{N}.])@|[^\P{C}\n]/u);
    expect(each.isWellFormed() && !each.includes('undefined') && each !== '').toBe(true);
    // Of our own commands alone.
    expect(each.replace(/^`license-watcher history \d{12}`/, '')).not.toContain('`');
  }
  expect(description.length).toBeLessThanOrEqual(2_800);
  expect(title.length).toBeLessThanOrEqual(400);
}

function expectPublishable({ subject, text }: Mail): void {
  expect(subject).toMatch(SUBJECT);
  expect(text).not.toMatch(/[^\P{C}\n]/u);
  expect(new TextEncoder().encode(text).length).toBeLessThan(200_000);
  expect(text).not.toContain('undefined');
  for (const line of text.split('\n')) {
    expect(line).toBe(line.trimEnd());
  }
}

describe('whatever happens to whatever is called anything', () => {
  it('yields mails that SNS takes', { timeout: 120_000 }, () => {
    fc.assert(
      fc.property(
        anyLedger,
        hostile,
        hostile,
        fc.boolean(),
        fc.integer({ min: -1, max: 40 }),
        (watched, name, seller, flag, days) => {
          const { head, lastSeen, product } = watched;
          if (head === null) return;
          const ledger = watched.ledger.map((entry): SealedEntry => ({
            ...entry,
            buyerName: name,
            productName: product.name,
          }));
          const of = (entry: SealedEntry) => ({
            entry,
            product,
            head,
            lastSeen,
            toBuyer: watched.noticesTo('buyer').find((notice) => notice.entry === entry.entry),
          });
          for (const [index, entry] of ledger.entries()) {
            const now = plus(entry.observedAt, Math.max(0, days) * DAY);
            const folded = flag ? ledger.slice(0, index) : [];
            expectPublishable(
              buyerMail({
                entry,
                folded,
                welcome: flag,
                head,
                lastSeen,
                product,
                sellerName: seller,
                now,
                test: days < 0,
              }),
            );
            expectPublishable(
              sellerDigest({ entries: [{ ...of(entry), undelivered: flag ? name : null }], now }),
            );
            expectShowable(
              slackCard(
                { ...of(entry), undelivered: flag ? name : null },
                { deployment: 'default', severity: 'urgent', detailType: 'Reminder', now },
              ),
            );
            expectPublishable(operationsNotice(entry, product));
          }
          const entries = ledger.map((entry) => ({ ...of(entry), undelivered: null }));
          expectPublishable(sellerDigest({ entries, now: plus(at('2028-01-01'), DAY) }));
        },
      ),
      runs(150),
    );
  });

  it('spells the unit of an amount for a subject, too', () => {
    const watched = new WatchedContract(aProduct({ tiers: TIERS }));
    const boxes: Entitlement = {
      name: 'Boxes',
      unit: 'ящик',
      value: null,
      maxCount: quantity(7),
      overage: false,
    };
    watched.look(at('2026-05-01'), seen([license({ entitlements: [] })]));
    watched.look(at('2026-05-02'), seen([license({ version: '2', entitlements: [boxes] })]));
    const { last: entry, head, lastSeen, product } = watched;
    const mail = buyerMail({
      entry,
      folded: [],
      welcome: false,
      head: head!,
      lastSeen,
      product,
      sellerName: '',
      now: entry.observedAt,
    });
    expect(mail.subject).toContain('Boxes from none to 7 iashchik');
    expectPublishable(mail);
  });

  it(
    'never tells a buyer what the audience table keeps from buyers, nor what was never bought',
    { timeout: 120_000 },
    () => {
      const KEPT = /several licenses|checkout|cdk\.json|AWS::Marketplace::Usage/i;
      const ordinary = anyLedger.filter(
        ({ product: { name, contact, renewalUrl }, ledger }) =>
          !KEPT.test(
            JSON.stringify([
              name,
              contact,
              renewalUrl,
              ledger.map(({ after }) =>
                after.flatMap(({ entitlements, version }) => [
                  version,
                  ...entitlements.filter((each) => each.name !== MARKETPLACE_USAGE),
                ]),
              ),
            ]),
          ),
      );
      fc.assert(
        fc.property(ordinary, (watched) => {
          const { head, lastSeen, product, ledger } = watched;
          if (head === null) return;
          for (const entry of ledger) {
            const { subject, text } = buyerMail({
              entry,
              folded: [],
              welcome: true,
              head,
              lastSeen,
              product,
              sellerName: 'S',
              now: entry.observedAt,
            });
            expect(`${subject}\n${text}`).not.toMatch(KEPT);
          }
        }),
        runs(100),
      );
    },
  );
});

describe('names', () => {
  it.each([
    ['Café Größe — Łódź', 'Cafe Grosse - Lodz'],
    ['設計', '?'],
    ['“quoted”', '"quoted"'],
    ['ООО Ромашка', 'OOO Romashka'],
    ['Νέα Υόρκη', 'Nea Yorki'],
    ['Ｆｕｌｌ ｗｉｄｔｈ ™', 'Full width TM'],
  ])('become ASCII as readers would write them: %s', (text, ascii) => {
    expect(toAscii(text)).toBe(ascii);
  });

  it('do not become ASCII by their looks', () => {
    // Cyrillic letters that look like "PayPal".
    expect(toAscii('РауРаl')).not.toBe('PayPal');
  });

  it.each([
    ['a\r\nb\u2028c', 'a b c'],
    ['\u202eabc\u0007', 'abc'],
    ['Ac\u200bme', 'Acme'],
    ['x'.repeat(200), `${'x'.repeat(117)}...`],
  ])('are cleaned to one line: %j', (text, clean) => {
    expect(cleanText(text)).toBe(clean);
  });
});
