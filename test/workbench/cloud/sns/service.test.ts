import {
  ConfirmSubscriptionCommand,
  GetTopicAttributesCommand,
  ListSubscriptionsByTopicCommand,
  PublishCommand,
  SNSClient,
  SubscribeCommand,
  type PublishCommandInput,
} from '@aws-sdk/client-sns';
import { afterEach, beforeEach, describe, expect, it, test } from 'vitest';
import type { Properties } from '../../../../lib/workbench/cloud/resource.ts';
import { topicHandlers } from '../../../../lib/workbench/cloud/sns/resources.ts';
import type { Queue } from '../../../../lib/workbench/cloud/sqs/queue.ts';
import { resourceContext } from '../../../support/bare-cloud.ts';
import {
  ACCOUNT,
  clientOf,
  deploy,
  OTHER_ACCOUNT,
  smallCloud,
  START,
  type SmallCloud,
} from '../../../support/small-cloud.ts';
import { deployQueue } from '../../../support/small-function.ts';

const READER = 'reader@buyer.example';

let cloud: SmallCloud;
let client: SNSClient;
let TopicArn: string;

beforeEach(async () => {
  cloud = await smallCloud();
  client = new SNSClient(clientOf(cloud));
  TopicArn = await topic('notices');
});
afterEach(async () => {
  client.destroy();
  await cloud[Symbol.asyncDispose]();
});

async function topic(name: string, properties: Properties = {}): Promise<string> {
  return (await deploy(topicHandlers(cloud.topics), 'AWS::SNS::Topic', name, properties))
    .physicalId;
}

function subscription(properties: Properties) {
  return deploy(
    topicHandlers(cloud.topics),
    'AWS::SNS::Subscription',
    'subscription',
    { TopicArn, ...properties },
    ACCOUNT,
  );
}

async function queueSubscription(properties: Properties = {}, queueName = 'queue'): Promise<Queue> {
  const arn = await deployQueue(cloud, queueName);
  await subscription({
    ...{ Protocol: 'sqs', Endpoint: arn, RawMessageDelivery: true },
    ...properties,
  });
  return cloud.queues.byArn(arn)!;
}

async function publish(input: Partial<PublishCommandInput> = {}): Promise<string | undefined> {
  const { MessageId } = await client.send(
    new PublishCommand({ TopicArn, Message: 'hello', ...input }),
  );
  await cloud.clock.settled();
  return MessageId;
}

async function counts(): Promise<(string | undefined)[]> {
  const { Attributes: all } = await client.send(new GetTopicAttributesCommand({ TopicArn }));
  return [
    all?.['SubscriptionsConfirmed'],
    all?.['SubscriptionsPending'],
    all?.['SubscriptionsDeleted'],
  ];
}

async function listed(): Promise<(string | undefined)[][]> {
  const { Subscriptions } = await client.send(new ListSubscriptionsByTopicCommand({ TopicArn }));
  return Subscriptions?.map(({ Endpoint, SubscriptionArn }) => [Endpoint, SubscriptionArn]) ?? [];
}

