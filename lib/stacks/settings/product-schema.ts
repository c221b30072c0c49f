import * as z from 'zod';
import {
  DEFAULT_DECISION_DAYS,
  DEFAULT_REMINDER_DAYS,
  MARKETPLACE_FINGERPRINT,
} from '../../domain/license/product.ts';
import {
  isPlainInTemplate,
  oneOf,
  PLAIN,
  PLAIN_IN_TEMPLATE,
  text,
  WHEREVER_A_RECORD,
  wholeNumber,
} from './fields.ts';
import { MARKETPLACE_USAGE } from '../../domain/license/contract.ts';
import { isPlain, quoted } from '../../domain/outside-text.ts';

const SKU_ALLOWED =
  'the product ID of AWS Marketplace, such as prod-abcdefghijklm or a GUID. The Marketplace management portal shows it; it is not the product code.';
const sku = text(SKU_ALLOWED, (value) => /^[\w.:/-]{1,200}$/.test(value));

const ID_ALLOWED =
  '1 to 40 lower-case letters, digits and inner hyphens. It must never change: every ledger is kept under it.';

const NAME_ALLOWED = `1 to 80 characters ${PLAIN_IN_TEMPLATE}. It is how buyers know the product.`;

const DIMENSION_NAME_ALLOWED = `1 to 80 characters ${PLAIN}. It is how buyers know the dimension.`;

const FINGERPRINT_ALLOWED = `aws:<12 digits>:<name>:issuer-fingerprint. Leave it out for what AWS Marketplace sells (${MARKETPLACE_FINGERPRINT}); test licenses carry their issuer’s.`;

const TIER_ALLOWED = `1 to 255 characters ${PLAIN}, not one of AWS’s own names. Write the dimension's API name exactly as the listing has it.`;

const NOUN_ALLOWED = `1 to 40 characters ${PLAIN}. It follows a number: node, nodes.`;

const DIMENSION_ALLOWED = `1 to 255 characters ${PLAIN}, not AWS::Marketplace::Usage itself. Write the dimension's API name exactly as the listing has it.`;

const DAY_ALLOWED =
  'a whole number of days from -30 to 365: before the end, or negative for after it. Leave reminderDays out for the default.';

const DECISION_DAY_ALLOWED =
  'a whole number of days from 1 to 365, before the deadline until which it can be changed whether an agreement renews. Leave decisionDays out for the default.';

const CONTACT_ALLOWED = `1 to 200 characters ${PLAIN_IN_TEMPLATE}: a name, an address or a URL. It is whom a buyer asks.`;

const URL_ALLOWED =
  'an https URL of at most 500 characters without blanks, user and password, its host in Latin letters (none of xn--), or null for the page of the buyer’s own subscriptions in AWS Marketplace.';

const noun = text(NOUN_ALLOWED, (value) => isPlain(value, 40))
  .nullable()
  .default(null);

const dimension = z
  .strictObject(
    {
      name: text(DIMENSION_NAME_ALLOWED, (value) => isPlain(value, 80))
        .nullable()
        .default(null),
      singular: noun,
      plural: noun,
      covers: z
        .strictObject(
          {
            number: wholeNumber(
              'a whole number from 1 to 1000000: how many one unit covers.',
              (count) => count >= 1 && count <= 1_000_000,
            ),
            of: text(NOUN_ALLOWED, (value) => isPlain(value, 40)),
          },
          {
            error:
              'an object with number and of: { "number": 20, "of": "nodes" }. Leave it out if one unit covers one.',
          },
        )
        .nullable()
        .default(null),
      neededToStart: z
        .boolean({ error: 'true or false. Leave it out if the product starts without it.' })
        .default(false),
      usedUp: z
        .boolean({
          error:
            'true or false: whether what is checked out never comes back. Leave it out to follow the license.',
        })
        .nullable()
        .default(null),
    },
    { error: 'an object with any of name, singular, plural, covers, neededToStart and usedUp.' },
  )
  .superRefine(({ singular, plural }, context) => {
    if ((singular === null) !== (plural === null))
      context.addIssue({
        code: 'custom',
        path: [singular === null ? 'singular' : 'plural'],
        message: 'given if the other one is. Write both singular and plural, or neither.',
      });
  }, WHEREVER_A_RECORD);

