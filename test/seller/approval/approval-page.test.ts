import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { CHROMIUM } from '../../../lib/workbench/chromium.ts';
import { approvalPage } from '../../../lib/seller/approval/approval-page.ts';
import {
  parseTemplate,
  templatePlace,
  UnexplainedTemplate,
} from '../../../lib/seller/approval/template.ts';
import type { Instant } from '../../../lib/domain/time.ts';
import { scenarioBuyerTemplate } from '../../support/assembly.ts';

type Json = Record<string, unknown>;

let template: string;
beforeAll(async () => {
  template = await scenarioBuyerTemplate();
});

interface Changes {
  readonly template?: string;
  readonly buyerName?: string;
  readonly sellerName?: string;
  readonly products?: readonly { readonly name: string; readonly contact: string | null }[];
  readonly securityContact?: string;
  readonly parameters?: Readonly<Record<string, string>>;
}

function pageOf(changes: Changes = {}): string {
  return approvalPage({
    template: changes.template ?? template,
    sha256: 'f00d'.repeat(16),
    templateFile: 'license-watcher-buyer.json',
    buyerAccountId: '222222222222',
    buyerName: changes.buyerName ?? 'Aurora Labs',
    sellerAccountId: '111111111111',
    sellerName: changes.sellerName ?? 'Meridian Software',
    products: changes.products ?? [
      { name: 'Meridian Viewer', contact: 'renewals@seller.example' },
      { name: 'Render Farm', contact: 'renewals@seller.example' },
    ],
    securityContact: changes.securityContact ?? null,
    deployment: 'default',
    region: 'us-east-1',
    partition: 'aws',
    stackName: 'license-watcher',
    parameters: {
      WatcherAccountId: '111111111111',
      ExternalId: 'external-1',
      ...changes.parameters,
    },
    madeAt: '2027-03-01T10:00:00Z' as Instant,
  });
}

/** The template with one place changed, such as `Resources.Farewell.Type`; `undefined` takes the member away. */
function changed(place: string, value: unknown): string {
  const whole = JSON.parse(template) as Json;
  const path = place.split('.');
  const parent = path.slice(0, -1).reduce<Json>((at, key) => at[key] as Json, whole);
  if (typeof parent !== 'object') throw new Error(`the template has no ${place}`);
  parent[path.at(-1)!] = value;
  return JSON.stringify(whole);
}

