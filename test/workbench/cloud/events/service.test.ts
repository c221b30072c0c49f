import {
  EventBridgeClient,
  PutEventsCommand,
  type PutEventsRequestEntry,
} from '@aws-sdk/client-eventbridge';
import { afterEach, beforeEach, describe, expect, it, test } from 'vitest';
import type { EventBuses } from '../../../../lib/workbench/cloud/events/event-buses.ts';
import { eventHandlers } from '../../../../lib/workbench/cloud/events/resources.ts';
import { eventsService } from '../../../../lib/workbench/cloud/events/service.ts';
import type { Properties } from '../../../../lib/workbench/cloud/resource.ts';
import { topicHandlers } from '../../../../lib/workbench/cloud/sns/resources.ts';
import type { Topics } from '../../../../lib/workbench/cloud/sns/topics.ts';
import type { Queue } from '../../../../lib/workbench/cloud/sqs/queue.ts';
import type { Queues } from '../../../../lib/workbench/cloud/sqs/queues.ts';
import {
  allow,
  BUYER,
  clientOf,
  member,
  NOON,
  openBareCloud,
  policy,
  REGION,
  resourceContext,
  SELLER,
} from '../../../support/bare-cloud.ts';
import { attributesIn, eventCloud, queueFilledBy } from '../../../support/event-cloud.ts';
import { deploy } from '../../../support/small-cloud.ts';

const BUS = `arn:aws:events:${REGION}:${SELLER}:event-bus`;
const RULE = `arn:aws:events:${REGION}:${SELLER}:rule`;
const ENTRY = { Source: 'mine', DetailType: 'Tick', Detail: '{"count":1}' };

let bare: Awaited<ReturnType<typeof openBareCloud>>;
let queues: Queues;
let topics: Topics;
let buses: EventBuses;
let client: EventBridgeClient;

beforeEach(async () => {
  bare = await openBareCloud((behind) => {
    ({ queues, topics, buses } = eventCloud(behind));
    return [eventsService(buses, behind.access)];
  });
  client = clientAs(bare.credentials.root(SELLER));
});
afterEach(() => bare.front.close());

function clientAs(key: Parameters<typeof clientOf>[1]): EventBridgeClient {
  return new EventBridgeClient(clientOf(bare, key));
}

function make(type: string, logicalId: string, properties: Properties, accountId = SELLER) {
  return deploy(eventHandlers(buses), `AWS::Events::${type}`, logicalId, properties, accountId);
}

/** A queue that EventBridge may fill for the seller's rules, or for what `condition` says. */
function queue(
  name: string,
  condition: object = { ArnLike: { 'aws:SourceArn': `${RULE}/*` } },
  service = 'events.amazonaws.com',
): Promise<Queue> {
  return queueFilledBy(service, queues, name, condition);
}

async function rule(target: Queue, properties: Properties = {}, more: Properties = {}) {
  const Targets = [{ Id: 'queue', Arn: target.identity.arn, ...more }];
  return make('Rule', 'rule', {
    Name: 'ticks',
    EventPattern: { source: ['mine'] },
    Targets,
    ...properties,
  });
}

async function put(...Entries: PutEventsRequestEntry[]) {
  const { FailedEntryCount, Entries: results = [] } = await client.send(
    new PutEventsCommand({ Entries }),
  );
  await bare.clock.settled();
  return { failed: FailedEntryCount, results };
}

function bodiesOf(target: Queue): unknown[] {
  return target.peek().map(({ body }) => JSON.parse(body) as unknown);
}