/** One product of the seller. Checks over several fields run even if others are wrong: all problems are told at once. */
export const productSchema = z
  .strictObject(
    {
      id: text(ID_ALLOWED, (value) => /^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/.test(value)),
      name: text(NAME_ALLOWED, (value) => isPlainInTemplate(value, 80)),
      productSku: sku,
      formerSkus: z
        .array(sku, {
          error: 'a list of product IDs. Leave it out if the product never had another.',
        })
        .default([]),
      issuerFingerprint: text(FINGERPRINT_ALLOWED, (value) =>
        // Issuers choose their own names: blanks, commas and dots may be part of them.
        /^aws:\d{12}:[^\p{C}\u2028\u2029]{1,200}:issuer-fingerprint$/u.test(value),
      ).default(MARKETPLACE_FINGERPRINT),
      dimensions: z
        .record(z.string(), dimension, {
          error:
            'an object with a member for each entitlement, by its API name. Leave it out for AWS’s words.',
        })
        .default({}),
      tiers: z
        .array(text(TIER_ALLOWED, isTierName), {
          error: 'a list of entitlement names, lowest tier first.',
        })
        .default([]),
      reminderDays: z
        .array(
          wholeNumber(DAY_ALLOWED, (days) => days >= -30 && days <= 365),
          { error: 'a list of days. Leave it out for the default.' },
        )
        .default([...DEFAULT_REMINDER_DAYS]),
      decisionDays: z
        .array(
          wholeNumber(DECISION_DAY_ALLOWED, (days) => days >= 1 && days <= 365),
          { error: 'a list of days. Leave it out for the default.' },
        )
        .default([...DEFAULT_DECISION_DAYS]),
      probe: oneOf(
        ['safe', 'counted', 'off'],
        'Leave it out for safe, which never holds a seat.',
      ).default('safe'),
      contact: text(CONTACT_ALLOWED, (value) => isPlainInTemplate(value, 200)),
      renewalUrl: text(URL_ALLOWED, isHttps).nullable().default(null),
      retired: z
        .boolean({
          error: 'true or false. A product that is no longer watched stays in the list with true.',
        })
        .default(false),
    },
    {
      error:
        'a product: an object with id, name, productSku and contact. See the example in cdk.json.',
    },
  )
  .superRefine((product, context) => {
    const report = (path: (string | number)[], message: string): void => {
      context.addIssue({ code: 'custom', path, message });
    };
    const tiers: unknown = product.tiers;
    for (const name of keysOf(product.dimensions)) {
      if (!isDimensionName(name))
        report(['dimensions'], `names of ${DIMENSION_ALLOWED} Remove or correct ${quoted(name)}.`);
    }
    for (const [index, tier] of repeated(tiers)) {
      report(['tiers', index], `each tier once. Remove the second ${quoted(tier)}.`);
    }
    for (const field of ['reminderDays', 'decisionDays'] as const) {
      const days: unknown = product[field];
      for (const [index, day] of repeated(days))
        report([field, index], `each day once. Remove the second ${quoted(day)}.`);
    }
  }, WHEREVER_A_RECORD);

/** Empty if it is not a record: that is a problem of its own. */
function keysOf(record: unknown): readonly string[] {
  return typeof record === 'object' && record !== null ? Object.keys(record) : [];
}

/** Every value that occurs earlier in the list, with its index. */
function repeated(values: unknown): [number, unknown][] {
  if (!Array.isArray(values)) return [];
  return [...values.entries()].filter(([index, value]) => values.indexOf(value) < index);
}

function isDimensionName(name: string): boolean {
  return isPlain(name, 255) && name !== MARKETPLACE_USAGE;
}

function isTierName(name: string): boolean {
  return isPlain(name, 255) && !name.startsWith('AWS::Marketplace::Usage');
}

/**
 * True for an https URL that a person can read: a buyer clicks on it in our mail. No user before the host, which looks like a host; no
 * letters that look like others, nor their spelling in xn--, which nobody can read.
 */
function isHttps(url: string): boolean {
  const host = /^https:\/\/([a-z0-9.-]{4,253})(?::\d{1,5})?(?:[/?#][!-~]*)?$/i.exec(url)?.[1];
  return (
    host !== undefined &&
    url.length <= 500 &&
    host.includes('.') &&
    host
      .split('.')
      .every((label) => /^(?!xn--)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/i.test(label)) &&
    URL.canParse(url)
  );
}
