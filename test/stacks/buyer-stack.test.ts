import { describe, expect, it } from 'vitest';
import { templateValues, textOf } from '../../lib/seller/approval/values.ts';
import { parseTemplate } from '../../lib/seller/approval/template.ts';
import { buyerTemplate } from '../../lib/stacks/buyer/buyer-template.ts';
import {
  FAREWELL_PROPERTIES,
  REGISTRATION_ATTRIBUTES,
  REGISTRATION_PROPERTIES,
} from '../../lib/messages/registration.ts';
import { productContext, settingsContext } from '../support/settings-context.ts';
import {
  licenseWatcherApp,
  readable,
  synthesized,
  type Resource,
  type Synthesized,
} from '../support/synthesized.ts';

const context = { 'license-watcher': settingsContext() };
const text = buyerTemplate(context);
const template = JSON.parse(text) as Record<string, unknown>;
const resources = template['Resources'] as Synthesized['resources'];

function propertiesOf(id: string): Record<string, unknown> {
  return readable(resources[id]?.Properties) as Record<string, unknown>;
}

const WATCHER_ROLES =
  'arn:<AWS::Partition>:iam::<WatcherAccountId>:role/license-watcher/<Deployment>/';
const LICENSES = 'arn:<AWS::Partition>:license-manager::294406891311:license:*';

describe('the template for the buyers', () => {
  it('is plain CloudFormation that fits into a command', () => {
    expect(Buffer.byteLength(text)).toBeLessThan(51_200);
    expect(Object.keys(template).sort()).toStrictEqual([
      'Conditions',
      'Description',
      'Outputs',
      'Parameters',
      'Resources',
      'Rules',
    ]);
    expect(text).not.toMatch(/Metadata|cdk|AWS::SSM|S3Bucket|Export/);
    expect(text).not.toMatch(/arn:aws/);
  });

  it('is what the app synthesizes too, even where the command line asks for construct paths', () => {
    expect(synthesized(licenseWatcherApp().buyer).json).toStrictEqual(template);
    expect(buyerTemplate({ ...context, 'aws:cdk:enable-path-metadata': true })).toBe(text);
  });

  it('is this template', () => {
    expect(template).toMatchSnapshot();
  });

  it('keeps its logical IDs: a changed one would replace the role and the topic of every buyer', () => {
    expect(Object.entries(resources).map(([id, { Type }]) => [id, Type])).toStrictEqual([
      ['Farewell', 'Custom::LicenseWatcherFarewell'],
      ['ReadingRole', 'AWS::IAM::Role'],
      ['NoticeTopic', 'AWS::SNS::Topic'],
      ['NoticeTopicPolicy', 'AWS::SNS::TopicPolicy'],
      ['NoticeSubscription', 'AWS::SNS::Subscription'],
      ['NoticeSubscription2', 'AWS::SNS::Subscription'],
      ['NoticeSubscription3', 'AWS::SNS::Subscription'],
      ['NoticeSubscription4', 'AWS::SNS::Subscription'],
      ['NoticeSubscription5', 'AWS::SNS::Subscription'],
      ['Registration', 'Custom::LicenseWatcherRegistration'],
    ]);
  });

  it('says where it belongs before anything is made', () => {
    expect(template['Rules']).toStrictEqual({
      Region: {
        Assertions: [
          {
            Assert: { 'Fn::Equals': [{ Ref: 'AWS::Region' }, 'us-east-1'] },
            AssertDescription:
              "Create this stack in us-east-1: the seller's watcher listens there, wherever your products run.",
          },
        ],
      },
    });
  });

  it('tells the true reach of its role in the description', () => {
    const description = String(template['Description']);
    expect(description).toContain('lists the licenses of all vendors');
    expect(description).toContain('IAM cannot limit a list or a checkout to one product');
  });
});

