import { expect, test } from 'vitest';
import { openLoopback } from '../../../lib/workbench/cloud/loopback.ts';
import type { Invitation } from '../../../lib/workbench/scenarios/scenario-run.ts';
import * as MESSAGES from '../../../lib/observability/message-codes.ts';
import { WATCHER_OUTPUTS } from '../../../lib/messages/names.ts';
import { BUYER, registrationRequest, responseUrl } from '../../support/cloudformation-request.ts';
import {
  administrator,
  invite,
  launch,
  type WatcherFixture,
} from '../../support/watcher-fixture.ts';
import { deadLetters, ledgerOf, logged, logOf, queueLike } from '../../support/fixture-readings.ts';
import { sharedFixture } from '../../support/shared-fixture.ts';

const freshFixture = sharedFixture();

const STRANGER = '999999999999';

test.each([
  {
    who: 'with another ExternalId',
    account: 'aurora',
    change: (invitation: Invitation) =>
      withParameters(invitation, { ExternalId: 'guessed-external-id' }),
    words: 'ExternalId is not that of the invitation of account {account}',
  },
  {
    who: 'with the invitation of another account',
    account: 'borealis',
    change: (invitation: Invitation) => invitation,
    words: 'account {account} has no invitation',
  },
  {
    who: 'for another deployment',
    account: 'aurora',
    change: (invitation: Invitation) => withParameters(invitation, { Deployment: 'other' }),
    words: 'Topic does not exist',
  },
] as const)(
  'a stack that is deployed $who is rolled back with the reason',
  async ({ account, change, words }) => {
    await using fixture = freshFixture();
    const { cloud, store } = fixture;
    const { accountId } = fixture[account];
    const stack = await launch(
      fixture,
      fixture[account],
      change(await invite(cloud, fixture.aurora)),
    );

    expect(stack.status).toBe('ROLLBACK_COMPLETE');
    expect(stack.statusReason).toContain(words.replace('{account}', accountId));
    expect((await store.buyers.find(fixture.aurora.accountId))?.status).toBe('invited');
    expect(await store.buyers.find(fixture.borealis.accountId)).toBeUndefined();
    const role = stack.events.find(({ logicalId }) => logicalId === 'ReadingRole')?.physicalId;
    if (role !== undefined) expect(cloud.iam.findRole(accountId, role)).toBeUndefined();
    await fixture.run.sweep();
    expect(await ledgerOf(fixture, fixture.aurora)).toEqual([]);
    expect(
      cloud.mailbox
        .all()
        .filter(({ kind, to }) => kind === 'notification' && to === fixture.aurora.email),
    ).toEqual([]);
    expect(deadLetters(cloud)).toEqual([]);
  },
);

test('a role of another account is refused, though the watcher could assume it', async () => {
  await using fixture = freshFixture();
  const { cloud, store } = fixture;
  const borealis = await fixture.run.join(fixture.borealis);
  const foreign = borealis.outputs['ReadingRoleArn'];
  const template = changed(fixture.buyerTemplate, (properties) => ({
    ...properties,
    ReadingRoleArn: foreign,
  }));
  const stack = await launch(
    fixture,
    fixture.aurora,
    await invite(cloud, fixture.aurora),
    template,
  );

  expect(stack.status).toBe('ROLLBACK_COMPLETE');
  expect(stack.statusReason).toContain("it must be a role of the stack's own account and path");
  expect((await store.buyers.find(fixture.aurora.accountId))?.status).toBe('invited');
});

test('a second stack of the same account is refused while the first one lives, and changes nothing of it', async () => {
  await using fixture = freshFixture();
  const { cloud, store } = fixture;
  const invitation = await invite(cloud, fixture.aurora);
  const first = await launch(fixture, fixture.aurora, invitation);
  const second = await launch(fixture, fixture.aurora, { ...invitation, stackName: 'another' });

  expect([first.status, second.status]).toEqual(['CREATE_COMPLETE', 'ROLLBACK_COMPLETE']);
  expect(second.statusReason).toContain(`already watched through the stack ${first.id}`);
  expect(await store.buyers.find(fixture.aurora.accountId)).toMatchObject({
    status: 'active',
    registration: { stackId: first.id },
  });
});

