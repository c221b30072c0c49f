import { describe, expect, it } from 'vitest';
import { ConfigError, readConfig } from '../../../lib/stacks/settings/settings.ts';
import {
  DEFAULT_DECISION_DAYS,
  DEFAULT_REMINDER_DAYS,
  MARKETPLACE_FINGERPRINT,
} from '../../../lib/domain/license/product.ts';
import { productContext, settingsContext, SLACK } from '../../support/settings-context.ts';

function problemsOf(context: unknown): readonly string[] {
  try {
    readConfig(context);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

describe('settings that can be used', () => {
  it('need a seller and a product, the rest has defaults', () => {
    expect(readConfig(settingsContext())).toStrictEqual({
      settings: {
        deployment: 'default',
        sellerName: 'Example Software',
        products: [
          {
            id: 'viewer',
            name: 'Example Viewer',
            productSku: 'prod-viewer',
            formerSkus: [],
            issuerFingerprint: MARKETPLACE_FINGERPRINT,
            dimensions: {},
            tiers: [],
            reminderDays: DEFAULT_REMINDER_DAYS,
            decisionDays: DEFAULT_DECISION_DAYS,
            probe: 'safe',
            contact: 'support@example.com',
            renewalUrl: null,
            retired: false,
          },
        ],
        intervalMinutes: 15,
        spreadMinutes: 5,
        digest: '08:00',
        timeZone: 'UTC',
        openEnrolment: null,
        agreements: 'on',
        slack: false,
      },
      region: 'us-east-1',
      sellerEmail: null,
      securityContact: null,
      operationsEmail: null,
      auditTableName: 'license-watcher-default-audit',
      watchTableName: 'license-watcher-default-watch',
      templateAccess: 'invited',
      organizationId: null,
      slack: null,
    });
  });

  it('name a channel of Slack, and of how severe notices it is', () => {
    const read = (slack: unknown) => {
      const { settings, ...config } = readConfig(settingsContext({ slack }));
      return [settings.slack, config.slack];
    };
    expect(read(SLACK)).toStrictEqual([true, { ...SLACK, severities: ['urgent', 'attention'] }]);
    const urgent = { ...SLACK, severities: ['urgent'] };
    expect(read(urgent)).toStrictEqual([true, urgent]);
    expect(read(null)).toStrictEqual([false, null]);
  });

  it('let everyone read the buyer template only where they say so', () => {
    const access = (publicTemplate: unknown) =>
      readConfig(settingsContext({ publicTemplate })).templateAccess;
    expect([access(true), access(false), access(undefined)]).toStrictEqual([
      'public',
      'invited',
      'invited',
    ]);
  });

  it('keep every character of a name', () => {
    const name = `O'Neil & Söhne "GmbH" $(x) \`y\` 株式会社`;
    expect(readConfig(settingsContext({ sellerName: name })).settings.sellerName).toBe(name);
  });

  it('sort the reminder days, largest first', () => {
    const context = settingsContext({ products: [productContext({ reminderDays: [-1, 30, 7] })] });
    expect(readConfig(context).settings.products[0]?.reminderDays).toStrictEqual([30, 7, -1]);
  });

  it('name the tables after the deployment, unless they adopt others', () => {
    const { auditTableName, watchTableName } = readConfig(
      settingsContext({ deployment: 'staging', auditTableName: 'kept.audit' }),
    );
    expect({ auditTableName, watchTableName }).toStrictEqual({
      auditTableName: 'kept.audit',
      watchTableName: 'license-watcher-staging-watch',
    });
  });

  it.each([
    ['no spread', { spreadMinutes: 0 }],
    ['as many products as a stack has outputs', { products: many(182) }],
    ['a day between sweeps', { intervalMinutes: 1440 }],
    ['a digest at an hour of the seller’s', { digest: '23:59', timeZone: 'America/New_York' }],
    ['a digest at each tick', { digest: 'each tick' }],
    ...['UTC', 'Asia/Kolkata', 'Asia/Calcutta', 'America/Port-au-Prince', 'US/Eastern'].map(
      (timeZone): [string, Record<string, unknown>] => [`the time zone ${timeZone}`, { timeZone }],
    ),
    [
      'a retired product beside another',
      {
        products: [
          productContext(),
          productContext({ id: 'old', productSku: 'prod-old', retired: true }),
        ],
      },
    ],
    ['open enrolment', { openEnrolment: { perHour: 20 } }],
    ['enrolment that is shut without failing a stack', { openEnrolment: { perHour: 0 } }],
    ['no enrolment, said aloud', { openEnrolment: null }],
    ['no agreements', { agreements: 'off' }],
    [
      'agreements of another account',
      { agreements: 'arn:aws:iam::111122223333:role/path/AgreementReader' },
    ],
    ['no reminders', { products: [productContext({ reminderDays: [] })] }],
    ...['Example, Inc.', 'Acme GmbH & Co. KG', 'Müller (Nord)', 'a:b'].map(
      (issuer): [string, Record<string, unknown>] => [
        `the fingerprint of an issuer called ${issuer}`,
        {
          products: [
            productContext({ issuerFingerprint: `aws:111111111111:${issuer}:issuer-fingerprint` }),
          ],
        },
      ],
    ),
    [
      'the fingerprint of a test license',
      {
        products: [
          productContext({ issuerFingerprint: 'aws:111111111111:Self:issuer-fingerprint' }),
        ],
      },
    ],
  ])('%s', (_what, overrides) => {
    expect(problemsOf(settingsContext(overrides))).toStrictEqual([]);
  });
});

const EMAIL = 'one e-mail address like licenses@example.com, or null.';
const PLAIN =
  'with a letter or digit, without line breaks, control characters, spaces around it or anything else that cannot be seen, and without ${, #{ and {{, which CDK and CloudFormation take for something to fill in';
const SELLER = `allowed: 1 to 80 characters ${PLAIN}. It is how buyers know you.`;
const INTERVAL =
  'allowed: whole minutes from 5 to 1440 that divide a day evenly, such as 5, 10, 15, 30, 60, 360 or 1440. AWS recommends 15.';
const SPREAD =
  'allowed: whole minutes from 0 to 15, and no more than intervalMinutes. Leave it out for 5: it spreads the load on License Manager.';
const DEPLOYMENT =
  'allowed: 2 to 20 lower-case letters, digits and inner hyphens, beginning with a letter. Leave it out unless one account holds several watchers.';
const REGION =
  'allowed: an AWS Region such as us-east-1, not of GovCloud or China. Leave it out: licenses of AWS Marketplace have their home in us-east-1.';
const TABLE =
  'allowed: 3 to 255 letters, digits, dots, hyphens and underscores, a different name for each table (by default license-watcher-<deployment>-audit and -watch). Leave it out unless a new stack must adopt a table that an old one left.';
const TOP_FIELDS =
  'deployment, region, sellerName, sellerEmail, securityContact, operationsEmail, intervalMinutes, spreadMinutes, digest, timeZone, auditTableName, watchTableName, publicTemplate, openEnrolment, agreements, organizationId, slack, products';
const DIGEST =
  'allowed: an hour and minute of timeZone from 00:00 to 23:59, such as "07:30", or "each tick" for a digest at every sweep that has something to say. Leave it out for 08:00; what is urgent never waits for it.';
const TIME_ZONE =
  'allowed: the name of a time zone as the IANA spells it, such as Europe/Berlin, America/New_York, Asia/Kolkata or UTC. Leave it out for UTC.';
const PUBLIC =
  'allowed: true or false. True lets everyone read the buyer template, which holds no secret; Block Public Access of your whole account must then allow it. Leave it out to open it to the accounts you invite.';

const ENROLMENT =
  'allowed: null or an object with perHour. With it, accounts that deploy the buyer stack without an invitation are watched once they show a license of yours. Leave it out to watch only invited accounts.';
const PER_HOUR =
  'allowed: a whole number of accounts from 0 to 30 that may begin to enrol in an hour, such as 20. With 0 nobody enrols any more, and no stack fails because of it.';
const SLACK_ALLOWED =
  'allowed: null or an object with workspaceId and channelId: { "workspaceId": "T012ABCDEFG", "channelId": "C012ABCDEFG" }. Leave it out for no channel.';
const SEVERITIES_ALLOWED =
  'allowed: a list of at least one of urgent, attention and info, each once. Leave it out for urgent and attention.';
const ORGANIZATION =
  'allowed: the ID of an organization of AWS Organizations, such as o-a1b2c3d4e5. Its accounts may then make rules of their own on the event bus. Leave it out to allow rules of this account only.';
const CHANNEL =
  'allowed: the ID of a channel of Slack, C or G and then capital letters and digits, such as C012ABCDEFG; not its name. It is the end of the link that Slack copies for a channel.';
const WORKSPACE =
  'allowed: the ID of a workspace of Slack, T or E and then capital letters and digits, such as T012ABCDEFG. The console of Amazon Q Developer in chat applications shows it once you have authorized the workspace there.';
const SECURITY = `allowed: 1 to 200 characters ${PLAIN}: a name, an address or a URL. A buyer’s security team asks there. Leave it out for the contact of each product.`;
const PRODUCTS = 'allowed: a list of at least one product. See the example in cdk.json.';
const RETIRED = { id: 'old', productSku: 'prod-old' };
const OWN = { issuerFingerprint: 'aws:111111111111:Self:issuer-fingerprint' };

function many(count: number): readonly Record<string, unknown>[] {
  return Array.from({ length: count }, (_, at) =>
    productContext({ id: `product-${at}`, productSku: `prod-${at}` }),
  );
}

/** A field, what is allowed in it, and values that are not. */
const REFUSED: readonly (readonly [field: string, allowed: string, ...values: unknown[]])[] = [
  ['sellerName', SELLER, undefined, '', ' Example', 'a\nb', 7],
  // A template with it cannot be made, or says something else once it is deployed.
  ['sellerName', SELLER, '${AWS::AccountId}', '${Token[TOKEN.5]}', '#{Token[TOKEN.5]}'],
  ['sellerName', SELLER, '{{resolve:ssm:/a:1}}'],
  ['securityContact', SECURITY, '${Token[TOKEN.5]}'],
  ['openEnrolment', ENROLMENT, true],
  ['openEnrolment.perHour', PER_HOUR, undefined, 31, 1.5],
  ['organizationId', ORGANIZATION, 'o-short', 'o-A1B2C3D4E5', 'r-a1b2c3d4e5', '*', 5],
  ['slack', SLACK_ALLOWED, 'general'],
  ['slack.channelId', CHANNEL, '#sales', 'sales', 'T012ABCDEFG', 'D012ABCDEFG', 'c012abcdef', 7],
  ['slack.workspaceId', WORKSPACE, 'example.slack.com', 'C012ABCDEFG', 'T0'],
  ['slack.severities', SEVERITIES_ALLOWED, [], ['urgent', 'urgent'], 'urgent'],
  ['publicTemplate', PUBLIC, 'true', null],
  ['sellerEmail', `allowed: ${EMAIL} It gets what is urgent at once, and the digest.`, 'nobody'],
  ['operationsEmail', `allowed: ${EMAIL} It gets the alarms.`, 'A <a@b.io>', 'a@b.io,c@d.io'],
  ['intervalMinutes', INTERVAL, 4, 1441, 7, 7.5, '15'],
  ['spreadMinutes', SPREAD, 16, -1],
  ['digest', DIGEST, '8:00', '24:00', '08:60', 'daily', '08:00:00', '', 480],
  ['timeZone', TIME_ZONE, 'Europe/Atlantis', 'Europe/berlin', 'Asia/kolkata', '+02:00', 'utc', ''],
  ['deployment', DEPLOYMENT, 'Default', 'a', 'ends-', 'twenty-one-characters'],
  ['region', REGION, 'Virginia'],
  ['auditTableName', TABLE, 'a/b'],
  ['watchTableName', TABLE, 'ab', 'license-watcher-default-audit'],
  ['products', PRODUCTS, undefined, {}],
];
const ALONE = REFUSED.flatMap(([field, allowed, ...values]) =>
  values.map((value) => [field, value, allowed] as const),
);

describe('fails for settings', () => {
  it.each(ALONE)('where %s is %j', (field, value, allowed) => {
    const [outer = '', inner] = field.split('.');
    const within = inner && { ...(outer === 'slack' && SLACK), [inner]: value };
    const overrides = { [outer]: within ?? value };
    const got = value === undefined ? 'missing' : JSON.stringify(value);
    expect(problemsOf(settingsContext(overrides))).toStrictEqual([
      `license-watcher.${field} is ${got}; ${allowed}`,
    ]);
  });

  it.each<[Record<string, unknown>, string]>([
    [{ sellerName: 'x'.repeat(81) }, `.sellerName is "${'x'.repeat(76)}...; ${SELLER}`],
    [{ sellerName: 'a\u202Eb' }, `.sellerName is "a\\u202eb"; ${SELLER}`],
    [
      {
        openEnrolment: { perHour: 1 },
        products: [productContext(OWN), productContext({ ...RETIRED, retired: true })],
      },
      '.openEnrolment is {"perHour":1}; allowed: a product that AWS Marketplace sells, because only its licenses let anybody enrol. Leave openEnrolment out, or leave issuerFingerprint out of a product that is not retired.',
    ],
    [
      { slack: { ...SLACK, severities: ['high'] } },
      `.slack.severities[0] is "high"; ${SEVERITIES_ALLOWED}`,
    ],
    [
      { slack: { ...SLACK, webhook: 'https://hooks.slack.com/x' } },
      '.slack has an unknown field "webhook"; allowed: workspaceId, channelId, severities. Remove it.',
    ],
    [
      { openEnrolment: { perHour: 20, perDay: 2 } },
      '.openEnrolment has an unknown field "perDay"; allowed: perHour. Remove it.',
    ],
    [{ spreadMinutes: 11, intervalMinutes: 10 }, `.spreadMinutes is 11; ${SPREAD}`],
    [{ auditTableName: 'same', watchTableName: 'same' }, `.watchTableName is "same"; ${TABLE}`],
    // The default name of the other table.
    [
      { deployment: 'eu', auditTableName: 'license-watcher-eu-watch' },
      `.auditTableName is "license-watcher-eu-watch"; ${TABLE}`,
    ],
    [
      { products: many(183) },
      `.products is ${JSON.stringify(many(1)).slice(0, 77)}...; allowed: at most 182 products that are not retired, and these are 183: CloudFormation allows no more outputs of a stack. Give the others to a second watcher, with a deployment of its own.`,
    ],
    [
      { products: [] },
      '.products is []; allowed: at least one product that is not retired. To end all watching, destroy the stack: its tables stay.',
    ],
    ...[
      ['sellerEMail', 'Did you mean sellerEmail?'],
      ['interval', 'Did you mean intervalMinutes?'],
      ['colour', 'Remove it.'],
    ].map(([field = '', remedy]): [Record<string, unknown>, string] => [
      { [field]: 15 },
      ` has an unknown field "${field}"; allowed: ${TOP_FIELDS}. ${remedy}`,
    ]),
  ])('%j', (overrides, problem) => {
    expect(problemsOf(settingsContext(overrides))).toStrictEqual([`license-watcher${problem}`]);
  });

  it.each([
    [undefined, 'is missing'],
    ['{}', 'is "{}"'],
    [[], 'is []'],
  ])('that are no object: %j', (context, got) => {
    expect(problemsOf(context)).toStrictEqual([
      `license-watcher ${got}; allowed: an object with at least sellerName and products. See the example in cdk.json.`,
    ]);
  });
});

describe('says what is wrong', () => {
  it('all at once, with the part that is common to all', () => {
    const context = settingsContext({
      sellerName: '',
      products: [productContext({ tiers: '', id: 'A' })],
    });
    expect(problemsOf(context).map((problem) => problem.split(' ')[0])).toStrictEqual([
      'license-watcher.sellerName',
      'license-watcher.products[0].id',
      'license-watcher.products[0].tiers',
    ]);
    expect(() => readConfig(context)).toThrow(
      /^The settings in cdk\.json cannot be used:\n- license-watcher\.sellerName is/,
    );
  });
});