describe('parameters', () => {
  const parameters = template['Parameters'] as Record<
    string,
    { AllowedPattern?: string; Default?: string; NoEcho?: boolean }
  >;

  it('are these, the first three from the invitation', () => {
    expect(Object.entries(parameters).map(([name, { Default }]) => [name, Default])).toStrictEqual([
      ['WatcherAccountId', undefined],
      ['Deployment', 'default'],
      ['ExternalId', undefined],
      ['NoticeEmail', ''],
      ['NoticeEmail2', ''],
      ['NoticeEmail3', ''],
      ['NoticeEmail4', ''],
      ['NoticeEmail5', ''],
      ['ReminderDays', ''],
      ['Probe', 'yes'],
      ['ShareUsage', 'yes'],
      ['PermissionsBoundary', ''],
    ]);
    expect(parameters['ExternalId']).not.toHaveProperty('NoEcho');
  });

  it.each([
    ['WatcherAccountId', ['111111111111'], ['1111', '1111111111111', 'a11111111111', '']],
    ['Deployment', ['default', 'eu-1'], ['Default', 'a', '']],
    ['ExternalId', ['Ab3_x+=,.@:/-'], ['', 'a', 'a b', '"']],
    ['NoticeEmail', ['', 'a@b.example'], ['nobody', 'a b@c.example', 'a@b']],
    ['NoticeEmail5', ['', 'a@b.example'], ['nobody', 'a@b.example,c@d.example']],
    ['ReminderDays', ['', '60', '60,30 , 7,-1'], ['sixty', '60;30', '60,', ',60', '1.5', '6000']],
    [
      'PermissionsBoundary',
      ['', 'arn:aws:iam::111111111111:policy/p/Boundary', 'arn:aws-cn:iam::aws:policy/X'],
      ['Boundary', 'arn:aws:iam::1:policy/x'],
    ],
  ])('%s', (name, allowed, refused) => {
    const pattern = new RegExp(`^(?:${parameters[name]?.AllowedPattern ?? ''})$`);
    for (const value of allowed) expect([value, pattern.test(value)]).toStrictEqual([value, true]);
    for (const value of refused) expect([value, pattern.test(value)]).toStrictEqual([value, false]);
  });
});

const ESCAPED_OWN =
  '{"Fn::If":["Enrols",{"Fn::Select":[2,{"Fn::Split":["/",{"Ref":"AWS::StackId"}]}]},{"Ref":"ExternalId"}]}';

describe('where enrolment is open', () => {
  const open = { 'license-watcher': settingsContext({ openEnrolment: { perHour: 20 } }) };
  const other = JSON.parse(buyerTemplate(open, '111111111111')) as typeof template;
  const parameters = other['Parameters'] as Record<
    string,
    { AllowedPattern: string; Default?: string }
  >;
  const own = {
    'Fn::If': [
      'Enrols',
      { 'Fn::Select': [2, { 'Fn::Split': ['/', '<AWS::StackId>'] }] },
      '<ExternalId>',
    ],
  };

  it('no parameter has to be given', () => {
    expect(
      Object.entries(parameters).filter(([, { Default }]) => Default === undefined),
    ).toStrictEqual([]);
    expect(parameters['WatcherAccountId']?.Default).toBe('111111111111');
    const pattern = new RegExp(`^(?:${parameters['ExternalId']?.AllowedPattern ?? ''})$`);
    expect(['', 'of-an-invitation', 'a b'].map((value) => pattern.test(value))).toStrictEqual([
      true,
      true,
      false,
    ]);
  });

  it('the ExternalId is the stack’s own where none is given', () => {
    const made = readable(other['Resources']) as Synthesized['resources'];
    expect((other['Conditions'] as Record<string, unknown>)['Enrols']).toStrictEqual({
      'Fn::Equals': [{ Ref: 'ExternalId' }, ''],
    });
    for (const id of ['Registration', 'Farewell'])
      expect(made[id]?.Properties).toMatchObject({ ExternalId: own });
    expect(made['ReadingRole']?.Properties?.['AssumeRolePolicyDocument']).toMatchObject({
      Statement: [{ Condition: { StringEquals: { 'sts:ExternalId': own } } }],
    });
  });

  it('nothing else is different', () => {
    const plain = JSON.parse(
      JSON.stringify(other).replaceAll(ESCAPED_OWN, '{"Ref":"ExternalId"}'),
    ) as typeof template;
    const { Enrols: _, ...conditions } = plain['Conditions'] as Record<string, unknown>;
    expect({ ...plain, Conditions: conditions, Parameters: null }).toStrictEqual({
      ...template,
      Parameters: null,
    });
  });

  it('the page for an invited buyer’s security team shows the ExternalId of the invitation', () => {
    const scope = templateValues(parseTemplate(JSON.stringify(other)), {
      buyerAccountId: '222222222222',
      region: 'us-east-1',
      partition: 'aws',
      parameters: { ExternalId: 'of-an-invitation' },
    });
    expect(textOf(JSON.parse(ESCAPED_OWN), scope, 'here')).toBe('of-an-invitation');
  });
});