test('nothing is sent to an address that is not CloudFormation’s bucket, whoever asks for it', async () => {
  await using fixture = freshFixture();
  const { cloud } = fixture;
  let received = 0;
  await using trap = await openLoopback((_request, _body, response) => {
    received += 1;
    response.end();
  });
  const { ResponseURL: path, ...request } = registrationRequest();
  const addresses = [
    `${trap.url}/${new URL(path).pathname}`,
    responseUrl(request, 'attacker.example'),
    responseUrl(
      request,
      'cloudformation-custom-resource-response-useast1.s3.amazonaws.com.attacker.example',
    ),
    // Another Region's bucket: its answers are not for us to give.
    responseUrl(
      request,
      'cloudformation-custom-resource-response-euwest1.s3.eu-west-1.amazonaws.com',
    ),
    path.replace('https:', 'http:'),
    path.replace(request.RequestId, `${request.RequestId}0`),
  ];
  for (const ResponseURL of addresses)
    await publish(fixture, JSON.stringify({ ...request, ResponseURL }));

  expect(logged(cloud, 'register-buyer', MESSAGES.registrationForged)).toHaveLength(
    addresses.length,
  );
  expect(logged(cloud, 'register-buyer', MESSAGES.registrationRefused)).toEqual([]);
  expect(received).toBe(0);
  expect(cloud.calls().get('sts:AssumeRole')).toBeUndefined();
  expect(queueLike(cloud, 'QueuesRegistrationsQueue').peek()).toEqual([]);
  expect(deadLetters(cloud)).toEqual([]);
});

test('junk from strangers is dropped and fills no dead-letter queue; it makes the watcher assume no role', async () => {
  await using fixture = freshFixture();
  const { cloud, store } = fixture;
  const junk = [
    '',
    'not JSON',
    '{}',
    '[1,2]',
    'null',
    JSON.stringify({ ...registrationRequest(), StackId: 'stack' }),
    'x'.repeat(200_000),
  ];
  for (const message of junk.slice(1)) await publish(fixture, message);
  await publish(fixture, JSON.stringify({ format: 1, kind: 'revoked', buyerAccountId: BUYER }));
  await publish(fixture, JSON.stringify(registrationRequest()));
  await cloud.clock.advanceTo(cloud.clock.now() + 600_000);

  expect(logged(cloud, 'register-buyer', MESSAGES.registrationMalformed)).toHaveLength(
    junk.length - 1,
  );
  expect(logOf(cloud, 'register-buyer').filter(({ level }) => level === 'ERROR')).toEqual([]);
  expect(cloud.calls().get('sts:AssumeRole')).toBeUndefined();
  expect(await store.buyers.find(BUYER)).toBeUndefined();
  expect(deadLetters(cloud)).toEqual([]);
});

function withParameters(
  invitation: Invitation,
  parameters: Readonly<Record<string, string>>,
): Invitation {
  return { ...invitation, parameters: { ...invitation.parameters, ...parameters } };
}

function changed(template: string, change: (properties: object) => object): string {
  const parsed = JSON.parse(template) as {
    Resources: Record<string, { Type: string; Properties: object }>;
  };
  const registration = parsed.Resources['Registration']!;
  registration.Properties = change(registration.Properties);
  return JSON.stringify(parsed);
}

/** By anyone: the registration topic takes it from every account. */
async function publish({ cloud, watcher }: WatcherFixture, message: string): Promise<void> {
  await cloud.topics.publish(
    watcher.outputs[WATCHER_OUTPUTS.registrationTopicArn]!,
    { message },
    administrator(STRANGER),
  );
  await cloud.clock.settled();
}
