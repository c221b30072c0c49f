import { describe, expect, it } from 'vitest';
import { SLACK } from '../support/settings-context.ts';
import {
  licenseWatcherApp,
  ofType,
  readable,
  synthesized,
  withoutHashes,
  type Synthesized,
} from '../support/synthesized.ts';

const without = synthesized(licenseWatcherApp().watcher);
const template = synthesized(
  licenseWatcherApp({ slack: { ...SLACK, severities: ['urgent'] } }).watcher,
);

/** The properties of the one resource of this type whose logical ID begins so. */
function only(of: Synthesized, type: string, beginning = ''): unknown {
  const found = ofType(of, type).filter(([id]) => id.startsWith(beginning));
  expect(found).toHaveLength(1);
  return readable(found[0]?.[1].Properties);
}

describe('a channel in Slack', () => {
  it('may do nothing: a role without permissions, behind a guardrail that denies everything', () => {
    const [role] = Object.entries(template.resources).find(([id]) => id.startsWith('SlackRole'))!;
    expect(only(template, 'AWS::Chatbot::SlackChannelConfiguration')).toStrictEqual({
      ConfigurationName: 'license-watcher-default-T012ABCDEFG',
      SlackWorkspaceId: 'T012ABCDEFG',
      SlackChannelId: 'C012ABCDEFG',
      SnsTopicArns: ['<SlackTopic>'],
      IamRoleArn: '<SlackRole.Arn>',
      GuardrailPolicies: ['arn:<AWS::Partition>:iam::aws:policy/AWSDenyAll'],
      LoggingLevel: 'ERROR',
    });
    expect(only(template, 'AWS::IAM::Role', 'SlackRole')).toStrictEqual({
      Description: 'Without permissions: the channel only shows notices.',
      AssumeRolePolicyDocument: {
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Action: 'sts:AssumeRole',
            Principal: { Service: 'chatbot.amazonaws.com' },
          },
        ],
      },
    });
    for (const [id, { Type, Properties }] of Object.entries(template.resources))
      if (Type === 'AWS::IAM::Policy' || Type === 'AWS::IAM::ManagedPolicy')
        expect({ id, roles: JSON.stringify(Properties?.['Roles'] ?? []) }).not.toMatchObject({
          roles: expect.stringContaining(role) as string,
        });
  });

  it('gets the cards of the events of its severities, and what is refused is kept', () => {
    expect(only(template, 'AWS::Events::Rule', 'Slack')).toMatchObject({
      EventBusName: '<EventsBus>',
      EventPattern: {
        source: ['license-watcher'],
        detail: { severity: ['urgent'], card: { source: ['custom'] } },
      },
      State: 'ENABLED',
      Targets: [
        {
          Arn: '<SlackTopic>',
          InputPath: '$.detail.card',
          DeadLetterConfig: { Arn: '<SlackLostQueue.Arn>' },
        },
      ],
    });
  });

  it('takes from that rule alone, over TLS, and not encrypted by a key that would keep it out', () => {
    expect(only(template, 'AWS::SNS::Topic', 'Slack')).toStrictEqual({
      DisplayName: 'License Watcher',
    });
    const { PolicyDocument: policy } = only(template, 'AWS::SNS::TopicPolicy', 'Slack') as {
      readonly PolicyDocument: { readonly Statement: readonly unknown[] };
    };
    expect(policy.Statement).toStrictEqual([
      {
        Sid: 'AllowPublishThroughSSLOnly',
        Effect: 'Deny',
        Action: 'sns:Publish',
        Principal: '*',
        Resource: '<SlackTopic>',
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      },
      {
        Sid: 'TakeCards',
        Effect: 'Allow',
        Action: 'sns:Publish',
        Principal: { Service: 'events.amazonaws.com' },
        Resource: '<SlackTopic>',
        Condition: { ArnEqualsIfExists: { 'aws:SourceArn': '<SlackRule.Arn>' } },
      },
    ]);
    expect(JSON.stringify(only(template, 'AWS::SQS::QueuePolicy', 'SlackLost'))).toContain(
      '"Condition":{"ArnEquals":{"aws:SourceArn":"<SlackRule.Arn>"}}',
    );
  });

  it('adds to the stack and changes nothing of it', () => {
    const added = Object.keys(template.resources).filter((id) => !(id in without.resources));
    expect(added.filter((id) => !id.startsWith('Slack'))).toStrictEqual([]);
    expect(ofType(without, 'AWS::Chatbot::SlackChannelConfiguration')).toStrictEqual([]);
    const kept = Object.keys(without.resources).map((id) => [id, template.resources[id]]);
    expect(withoutHashes(Object.fromEntries(kept))).toStrictEqual(withoutHashes(without.resources));
    expect(template.outputs).toStrictEqual(without.outputs);
  });
});
