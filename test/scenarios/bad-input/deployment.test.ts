import { expect, test } from 'vitest';
import { AURORA, SELLER_ACCOUNT } from '../../../lib/workbench/scenarios/participants.ts';
import { seats } from '../../../lib/workbench/scenarios/test-licenses.ts';
import { verifyChain } from '../../support/verify-chain.ts';
import { watcherStackName } from '../../../lib/messages/names.ts';
import { joined } from '../../support/joined.ts';
import { administrator, deleteStack, openFixture } from '../../support/watcher-fixture.ts';
import { functionOf, happenings, ledgerOf, queueLike } from '../../support/fixture-readings.ts';
import { sha256 } from '../../../lib/aws/text.ts';

interface Template {
  Resources: Record<
    string,
    { Type: string; Properties: { Environment?: { Variables: Record<string, unknown> } } }
  >;
}

test('a function without two of its variables fails at once, with a message that names both', async () => {
  await using fixture = await openFixture({
    template: (synthesized) => {
      const template = JSON.parse(synthesized) as Template;
      for (const [id, { Type: type, Properties: properties }] of Object.entries(
        template.Resources,
      )) {
        if (type !== 'AWS::Lambda::Function' || !id.startsWith('CheckLicenses')) continue;
        delete properties.Environment?.Variables['NOTICES_QUEUE_URL'];
        delete properties.Environment?.Variables['AUDIT_TABLE_NAME'];
      }
      return JSON.stringify(template);
    },
  });
  const { cloud } = fixture;
  const checkLicenses = functionOf(cloud, 'check-licenses');
  const invocation = await cloud.functions.invoke(checkLicenses.arn, { Records: [] });
  expect(invocation).toMatchObject({ ok: false });
  const words = invocation.ok ? '' : invocation.error.errorMessage;
  expect(words).toContain('NOTICES_QUEUE_URL');
  expect(words).toContain('AUDIT_TABLE_NAME');
  expect(words).not.toContain('WATCH_TABLE_NAME');

  // And its messages are not lost: they wait, then end where a person finds them.
  queueLike(cloud, 'QueuesChecksQueue').send({ body: 'any', attributes: {} }, 'test');
  await cloud.clock.advanceTo(cloud.clock.now() + 1_800_000);
  expect(queueLike(cloud, 'QueuesChecksDeadLetters').peek()).toHaveLength(1);
});

test('the tables outlive their stack, and a new stack does not touch what stands in them', async () => {
  await using fixture = await openFixture();
  const { cloud, watcher, assembly } = fixture;
  await joined(fixture, AURORA, [seats(5)]);
  await deleteStack(fixture, watcher);
  expect(watcher.status).toBe('DELETE_COMPLETE');
  expect(happenings(await ledgerOf(fixture, AURORA))).toEqual(['WatchStarted']);

  // Without `--import-existing-resources` CloudFormation refuses, and its rollback leaves the tables alone.
  const again = cloud.cloudFormation.createStack(administrator(SELLER_ACCOUNT), {
    stackName: watcherStackName('default'),
    template: assembly.template(watcherStackName('default')),
    parameters: {},
    capabilities: ['CAPABILITY_NAMED_IAM'],
  });
  await cloud.until(cloud.cloudFormation.done(again));
  expect(again.status).toBe('ROLLBACK_COMPLETE');
  expect(again.statusReason).toContain("'license-watcher-default-audit' already exists");
  const ledger = await ledgerOf(fixture, AURORA);
  expect(happenings(ledger)).toEqual(['WatchStarted']);
  expect(verifyChain(ledger, sha256)).toBeNull();
});