describe('e-mail', () => {
  it('waits for the recipient’s confirmation, then brings text, subject and attributes', async () => {
    await subscription({ Protocol: 'email', Endpoint: READER });
    await publish();
    expect(cloud.mailbox.read(READER)).toEqual([]);
    expect(await counts()).toEqual(['0', '1', '0']);

    cloud.mailbox.confirm(READER);
    expect(await counts()).toEqual(['1', '0', '0']);
    await cloud.advance(60);
    const MessageAttributes = { kind: { DataType: 'String', StringValue: 'change' } };
    await publish({
      Subject: 'Renewed: Dashboards',
      Message: 'line\r\n<two> & "three"',
      MessageAttributes,
    });
    expect(cloud.mailbox.read(READER)).toMatchObject([
      {
        to: READER,
        topicArn: TopicArn,
        subject: 'Renewed: Dashboards',
        text: 'line\r\n<two> & "three"',
        attributes: { kind: { dataType: 'String', value: 'change' } },
        at: START + 60_000,
      },
    ]);
    expect(cloud.mailbox.read(READER)[0]?.footer).toContain('unsubscribe');
  });

  it('is the envelope in JSON for who subscribes so', async () => {
    cloud.mailbox.autoConfirm(READER);
    await subscription({ Protocol: 'email-json', Endpoint: READER });
    const MessageAttributes = { kind: { DataType: 'String.Array', StringValue: '["a","b"]' } };
    const MessageId = await publish({ Subject: 'S', MessageAttributes });
    expect(JSON.parse(cloud.mailbox.read(READER)[0]?.text ?? '')).toMatchObject({
      Type: 'Notification',
      MessageId,
      TopicArn,
      Subject: 'S',
      Message: 'hello',
      Timestamp: '2027-03-01T00:00:00.000Z',
      MessageAttributes: { kind: { Type: 'String.Array', Value: '["a","b"]' } },
    });
  });

  it('confirms by the token of the confirmation mail', async () => {
    const { SubscriptionArn } = await client.send(
      new SubscribeCommand({ TopicArn, Protocol: 'email', Endpoint: READER }),
    );
    expect(SubscriptionArn).toBe('pending confirmation');
    await cloud.clock.settled();
    const [mail] = cloud.mailbox.all();
    const Token = /token (\w+)/.exec(mail?.text ?? '')?.[1] ?? '';
    const wrong = client.send(new ConfirmSubscriptionCommand({ TopicArn, Token: 'wrong' }));
    await expect(wrong).rejects.toMatchObject({
      name: 'InvalidParameterException',
      message: 'Invalid parameter: Token',
    });
    const AuthenticateOnUnsubscribe = 'true';
    await expect(
      client.send(new ConfirmSubscriptionCommand({ TopicArn, Token, AuthenticateOnUnsubscribe })),
    ).rejects.toThrow('cannot honor AuthenticateOnUnsubscribe');
    await client.send(new ConfirmSubscriptionCommand({ TopicArn, Token }));
    expect(await counts()).toEqual(['1', '0', '0']);
  });

  it('forgets an unconfirmed subscription after two days, and its link leads nowhere', async () => {
    await subscription({ Protocol: 'email', Endpoint: READER });
    await cloud.advance(2 * 86_400 - 1);
    expect(await counts()).toEqual(['0', '1', '0']);
    await cloud.advance(1);
    expect(await counts()).toEqual(['0', '0', '0']);
    cloud.mailbox.confirm(READER);
    expect(await counts()).toEqual(['0', '0', '0']);
  });

  it('stops by the link in the mail', async () => {
    cloud.mailbox.autoConfirm(READER);
    await subscription({ Protocol: 'email', Endpoint: READER });
    await publish();
    cloud.mailbox.unsubscribe(READER, TopicArn);
    await publish();
    expect(cloud.mailbox.read(READER)).toHaveLength(1);
    expect(await counts()).toEqual(['0', '0', '1']);
  });

  it('is listed as deleted for three days after that, and then not at all', async () => {
    cloud.mailbox.autoConfirm(READER);
    await subscription({ Protocol: 'email', Endpoint: READER });
    await publish();
    cloud.mailbox.unsubscribe(READER, TopicArn);
    cloud.mailbox.unsubscribe(READER, TopicArn);
    expect(await counts()).toEqual(['0', '0', '1']);
    await cloud.advance(72 * 3_600 - 1);
    expect(await listed()).toEqual([[READER, 'Deleted']]);
    await cloud.advance(1);
    expect(await listed()).toEqual([]);
  });

  it('is a new subscription when it is subscribed again after that', async () => {
    cloud.mailbox.autoConfirm(READER);
    await subscription({ Protocol: 'email', Endpoint: READER });
    await publish();
    cloud.mailbox.unsubscribe(READER, TopicArn);
    await subscription({ Protocol: 'email', Endpoint: READER });
    await cloud.clock.settled();
    expect(await listed()).toEqual([[READER, expect.stringMatching(/^arn:/)]]);
    await publish();
    expect(cloud.mailbox.read(READER)).toHaveLength(2);
  });

  it('is listed a hundred at a time', async () => {
    for (let each = 0; each < 201; each += 1)
      await subscription({ Protocol: 'email', Endpoint: `reader-${each}@buyer.example` });
    const sizes: number[] = [];
    let NextToken: string | undefined;
    do {
      const page = await client.send(new ListSubscriptionsByTopicCommand({ TopicArn, NextToken }));
      sizes.push(page.Subscriptions?.length ?? 0);
      ({ NextToken } = page);
    } while (NextToken !== undefined);
    expect(sizes).toEqual([100, 100, 1]);
    const odd = client.send(new ListSubscriptionsByTopicCommand({ TopicArn, NextToken: 'x' }));
    await expect(odd).rejects.toMatchObject({ name: 'InvalidParameterException' });
  });

  it('is asked again by subscribing again, and stays one subscription', async () => {
    for (let count = 0; count < 2; count += 1)
      await client.send(new SubscribeCommand({ TopicArn, Protocol: 'email', Endpoint: READER }));
    await cloud.clock.settled();
    expect(cloud.mailbox.all().map(({ kind }) => kind)).toEqual(['confirmation', 'confirmation']);
    cloud.mailbox.confirm(READER);
    await publish();
    expect(cloud.mailbox.read(READER)).toHaveLength(1);
    const { Subscriptions } = await client.send(new ListSubscriptionsByTopicCommand({ TopicArn }));
    expect(Subscriptions).toMatchObject([
      { Protocol: 'email', Endpoint: READER, Owner: ACCOUNT, TopicArn },
    ]);
  });

  it('lists a pending subscription without its ARN', async () => {
    await subscription({ Protocol: 'email', Endpoint: READER });
    const { Subscriptions } = await client.send(new ListSubscriptionsByTopicCommand({ TopicArn }));
    expect(Subscriptions?.[0]?.SubscriptionArn).toBe('PendingConfirmation');
  });
});

