import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { expect, test } from 'vitest';
import { eventBusName, functionRoleName, functionRolePath } from '../../lib/messages/names.ts';
import { NoticeBus } from '../../lib/stacks/watcher/notice-bus.ts';
import type { Caller } from '../../lib/workbench/cloud/call.ts';
import { policyOf } from '../../lib/workbench/cloud/events/event-buses.ts';
import { eventHandlers } from '../../lib/workbench/cloud/events/resources.ts';
import { CloudFormation } from '../../lib/workbench/cloud/templates/cloudformation.ts';
import { CustomResources } from '../../lib/workbench/cloud/templates/custom-resources.ts';
import { allow, bareCloud, member, REGION, SELLER } from '../support/bare-cloud.ts';
import { eventCloud } from '../support/event-cloud.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { administrator } from '../support/watcher-fixture.ts';

const ORGANIZATION = 'o-a1b2c3d4e5';
const [CRM, BILLING, STRANGER] = ['333333333333', '444444444444', '555555555555'];
const BUS = `arn:aws:events:${REGION}:${SELLER}:event-bus/${eventBusName('default')}`;
const RULE = `${BUS.replace('event-bus/', 'rule/')}/crm`;

/** The bus as its template makes it, and accounts around it: who may do what by its policy. */
async function busOf(organizationId: string | null) {
  const bare = bareCloud();
  for (const account of [SELLER, CRM, BILLING]) bare.iam.joinOrganization(account, ORGANIZATION);
  bare.iam.joinOrganization(STRANGER, 'o-f6g7h8i9j0');
  const { buses } = eventCloud(bare);
  const stack = new Stack(new App({ outdir: temporaryDirectory() }), 'Bus');
  new NoticeBus(stack, 'NoticeBus', { deployment: 'default', organizationId });
  const cloudFormation = new CloudFormation({
    clock: bare.clock,
    region: REGION,
    handlers: eventHandlers(buses),
    customResources: new CustomResources({ clock: bare.clock, publish: () => Promise.resolve() }),
    asset: (key) => key,
    ssm: { '/cdk-bootstrap/hnb659fds/version': '30' },
  });
  const template = JSON.stringify(Template.fromStack(stack).toJSON());
  const request = { stackName: 'bus', template, parameters: {}, capabilities: [] };
  const made = cloudFormation.createStack(administrator(SELLER), request);
  await cloudFormation.done(made);
  expect(made.statusReason).toBe('');
  const resourcePolicy = policyOf(buses.bus(SELLER, BUS)!);
  const may = async (caller: Caller, action: string, resource: string, creator?: string) => {
    // A rule that does not exist yet has no creator.
    const context = creator === undefined ? {} : { 'events:creatorAccount': creator };
    const question = { caller, action: `events:${action}`, resource, resourcePolicy, context };
    return (await bare.authorizer.authorize({ ...question, resourceAccountId: SELLER })).allowed;
  };
  return { may, iam: bare.iam };
}

test.each<[string, string, string | null, boolean]>([
  ['of the organization', CRM, ORGANIZATION, true],
  ['of another organization', STRANGER, ORGANIZATION, false],
  ['of the organization, where none is set,', CRM, null, false],
])('whether an account %s makes a rule on the bus', async (_, account, organization, allowed) => {
  const { may } = await busOf(organization);
  expect(await may(administrator(account), 'PutRule', RULE)).toBe(allowed);
  expect(await may(administrator(account), 'PutRule', RULE.replace('default', 'other'))).toBe(
    false,
  );
});

test.each([
  ['PutRule', 'PutTargets', 'RemoveTargets', 'ListTargetsByRule', 'DescribeRule'],
  ['EnableRule', 'DisableRule', 'DeleteRule', 'TagResource', 'UntagResource'],
])('whoever made a rule, and no other account, does with it %s, %s, %s, %s, %s', async (...all) => {
  const { may } = await busOf(ORGANIZATION);
  for (const action of all)
    expect(
      await Promise.all(
        [CRM, BILLING, STRANGER].map((each) => may(administrator(each), action, RULE, CRM)),
      ),
      action,
    ).toEqual([true, false, false]);
});

test('send-notices alone puts events, whatever the policies of others say', async () => {
  const { may, iam } = await busOf(ORGANIZATION);
  const put = allow('events:PutEvents', BUS);
  const [name, path] = [functionRoleName('default', 'send-notices'), functionRolePath('default')];
  const ours = member(iam, { name, path }, put).caller;
  const other = member(iam, { name: 'other' }, put).caller;
  const callers = [ours, other, administrator(SELLER), administrator(CRM)];
  expect(await Promise.all(callers.map((each) => may(each, 'PutEvents', BUS)))).toEqual(
    callers.map((each) => each === ours),
  );
});
