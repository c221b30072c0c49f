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
const RETIRED = { id: 'old', productSku: 'prod-old' };
const OWN = { issuerFingerprint: 'aws:111111111111:Self:issuer-fingerprint' };

function many(count: number): readonly Record<string, unknown>[] {
  return Array.from({ length: count }, (_, at) =>
    productContext({ id: `product-${at}`, productSku: `prod-${at}` }),
  );
}

describe('fails for settings', () => {
  it.each<[Record<string, unknown>, string]>([
    [{ sellerName: undefined }, `license-watcher.sellerName is missing; ${SELLER}`],
    [{ sellerName: '' }, `license-watcher.sellerName is ""; ${SELLER}`],
    [{ sellerName: ' Example' }, `license-watcher.sellerName is " Example"; ${SELLER}`],
    [
      { sellerName: 'x'.repeat(81) },
      `license-watcher.sellerName is "${'x'.repeat(76)}...; ${SELLER}`,
    ],
    [{ sellerName: 'a\nb' }, `license-watcher.sellerName is "a\\nb"; ${SELLER}`],
    [{ sellerName: 'a\u202Eb' }, `license-watcher.sellerName is "a\\u202eb"; ${SELLER}`],
    [{ sellerName: 7 }, `license-watcher.sellerName is 7; ${SELLER}`],
    // A template with it cannot be made, or says something else once it is deployed.
    ...['${AWS::AccountId}', '${Token[TOKEN.5]}', '#{Token[TOKEN.5]}', '{{resolve:ssm:/a:1}}'].map(
      (sellerName): [Record<string, unknown>, string] => [
        { sellerName },
        `license-watcher.sellerName is ${JSON.stringify(sellerName)}; ${SELLER}`,
      ],
    ),
    [
      { securityContact: '${Token[TOKEN.5]}' },
      `license-watcher.securityContact is "\${Token[TOKEN.5]}"; allowed: 1 to 200 characters ${PLAIN}: a name, an address or a URL. A buyer’s security team asks there. Leave it out for the contact of each product.`,
    ],
    [{ openEnrolment: true }, `license-watcher.openEnrolment is true; ${ENROLMENT}`],
    [{ openEnrolment: {} }, `license-watcher.openEnrolment.perHour is missing; ${PER_HOUR}`],
    [
      { openEnrolment: { perHour: 31 } },
      `license-watcher.openEnrolment.perHour is 31; ${PER_HOUR}`,
    ],
    [
      { openEnrolment: { perHour: 1.5 } },
      `license-watcher.openEnrolment.perHour is 1.5; ${PER_HOUR}`,
    ],
    [
      {
        openEnrolment: { perHour: 1 },
        products: [productContext(OWN), productContext({ ...RETIRED, retired: true })],
      },
      'license-watcher.openEnrolment is {"perHour":1}; allowed: a product that AWS Marketplace sells, because only its licenses let anybody enrol. Leave openEnrolment out, or leave issuerFingerprint out of a product that is not retired.',
    ],
    ...['o-short', 'o-A1B2C3D4E5', 'r-a1b2c3d4e5', '*', 5].map(
      (organizationId): [Record<string, unknown>, string] => [
        { organizationId },
        `license-watcher.organizationId is ${JSON.stringify(organizationId)}; allowed: the ID of an organization of AWS Organizations, such as o-a1b2c3d4e5. Its accounts may then make rules of their own on the event bus. Leave it out to allow rules of this account only.`,
      ],
    ),
    [{ slack: 'general' }, `license-watcher.slack is "general"; ${SLACK_ALLOWED}`],
    ...['#sales', 'sales', 'T012ABCDEFG', 'D012ABCDEFG', 'c012abcdefg', 7].map(
      (channelId): [Record<string, unknown>, string] => [
        { slack: { ...SLACK, channelId } },
        `license-watcher.slack.channelId is ${JSON.stringify(channelId)}; allowed: the ID of a channel of Slack, C or G and then capital letters and digits, such as C012ABCDEFG; not its name. It is the end of the link that Slack copies for a channel.`,
      ],
    ),
    ...['example.slack.com', 'C012ABCDEFG', 'T0'].map(
      (workspaceId): [Record<string, unknown>, string] => [
        { slack: { ...SLACK, workspaceId } },
        `license-watcher.slack.workspaceId is ${JSON.stringify(workspaceId)}; allowed: the ID of a workspace of Slack, T or E and then capital letters and digits, such as T012ABCDEFG. The console of Amazon Q Developer in chat applications shows it once you have authorized the workspace there.`,
      ],
    ),
    ...[[], ['urgent', 'urgent'], 'urgent'].map((severities): [Record<string, unknown>, string] => [
      { slack: { ...SLACK, severities } },
      `license-watcher.slack.severities is ${JSON.stringify(severities)}; ${SEVERITIES_ALLOWED}`,
    ]),
    [
      { slack: { ...SLACK, severities: ['high'] } },
      `license-watcher.slack.severities[0] is "high"; ${SEVERITIES_ALLOWED}`,
    ],
    [
      { slack: { ...SLACK, webhook: 'https://hooks.slack.com/x' } },
      'license-watcher.slack has an unknown field "webhook"; allowed: workspaceId, channelId, severities. Remove it.',
    ],
    [
      { openEnrolment: { perHour: 20, perDay: 2 } },
      'license-watcher.openEnrolment has an unknown field "perDay"; allowed: perHour. Remove it.',
    ],
    [{ publicTemplate: 'true' }, `license-watcher.publicTemplate is "true"; ${PUBLIC}`],
    [{ publicTemplate: null }, `license-watcher.publicTemplate is null; ${PUBLIC}`],
    [
      { sellerEmail: 'nobody' },
      `license-watcher.sellerEmail is "nobody"; allowed: ${EMAIL} It gets what is urgent at once, and the digest.`,
    ],
    [
      { operationsEmail: 'A <a@b.example>' },
      `license-watcher.operationsEmail is "A <a@b.example>"; allowed: ${EMAIL} It gets the alarms.`,
    ],
    [
      { operationsEmail: 'a@b.example,c@d.example' },
      `license-watcher.operationsEmail is "a@b.example,c@d.example"; allowed: ${EMAIL} It gets the alarms.`,
    ],
    [{ intervalMinutes: 4 }, `license-watcher.intervalMinutes is 4; ${INTERVAL}`],
    [{ intervalMinutes: 1441 }, `license-watcher.intervalMinutes is 1441; ${INTERVAL}`],
    [{ intervalMinutes: 7 }, `license-watcher.intervalMinutes is 7; ${INTERVAL}`],
    [{ intervalMinutes: 7.5 }, `license-watcher.intervalMinutes is 7.5; ${INTERVAL}`],
    [{ intervalMinutes: '15' }, `license-watcher.intervalMinutes is "15"; ${INTERVAL}`],
    [{ spreadMinutes: 16 }, `license-watcher.spreadMinutes is 16; ${SPREAD}`],
    ...['8:00', '24:00', '08:60', 'daily', '08:00:00', ''].map(
      (digest): [Record<string, unknown>, string] => [
        { digest },
        `license-watcher.digest is ${JSON.stringify(digest)}; ${DIGEST}`,
      ],
    ),
    [{ digest: 480 }, `license-watcher.digest is 480; ${DIGEST}`],
    ...['Europe/Atlantis', 'Europe/berlin', 'Asia/kolkata', '+02:00', 'utc', ''].map(
      (timeZone): [Record<string, unknown>, string] => [
        { timeZone },
        `license-watcher.timeZone is ${JSON.stringify(timeZone)}; ${TIME_ZONE}`,
      ],
    ),
    [{ spreadMinutes: -1 }, `license-watcher.spreadMinutes is -1; ${SPREAD}`],
    [{ spreadMinutes: 11, intervalMinutes: 10 }, `license-watcher.spreadMinutes is 11; ${SPREAD}`],
    [{ deployment: 'Default' }, `license-watcher.deployment is "Default"; ${DEPLOYMENT}`],
    [{ deployment: 'a' }, `license-watcher.deployment is "a"; ${DEPLOYMENT}`],
    [{ deployment: 'ends-' }, `license-watcher.deployment is "ends-"; ${DEPLOYMENT}`],
    [
      { deployment: 'twenty-one-characters' },
      `license-watcher.deployment is "twenty-one-characters"; ${DEPLOYMENT}`,
    ],
    [{ region: 'Virginia' }, `license-watcher.region is "Virginia"; ${REGION}`],
    [{ auditTableName: 'a/b' }, `license-watcher.auditTableName is "a/b"; ${TABLE}`],
    [{ watchTableName: 'ab' }, `license-watcher.watchTableName is "ab"; ${TABLE}`],
    [
      { auditTableName: 'same', watchTableName: 'same' },
      `license-watcher.watchTableName is "same"; ${TABLE}`,
    ],
    // The default name of the other table.
    [
      { deployment: 'eu', auditTableName: 'license-watcher-eu-watch' },
      `license-watcher.auditTableName is "license-watcher-eu-watch"; ${TABLE}`,
    ],
    [
      { watchTableName: 'license-watcher-default-audit' },
      `license-watcher.watchTableName is "license-watcher-default-audit"; ${TABLE}`,
    ],
    [
      { products: many(183) },
      `license-watcher.products is ${JSON.stringify(many(1)).slice(0, 77)}...; allowed: at most 182 products that are not retired, and these are 183: CloudFormation allows no more outputs of a stack. Give the others to a second watcher, with a deployment of its own.`,
    ],
    [
      { products: undefined },
      'license-watcher.products is missing; allowed: a list of at least one product. See the example in cdk.json.',
    ],
    [
      { products: {} },
      'license-watcher.products is {}; allowed: a list of at least one product. See the example in cdk.json.',
    ],
    [
      { products: [] },
      'license-watcher.products is []; allowed: at least one product that is not retired. To end all watching, destroy the stack: its tables stay.',
    ],
    [
      { sellerEMail: 'a@b.example' },
      `license-watcher has an unknown field "sellerEMail"; allowed: ${TOP_FIELDS}. Did you mean sellerEmail?`,
    ],
    [
      { interval: 15 },
      `license-watcher has an unknown field "interval"; allowed: ${TOP_FIELDS}. Did you mean intervalMinutes?`,
    ],
    [
      { colour: 'blue' },
      `license-watcher has an unknown field "colour"; allowed: ${TOP_FIELDS}. Remove it.`,
    ],
  ])('%j', (overrides, problem) => {
    expect(problemsOf(settingsContext(overrides))).toStrictEqual([problem]);
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