describe('message structure', () => {
  it('gives each protocol its own body', async () => {
    cloud.mailbox.autoConfirm(READER);
    await subscription({ Protocol: 'email', Endpoint: READER });
    const queue = await queueSubscription();
    const bodies = { default: 'default', email: 'for people' };
    await publish({ Message: JSON.stringify(bodies), MessageStructure: 'json' });
    expect(cloud.mailbox.read(READER)[0]?.text).toBe('for people');
    expect(queue.peek()[0]?.body).toBe('default');
  });

  test.each([
    ['no JSON', '{', /JSON message body failed to parse/],
    ['no default', '{"email":"x"}', /No default entry in JSON message body/],
  ])('refuses %s', async (_name, Message, message) => {
    await expect(publish({ Message, MessageStructure: 'json' })).rejects.toThrow(message);
  });
});

describe('queues', () => {
  it('get it raw, attributes and all', async () => {
    const queue = await queueSubscription({ RawMessageDelivery: 'true' });
    await publish({ MessageAttributes: { kind: { DataType: 'String', StringValue: 'a' } } });
    expect(queue.peek()).toMatchObject([
      { body: 'hello', attributes: { kind: { DataType: 'String', StringValue: 'a' } } },
    ]);
  });

  it('get what their filter lets through', async () => {
    const queue = await queueSubscription({ FilterPolicy: { kind: ['digest'] } });
    for (const kind of ['change', 'digest'])
      await publish({
        Message: kind,
        MessageAttributes: { kind: { DataType: 'String', StringValue: kind } },
      });
    await publish();
    expect(queue.peek().map(({ body }) => body)).toEqual(['digest']);
  });

  it('are asked by SNS for the topic, and keep others out', async () => {
    const queue = await queueSubscription();
    await publish();
    expect(cloud.requested.at(-1)).toMatchObject({
      action: 'sqs:SendMessage',
      resource: queue.identity.arn,
      caller: {
        kind: 'service',
        service: 'sns.amazonaws.com',
        accountId: ACCOUNT,
        sourceArn: TopicArn,
      },
    });
    cloud.deny = ({ action }) => action === 'sqs:SendMessage';
    await publish();
    expect(queue.peek()).toHaveLength(1);
    expect(cloud.topics.failures).toMatchObject([
      { endpoint: queue.identity.arn, reason: /not authorized/ },
    ]);
  });
});