describe('the reading role', () => {
  it('is for the functions of that deployment and whoever knows the ExternalId', () => {
    expect(propertiesOf('ReadingRole')['AssumeRolePolicyDocument']).toStrictEqual({
      Version: '2012-10-17',
      Statement: [
        {
          Sid: 'Watcher',
          Effect: 'Allow',
          Principal: { AWS: 'arn:<AWS::Partition>:iam::<WatcherAccountId>:root' },
          Action: 'sts:AssumeRole',
          Condition: {
            StringEquals: { 'sts:ExternalId': '<ExternalId>' },
            ArnLike: { 'aws:PrincipalArn': `${WATCHER_ROLES}*` },
          },
        },
      ],
    });
  });

  it('has the path that the watcher may assume, and no name, so that no other capability is asked for', () => {
    const properties = propertiesOf('ReadingRole');
    expect(properties).toMatchObject({ Path: '/license-watcher-buyer/' });
    expect(properties).not.toHaveProperty('RoleName');
    expect(properties['PermissionsBoundary']).toStrictEqual({
      'Fn::If': ['HasPermissionsBoundary', '<PermissionsBoundary>', '<AWS::NoValue>'],
    });
  });

  it('reads, and with the buyer’s leave probes and sees usage; nothing else whatever is attached to it', () => {
    const only = (name: string, statement: object): object => ({
      PolicyName: name,
      PolicyDocument: { Version: '2012-10-17', Statement: [statement] },
    });
    expect(propertiesOf('ReadingRole')['Policies']).toStrictEqual([
      {
        PolicyName: 'ReadLicenses',
        PolicyDocument: {
          Version: '2012-10-17',
          Statement: [
            {
              Sid: 'List',
              Effect: 'Allow',
              Action: ['license-manager:ListReceivedLicenses'],
              Resource: '*',
            },
            {
              Sid: 'Read',
              Effect: 'Allow',
              Action: ['license-manager:GetLicense', 'license-manager:ListLicenseVersions'],
              Resource: [LICENSES],
            },
            {
              Sid: 'NothingElse',
              Effect: 'Deny',
              NotAction: [
                'license-manager:ListReceivedLicenses',
                'license-manager:GetLicense',
                'license-manager:ListLicenseVersions',
                'license-manager:GetLicenseUsage',
                'license-manager:CheckoutLicense',
                'license-manager:CheckInLicense',
              ],
              Resource: '*',
            },
          ],
        },
      },
      {
        'Fn::If': [
          'Probes',
          only('ProbeLicenses', {
            Sid: 'Probe',
            Effect: 'Allow',
            Action: ['license-manager:CheckoutLicense', 'license-manager:CheckInLicense'],
            Resource: '*',
          }),
          '<AWS::NoValue>',
        ],
      },
      {
        'Fn::If': [
          'SharesUsage',
          only('ReadUsage', {
            Sid: 'Usage',
            Effect: 'Allow',
            Action: ['license-manager:GetLicenseUsage'],
            Resource: [LICENSES],
          }),
          '<AWS::NoValue>',
        ],
      },
    ]);
  });

  it('reads the licenses of every issuer that a product has', () => {
    const test = productContext({
      id: 'test',
      productSku: 'test',
      issuerFingerprint: 'aws:111111111111:Self:issuer-fingerprint',
    });
    const other = buyerTemplate({
      'license-watcher': settingsContext({ products: [productContext(), test] }),
    });
    expect(other).toContain(':license-manager::111111111111:license:*');
    expect(other).toContain(':license-manager::294406891311:license:*');
  });
});

describe('the notice topic', () => {
  it('lets the watcher publish and look, by role, and nobody without TLS', () => {
    const allow = (sid: string, action: string, roles: string[]): object => ({
      Sid: sid,
      Effect: 'Allow',
      Principal: { AWS: 'arn:<AWS::Partition>:iam::<WatcherAccountId>:root' },
      Action: action,
      Resource: '<NoticeTopic>',
      Condition: {
        ArnEquals: {
          'aws:PrincipalArn': roles.map((role) => `${WATCHER_ROLES}<Deployment>-${role}`),
        },
      },
    });
    expect(propertiesOf('NoticeTopicPolicy')).toStrictEqual({
      Topics: ['<NoticeTopic>'],
      PolicyDocument: {
        Version: '2012-10-17',
        Statement: [
          allow('WatcherTells', 'sns:Publish', ['send-notices']),
          allow('WatcherSeesSubscriptions', 'sns:GetTopicAttributes', [
            'send-notices',
            'register-buyer',
          ]),
          allow('WatcherSeesAddresses', 'sns:ListSubscriptionsByTopic', ['send-notices']),
          {
            Sid: 'OnlyEncrypted',
            Effect: 'Deny',
            Principal: '*',
            Action: 'sns:Publish',
            Resource: '<NoticeTopic>',
            Condition: { Bool: { 'aws:SecureTransport': 'false' } },
          },
        ],
      },
    });
  });

  it.each(['', '2', '3', '4', '5'])(
    'mails whom the buyer named in NoticeEmail%s, and nobody where none is named',
    (place) => {
      const id = `NoticeSubscription${place}`;
      expect(resources[id]).toMatchObject({ Condition: `HasNoticeEmail${place}` });
      expect(template['Conditions']).toMatchObject({
        [`HasNoticeEmail${place}`]: {
          'Fn::Not': [{ 'Fn::Equals': [{ Ref: `NoticeEmail${place}` }, ''] }],
        },
      });
      expect(propertiesOf(id)).toStrictEqual({
        Endpoint: `<NoticeEmail${place}>`,
        Protocol: 'email',
        TopicArn: '<NoticeTopic>',
      });
    },
  );

  it.each([
    ['Example Software', 'Example Software licenses'],
    [`Söhne & Co. "GmbH"`, 'Sohne Co GmbH licenses'],
    ['株式会社', 'licenses'],
    ['x'.repeat(80), `${'x'.repeat(80)} licenses`],
  ])('is sent in the name of %s', (sellerName, displayName) => {
    const other = JSON.parse(
      buyerTemplate({ 'license-watcher': settingsContext({ sellerName }) }),
    ) as typeof template;
    expect(
      (other['Resources'] as Record<string, Resource>)['NoticeTopic']?.Properties,
    ).toStrictEqual({
      DisplayName: displayName,
    });
  });
});

