import { afterEach, beforeEach, describe, expect, it, test } from 'vitest';
import { apiDestinationHandlers } from '../../../../lib/workbench/cloud/events/api-destination-resources.ts';
import type { ApiDestinations } from '../../../../lib/workbench/cloud/events/api-destinations.ts';
import type {
  EventBuses,
  EventBusesOptions,
} from '../../../../lib/workbench/cloud/events/event-buses.ts';
import { eventHandlers } from '../../../../lib/workbench/cloud/events/resources.ts';
import type { Properties } from '../../../../lib/workbench/cloud/resource.ts';
import type { Queue } from '../../../../lib/workbench/cloud/sqs/queue.ts';
import type { Queues } from '../../../../lib/workbench/cloud/sqs/queues.ts';
import {
  allow,
  bareCloud,
  member,
  NOON,
  putResource,
  REGION,
  resourceContext,
  SELLER,
  trust,
} from '../../../support/bare-cloud.ts';
import { attributesIn, eventCloud, queueFilledBy } from '../../../support/event-cloud.ts';
import {
  openRecordingEndpoint,
  type Behavior,
  type RecordingEndpoint,
} from '../../../support/recording-endpoint.ts';
import { deploy } from '../../../support/small-cloud.ts';

const RULE = `arn:aws:events:${REGION}:${SELLER}:rule/ticks`;
const HOUR = 3_600_000;
const API_KEY = {
  AuthorizationType: 'API_KEY',
  AuthParameters: { ApiKeyAuthParameters: { ApiKeyName: 'X-Key', ApiKeyValue: 'top-secret' } },
};
const ENDPOINT = {
  HttpMethod: 'POST',
  InvocationEndpoint: 'https://hooks.example/in/1?of=mine',
};

let bare: ReturnType<typeof bareCloud>;
let webhook: RecordingEndpoint;
let queues: Queues;
let destinations: ApiDestinations;
let buses: EventBuses;

beforeEach(async () => {
  bare = bareCloud();
  webhook = await openRecordingEndpoint();
  open();
});

function open(options: Partial<EventBusesOptions> = {}): void {
  const hosts = new Map([['hooks.example', webhook.origin]]);
  ({ queues, destinations, buses } = eventCloud(bare, { hosts, ...options }));
}

afterEach(() => webhook[Symbol.asyncDispose]());

function make(type: string, logicalId: string, properties: Properties) {
  const handlers = [...apiDestinationHandlers(destinations), ...eventHandlers(buses)];
  return deploy(handlers, `AWS::Events::${type}`, logicalId, properties, SELLER);
}

interface Parts {
  readonly connection?: Properties;
  readonly destination?: Properties;
  readonly target?: Properties;
  readonly trustPolicy?: ReturnType<typeof trust>;
  /** Of the destination's ARN. */
  readonly allowed?: (arn: string) => string;
}

/** A rule that has the endpoint called, and its dead letters. */
async function call(parts: Parts = {}): Promise<Queue> {
  const { connection = API_KEY, target, allowed = (arn: string) => arn } = parts;
  const { attributes } = await make('Connection', 'connection', connection);
  const made = await make('ApiDestination', 'destination', {
    ...ENDPOINT,
    ConnectionArn: attributes['Arn'],
    ...parts.destination,
  });
  const Arn = made.attributes['Arn'] as string;
  const trustPolicy = parts.trustPolicy ?? trust({ Service: 'events.amazonaws.com' });
  const document = allow('events:InvokeApiDestination', allowed(Arn));
  const { role } = member(bare.iam, { name: 'caller', trustPolicy }, document);
  const byRule = { ArnEquals: { 'aws:SourceArn': RULE } };
  const dead = await queueFilledBy('events.amazonaws.com', queues, 'dead', byRule);
  const DeadLetterConfig = { Arn: dead.identity.arn };
  await make('Rule', 'rule', {
    Name: 'ticks',
    EventPattern: { source: ['mine'] },
    Targets: [{ Id: 'hook', Arn, RoleArn: role.arn, DeadLetterConfig, ...target }],
  });
  return dead;
}