describe('subjects', () => {
  test.each([
    ['99 characters', 'x'.repeat(99)],
    ['punctuation first', '[Watcher] it ends'],
    ['one character', 'x'],
  ])('may be %s', async (_name, Subject) => {
    expect(await publish({ Subject })).toMatch(/^[0-9a-f-]{36}$/);
  });

  test.each([
    ['100 characters', 'x'.repeat(100)],
    ['nothing', ''],
    ['a space first', ' x'],
    ['a line break', 'a\nb'],
    ['a carriage return', 'a\rb'],
    ['a tab', 'a\tb'],
    ['DEL', 'a\u007fb'],
    ['an umlaut', 'Größe'],
    ['an emoji', 'ends 🔥'],
  ])('may not be %s', async (_name, Subject) => {
    await expect(publish({ Subject })).rejects.toMatchObject({
      name: 'InvalidParameterException',
      message: 'Invalid parameter: Subject',
      $metadata: { httpStatusCode: 400 },
    });
  });
});

describe('refusals', () => {
  const attribute = (DataType: string, StringValue: string) => ({
    MessageAttributes: { a: { DataType, StringValue } },
  });
  test.each<[string, Partial<PublishCommandInput>, RegExp]>([
    ['an empty message', { Message: '' }, /Empty message/],
    ['more than 256 KB', { Message: 'x'.repeat(262_145) }, /Message too long/],
    ['an attribute without a value', attribute('String', ''), /non-empty/],
    ['another type', attribute('Number', '7'), /knows String and String\.Array, got Number/],
    ['a list that is none', attribute('String.Array', 'x'), /JSON array/],
  ])('of %s', async (_name, input, message) => {
    await expect(publish(input)).rejects.toMatchObject({
      name: 'InvalidParameterException',
      message: expect.stringMatching(message) as string,
    });
  });

  it('of a topic that is not there', async () => {
    const nowhere = publish({ TopicArn: `arn:aws:sns:us-east-1:${ACCOUNT}:x` });
    await expect(nowhere).rejects.toMatchObject({ name: 'NotFoundException' });
  });

  test.each([
    ['sns:Publish', () => publish()],
    ['sns:GetTopicAttributes', () => counts()],
    [
      'sns:Subscribe',
      () => client.send(new SubscribeCommand({ TopicArn, Protocol: 'email', Endpoint: READER })),
    ],
    [
      'sns:ListSubscriptionsByTopic',
      () => client.send(new ListSubscriptionsByTopicCommand({ TopicArn })),
    ],
  ])('of a caller without %s', async (action, work) => {
    await work();
    cloud.deny = (question) => question.action === action && question.resource === TopicArn;
    await expect(work()).rejects.toMatchObject({
      name: 'AuthorizationErrorException',
      $metadata: { httpStatusCode: 403 },
    });
  });

  it('knows its protocols and endpoints', async () => {
    const subscribe = (Protocol: string, Endpoint: string, RawMessageDelivery = 'true') =>
      client.send(
        new SubscribeCommand({ TopicArn, Protocol, Endpoint, Attributes: { RawMessageDelivery } }),
      );
    await expect(subscribe('sms', '+4912345')).rejects.toThrow(/email, email-json, sqs, got "sms"/);
    await expect(subscribe('email', 'nobody')).rejects.toThrow('Invalid parameter: Email address');
    await expect(subscribe('sqs', 'nowhere')).rejects.toThrow(
      'Invalid parameter: SQS endpoint ARN',
    );
    const [own, others] = [ACCOUNT, OTHER_ACCOUNT].map((id) => `arn:aws:sqs:us-east-1:${id}:q`);
    await expect(subscribe('sqs', others!)).rejects.toThrow('queues of the own account alone');
    await expect(subscribe('sqs', own!, 'false')).rejects.toThrow('to queues raw alone');
  });
});

it('a topic has the policy that is set, until it goes', async () => {
  const handlers = topicHandlers(cloud.topics);
  const PolicyDocument = { Version: '2012-10-17', Statement: [{ Sid: 'Mine' }] };
  const properties = { Topics: [TopicArn], PolicyDocument };
  const asked = async () => {
    await publish();
    return cloud.requested.at(-1)?.resourcePolicy;
  };
  expect(await asked()).toBeUndefined();
  const created = await deploy(handlers, 'AWS::SNS::TopicPolicy', 'policy', properties);
  const { Attributes: all } = await client.send(new GetTopicAttributesCommand({ TopicArn }));
  expect(JSON.parse(all?.['Policy'] ?? '')).toEqual(PolicyDocument);
  expect(await asked()).toEqual(PolicyDocument);
  await handlers[1]?.remove(created, resourceContext('policy'));
  expect(await asked()).toBeUndefined();
});