describe('registration and farewell', () => {
  const topic =
    'arn:<AWS::Partition>:sns:<AWS::Region>:<WatcherAccountId>:license-watcher-<Deployment>-registration';

  it('tell exactly what register-buyer reads', () => {
    expect(propertiesOf('Registration')).toStrictEqual({
      ServiceToken: topic,
      ServiceTimeout: '300',
      Deployment: '<Deployment>',
      ExternalId: '<ExternalId>',
      ReadingRoleArn: '<ReadingRole.Arn>',
      NoticeTopicArn: '<NoticeTopic>',
      TemplateVersion: '1',
      Probe: '<Probe>',
      ShareUsage: '<ShareUsage>',
      NoticeEmail: '<NoticeEmail>',
      NoticeEmail2: '<NoticeEmail2>',
      NoticeEmail3: '<NoticeEmail3>',
      NoticeEmail4: '<NoticeEmail4>',
      NoticeEmail5: '<NoticeEmail5>',
      ReminderDays: '<ReminderDays>',
    });
    expect(Object.keys(propertiesOf('Registration')).slice(2).sort()).toStrictEqual(
      Object.values(REGISTRATION_PROPERTIES).sort(),
    );
    expect(propertiesOf('Farewell')).toStrictEqual({
      ServiceToken: topic,
      ServiceTimeout: '300',
      Deployment: '<Deployment>',
      ExternalId: '<ExternalId>',
    });
    expect(Object.keys(propertiesOf('Farewell')).slice(2).sort()).toStrictEqual(
      Object.values(FAREWELL_PROPERTIES).sort(),
    );
  });

  it('the registration comes when role and topic stand, and stays behind', () => {
    expect(resources['Registration']).toMatchObject({
      DependsOn: ['NoticeTopic', 'NoticeTopicPolicy', 'ReadingRole'],
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
    });
  });

  it('the farewell is the last to go: all else needs it, it needs nothing', () => {
    const mails = Object.keys(resources).filter((id) => id.startsWith('NoticeSubscription'));
    expect(mails).toHaveLength(5);
    for (const id of ['ReadingRole', 'NoticeTopic', 'NoticeTopicPolicy', ...mails]) {
      expect(resources[id]?.DependsOn).toStrictEqual(['Farewell']);
    }
    expect(resources['Farewell']).not.toHaveProperty('DependsOn');
    expect(JSON.stringify(resources['Farewell'])).not.toMatch(
      /GetAtt|"Ref":"(Reading|Notice|Registration)/,
    );
    expect(resources['Farewell']).toMatchObject({ DeletionPolicy: 'Delete' });
  });

  it('nothing depends on what a condition may leave out', () => {
    const conditional = Object.entries(resources).filter(
      ([, { Condition }]) => Condition !== undefined,
    );
    for (const [id] of conditional) {
      for (const [, resource] of Object.entries(resources))
        expect(resource.DependsOn ?? []).not.toContain(id);
    }
  });

  it('the outputs show the whole self-test', () => {
    const outputs = readable(template['Outputs']) as Record<string, { Value: string }>;
    expect(
      Object.fromEntries(Object.entries(outputs).map(([id, { Value }]) => [id, Value])),
    ).toStrictEqual({
      ReadingRoleArn: '<ReadingRole.Arn>',
      NoticeTopicArn: '<NoticeTopic>',
      TemplateVersion: '1',
      SelfTest: '<Registration.SelfTest>',
      ...Object.fromEntries(
        Object.values(REGISTRATION_ATTRIBUTES)
          .filter((attribute) => attribute !== 'SelfTest')
          .map((attribute) => [`SelfTest${attribute}`, `<Registration.${attribute}>`]),
      ),
    });
  });
});
