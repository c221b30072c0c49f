import * as z from 'zod';
import { MARKETPLACE_FINGERPRINT } from '../../domain/license/product.ts';
import type { Agreements, Digest } from '../../messages/settings.ts';
import { SEVERITIES } from '../../domain/notice/notice.ts';
import {
  auditTableName,
  DEFAULT_DEPLOYMENT,
  DEPLOYMENT_PATTERN,
  WATCHER_OUTPUTS,
  watchTableName,
} from '../../messages/names.ts';
import {
  email,
  isPlainInTemplate,
  PLAIN_IN_TEMPLATE,
  text,
  wholeNumber,
  isRecord,
  WHEREVER_A_RECORD,
  pathText,
} from './fields.ts';
import { productSchema } from './product-schema.ts';

const DAY_IN_MINUTES = 24 * 60;

const DEPLOYMENT_ALLOWED =
  '2 to 20 lower-case letters, digits and inner hyphens, beginning with a letter. Leave it out unless one account holds several watchers.';
const REGION_ALLOWED =
  'an AWS Region such as us-east-1, not of GovCloud or China. Leave it out: licenses of AWS Marketplace have their home in us-east-1.';
const SELLER_ALLOWED = `1 to 80 characters ${PLAIN_IN_TEMPLATE}. It is how buyers know you.`;
const SECURITY_CONTACT_ALLOWED = `1 to 200 characters ${PLAIN_IN_TEMPLATE}: a name, an address or a URL. A buyer’s security team asks there. Leave it out for the contact of each product.`;
const INTERVAL_ALLOWED =
  'whole minutes from 5 to 1440 that divide a day evenly, such as 5, 10, 15, 30, 60, 360 or 1440. AWS recommends 15.';
const SPREAD_ALLOWED =
  'whole minutes from 0 to 15, and no more than intervalMinutes. Leave it out for 5: it spreads the load on License Manager.';
const DIGEST_ALLOWED =
  'an hour and minute of timeZone from 00:00 to 23:59, such as "07:30", or "each tick" for a digest at every sweep that has something to say. Leave it out for 08:00; what is urgent never waits for it.';
const TIME_ZONE_ALLOWED =
  'the name of a time zone as the IANA spells it, such as Europe/Berlin, America/New_York, Asia/Kolkata or UTC. Leave it out for UTC.';
const TABLE_ALLOWED =
  '3 to 255 letters, digits, dots, hyphens and underscores, a different name for each table (by default license-watcher-<deployment>-audit and -watch). Leave it out unless a new stack must adopt a table that an old one left.';
const PUBLIC_ALLOWED =
  'true or false. True lets everyone read the buyer template, which holds no secret; Block Public Access of your whole account must then allow it. Leave it out to open it to the accounts you invite.';
const ENROLMENT_ALLOWED =
  'null or an object with perHour. With it, accounts that deploy the buyer stack without an invitation are watched once they show a license of yours. Leave it out to watch only invited accounts.';
const AGREEMENTS_ALLOWED =
  'on, off, or the ARN of a role to assume where another account sells on AWS Marketplace, such as arn:aws:iam::111122223333:role/AgreementReader. Leave it out for on: your own agreements say who bought and what renews.';
const ORGANIZATION_ALLOWED =
  'the ID of an organization of AWS Organizations, such as o-a1b2c3d4e5. Its accounts may then make rules of their own on the event bus. Leave it out to allow rules of this account only.';
const SLACK_ALLOWED =
  'null or an object with workspaceId and channelId: { "workspaceId": "T012ABCDEFG", "channelId": "C012ABCDEFG" }. Leave it out for no channel.';
const WORKSPACE_ALLOWED =
  'the ID of a workspace of Slack, T or E and then capital letters and digits, such as T012ABCDEFG. The console of Amazon Q Developer in chat applications shows it once you have authorized the workspace there.';
const CHANNEL_ALLOWED =
  'the ID of a channel of Slack, C or G and then capital letters and digits, such as C012ABCDEFG; not its name. It is the end of the link that Slack copies for a channel.';
const SEVERITIES_ALLOWED =
  'a list of at least one of urgent, attention and info, each once. Leave it out for urgent and attention.';
