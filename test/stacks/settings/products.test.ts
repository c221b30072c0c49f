import { describe, expect, it } from 'vitest';
import { ConfigError, readConfig } from '../../../lib/stacks/settings/settings.ts';
import { MARKETPLACE_FINGERPRINT } from '../../../lib/domain/license/product.ts';
import { productContext, settingsContext } from '../../support/settings-context.ts';

function problemsOf(...products: unknown[]): readonly string[] {
  try {
    readConfig(settingsContext({ products }));
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

const PLAIN =
  'with a letter or digit, without line breaks, control characters, spaces around it or anything else that cannot be seen';
const ID =
  'allowed: 1 to 40 lower-case letters, digits and inner hyphens. It must never change: every ledger is kept under it.';
const PLAIN_IN_TEMPLATE = `${PLAIN}, and without \${, #{ and {{, which CDK and CloudFormation take for something to fill in`;
const NAME = `allowed: 1 to 80 characters ${PLAIN_IN_TEMPLATE}. It is how buyers know the product.`;
const SKU =
  'allowed: the product ID of AWS Marketplace, such as prod-abcdefghijklm or a GUID. The Marketplace management portal shows it; it is not the product code.';
const FINGERPRINT = `allowed: aws:<12 digits>:<name>:issuer-fingerprint. Leave it out for what AWS Marketplace sells (${MARKETPLACE_FINGERPRINT}); test licenses carry their issuer’s.`;
const DIMENSIONS =
  'allowed: an object with a member for each entitlement, by its API name. Leave it out for AWS’s words.';
const DIMENSION =
  'allowed: an object with any of name, singular, plural, covers, neededToStart and usedUp.';
const DIMENSION_NAME = `1 to 255 characters ${PLAIN}, not AWS::Marketplace::Usage itself. Write the dimension's API name exactly as the listing has it.`;
const NOUN = `allowed: 1 to 40 characters ${PLAIN}. It follows a number: node, nodes.`;
const TIER = `allowed: 1 to 255 characters ${PLAIN}, not one of AWS’s own names. Write the dimension's API name exactly as the listing has it.`;
const DECISION_DAY =
  'allowed: a whole number of days from 1 to 365, before the deadline until which it can be changed whether an agreement renews. Leave decisionDays out for the default.';
const REMINDER_DAY =
  'allowed: a whole number of days from -30 to 365: before the end, or negative for after it. Leave reminderDays out for the default.';
const PROBE = 'allowed: safe, counted or off. Leave it out for safe, which never holds a seat.';
const CONTACT = `allowed: 1 to 200 characters ${PLAIN_IN_TEMPLATE}: a name, an address or a URL. It is whom a buyer asks.`;
const URL =
  'allowed: an https URL of at most 500 characters without blanks, user and password, its host in Latin letters (none of xn--), or null for the page of the buyer’s own subscriptions in AWS Marketplace.';
const RETIRED =
  'allowed: true or false. A product that is no longer watched stays in the list with true.';
const FIELDS =
  'id, name, productSku, formerSkus, issuerFingerprint, dimensions, tiers, reminderDays, decisionDays, probe, contact, renewalUrl, retired';

/** A field, what is allowed in it, and values that are not. */
const REFUSED: readonly (readonly [field: string, allowed: string, ...values: unknown[]])[] = [
  ['id', ID, undefined, 'My Product', 'a#b', 'a,b', '-a', 'a'.repeat(41)],
  ['name', NAME, undefined, '#{Token[TOKEN.5]}'],
  ['productSku', SKU, undefined, 'prod abc'],
  ['issuerFingerprint', FINGERPRINT, 'AWS/Marketplace', 'aws:1234:x:issuer-fingerprint'],
  ['dimensions', DIMENSIONS, ['a']],
  ['tiers', 'allowed: a list of entitlement names, lowest tier first.', 'Basic'],
  ['reminderDays', 'allowed: a list of days. Leave it out for the default.', 30],
  ['probe', PROBE, 'always'],
  ['contact', CONTACT, undefined, 'a\r\nBcc: b', '{{resolve:ssm:/a:1}}'],
  ['retired', RETIRED, 'yes'],
  ...[
    ...['http://example.com', 'example.com/renew', 'javascript:alert(1)'],
    ...['https://aws.amazon.com@evil.example/renew', 'https://user:secret@example.com/'],
    ...['https://example.com/a b', 'https:example.com', 'https:///example.com'],
    ...['https://example.com\\@evil.example', 'https://examplе.com/', 'https://müller.example/'],
    ...['https://www.xn--exampl-9ib.com/', 'https://localhost/', 'https://example..com/'],
    ...['https://-example.com/', 'https://example.com:99999/', 'https://exa%6dple.com/'],
  ].map((url) => ['renewalUrl', URL, url] as const),
];
const ALONE = REFUSED.flatMap(([field, allowed, ...values]) =>
  values.map((value) => [field, value, allowed] as const),
);

describe('fails for a product', () => {
  function problemsWith(overrides: Record<string, unknown>): readonly string[] {
    const other = productContext({ id: 'other', productSku: 'prod-other' });
    return problemsOf(productContext(overrides), other);
  }

  it.each(ALONE)('where %s is %j', (field, value, allowed) => {
    const got = value === undefined ? 'missing' : JSON.stringify(value);
    expect(problemsWith({ [field]: value })).toStrictEqual([
      `license-watcher.products[0].${field} is ${got}; ${allowed}`,
    ]);
  });

  it.each(['\u3164\u3164', '\u2800', 'a\u0000b', 'a\u2028b', '\uD800'])('called %j', (name) => {
    const escaped = name.replaceAll(
      /[^a-z]/g,
      (each) => `\\u${each.charCodeAt(0).toString(16).padStart(4, '0')}`,
    );
    expect(problemsWith({ name })).toStrictEqual([
      `license-watcher.products[0].name is "${escaped}"; ${NAME}`,
    ]);
  });

  it.each<[Record<string, unknown>, string]>([
    [
      { formerSkus: 'prod-old' },
      'formerSkus is "prod-old"; allowed: a list of product IDs. Leave it out if the product never had another.',
    ],
    [{ formerSkus: [''] }, `formerSkus[0] is ""; ${SKU}`],
    [
      { dimensions: { 'a\nb': { usedUp: true } } },
      `dimensions is {"a\\nb":{"usedUp":true}}; allowed: names of ${DIMENSION_NAME} Remove or correct "a\\nb".`,
    ],
    [{ dimensions: { Nodes: 'node' } }, `dimensions.Nodes is "node"; ${DIMENSION}`],
    [
      { dimensions: { Nodes: { singular: '', plural: 'nodes' } } },
      `dimensions.Nodes.singular is ""; ${NOUN}`,
    ],
    [
      { dimensions: { Nodes: { plural: 'nodes' } } },
      'dimensions.Nodes.singular is missing; allowed: given if the other one is. Write both singular and plural, or neither.',
    ],
    [
      { dimensions: { Packs: { covers: { number: 0, of: 'nodes' } } } },
      'dimensions.Packs.covers.number is 0; allowed: a whole number from 1 to 1000000: how many one unit covers.',
    ],
    [
      { dimensions: { Packs: { usedUp: 'yes' } } },
      'dimensions.Packs.usedUp is "yes"; allowed: true or false: whether what is checked out never comes back. Leave it out to follow the license.',
    ],
    [{ tiers: ['Basic', ''] }, `tiers[1] is ""; ${TIER}`],
    [{ tiers: ['AWS::Marketplace::Usage'] }, `tiers[0] is "AWS::Marketplace::Usage"; ${TIER}`],
    [
      { tiers: ['A', 'B', 'A'] },
      'tiers[2] is "A"; allowed: each tier once. Remove the second "A".',
    ],
    [{ reminderDays: [366] }, `reminderDays[0] is 366; ${REMINDER_DAY}`],
    [{ reminderDays: [30, -31] }, `reminderDays[1] is -31; ${REMINDER_DAY}`],
    [{ reminderDays: [1.5] }, `reminderDays[0] is 1.5; ${REMINDER_DAY}`],
    [{ reminderDays: ['30'] }, `reminderDays[0] is "30"; ${REMINDER_DAY}`],
    [
      { reminderDays: [30, 7, 30] },
      'reminderDays[2] is 30; allowed: each day once. Remove the second 30.',
    ],
    [{ decisionDays: [30, 0] }, `decisionDays[1] is 0; ${DECISION_DAY}`],
    [{ decisionDays: [366] }, `decisionDays[0] is 366; ${DECISION_DAY}`],
    [
      { decisionDays: [7, 7] },
      'decisionDays[1] is 7; allowed: each day once. Remove the second 7.',
    ],
  ])('%j', (overrides, problem) => {
    expect(problemsWith(overrides)).toStrictEqual([`license-watcher.products[0].${problem}`]);
  });

  it('that has a misspelt or unknown field', () => {
    expect(problemsOf(productContext({ sku: 'x', tier: 1 }))).toStrictEqual([
      `license-watcher.products[0] has an unknown field "sku"; allowed: ${FIELDS}. Did you mean productSku?`,
      `license-watcher.products[0] has an unknown field "tier"; allowed: ${FIELDS}. Did you mean tiers?`,
    ]);
  });

  it('whose dimension has an unknown field', () => {
    const dimensions = { Nodes: { noun: 'node' } };
    expect(problemsOf(productContext({ dimensions }))).toStrictEqual([
      'license-watcher.products[0].dimensions.Nodes has an unknown field "noun"; allowed: name, singular, plural, covers, neededToStart, usedUp. Remove it.',
    ]);
  });

  it.each([[null], ['viewer'], [[]]])('that is no object: %j', (product) => {
    expect(problemsOf(productContext(), product)).toStrictEqual([
      `license-watcher.products[1] is ${JSON.stringify(product)}; allowed: a product: an object with id, name, productSku and contact. See the example in cdk.json.`,
    ]);
  });
});

describe('fails for products that clash', () => {
  const viewer = productContext();
  const own = 'A license must belong to one product: remove it from the other.';

  it.each<[string, Record<string, unknown>, string]>([
    [
      'the same id',
      productContext({ productSku: 'prod-other' }),
      'id is "viewer"; allowed: an id that no other product has; products[0].id is the same. Give the product an id of its own.',
    ],
    [
      'the same SKU',
      productContext({ id: 'other' }),
      `productSku is "prod-viewer"; allowed: a SKU that no other product has; products[0].productSku is the same. ${own}`,
    ],
    [
      'the SKU as a former one',
      productContext({
        id: 'other',
        productSku: 'prod-other',
        formerSkus: ['prod-older', 'prod-viewer'],
      }),
      `formerSkus[1] is "prod-viewer"; allowed: a SKU that no other product has; products[0].productSku is the same. ${own}`,
    ],
    [
      'the same former SKU',
      productContext({ id: 'other', productSku: 'prod-viewer-1' }),
      `productSku is "prod-viewer-1"; allowed: a SKU that no other product has; products[0].formerSkus[0] is the same. ${own}`,
    ],
  ])('%s', (_what, second, problem) => {
    const first = { ...viewer, formerSkus: ['prod-viewer-1'] };
    expect(problemsOf(first, second)).toStrictEqual([`license-watcher.products[1].${problem}`]);
  });

  it('even where another field is wrong', () => {
    expect(
      problemsOf(viewer, productContext({ contact: '' })).map((each) => each.split(' ')[0]),
    ).toStrictEqual([
      'license-watcher.products[1].contact',
      'license-watcher.products[1].id',
      'license-watcher.products[1].productSku',
    ]);
  });

  it('where all are retired', () => {
    expect(problemsOf(productContext({ retired: true }))).toHaveLength(1);
  });
});
