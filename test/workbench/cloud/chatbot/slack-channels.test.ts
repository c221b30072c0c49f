import { beforeEach, describe, expect, it } from 'vitest';
import { slackChannelHandler } from '../../../../lib/workbench/cloud/chatbot/resources.ts';
import { SlackChannels } from '../../../../lib/workbench/cloud/chatbot/slack-channels.ts';
import { ServiceRoles } from '../../../../lib/workbench/cloud/iam/role-resource.ts';
import { Mailbox } from '../../../../lib/workbench/cloud/mailbox.ts';
import type { Properties } from '../../../../lib/workbench/cloud/resource.ts';
import { Topics } from '../../../../lib/workbench/cloud/sns/topics.ts';
import { Queues } from '../../../../lib/workbench/cloud/sqs/queues.ts';
import {
  bareCloud,
  policy,
  putResource,
  REGION,
  resourceContext,
  SELLER,
} from '../../../support/bare-cloud.ts';

const TYPE = 'AWS::Chatbot::SlackChannelConfiguration';
const TOPIC = { accountId: SELLER, name: 'cards', arn: `arn:aws:sns:${REGION}:${SELLER}:cards` };
const ROOT = { kind: 'root', accountId: SELLER, arn: `arn:aws:iam::${SELLER}:root` } as const;
const CONTEXT = resourceContext('Channel', SELLER);

let bare: ReturnType<typeof bareCloud>;
let topics: Topics;
let channels: SlackChannels;
let handler: ReturnType<typeof slackChannelHandler>;

beforeEach(() => {
  bare = bareCloud();
  const { clock, access, iam, credentials } = bare;
  topics = new Topics({
    ...{ clock, access },
    queues: new Queues(clock, () => ''),
    mailbox: new Mailbox(),
  });
  channels = new SlackChannels(clock);
  const roles = new ServiceRoles({ iam, access, credentials });
  handler = slackChannelHandler({ channels, iam, roles, topics });
  topics.create(TOPIC, '');
  roleFor('channel', 'chatbot.amazonaws.com');
});

function roleFor(name: string, Service: string): void {
  bare.iam.createRole({
    ...{ accountId: SELLER, partition: 'aws', path: '/', name },
    trustPolicy: policy({ Effect: 'Allow', Principal: { Service }, Action: 'sts:AssumeRole' }),
    ...{ maxSessionSeconds: 3600, boundaryArn: undefined },
  });
}

const PROPERTIES: Properties = {
  ConfigurationName: 'notices',
  SlackWorkspaceId: 'T012ABCDEFG',
  SlackChannelId: 'C012ABCDEFG',
  SnsTopicArns: [TOPIC.arn],
  IamRoleArn: `arn:aws:iam::${SELLER}:role/channel`,
  GuardrailPolicies: ['arn:aws:iam::aws:policy/AWSDenyAll'],
  LoggingLevel: 'ERROR',
};

const CARD = {
  version: '1.0',
  source: 'custom',
  content: { textType: 'client-markdown', title: 'T', description: 'D', nextSteps: ['N'] },
  metadata: { threadId: 'thread', summary: 'S', eventType: 'E' },
};

async function publish(message: unknown): Promise<void> {
  const text = typeof message === 'string' ? message : JSON.stringify(message);
  await topics.publish(TOPIC.arn, { message: text }, ROOT);
  await bare.clock.settled();
}

