import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { snsTopics } from '../../lib/aws/sns.ts';
import type { Publication, Topics } from '../../lib/domain/ports.ts';
import { callsAt } from '../support/looking.ts';
import {
  attributesOf,
  queryError,
  startScriptedAws,
  type Reply,
  type ScriptedAws,
} from '../support/scripted-aws.ts';

const TOPIC = 'arn:aws:sns:us-east-1:111122223333:notices';

const NOTICE: Publication = {
  mail: { subject: 'Design Suite: the license was renewed', text: 'Renewed.\nUntil 2028-02-01.' },
  json: { format: 1 },
  kind: 'change',
  changes: ['LicenseRenewed', 'LicenseUpgraded', 'LicenseRenewed'],
  severity: 'info',
  productIds: ['design-suite'],
  buyerAccountIds: ['111122223333', '222233334444'],
};

let aws: ScriptedAws;
let topics: Topics;
beforeAll(async () => {
  aws = await startScriptedAws();
  topics = snsTopics(callsAt('sns', aws.endpoint, 300));
});
afterAll(() => aws.close());
beforeEach(() => {
  aws.clear();
});

function xml(operation: string, result: string): Reply {
  const body = `<${operation}Response><${operation}Result>${result}</${operation}Result></${operation}Response>`;
  return { body, headers: { 'content-type': 'text/xml' } };
}

const firstInput = (): Readonly<Record<string, unknown>> => aws.calls[0]?.input ?? {};

const published = xml('Publish', '<MessageId>4e1a</MessageId>');

function attributes(all: Readonly<Record<string, string>>): Reply {
  const entries = Object.entries(all).map(
    ([key, value]) => `<entry><key>${key}</key><value>${value}</value></entry>`,
  );
  return xml('GetTopicAttributes', `<Attributes>${entries.join('')}</Attributes>`);
}

describe('publishing', () => {
  it('sends prose to e-mail and JSON to everything else, with attributes to filter by', async () => {
    aws.script('Publish', published);
    expect(await topics.publish(TOPIC, NOTICE)).toEqual({ kind: 'accepted', messageId: '4e1a' });
    const input = firstInput();
    expect(input).toMatchObject({
      TopicArn: TOPIC,
      Subject: NOTICE.mail?.subject,
      MessageStructure: 'json',
    });
    expect(JSON.parse(String(input['Message']))).toEqual({
      default: '{"format":1}',
      email: NOTICE.mail?.text,
    });
    expect(attributesOf(input)).toEqual({
      kind: ['String', 'change'],
      severity: ['String', 'info'],
      productId: ['String', 'design-suite'],
      change: ['String.Array', '["LicenseRenewed","LicenseUpgraded"]'],
      buyerAccountId: ['String.Array', '["111122223333","222233334444"]'],
    });
  });

  it('lets subscriptions tell a test from what happened', async () => {
    aws.script('Publish', published);
    await topics.publish(TOPIC, { ...NOTICE, test: true });
    expect(attributesOf(firstInput())).toMatchObject({
      test: ['String', 'true'],
      kind: ['String', 'change'],
    });
  });

  it('has no subject and no prose where no person is meant, and no attribute without a value', async () => {
    aws.script('Publish', published);
    await topics.publish(TOPIC, { ...NOTICE, mail: null, changes: [] });
    const input = firstInput();
    expect(input).not.toHaveProperty('Subject');
    expect(JSON.parse(String(input['Message']))).toEqual({ default: '{"format":1}' });
    expect(attributesOf(input)).not.toHaveProperty('change');
  });

  it.each([
    ['a lost connection', 'reset' as const],
    ['silence', 'silent' as const],
    ['a throttle', queryError('Throttling', 'Rate exceeded', 400)],
    ['an outage', queryError('InternalError', 'sorry', 500)],
    [
      'a subject SNS does not like',
      queryError('InvalidParameter', 'Invalid parameter: Subject', 400),
    ],
  ])(
    'is tried once and throws on %s: what the topic may have got must not be repeated here',
    async (_, answer) => {
      aws.script('Publish', answer);
      await expect(topics.publish(TOPIC, NOTICE)).rejects.toThrow(`publishing to ${TOPIC}`);
      expect(aws.operations()).toEqual(['Publish']);
    },
  );

  it.each([
    ['NotFound', 404, 'the topic is gone'],
    ['AuthorizationError', 403, 'the topic does not let the watcher in'],
    ['EndpointDisabled', 400, 'the endpoint is disabled'],
    ['KMSAccessDenied', 400, 'the topic is encrypted with a key the watcher may not use'],
    ['KMSDisabled', 400, 'the key of the topic is disabled'],
    ['KMSInvalidState', 400, 'the key of the topic cannot be used now'],
    ['KMSNotFound', 400, 'the key of the topic is gone'],
    ['KMSOptInRequired', 403, 'the key of the topic cannot be used'],
  ])('is refused by %s, for good', async (code, status, reason) => {
    aws.script('Publish', queryError(code, 'no', status));
    expect(await topics.publish(TOPIC, NOTICE)).toEqual({ kind: 'refused', reason });
  });

  it('refuses to send what SNS would not take whole', async () => {
    await expect(topics.publish(TOPIC, { ...NOTICE, json: 'x'.repeat(300_000) })).rejects.toThrow(
      '300',
    );
    expect(aws.calls).toEqual([]);
  });
});