describe('PutEvents', () => {
  it('brings an event to the queues of the rules that it matches', async () => {
    const [mine, other] = [await queue('mine'), await queue('other')];
    await rule(mine);
    await rule(other, { Name: 'others', EventPattern: { source: ['theirs'] } });
    const { failed, results } = await put(ENTRY);
    expect(failed).toBe(0);
    expect(bodiesOf(mine)).toEqual([
      {
        version: '0',
        id: results[0]?.EventId,
        'detail-type': 'Tick',
        source: 'mine',
        account: SELLER,
        time: new Date(NOON).toISOString().replace('.000', ''),
        region: REGION,
        resources: [],
        detail: { count: 1 },
      },
    ]);
    expect(other.peek()).toEqual([]);
  });

  it('keeps buses apart', async () => {
    await make('EventBus', 'bus', { Name: 'own' });
    const [ofDefault, ofOwn] = [await queue('of-default'), await queue('of-own')];
    await rule(ofDefault);
    const { physicalId, attributes } = await rule(ofOwn, { EventBusName: 'own' });
    expect([physicalId, attributes]).toEqual(['own|ticks', { Arn: `${RULE}/own/ticks` }]);
    await put({ ...ENTRY, EventBusName: 'own' });
    await put({ ...ENTRY, EventBusName: `${BUS}/own` });
    expect([ofDefault.peek().length, ofOwn.peek().length]).toEqual([0, 2]);
  });

  it('brings nothing to a rule that is disabled', async () => {
    const mine = await queue('mine');
    await rule(mine, { State: 'DISABLED' });
    await put(ENTRY);
    expect(mine.peek()).toEqual([]);
  });

  it('to a bus that does not exist succeeds, and the event is lost', async () => {
    const { failed, results } = await put({ ...ENTRY, EventBusName: 'none' });
    expect([failed, results]).toEqual([0, [{ EventId: expect.any(String) as string }]]);
    expect(buses.failures).toMatchObject([{ arn: `${BUS}/none` }]);
  });

  test.each<[string, PutEventsRequestEntry, string, RegExp]>([
    ['no source', { ...ENTRY, Source: '' }, 'InvalidArgument', /Parameter Source is not valid/],
    ['no type', { ...ENTRY, DetailType: undefined }, 'InvalidArgument', /Parameter DetailType/],
    ['a long type', { ...ENTRY, DetailType: 'x'.repeat(129) }, 'InvalidArgument', /128/],
    ['no JSON', { ...ENTRY, Detail: '{' }, 'MalformedDetail', /malformed/],
    ['JSON that is no object', { ...ENTRY, Detail: '[1]' }, 'MalformedDetail', /malformed/],
    [
      'a source of AWS',
      { ...ENTRY, Source: 'aws.s3' },
      'NotAuthorizedForSourceException',
      /source/,
    ],
  ])('fails an entry with %s, alone', async (_name, entry, ErrorCode, message) => {
    const mine = await queue('mine');
    await rule(mine);
    const { failed, results } = await put(entry, ENTRY);
    expect(failed).toBe(1);
    expect(results).toEqual([
      { ErrorCode, ErrorMessage: expect.stringMatching(message) as string },
      { EventId: expect.any(String) as string },
    ]);
    expect(mine.peek()).toHaveLength(1);
  });

  /** Source and type have four bytes each, what stands around the text eleven, and the first letter two. */
  const sized = (bytes: number): PutEventsRequestEntry => ({
    ...ENTRY,
    Detail: JSON.stringify({ text: `é${'x'.repeat(bytes - 21)}` }),
  });
  test.each<[string, PutEventsRequestEntry[], RegExp]>([
    ['no entry', [], /'\[0 entries\]' at 'entries'.*greater than or equal to 1/],
    ['eleven', Array.from({ length: 11 }, () => ENTRY), /less than or equal to 10/],
    ['two that are too large together', [sized(524_288), sized(524_288)], /over the limit/],
    ['none that is whole', [{ Source: 'mine' }, {}], /no entry has each of/],
    ['an odd name of a bus', [{ ...ENTRY, EventBusName: 'a b' }], /eventBusName.*pattern/],
  ])('refuses %s', async (_name, Entries, message) => {
    await expect(put(...Entries)).rejects.toMatchObject({
      name: 'ValidationException',
      message: expect.stringMatching(message) as string,
      $metadata: { httpStatusCode: 400 },
    });
  });

  it('takes two that just fit', async () => {
    expect(await put(sized(524_288), sized(524_287))).toMatchObject({ failed: 0 });
  });

  it('refuses what it does not know by name', async () => {
    await expect(put({ ...ENTRY, Time: new Date(NOON) })).rejects.toThrow(/cannot honor Time/);
    const { accessKeyId } = bare.credentials.root(SELLER);
    const answer = await fetch(bare.front.url, {
      method: 'POST',
      headers: {
        'x-amz-target': 'AWSEvents.PutEvents',
        authorization: `AWS4-HMAC-SHA256 Credential=${accessKeyId}/20270201/${REGION}/events/aws4_request`,
      },
      body: JSON.stringify({ Entries: [ENTRY], EndpointId: 'a.veo' }),
    });
    expect(await answer.json()).toMatchObject({
      message: expect.stringMatching(/cannot honor EndpointId/) as string,
    });
  });
});