const PER_HOUR_ALLOWED =
  'a whole number of accounts from 0 to 30 that may begin to enrol in an hour, such as 20. With 0 nobody enrols any more, and no stack fails because of it.';
const MARKETPLACE_ALLOWED =
  'a product that AWS Marketplace sells, because only its licenses let anybody enrol. Leave openEnrolment out, or leave issuerFingerprint out of a product that is not retired.';

/** Each watched product is an output of the stack, beside those of the watcher; CloudFormation allows 200. */
const MOST_WATCHED = 200 - Object.keys(WATCHER_OUTPUTS).length;

const tableName = text(TABLE_ALLOWED, (name) => /^[\w.-]{3,255}$/.test(name))
  .nullable()
  .default(null);

/** The context `license-watcher` of cdk.json. */
export const watcherSchema = z
  .strictObject(
    {
      deployment: text(DEPLOYMENT_ALLOWED, (name) => DEPLOYMENT_PATTERN.test(name)).default(
        DEFAULT_DEPLOYMENT,
      ),
      region: text(REGION_ALLOWED, (region) =>
        /^(?!cn-|us-gov-|us-iso)[a-z]{2}(?:-[a-z]+)+-\d$/.test(region),
      ).default('us-east-1'),
      sellerName: text(SELLER_ALLOWED, (name) => isPlainInTemplate(name, 80)),
      sellerEmail: email('It gets what is urgent at once, and the digest.'),
      securityContact: text(SECURITY_CONTACT_ALLOWED, (value) => isPlainInTemplate(value, 200))
        .nullable()
        .default(null),
      operationsEmail: email('It gets the alarms.'),
      intervalMinutes: wholeNumber(
        INTERVAL_ALLOWED,
        (minutes) => minutes >= 5 && dividesDay(minutes),
      ).default(15),
      spreadMinutes: wholeNumber(
        SPREAD_ALLOWED,
        (minutes) => minutes >= 0 && minutes <= 15,
      ).default(5),
      digest: z
        .custom<Digest>(
          (value) =>
            value === 'each tick' ||
            (typeof value === 'string' && /^(?:[01]\d|2[0-3]):[0-5]\d$/.test(value)),
          { error: DIGEST_ALLOWED },
        )
        .default('08:00'),
      timeZone: text(TIME_ZONE_ALLOWED, isTimeZone).default('UTC'),
      auditTableName: tableName,
      watchTableName: tableName,
      publicTemplate: z.boolean({ error: PUBLIC_ALLOWED }).default(false),
      openEnrolment: z
        .strictObject(
          { perHour: wholeNumber(PER_HOUR_ALLOWED, (accounts) => accounts >= 0 && accounts <= 30) },
          { error: ENROLMENT_ALLOWED },
        )
        .nullable()
        .default(null),
      agreements: z
        .custom<Agreements>(
          (value) =>
            value === 'on' ||
            value === 'off' ||
            (typeof value === 'string' &&
              /^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]{1,512}$/.test(value)),
          { error: AGREEMENTS_ALLOWED },
        )
        .default('on'),
      organizationId: text(ORGANIZATION_ALLOWED, (id) => /^o-[a-z0-9]{10,32}$/.test(id))
        .nullable()
        .default(null),
      slack: z
        .strictObject(
          {
            workspaceId: text(WORKSPACE_ALLOWED, (id) => /^[TE][A-Z0-9]{5,30}$/.test(id)),
            channelId: text(CHANNEL_ALLOWED, (id) => /^[CG][A-Z0-9]{5,30}$/.test(id)),
            severities: z
              .array(z.enum(SEVERITIES, { error: SEVERITIES_ALLOWED }), {
                error: SEVERITIES_ALLOWED,
              })
              .refine((all) => all.length > 0 && new Set(all).size === all.length, {
                error: SEVERITIES_ALLOWED,
              })
              .default(['urgent', 'attention']),
          },
          { error: SLACK_ALLOWED },
        )
        .nullable()
        .default(null),
      products: z.array(productSchema, {
        error: 'a list of at least one product. See the example in cdk.json.',
      }),
    },
    { error: 'an object with at least sellerName and products. See the example in cdk.json.' },
  )
  .superRefine((watcher, context) => {
    const report = (path: (string | number)[], message: string): void => {
      context.addIssue({ code: 'custom', path, message });
    };
    const { spreadMinutes, intervalMinutes } = watcher;
    // Only if each is allowed by itself.
    if (intervalMinutes >= 5 && spreadMinutes <= 15 && spreadMinutes > intervalMinutes) {
      report(['spreadMinutes'], SPREAD_ALLOWED);
    }
    const { deployment } = watcher;
    const audit = watcher.auditTableName ?? auditTableName(deployment);
    if (audit === (watcher.watchTableName ?? watchTableName(deployment))) {
      report(
        [watcher.watchTableName === null ? 'auditTableName' : 'watchTableName'],
        TABLE_ALLOWED,
      );
    }
    const products: unknown = watcher.products;
    if (!Array.isArray(products)) return;
    // The value is null if it was left out. If products are wrong by themselves, that is reported first.
    if (isRecord(watcher.openEnrolment) && !products.some((product) => isSold(product))) {
      report(['openEnrolment'], MARKETPLACE_ALLOWED);
    }
    if (products.every((product) => isRecord(product) && product['retired'] === true)) {
      report(
        ['products'],
        'at least one product that is not retired. To end all watching, destroy the stack: its tables stay.',
      );
    }
    const watched = products.filter((product) => isRecord(product) && product['retired'] !== true);
    if (watched.length > MOST_WATCHED) {
      report(
        ['products'],
        `at most ${MOST_WATCHED} products that are not retired, and these are ${watched.length}: CloudFormation allows no more outputs of a stack. Give the others to a second watcher, with a deployment of its own.`,
      );
    }
    for (const { path, earlier, what, remedy } of clashes(products)) {
      report(
        ['products', ...path],
        `${what} that no other product has; ${earlier} is the same. ${remedy}`,
      );
    }
  }, WHEREVER_A_RECORD);