describe('the standing of a topic', () => {
  it.each([
    ['0', 0],
    ['12', 12],
  ])('counts the confirmed subscriptions: %s', async (text, confirmedSubscriptions) => {
    aws.script(
      'GetTopicAttributes',
      attributes({ SubscriptionsPending: '3', SubscriptionsConfirmed: text }),
    );
    expect(await topics.standing(TOPIC)).toEqual({ kind: 'open', confirmedSubscriptions });
  });

  it('is closed when the topic is gone', async () => {
    aws.script('GetTopicAttributes', queryError('NotFound', 'Topic does not exist', 404));
    expect(await topics.standing(TOPIC)).toEqual({ kind: 'closed', reason: 'the topic is gone' });
  });

  it.each([
    ['an outage', queryError('InternalError', 'sorry', 500)],
    ['an answer without the count', attributes({ Owner: '111122223333' })],
  ])('is unknown after %s: nothing is held or given up for that', async (_, answer) => {
    aws.script('GetTopicAttributes', answer);
    await expect(topics.standing(TOPIC)).rejects.toThrow(TOPIC);
  });
});

describe('the subscriptions of a topic', () => {
  const member = (endpoint: string, arn: string): string =>
    `<member><TopicArn>${TOPIC}</TopicArn><Protocol>email</Protocol><Endpoint>${endpoint}</Endpoint><Owner>111122223333</Owner><SubscriptionArn>${arn}</SubscriptionArn></member>`;
  const page = (members: string, next = ''): Reply =>
    xml('ListSubscriptionsByTopic', `<Subscriptions>${members}</Subscriptions>${next}`);

  it('are read page by page', async () => {
    aws.script(
      'ListSubscriptionsByTopic',
      page(member('a@x.example', `${TOPIC}:1`), '<NextToken>more</NextToken>'),
      page(member('b@x.example', 'PendingConfirmation') + member('c@x.example', 'Deleted')),
    );
    const listed = await topics.readers(TOPIC);
    expect(listed).toEqual({
      kind: 'listed',
      complete: true,
      subscriptions: [
        { protocol: 'email', endpoint: 'a@x.example', state: 'confirmed' },
        { protocol: 'email', endpoint: 'b@x.example', state: 'pending' },
        { protocol: 'email', endpoint: 'c@x.example', state: 'deleted' },
      ],
    });
    expect(aws.calls.map(({ input }) => input['NextToken'])).toEqual([undefined, 'more']);
  });

  it('are no more than ten pages, and the answer says so: somebody’s topic without an end holds nobody up', async () => {
    const endless = page(member('a@x.example', `${TOPIC}:1`), '<NextToken>more</NextToken>');
    aws.script('ListSubscriptionsByTopic', endless);
    expect(await topics.readers(TOPIC)).toMatchObject({ kind: 'listed', complete: false });
    expect(aws.calls).toHaveLength(10);
  });

  it('are unknown where a page of somebody else’s comes back: nobody is gone for that', async () => {
    aws.script('ListSubscriptionsByTopic', { body: '<html><body>Sign in</body></html>' });
    await expect(topics.readers(TOPIC)).rejects.toThrow(`listing the subscriptions of ${TOPIC}`);
  });

  it('are unknown after an outage, also one between two pages', async () => {
    aws.script(
      'ListSubscriptionsByTopic',
      page(member('a@x.example', `${TOPIC}:1`), '<NextToken>more</NextToken>'),
      queryError('InternalError', 'sorry', 500),
    );
    await expect(topics.readers(TOPIC)).rejects.toThrow(`listing the subscriptions of ${TOPIC}`);
  });
});

/** `MessageAttributes.entry.1.Name` and so on, as the query protocol writes them. */