describe('a channel of Slack', () => {
  it('is kept, and shows the custom notifications of its topics', async () => {
    const { physicalId, attributes } = await putResource(handler, PROPERTIES, CONTEXT);
    expect(physicalId).toBe(`arn:aws:chatbot::${SELLER}:chat-configuration/slack-channel/notices`);
    expect(attributes).toEqual({ Arn: physicalId });
    expect(channels.all()).toMatchObject([
      { configurationName: 'notices', workspaceId: 'T012ABCDEFG', channelId: 'C012ABCDEFG' },
    ]);
    await publish(CARD);
    await publish({ version: '1.0', source: 'custom', content: { description: 'only this' } });
    const place = { workspaceId: 'T012ABCDEFG', channelId: 'C012ABCDEFG', at: bare.clock.now() };
    expect(channels.cards).toEqual([
      {
        ...place,
        ...{ title: 'T', description: 'D', nextSteps: ['N'], threadId: 'thread', summary: 'S' },
      },
      {
        ...place,
        ...{ title: '', description: 'only this', nextSteps: [], threadId: null, summary: null },
      },
    ]);
    expect(channels.dropped).toEqual([]);
  });

  it.each([
    ['Something happened'],
    [{ ...CARD, version: '2' }],
    [{ ...CARD, source: 'mine' }],
    [{ ...CARD, content: { title: 'T' } }],
    [{ ...CARD, content: { ...CARD.content, textType: 'markdown' } }],
    [{ ...CARD, metadata: { additionalContext: { entry: 7 } } }],
  ])('drops what is none, and says so here: %j', async (message) => {
    await putResource(handler, PROPERTIES, CONTEXT);
    await publish(message);
    expect(channels.cards).toEqual([]);
    expect(channels.dropped).toMatchObject([
      {
        channelId: 'C012ABCDEFG',
        reason: expect.stringMatching(/^no custom notification: /) as string,
      },
    ]);
  });

  it('goes to another channel by an update, to another workspace by a replacement, and ends', async () => {
    const first = await putResource(handler, PROPERTIES, CONTEXT);
    const moved = { ...PROPERTIES, SlackChannelId: 'C000000000' };
    const same = await putResource(handler, moved, CONTEXT, first);
    expect(same.physicalId).toBe(first.physicalId);
    await publish(CARD);
    expect(channels.cards.map(({ channelId }) => channelId)).toEqual(['C000000000']);
    const other = { ...moved, SlackWorkspaceId: 'T000000000' };
    await expect(putResource(handler, other, CONTEXT, same)).rejects.toThrow('already exists');
    const renamed = { ...other, ConfigurationName: 'others' };
    const second = await putResource(handler, renamed, CONTEXT, same);
    expect(second.physicalId).not.toBe(first.physicalId);
    await handler.remove(same, CONTEXT);
    await publish(CARD);
    expect(channels.cards.map(({ workspaceId }) => workspaceId)).toEqual([
      'T012ABCDEFG',
      'T000000000',
    ]);
    await handler.remove(second, CONTEXT);
    await publish(CARD);
    expect(channels.cards).toHaveLength(2);
    expect(topics.subscriptions(TOPIC.arn)).toEqual([]);
  });

  it('has only properties that are known', () => {
    expect(handler.type).toBe(TYPE);
    expect(handler.properties.split(' ').toSorted()).toEqual(Object.keys(PROPERTIES).toSorted());
  });

  it.each<[Properties, RegExp | string]>([
    [
      { ConfigurationName: 'my notices' },
      'Property ConfigurationName must be 1 to 128 letters, digits, hyphens and underscores, got "my notices"',
    ],
    [
      { SlackWorkspaceId: 'example.slack.com' },
      'Property SlackWorkspaceId must be 1 to 255 capital letters and digits, got "example.slack.com"',
    ],
    [
      { SlackChannelId: '#sales' },
      'Property SlackChannelId must be 1 to 255 letters and digits, got "#sales"',
    ],
    [{ SlackChannelId: undefined }, 'Property SlackChannelId must be a string, got undefined'],
    [{ LoggingLevel: 'DEBUG' }, 'Property LoggingLevel must be ERROR, INFO or NONE, got "DEBUG"'],
    [
      { GuardrailPolicies: undefined },
      /GuardrailPolicies is missing or empty: AWS would apply AdministratorAccess/,
    ],
    [{ GuardrailPolicies: [] }, /GuardrailPolicies is missing or empty/],
    [{ GuardrailPolicies: ['arn:aws:iam::aws:policy/NoSuchPolicy'] }, /NoSuchPolicy/],
    [{ SnsTopicArns: [`${TOPIC.arn}-2`] }, 'Topic does not exist'],
    [
      { IamRoleArn: `arn:aws:iam::${SELLER}:role/other` },
      /not authorized to perform: sts:AssumeRole/,
    ],
    [
      { IamRoleArn: `arn:aws:iam::${SELLER}:role/lambda` },
      /not authorized to perform: sts:AssumeRole/,
    ],
  ])('is refused: %j', async (properties, refusal) => {
    roleFor('lambda', 'lambda.amazonaws.com');
    const created = putResource(handler, { ...PROPERTIES, ...properties }, CONTEXT);
    await expect(created).rejects.toThrow(refusal);
    expect(channels.all()).toEqual([]);
    expect(topics.subscriptions(TOPIC.arn)).toEqual([]);
  });
});
