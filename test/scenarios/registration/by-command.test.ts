import { expect, test } from 'vitest';
import { AURORA, skuOf } from '../../../lib/workbench/scenarios/participants.ts';
import { seats } from '../../../lib/workbench/scenarios/test-licenses.ts';
import { BUYER_OUTPUTS } from '../../../lib/messages/names.ts';
import { licenseWatcher } from '../../support/license-watcher.ts';
import {
  deleteStack,
  invite,
  launch,
  openFixture,
  type WatcherFixture,
} from '../../support/watcher-fixture.ts';
import { callsDuring, complaints, happenings, ledgerOf } from '../../support/fixture-readings.ts';

interface Template {
  readonly Resources: Record<string, { readonly Type: string; readonly DependsOn?: unknown }>;
  readonly Outputs: Record<string, unknown>;
}

/** Role and topic as the template has them, made by somebody's own code: nothing of it registers, or says farewell. */
function withoutRegistration(buyerTemplate: string): string {
  const template = JSON.parse(buyerTemplate) as Template;
  const own = Object.entries(template.Resources)
    .filter(([, { Type }]) => !Type.startsWith('Custom::'))
    // What it waits for is the farewell alone.
    .map(([name, { DependsOn: _, ...resource }]) => [name, resource] as const);
  const outputs = Object.entries(template.Outputs).filter(([name]) => !name.startsWith('SelfTest'));
  const kept = {
    ...template,
    Resources: Object.fromEntries(own),
    Outputs: Object.fromEntries(outputs),
  };
  return JSON.stringify(kept);
}

test('a buyer without the stack is registered by command, checked by command, and taken over by a stack', async () => {
  await using fixture = await openFixture();
  const { cloud, run, store } = fixture;
  const speak = (...argv: string[]) => cloud.until(licenseWatcher(cloud, argv));
  await issue(fixture);
  const invitation = await invite(cloud, AURORA);
  const own = await launch(
    fixture,
    AURORA,
    { ...invitation, stackName: 'own-code' },
    withoutRegistration(fixture.buyerTemplate),
  );
  expect(own.status).toBe('CREATE_COMPLETE');
  const role = own.outputs[BUYER_OUTPUTS.readingRoleArn] ?? '';
  const topic = own.outputs[BUYER_OUTPUTS.noticeTopicArn] ?? '';

  expect((await speak('check', AURORA.accountId)).err).toContain('has not registered yet');
  const registered = await speak('register', AURORA.accountId, role, topic);
  expect(registered).toMatchObject({
    code: 0,
    err: expect.stringContaining(`Registered ${AURORA.accountId}`) as string,
  });
  expect(registered.out).toContain('  check in    ok\n');
  expect((await store.buyers.find(AURORA.accountId))?.registration).toMatchObject({
    stackId: null,
    roleArn: role,
  });
  await cloud.clock.settled();
  expect(happenings(await ledgerOf(fixture, AURORA))).toEqual(['WatchStarted']);

  await run.sweep();
  let out = '';
  const calls = await callsDuring(cloud, async () => {
    ({ out } = await speak('check', AURORA.accountId));
  });
  expect(out.match(/(sts|license-manager):\w+/g)).toEqual([
    'sts:AssumeRole',
    'license-manager:ListReceivedLicenses',
    'license-manager:GetLicense',
    'license-manager:GetLicenseUsage',
    'license-manager:CheckoutLicense',
    'license-manager:CheckInLicense',
  ]);
  expect(out).toContain('recorded    nothing: the watcher knew all this already');
  expect(calls.get('license-manager:CheckoutLicense')).toBe(1);
  const dry = await callsDuring(cloud, async () => {
    await speak('check', AURORA.accountId, '--dry-run');
  });
  expect(dry.get('license-manager:GetLicense')).toBe(1);
  expect(dry.get('license-manager:CheckoutLicense')).toBeUndefined();
  expect(cloud.licenseManager.openCheckouts()).toEqual([]);
  expect(complaints(cloud)).toEqual([]);

  const stack = await launch(fixture, AURORA, invitation);
  expect(stack.status).toBe('CREATE_COMPLETE');
  expect((await store.buyers.find(AURORA.accountId))?.registration?.stackId).toBe(stack.id);
  await deleteStack(fixture, own);
  expect((await speak('check', AURORA.accountId)).code).toBe(0);
  expect(happenings(await ledgerOf(fixture, AURORA))).toEqual(['WatchStarted']);
});

function issue({ licenses }: WatcherFixture) {
  return licenses.issue(AURORA.accountId, skuOf('viewer'), {
    begin: '2027-03-01T00:00:00Z',
    end: '2028-03-01T00:00:00Z',
    entitlements: [seats(5)],
  });
}