describe('a target', () => {
  test.each([
    ['the policy names another rule', { ArnEquals: { 'aws:SourceArn': `${RULE}/other` } }],
    ['the policy names another account', { StringEquals: { 'aws:SourceAccount': BUYER } }],
  ])('gets nothing where %s, and the event is a dead letter', async (_name, condition) => {
    const [mine, dead] = [await queue('mine', condition), await queue('dead')];
    await rule(mine, {}, { DeadLetterConfig: { Arn: dead.identity.arn } });
    const { results } = await put(ENTRY);
    expect(mine.peek()).toEqual([]);
    expect(bodiesOf(dead)).toMatchObject([{ id: results[0]?.EventId, source: 'mine' }]);
    expect(attributesIn(dead)[0]).toEqual({
      RULE_ARN: `${RULE}/ticks`,
      TARGET_ARN: mine.identity.arn,
      ERROR_CODE: 'NO_PERMISSIONS',
      ERROR_MESSAGE: expect.stringMatching(/events\.amazonaws\.com is not authorized/) as string,
    });
  });

  it('gets what its policy lets this rule bring', async () => {
    const mine = await queue('mine', {
      ArnEquals: { 'aws:SourceArn': `${RULE}/ticks` },
      StringEquals: { 'aws:SourceAccount': SELLER },
    });
    await rule(mine);
    await put(ENTRY);
    expect(mine.peek()).toHaveLength(1);
  });

  it('that is gone, with its dead-letter queue, loses the event', async () => {
    const [mine, dead] = [await queue('mine'), await queue('dead')];
    await rule(mine, {}, { DeadLetterConfig: { Arn: dead.identity.arn } });
    queues.remove(mine.identity.arn);
    queues.remove(dead.identity.arn);
    await put(ENTRY);
    expect(buses.failures).toEqual([
      {
        arn: `${RULE}/ticks`,
        target: mine.identity.arn,
        reason: 'The specified queue does not exist.',
      },
      {
        arn: `${RULE}/ticks`,
        target: dead.identity.arn,
        reason: expect.stringMatching(/^dead letter: /) as string,
      },
    ]);
  });
});

describe('a topic', () => {
  /** A topic with the policy that lets this rule publish, or with what `condition` says; and a queue that reads it. */
  async function topic(
    condition: object | null = { ArnEquals: { 'aws:SourceArn': `${RULE}/ticks` } },
  ) {
    const handlers = topicHandlers(topics);
    const { physicalId: arn } = await deploy(
      handlers,
      'AWS::SNS::Topic',
      'cards',
      { TopicName: 'cards' },
      SELLER,
    );
    const reader = await queue(
      'reader',
      { ArnEquals: { 'aws:SourceArn': arn } },
      'sns.amazonaws.com',
    );
    const Endpoint = reader.identity.arn;
    const subscription = { TopicArn: arn, Protocol: 'sqs', Endpoint, RawMessageDelivery: true };
    await deploy(handlers, 'AWS::SNS::Subscription', 'reader', subscription, SELLER);
    const PolicyDocument = policy({
      Effect: 'Allow',
      Principal: { Service: 'events.amazonaws.com' },
      Action: 'sns:Publish',
      Resource: arn,
      Condition: condition ?? {},
    });
    if (condition !== null)
      await deploy(handlers, 'AWS::SNS::TopicPolicy', 'policy', { Topics: [arn], PolicyDocument });
    return { arn, reader };
  }

  const target = (arn: string, more: Properties = {}) =>
    make('Rule', 'rule', {
      Name: 'ticks',
      EventPattern: { source: ['mine'] },
      Targets: [{ Id: 'cards', Arn: arn, ...more }],
    });

  it('gets the event, or what the target makes of it', async () => {
    const { arn, reader } = await topic();
    await target(arn, { InputPath: '$.detail' });
    await put(ENTRY);
    expect(reader.peek().map(({ body }) => body)).toEqual(['{"count":1}']);
  });

  test.each<[string, object | null, boolean]>([
    ['that nobody set', null, false],
    ['that names the rule', { ArnEquals: { 'aws:SourceArn': `${RULE}/ticks` } }, true],
    ['that names another rule', { ArnEquals: { 'aws:SourceArn': `${RULE}/other` } }, false],
    ['that names another account', { StringEquals: { 'aws:SourceAccount': BUYER } }, false],
  ])(
    'with a policy %s gets it or not, and what it does not get is a dead letter at once',
    async (_name, condition, allowed) => {
      const [{ arn, reader }, dead] = [await topic(condition), await queue('dead')];
      await target(arn, { DeadLetterConfig: { Arn: dead.identity.arn } });
      await put(ENTRY);
      expect([reader.peek().length, dead.peek().length]).toEqual(allowed ? [1, 0] : [0, 1]);
      if (!allowed)
        expect(attributesIn(dead)[0]).toMatchObject({
          TARGET_ARN: arn,
          ERROR_CODE: 'NO_PERMISSIONS',
          ERROR_MESSAGE: expect.stringMatching(/not authorized to perform: sns:Publish/) as string,
        });
    },
  );

  it('gets nothing where it is gone', async () => {
    const [{ arn, reader }, dead] = [await topic(), await queue('dead')];
    await target(arn, { DeadLetterConfig: { Arn: dead.identity.arn } });
    topics.remove(arn);
    await put(ENTRY);
    expect(reader.peek()).toEqual([]);
    expect(attributesIn(dead).map(({ ERROR_CODE }) => ERROR_CODE)).toEqual(['NO_RESOURCE']);
  });
});