async function put(detail: object = { count: 1 }): Promise<void> {
  buses.put(SELLER, { source: 'mine', detailType: 'Tick', detail });
  await bare.clock.settled();
}

describe('an API destination', () => {
  it('is called with the event, the key of its connection and EventBridge’s headers', async () => {
    const dead = await call();
    await put();
    expect(webhook.received).toEqual([
      {
        method: 'POST',
        path: '/in/1?of=mine',
        headers: {
          'user-agent': 'Amazon/EventBridge/ApiDestinations',
          'content-type': 'application/json; charset=utf-8',
          range: 'bytes=0-1048575',
          'accept-encoding': 'gzip,deflate',
          connection: 'close',
          'content-length': String(webhook.received[0]?.body.length),
          host: 'hooks.example',
          'x-key': 'top-secret',
        },
        body: expect.stringContaining('"detail":{"count":1}') as string,
      },
    ]);
    expect(dead.peek()).toEqual([]);
  });

  it('is called with what the target makes of the event', async () => {
    await call({ target: { InputPath: '$.detail' } });
    await put();
    expect(webhook.received).toMatchObject([{ method: 'POST', body: '{"count":1}' }]);
  });

  test.each<[string, Parts]>([
    ['does not trust EventBridge', { trustPolicy: trust({ Service: 'lambda.amazonaws.com' }) }],
    [
      'may call another destination',
      { allowed: (arn) => arn.replace('destination/', 'destination/x') },
    ],
  ])('is not called where the role %s, and the event is a dead letter', async (_name, parts) => {
    const dead = await call(parts);
    await put();
    expect(webhook.received).toEqual([]);
    expect(attributesIn(dead)).toMatchObject([{ ERROR_CODE: 'NO_PERMISSIONS' }]);
  });

  test.each<[string, Behavior]>([
    ['answers 401', { status: 401 }],
    ['answers 407', { status: 407 }],
    ['answers 409', { status: 409 }],
    ['answers 429', { status: 429 }],
    ['answers 503', { status: 503 }],
    ['hangs up', 'hangs up'],
  ])('that %s is called again, and by its retry policy given up', async (_name, behavior) => {
    const dead = await call({ target: { RetryPolicy: { MaximumRetryAttempts: 2 } } });
    webhook.behavior = behavior;
    await put();
    expect([webhook.received.length, dead.peek().length]).toEqual([1, 0]);
    await bare.clock.advanceTo(NOON + HOUR);
    expect(webhook.received).toHaveLength(3);
    expect(attributesIn(dead)).toMatchObject([
      {
        ERROR_CODE: 'SDK_CLIENT_ERROR',
        EXHAUSTED_RETRY_CONDITION: 'MaximumRetryAttempts',
        RETRY_ATTEMPTS: '2',
      },
    ]);
  });

  it('that does not answer in time is called again, too', async () => {
    open({ endpointTimeoutMs: 20 });
    const dead = await call({ target: { RetryPolicy: { MaximumRetryAttempts: 1 } } });
    webhook.behavior = 'silent';
    await put();
    await bare.clock.advanceTo(NOON + HOUR);
    expect(attributesIn(dead)).toMatchObject([
      {
        ERROR_CODE: 'UNKNOWN',
        ERROR_MESSAGE: expect.stringMatching(/Timeout/) as string,
        RETRY_ATTEMPTS: '1',
      },
    ]);
  });

  test.each([302, 400, 403, 404])('that answers %i is not called again', async (status) => {
    const dead = await call();
    webhook.behavior = { status };
    await put();
    await bare.clock.advanceTo(NOON + HOUR);
    expect(webhook.received).toHaveLength(1);
    expect(attributesIn(dead)).toMatchObject([
      {
        ERROR_CODE: 'SDK_CLIENT_ERROR',
        ERROR_MESSAGE: `Unable to invoke ApiDestination endpoint: the endpoint answered ${status}`,
      },
    ]);
    expect(attributesIn(dead)[0]).not.toHaveProperty('EXHAUSTED_RETRY_CONDITION');
  });

  test.each<[string, Properties, number, number]>([
    ['by its retry policy', { MaximumEventAgeInSeconds: 60 }, 30_999, 31_000],
    ['after a day, where it has none', {}, 23 * HOUR, 24 * HOUR],
  ])('that refuses for ever is given up %s', async (_name, RetryPolicy, before, at) => {
    const dead = await call({ target: { RetryPolicy } });
    webhook.behavior = { status: 503 };
    await put();
    await bare.clock.advanceTo(NOON + before);
    expect(dead.peek()).toEqual([]);
    await bare.clock.advanceTo(NOON + at);
    const EXHAUSTED_RETRY_CONDITION = 'MaximumEventAgeInSeconds';
    expect(attributesIn(dead)).toMatchObject([{ EXHAUSTED_RETRY_CONDITION }]);
  });

  it('that refuses for an hour gets the event later, once, the next ones without delay, and no other target waits', async () => {
    const dead = await call();
    const other = await queueFilledBy('events.amazonaws.com', queues, 'other', {});
    await make('Rule', 'other', {
      EventPattern: { source: ['mine'] },
      Targets: [{ Id: 'queue', Arn: other.identity.arn }],
    });
    webhook.behavior = { status: 503 };
    await put();
    expect(other.peek()).toHaveLength(1);
    await bare.clock.advanceTo(NOON + HOUR);
    webhook.behavior = { status: 204 };
    webhook.received.length = 0;
    await put({ count: 2 });
    expect(webhook.received).toMatchObject([
      { body: expect.stringContaining('"count":2') as string },
    ]);
    await bare.clock.advanceTo(NOON + 2 * HOUR);
    expect(webhook.received).toHaveLength(2);
    expect(dead.peek()).toEqual([]);
  });

  it('is left alone for as long as it asks, and for ever where that is negative', async () => {
    const dead = await call();
    webhook.behavior = { status: 429, retryAfter: 600 };
    await put();
    webhook.behavior = { status: 429, retryAfter: -1 };
    await bare.clock.advanceTo(NOON + 599_999);
    expect(webhook.received).toHaveLength(1);
    await bare.clock.advanceTo(NOON + 600_000);
    expect([webhook.received.length, dead.peek().length]).toEqual([2, 1]);
  });

  it('is called no oftener than its limit says, and other targets do not wait for it', async () => {
    await call({ destination: { InvocationRateLimitPerSecond: 2 } });
    for (const count of [1, 2, 3])
      buses.put(SELLER, { source: 'mine', detailType: 'Tick', detail: { count } });
    const calls: number[] = [];
    for (const at of [0, 499, 500, 999, 1_000]) {
      await bare.clock.advanceTo(NOON + at);
      calls.push(webhook.received.length);
    }
    expect(calls).toEqual([1, 1, 2, 2, 3]);
  });

  it('whose name leads nowhere, or that is gone, gets nothing', async () => {
    const dead = await call({
      destination: { InvocationEndpoint: 'https://elsewhere.example/' },
      target: { RetryPolicy: { MaximumRetryAttempts: 0 } },
    });
    await put();
    for (const { targets } of buses.rules())
      for (const { arn } of targets) destinations.remove(arn);
    await put();
    expect(attributesIn(dead).map(({ ERROR_CODE }) => ERROR_CODE)).toEqual([
      'SDK_CLIENT_ERROR',
      'NO_RESOURCE',
    ]);
  });
});