/** What a reader sees, in one line. */
function seen(html: string): string {
  const text = html.replace(/<style>.*?<\/style>/s, '').replace(/<[^>]*>/g, ' ');
  const entities: Record<string, string> = { lt: '<', gt: '>', quot: '"', '#39': "'", amp: '&' };
  return text
    .replace(/&(\w+|#39);/g, (_, name: string) => entities[name] ?? '?')
    .replace(/\s+/g, ' ');
}

/** Every value of a member of that name, wherever it stands. */
function everywhere(value: unknown, member: string): unknown[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value as Record<string, unknown>).flatMap(([name, each]) => [
    ...(name !== member ? [] : Array.isArray(each) ? (each as unknown[]) : [each]),
    ...everywhere(each, member),
  ]);
}

const ROLE = 'Resources.ReadingRole.Properties';
const GRANTS = `${ROLE}.Policies.0.PolicyDocument.Statement`;
const TRUST = `${ROLE}.AssumeRolePolicyDocument.Statement.0`;

describe('the page', () => {
  it('names every resource, action, statement, parameter, condition and output of the template', () => {
    const page = seen(pageOf());
    const whole = JSON.parse(template) as Record<
      string,
      Record<string, { Type: string; Description: string }>
    >;
    for (const [id, { Type }] of Object.entries(whole['Resources']!))
      expect(page).toContain(`${id} ${Type} `);
    for (const [name, { Description }] of Object.entries(whole['Parameters']!)) {
      expect(page).toContain(` ${name} `);
      expect(page).toContain(Description);
    }
    for (const [name, { Description }] of Object.entries(whole['Outputs']!))
      expect(page).toContain(`${name} ${Description}`);
    const actions = [...everywhere(whole, 'Action'), ...everywhere(whole, 'NotAction')];
    expect(actions.length).toBeGreaterThan(10);
    for (const action of actions) expect(page).toContain(` ${String(action)} `);
    for (const words of [
      'Probe is yes',
      'ShareUsage is yes',
      'NoticeEmail is not empty',
      'PermissionsBoundary is not',
    ])
      expect(page).toContain(`if ${words}`);
    expect(page).not.toContain('Not explained here');
  });

  it('fills in whom is trusted, and with what', () => {
    const page = seen(pageOf());
    expect(page).toContain('arn:aws:iam::111111111111:root (principals of that account)');
    expect(page).toContain('sts:ExternalId is external-1 ');
    expect(page).toContain(
      'aws:PrincipalArn matches arn:aws:iam::111111111111:role/license-watcher/default/*',
    );
    expect(page).toContain('sessions of 15 minutes under the name license-watcher');
    expect(page).toContain('Path: /license-watcher-buyer/');
    expect(page).toContain(
      'arn:aws:iam::111111111111:role/license-watcher/default/default-send-notices',
    );
    expect(page).toContain('Deny * (everybody) sns:Publish');
    expect(page).toContain('arn:aws:license-manager::111111111111:license:*');
    expect(page).toContain("LIKE 'arn:aws:iam::222222222222:role/license-watcher-buyer/%'");
    expect(page).not.toMatch(/AWS::(Partition|Region|AccountId)|Fn::|"Ref"/);
  });

  it('says what holds with the parameters of this invitation', () => {
    expect(seen(pageOf())).toContain('if Probe is yes (as invited: yes)');
    expect(seen(pageOf())).toContain('if NoticeEmail is not empty (as invited: no)');
    expect(seen(pageOf())).toContain('if NoticeEmail5 is not empty (as invited: no)');
    const page = seen(pageOf({ parameters: { Probe: 'no', NoticeEmail: 'it@aurora.example' } }));
    expect(page).toContain('if Probe is yes (as invited: no)');
    expect(page).toContain('Endpoint: it@aurora.example');
    expect(page).toContain('if NoticeEmail is not empty (as invited: yes)');
  });

  it('names the events of CloudTrail, and how to be told of any other', () => {
    const page = seen(pageOf());
    const events = [
      'ListReceivedLicenses',
      'GetLicense',
      'ListLicenseVersions',
      'CheckoutLicense',
      'CheckInLicense',
    ];
    for (const event of events) expect(page).toMatch(new RegExp(`NOT IN \\([^)]*'${event}'`));
    expect(page).toContain('AttributeKey=Username,AttributeValue=license-watcher');
  });

  it('shows AssumeRole by a lookup of its own, as it has no user name', () => {
    const page = seen(pageOf());
    expect(page).toContain('AttributeKey=EventName,AttributeValue=AssumeRole');
    expect(page).toContain(
      "[?ResourceName && contains(ResourceName, 'arn:aws:iam::222222222222:role/license-watcher-buyer/')]",
    );
  });

  it('has the name of the seller that the template has, and that nobody checked it', () => {
    const header = /<header>.*<\/header>/s;
    const DISPLAY = 'Resources.NoticeTopic.Properties.DisplayName';
    const page = pageOf({ template: changed(DISPLAY, 'Nimbus <b> licenses') });
    expect(seen(header.exec(page)?.[0] ?? '')).toMatch(
      /template, notices will come from Nimbus <b> licenses ?\..*checked/,
    );
    expect(seen(pageOf({ template: changed(DISPLAY, undefined) }))).not.toContain(
      'notices will come from',
    );
  });

  it('says who could join those who are trusted, where the trust is a pattern', () => {
    const could = 'anybody who may create roles in the seller’s account that match';
    expect(seen(pageOf())).toContain(
      `${could} arn:aws:iam::111111111111:role/license-watcher/default/* ,`,
    );
    const named = `${TRUST}.Condition.ArnLike.aws:PrincipalArn`;
    const exact = 'arn:aws:iam::111111111111:role/license-watcher/default/x';
    expect(seen(pageOf({ template: changed(named, exact) }))).not.toContain(could);
  });

  it('says what the deletion passes over, and what a launch needs', () => {
    const page = seen(pageOf());
    expect(page).toContain('DELETE_SKIPPED for Registration .');
    expect(page).not.toContain('DELETE_SKIPPED for Farewell');
    const deleted = changed('Resources.Registration.DeletionPolicy', 'Delete');
    expect(seen(pageOf({ template: deleted }))).not.toContain('DELETE_SKIPPED');
    for (const words of [
      's3:GetObject',
      'two days',
      'license-watcher-buyer/ )',
      'no KMS key',
      'point-in-time recovery',
      'Whoever launches, updates or deletes the stack needs sns:Publish on arn:aws:sns:us-east-1:111111111111:license-watcher-default-registration',
      'No service control policy, permissions boundary or session policy (data perimeter)',
      '--authenticate-on-unsubscribe true',
    ])
      expect(page).toContain(words);
  });

  it('names each topic once to which whoever launches publishes', () => {
    const topic = 'Resources.Farewell.Properties.ServiceToken';
    const other = 'arn:aws:sns:us-east-1:999999999999:elsewhere';
    expect(seen(pageOf({ template: changed(topic, other) }))).toMatch(
      /needs sns:Publish on arn:aws:sns:us-east-1:111111111111:license-watcher-default-registration or arn:aws:sns:us-east-1:999999999999:elsewhere/,
    );
  });

  it('has commands that switch off and leave, with every parameter of the template', () => {
    const page = pageOf();
    const update = /aws cloudformation update-stack.*?<\/pre>/s.exec(page)?.[0] ?? '';
    const names = Object.keys((JSON.parse(template) as { Parameters: Json }).Parameters);
    expect([...update.matchAll(/ParameterKey=(\w+)/g)].map(([, name]) => name)).toEqual(names);
    expect(update).toContain('ParameterKey=Probe,ParameterValue=no');
    expect(update).toContain('ParameterKey=ExternalId,UsePreviousValue=true');
    expect(page).toContain(
      'aws cloudformation delete-stack --region us-east-1 --stack-name license-watcher',
    );
    expect(page).toContain('--retain-resources Farewell');
  });

  it('is one file without script or network, its contents reachable', () => {
    const page = pageOf();
    expect(page).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`);
    expect(page).not.toMatch(/<script|<link|<img|@import|url\(|src=|https?:/);
    const ids = [...page.matchAll(/ id="(\w+)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [, target] of page.matchAll(/href="#(\w+)"/g)) expect(ids).toContain(target);
    const tables = page.match(/<table\b.*?<\/table>/gs) ?? [];
    expect(tables.length).toBeGreaterThan(5);
    for (const table of tables) expect(table).toMatch(/<caption>.*scope="col"/s);
    expect(page).toContain('f00d'.repeat(16));
  });

  // Skipped, and counted as skipped, where no Chromium is installed.
  it.skipIf(!existsSync(CHROMIUM))('can be read at 390 pixels: no cell is a strip', async () => {
    const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
    try {
      const page = await browser.newPage({ viewport: { width: 390, height: 844 } });
      await page.setContent(pageOf());
      const widths = await page
        .locator('tbody th, tbody td')
        .evaluateAll((cells) => cells.map((cell) => cell.clientWidth));
      expect(widths.length).toBeGreaterThan(50);
      expect(Math.min(...widths)).toBeGreaterThan(300);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth);
      expect(wide).toBe(390);
      const created = page.getByRole('table', { name: 'All resources of the template' });
      await expect(created.getByRole('columnheader').count()).resolves.toBe(5);
      await expect(created.getByRole('rowheader', { name: 'ReadingRole' }).count()).resolves.toBe(
        1,
      );
    } finally {
      await browser.close();
    }
  });

  it('names seller, products, whom to ask, and exactly who assumes the role', () => {
    const page = seen(pageOf());
    expect(page).toContain('Name that the seller uses: Meridian Software');
    expect(page).toContain('Products: Meridian Viewer ; Render Farm ');
    expect(page).toContain('Questions about a product: renewals@seller.example');
    expect(page).toContain('Questions about security: renewals@seller.example');
    expect(page).toContain(
      'Who assumes your role, exactly: arn:aws:iam::111111111111:role/license-watcher/default/default-check-licenses and arn:aws:iam::111111111111:role/license-watcher/default/default-register-buyer',
    );
    expect(seen(pageOf({ securityContact: 'security@seller.example' }))).toContain(
      'Questions about security: security@seller.example',
    );
    const hostile = pageOf({
      sellerName: '<b>\u202eSeller',
      products: [{ name: '\u05e9\u05dd <i>', contact: null }],
    });
    expect(seen(hostile)).toContain('Questions about a product: not given');
    expect(hostile).toContain('<bdi>&lt;b&gt;Seller</bdi>');
    expect(hostile).toContain('<bdi>\u05e9\u05dd &lt;i&gt;</bdi>');
  });

  it('shows hostile names as text', () => {
    const name = `</style><script>alert("1")</script><img src=x onerror='x'>`;
    const plain = pageOf();
    const page = pageOf({ buyerName: `${name}\u202e & Co`, parameters: { ExternalId: '<b>&"' } });
    expect(page.replace(/[^<]/g, '').length).toBe(plain.replace(/[^<]/g, '').length);
    expect(seen(page)).toContain(`asks ${name} & Co to create`);
    expect(seen(page)).toContain('sts:ExternalId is <b>&" ');
    expect(page).not.toContain('\u202e');
  });
});

describe('a template that was changed', () => {
  it('is read as the local cloud reads it, whatever functions of CloudFormation it uses', () => {
    const path = { 'Fn::Sub': '/${Deployment}-${AWS::Region}/${NoticeTopic.TopicName}/' };
    expect(seen(pageOf({ template: changed(`${ROLE}.Path`, path) }))).toContain(
      'Path: /default-us-east-1/<NoticeTopic.TopicName>/',
    );
  });

  it('shows a permission more, and says that nobody explained it', () => {
    const statements = (JSON.parse(template) as { Resources: Record<string, { Properties: Json }> })
      .Resources['ReadingRole']!.Properties as {
      Policies: { PolicyDocument: { Statement: unknown[] } }[];
    };
    const more = {
      Sid: 'More',
      Effect: 'Allow',
      Action: 's3:GetObject',
      Resource: 'arn:aws:s3:::secrets/*',
    };
    const known = statements.Policies[0]!.PolicyDocument.Statement;
    const page = seen(pageOf({ template: changed(GRANTS, [...known, more]) }));
    expect(page).toContain(
      's3:GetObject Not explained here. Ask the seller what it is for. arn:aws:s3:::secrets/*',
    );
    expect(page).toContain('license-manager, s3.');
    expect(page).toContain("'GetObject'");
    const everything = seen(
      pageOf({ template: changed(GRANTS, [...known, { ...more, Resource: '*' }]) }),
    );
    expect(everything).toContain('s3:GetObject is granted on all resources. Ask the seller why.');
  });

  it('says that nothing denies the rest', () => {
    expect(seen(pageOf())).toContain('An explicit Deny covers every action');
    const page = seen(
      pageOf({ template: changed(`${GRANTS}.2`, undefined).replace(',null]', ']') }),
    );
    expect(page).toContain('No statement denies everything else.');
  });

  it('shows another trust policy', () => {
    const page = seen(pageOf({ template: changed(`${TRUST}.Condition`, undefined) }));
    expect(page).toContain('no further condition');
    const all = seen(pageOf({ template: changed(`${TRUST}.Principal`, '*') }));
    expect(all).toContain('Allow * (everybody) sts:AssumeRole');
  });

  const ALL_BUT_SOME = { Effect: 'Allow', NotAction: 'a:B', Resource: '*' };
  it.each<[string, unknown, string]>([
    ['Resources.More', { Type: 'AWS::Lambda::Function' }, 'no words for AWS::Lambda::Function'],
    ['Resources.ReadingRole.DeletionPolicy', 'Retain', 'words for its DeletionPolicy Retain'],
    ['Resources.Farewell.UpdateReplacePolicy', 'Snapshot', 'its UpdateReplacePolicy Snapshot'],
    [`${ROLE}.ManagedPolicyArns`, ['arn:aws:iam::aws:policy/X'], 'words for ManagedPolicyArns'],
    [`${ROLE}.MaxSessionDuration`, 43_200, 'no words for MaxSessionDuration'],
    [`${GRANTS}.0.NotResource`, '*', 'Statement.0: the approval page has no words for NotResource'],
    [`${TRUST}.NotPrincipal`, '*', 'for NotPrincipal'],
    [`${TRUST}.Principal`, { Service: 'x' }, 'for Service'],
    [`${GRANTS}.0.Action`, 'license-manager:*', 'more than can be listed: license-manager:*'],
    [`${GRANTS}.0`, ALL_BUT_SOME, 'more than can be listed'],
    [`${GRANTS}.0.NotAction`, 'a:B', 'expected either Action or NotAction'],
    [`${GRANTS}.0.Resource`, undefined, 'it has no Resource'],
    [`${GRANTS}.0.Effect`, 'allow', 'its Effect is "allow"'],
    [`${ROLE}.Policies.0.PolicyDocument.Version`, '2008-10-17', 'its Version is "2008-10-17"'],
    [`${ROLE}.Description`, { 'Fn::Sub': '${x}' }, 'Unresolved resource dependencies [x]'],
    ['Conditions.Probes', { 'Fn::Or': [] }, 'expected Fn::Equals or Fn::Not'],
    [`${ROLE}.Description`, { Ref: 'Gone' }, 'Unresolved resource dependencies [Gone]'],
    ['Transform', ['AWS::Include'], 'no words for Transform'],
    ['Rules.More', {}, 'expected the one rule that names the Region'],
    ['Parameters.ExternalId.NoEcho', true, 'no words for NoEcho'],
    ['Parameters.More', { Type: 'String', Description: 'x' }, 'gives it no value'],
    ['Outputs.SelfTest.Export', { Name: 'x' }, 'no words for Export'],
  ])('is refused, not passed over: %s that is %j', (place, value, words) => {
    const text = changed(place, value);
    expect(() => pageOf({ template: text })).toThrow(UnexplainedTemplate);
    expect(() => pageOf({ template: text })).toThrow(words);
  });

  it('that is no JSON is refused', () => {
    expect(() => pageOf({ template: '{' })).toThrow('the buyer template: it is not JSON');
  });
});

it('a template tells for which watcher it was made', () => {
  expect(templatePlace(parseTemplate(template))).toEqual({
    deployment: 'default',
    region: 'us-east-1',
  });
});