describe('authorization', () => {
  const asRole = (action: string, resource: string): EventBridgeClient => {
    const { role } = member(bare.iam, { name: 'sender' }, allow(action, resource));
    return clientAs(bare.credentials.session(role, 'me', 900));
  };
  const send = (as: EventBridgeClient, entry: PutEventsRequestEntry = ENTRY) =>
    as.send(new PutEventsCommand({ Entries: [entry] }));

  it('refuses a role that may something else', async () => {
    await expect(send(asRole('events:PutRule', '*'))).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: `User: arn:aws:sts::${SELLER}:assumed-role/sender/me is not authorized to perform: events:PutEvents on resource: ${BUS}/default because no identity-based policy allows the events:PutEvents action`,
      $metadata: { httpStatusCode: 400 },
    });
  });

  it('lets a role put onto the bus that it may, and no other', async () => {
    await make('EventBus', 'bus', { Name: 'own' });
    const as = asRole('events:PutEvents', `${BUS}/own`);
    await send(as, { ...ENTRY, EventBusName: 'own' });
    await expect(send(as)).rejects.toMatchObject({ name: 'AccessDeniedException' });
  });

  const toOwn = { ...ENTRY, EventBusName: `${BUS}/own` };
  const asBuyer = () => clientAs(bare.credentials.root(BUYER));
  const ofBus = (Principal: unknown, Condition?: object) => ({
    EventBusName: 'own',
    StatementId: 'them',
    Statement: {
      Effect: 'Allow',
      Principal,
      Action: 'events:PutEvents',
      Resource: `${BUS}/own`,
      ...(Condition && { Condition }),
    },
  });

  it('of another account is the bus’s policy’s, an organization’s accounts included', async () => {
    const mine = await queue('mine');
    await make('EventBus', 'bus', { Name: 'own' });
    await rule(mine, { EventBusName: 'own' });
    const inOrganization = { StringEquals: { 'aws:PrincipalOrgID': 'o-mine' } };
    await make('EventBusPolicy', 'policy', ofBus('*', inOrganization));
    await expect(send(asBuyer(), toOwn)).rejects.toThrow(/no resource-based policy allows/);
    bare.iam.joinOrganization(BUYER, 'o-other');
    await expect(send(asBuyer(), toOwn)).rejects.toMatchObject({ name: 'AccessDeniedException' });
    bare.iam.joinOrganization(BUYER, 'o-mine');
    await send(asBuyer(), toOwn);
    await bare.clock.settled();
    expect(bodiesOf(mine)).toMatchObject([{ account: BUYER }]);
  });

  it('of another account may be by a statement, until that is gone', async () => {
    await make('EventBus', 'bus', { Name: 'own' });
    const policy = ofBus({ AWS: `arn:aws:iam::${BUYER}:root` });
    const created = await make('EventBusPolicy', 'policy', policy);
    await send(asBuyer(), toOwn);
    await eventHandlers(buses)[1]!.remove(created, resourceContext('policy'));
    await expect(send(asBuyer(), toOwn)).rejects.toMatchObject({ name: 'AccessDeniedException' });
  });
});