/**
 * EventBridge Scheduler takes no offset from UTC, and no other spelling of a name. If Node.js knows a zone by two names, it answers with
 * the older one.
 */
function isTimeZone(name: string): boolean {
  if (!/^[A-Z][\w+-]*(?:\/[A-Z][\w+-]*)*$/.test(name)) return false;
  try {
    const { timeZone } = new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions();
    return timeZone === name || timeZone.toLowerCase() !== name.toLowerCase();
  } catch {
    return false;
  }
}

function dividesDay(minutes: number): boolean {
  return minutes > 0 && minutes <= DAY_IN_MINUTES && DAY_IN_MINUTES % minutes === 0;
}

/** True if the product is watched and its issuer is AWS Marketplace, which nobody else can be. */
function isSold(product: unknown): boolean {
  if (!isRecord(product) || product['retired'] === true) return false;
  return (product['issuerFingerprint'] ?? MARKETPLACE_FINGERPRINT) === MARKETPLACE_FINGERPRINT;
}

interface Clash {
  readonly path: (string | number)[];
  readonly earlier: string;
  readonly what: string;
  readonly remedy: string;
}

/** Finds ids and SKUs that two products share, as they were written, well-formed or not. */
function clashes(products: readonly unknown[]): Clash[] {
  const ids = new Map<unknown, string>();
  const skus = new Map<unknown, string>();
  return products.flatMap((product, index) => {
    if (!isRecord(product)) return [];
    const { id, productSku, formerSkus } = product;
    const former = Array.isArray(formerSkus) ? (formerSkus as unknown[]) : [];
    return [
      ...clash(ids, id, [index, 'id'], 'an id', 'Give the product an id of its own.'),
      ...[productSku, ...former].flatMap((sku, place) =>
        clash(
          skus,
          sku,
          place === 0 ? [index, 'productSku'] : [index, 'formerSkus', place - 1],
          'a SKU',
          'A license must belong to one product: remove it from the other.',
        ),
      ),
    ];
  });
}

function clash(
  seen: Map<unknown, string>,
  value: unknown,
  path: (string | number)[],
  what: string,
  remedy: string,
): Clash[] {
  if (typeof value !== 'string') return [];
  const earlier = seen.get(value);
  if (earlier !== undefined) return [{ path, earlier, what, remedy }];
  seen.set(value, pathText(['products', ...path]));
  return [];
}
