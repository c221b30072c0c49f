import { App, CfnOutput, CfnParameter, Stack, Validations } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import {
  LicenseWatcherBuyer,
  type LicenseWatcherBuyerProps,
} from '../../lib/stacks/buyer/buyer-watch.ts';
import { NOTICE_TOPIC_ID } from '../../lib/stacks/buyer/notice-topic.ts';
import { licenseWatcherApp, readable, synthesized, type Resource } from '../support/synthesized.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

interface Product {
  readonly Resources: Readonly<Record<string, Resource>>;
  readonly Conditions: Readonly<Record<string, unknown>>;
  readonly Outputs: Readonly<Record<string, { readonly Value: unknown }>>;
}

/** A seller's own stack with the construct in it. */
function product(props: Partial<LicenseWatcherBuyerProps> = {}): Product {
  const stack = new Stack(new App({ outdir: temporaryDirectory() }), 'Product');
  const email = new CfnParameter(stack, 'Email', { default: '' }).valueAsString;
  const watch = new LicenseWatcherBuyer(stack, 'Watch', {
    sellerAccountId: '111111111111',
    sellerName: 'Example Software',
    noticeEmail: email,
    moreNoticeEmails: [2, 3, 4, 5].map(
      (at) => new CfnParameter(stack, `Email${at}`, { default: '' }).valueAsString,
    ),
    ...props,
  });
  new CfnOutput(stack, 'SelfTest', { value: watch.selfTest });
  const reason = 'the output asks for the condition on which it is made';
  Validations.of(stack).acknowledge({ id: 'CloudFormation-Validate::W1001', reason });
  return Template.fromStack(stack).toJSON() as Product;
}

/** By the logical ID of the buyer template, which ends the one in a stack of another's. */
function resource({ Resources }: Product, id: string): Resource {
  const [found, ...others] = Object.entries(Resources).filter(([name]) =>
    name.replace(/[0-9A-F]{8}$/, '').endsWith(id),
  );
  if (found === undefined || others.length > 0)
    throw new Error(`${id}: found ${Object.keys(Resources).join(', ')}`);
  return found[1];
}

const OWN_ID = { 'Fn::Select': [2, { 'Fn::Split': ['/', '<AWS::StackId>'] }] };

describe('the buyer stack as a construct', () => {
  it('makes what the buyer template makes', () => {
    const types = (resources: Readonly<Record<string, Resource>>) =>
      Object.values(resources)
        .map(({ Type }) => Type)
        .sort();
    expect(types(product().Resources)).toStrictEqual(
      types(synthesized(licenseWatcherApp().buyer).resources),
    );
  });

  it('has the ID of the stack it is in as ExternalId: role, registration and farewell agree on it', () => {
    const stack = product();
    const trust = readable(resource(stack, 'ReadingRole').Properties?.['AssumeRolePolicyDocument']);
    expect(trust).toMatchObject({
      Statement: [{ Condition: { StringEquals: { 'sts:ExternalId': OWN_ID } } }],
    });
    for (const id of ['Registration', 'Farewell']) {
      expect(readable(resource(stack, id).Properties)).toMatchObject({
        ServiceToken:
          'arn:<AWS::Partition>:sns:<AWS::Region>:111111111111:license-watcher-default-registration',
        Deployment: 'default',
        ExternalId: OWN_ID,
      });
    }
  });

  it('takes the one of an invitation', () => {
    expect(
      resource(product({ externalId: 'of-an-invitation' }), 'Registration').Properties,
    ).toMatchObject({
      ExternalId: 'of-an-invitation',
    });
  });

  it('names its topic as the watcher may publish to, wherever it stands in the stack', () => {
    expect(product().Resources[NOTICE_TOPIC_ID]?.Type).toBe('AWS::SNS::Topic');
  });

  it('makes nothing where the watcher does not listen', () => {
    const { Resources, Conditions, Outputs } = product({ region: 'eu-central-1' });
    const here = { 'Fn::Equals': [{ Ref: 'AWS::Region' }, 'eu-central-1'] };
    const [name] = Object.entries(Conditions).find(
      ([, condition]) => JSON.stringify(condition) === JSON.stringify(here),
    )!;
    for (const [id, { Condition = '' }] of Object.entries(Resources)) {
      const holds = JSON.stringify(Conditions[Condition]);
      expect([id, Condition === name || holds.includes(`{"Condition":"${name}"}`)]).toStrictEqual([
        id,
        true,
      ]);
    }
    expect(Outputs['SelfTest']?.Value).toMatchObject({ 'Fn::If': [name, expect.anything(), ''] });
  });

  it('mails nobody where nobody is named, as well', () => {
    const stack = product();
    const { Condition = '' } = resource(stack, 'NoticeSubscription');
    expect(JSON.stringify(stack.Conditions[Condition])).toContain('HasNoticeEmail');
  });

  it('names as many as the seller’s stack does, and no more than the template can', () => {
    const two = product({ noticeEmail: 'a@x.example', moreNoticeEmails: ['b@x.example'] });
    expect(resource(two, 'NoticeSubscription2').Properties).toMatchObject({
      Endpoint: 'b@x.example',
    });
    expect(resource(two, 'Registration').Properties).toMatchObject({
      NoticeEmail: 'a@x.example',
      NoticeEmail2: 'b@x.example',
      NoticeEmail3: '',
    });
    const six = ['b', 'c', 'd', 'e', 'f'].map((name) => `${name}@x.example`);
    expect(() => product({ moreNoticeEmails: six })).toThrow('are 6 addresses; at most 5');
  });

  it.each([
    [{}, ''],
    [{ reminderDays: [60, 30, -1] }, '60, 30, -1'],
    [{ reminderDays: '60,30' }, '60,30'],
  ])('reminds as %j says', (props, days) => {
    expect(resource(product(props), 'Registration').Properties).toMatchObject({
      ReminderDays: days,
    });
  });

  it.each([
    [{}, 'yes', 'yes'],
    [{ probe: false, shareUsage: 'no' }, 'no', 'no'],
  ])('probes and reads usage as %j says', (props, probe, usage) => {
    const { Properties } = resource(product(props), 'Registration');
    expect(Properties).toMatchObject({ Probe: probe, ShareUsage: usage });
  });

  it('reads licenses of AWS Marketplace, or of whom it is told', () => {
    expect(JSON.stringify(resource(product(), 'ReadingRole'))).toContain(
      ':license-manager::294406891311:license:*',
    );
    const own = JSON.stringify(
      resource(product({ issuerAccountIds: ['111111111111'] }), 'ReadingRole'),
    );
    expect(own).not.toContain('294406891311');
    expect(own).toContain(':license-manager::111111111111:license:*');
  });
});