describe('resources', () => {
  it('are known by their names, and are others under other names', async () => {
    const context = resourceContext('connection', SELLER);
    const [handler] = apiDestinationHandlers(destinations);
    const properties = { ...API_KEY, Name: 'one' };
    const made = await make('Connection', 'connection', properties);
    expect(made).toMatchObject({
      physicalId: 'one',
      attributes: { Arn: expect.stringMatching(/:connection\/one\/[0-9a-f-]{36}$/) as string },
    });
    await expect(make('Connection', 'again', properties)).rejects.toThrow(/already exists/);
    const changed = {
      ...properties,
      AuthParameters: { ApiKeyAuthParameters: { ApiKeyName: 'X-Key', ApiKeyValue: 'next' } },
    };
    const same = await putResource(handler!, changed, context, made);
    expect(same.attributes).toEqual(made.attributes);
    expect(destinations.connection(made.attributes['Arn'] as string)?.headers).toEqual({
      'X-Key': 'next',
    });
    const other = await putResource(handler!, { ...properties, Name: 'two' }, context, same);
    expect(other.physicalId).toBe('two');
    await handler!.remove(same, context);
    expect(destinations.connection(made.attributes['Arn'] as string)).toBeUndefined();
  });

  it('a connection that is used is not removed', async () => {
    const made = await make('Connection', 'connection', API_KEY);
    await make('ApiDestination', 'destination', {
      ...ENDPOINT,
      ConnectionArn: made.attributes['Arn'],
    });
    const [handler] = apiDestinationHandlers(destinations);
    expect(() => handler!.remove(made, resourceContext('connection'))).toThrow(
      /API destination stack-destination uses it/,
    );
  });

  test.each<[string, Properties, RegExp]>([
    [
      'another authorization',
      { AuthorizationType: 'OAUTH_CLIENT_CREDENTIALS' },
      /knows the AuthorizationType API_KEY, got OAUTH/,
    ],
    [
      'parameters it does not know',
      { AuthParameters: { ...API_KEY.AuthParameters, InvocationHttpParameters: {} } },
      /got InvocationHttpParameters/,
    ],
    [
      'a key with a line break',
      { AuthParameters: { ApiKeyAuthParameters: { ApiKeyName: 'X-Key', ApiKeyValue: 'a\nb' } } },
      /without control characters, got 3$/,
    ],
    ['no key', { AuthParameters: {} }, /got none/],
    ['an odd name', { Name: 'a b' }, /Name must have/],
  ])('refuse a connection with %s', async (_name, properties, message) => {
    await expect(make('Connection', 'connection', { ...API_KEY, ...properties })).rejects.toThrow(
      message,
    );
  });

  test.each<[string, Properties, RegExp]>([
    ['no connection', { ConnectionArn: 'arn:none' }, /there is no connection arn:none/],
    ['another method', { HttpMethod: 'PUT' }, /by POST alone, got PUT/],
    ['plain HTTP', { InvocationEndpoint: 'http://hooks.example/' }, /must be an https:\/\/ URL/],
    ['no URL', { InvocationEndpoint: 'hooks.example' }, /got hooks\.example/],
    ['a path with *', { InvocationEndpoint: 'https://hooks.example/*' }, /no path with \*/],
    [
      'no calls at all',
      { InvocationRateLimitPerSecond: 0 },
      /whole number from 1 to Infinity, got 0/,
    ],
  ])('refuse an API destination with %s', async (_name, properties, message) => {
    const { attributes } = await make('Connection', 'connection', API_KEY);
    const whole = { ...ENDPOINT, ConnectionArn: attributes['Arn'], ...properties };
    await expect(make('ApiDestination', 'destination', whole)).rejects.toThrow(message);
  });

  test.each<[string, Properties, RegExp]>([
    ['without a role', { RoleArn: undefined }, /RoleArn is required/],
    ['with parameters of HTTP', { HttpParameters: {} }, /does not know Targets\.HttpParameters/],
  ])('refuse a target %s', async (_name, target, message) => {
    await expect(call({ target })).rejects.toThrow(message);
  });

  it('refuse a role for a queue, whose policy decides', async () => {
    const target = { Id: 'queue', Arn: `arn:aws:sqs:${REGION}:${SELLER}:q`, RoleArn: 'arn:role' };
    await expect(
      Promise.resolve().then(() =>
        make('Rule', 'rule', { EventPattern: { source: ['mine'] }, Targets: [target] }),
      ),
    ).rejects.toThrow(/RoleArn is not for target/);
  });
});