describe('disturbances', () => {
  const isTick = (event: Readonly<Record<string, unknown>>): boolean =>
    event['detail-type'] === 'Tick';

  test.each([
    ['lost', { copies: 0, times: 1 }, 1],
    ['doubled', { copies: 2, times: 1 }, 3],
  ])('let an event be %s, once', async (_name, disturbance, expected) => {
    const mine = await queue('mine');
    await rule(mine);
    buses.disturb({ when: isTick, ...disturbance });
    await put(ENTRY, ENTRY);
    expect(mine.peek()).toHaveLength(expected);
    const ids = new Set((bodiesOf(mine) as { id: string }[]).map(({ id }) => id));
    expect(ids.size).toBe(Math.min(expected, 2));
  });
});

it('AWS itself puts onto the default bus of an account what nobody else may', async () => {
  const mine = await queue('mine');
  await rule(mine, { EventPattern: { source: ['aws.agreement-marketplace'] } });
  const event = {
    source: 'aws.agreement-marketplace',
    detailType: 'License Updated - Manufacturer',
    detail: { a: 1 },
  };
  buses.put(BUYER, event);
  buses.put(SELLER, event);
  await bare.clock.settled();
  expect(bodiesOf(mine)).toMatchObject([
    { source: 'aws.agreement-marketplace', account: SELLER, detail: { a: 1 } },
  ]);
});

describe('resources', () => {
  const of = (properties: Properties) => ({ EventPattern: { source: ['a'] }, ...properties });
  const to = (target: Properties) =>
    of({ Targets: [{ Id: 'f', Arn: 'arn:aws:sqs:r:a:q', ...target }] });
  const theirs = `arn:aws:events:${REGION}:${BUYER}:event-bus/default`;
  const toFunction = { Arn: `arn:aws:lambda:${REGION}:${SELLER}:function:f` };
  test.each<[string, string, Properties, RegExp]>([
    ['a schedule', 'Rule', { Targets: [] }, /an object with a field is expected/],
    ['a bus that is not there', 'Rule', of({ EventBusName: 'none' }), /no event bus none/],
    ['another account’s bus', 'Rule', of({ EventBusName: theirs }), /no event bus arn/],
    ['another state', 'Rule', of({ State: 'ON' }), /ENABLED or DISABLED, got ON/],
    ['another target', 'Rule', to(toFunction), /to queues, topics and API destinations only/],
    ['a parameter', 'Rule', to({ SqsParameters: {} }), /does not know Targets\.SqsParameters/],
    ['an input', 'Rule', to({ InputTransformer: {} }), /does not know Targets\.InputTransformer/],
    [
      'an odd retry policy',
      'Rule',
      to({ RetryPolicy: { MaximumRetryAttempts: 186 } }),
      /MaximumRetryAttempts must be a whole number from 0 to 185, got 186/,
    ],
    ['the default bus', 'EventBus', { Name: 'default' }, /not be "default"/],
    [
      'a policy of no bus',
      'EventBusPolicy',
      { EventBusName: 'none', StatementId: 'a' },
      /no event bus none/,
    ],
  ])('refuse %s', async (_name, type, properties, message) => {
    await expect(make(type, 'thing', properties)).rejects.toThrow(message);
  });

  it('a bus with rules is not removed, one without is', async () => {
    const properties = { Name: 'own' };
    const created = await make('EventBus', 'bus', properties);
    const made = await rule(await queue('mine'), { EventBusName: 'own' });
    const [bus, , rules] = eventHandlers(buses);
    const context = resourceContext('bus');
    expect(() => bus!.remove(created, context)).toThrow(/since it has rules/);
    await rules!.remove(made, context);
    await bus!.remove(created, context);
    expect(buses.bus(SELLER, 'own')).toBeUndefined();
  });
});
