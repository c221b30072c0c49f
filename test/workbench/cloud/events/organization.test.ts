import {
  DeleteRuleCommand,
  DescribeRuleCommand,
  DisableRuleCommand,
  EnableRuleCommand,
  EventBridgeClient,
  ListTargetsByRuleCommand,
  PutEventsCommand,
  PutRuleCommand,
  PutTargetsCommand,
  RemoveTargetsCommand,
} from '@aws-sdk/client-eventbridge';
import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { afterEach, beforeEach, expect, it, test } from 'vitest';
import {
  eventBusName,
  functionRoleName,
  functionRolePath,
} from '../../../../lib/messages/names.ts';
import { NoticeBus } from '../../../../lib/stacks/watcher/notice-bus.ts';
import type { EventBuses } from '../../../../lib/workbench/cloud/events/event-buses.ts';
import { eventHandlers } from '../../../../lib/workbench/cloud/events/resources.ts';
import { eventsService } from '../../../../lib/workbench/cloud/events/service.ts';
import type { Queue } from '../../../../lib/workbench/cloud/sqs/queue.ts';
import type { Queues } from '../../../../lib/workbench/cloud/sqs/queues.ts';
import { CloudFormation } from '../../../../lib/workbench/cloud/templates/cloudformation.ts';
import { CustomResources } from '../../../../lib/workbench/cloud/templates/custom-resources.ts';
import {
  allow,
  clientOf,
  member,
  openBareCloud,
  REGION,
  SELLER,
} from '../../../support/bare-cloud.ts';
import { eventCloud, queueFilledBy } from '../../../support/event-cloud.ts';
import { temporaryDirectory } from '../../../support/temporary-directory.ts';

// The bus of the watcher stack with its policies as they are synthesized, and accounts of an organization around it.

const ORGANIZATION = 'o-a1b2c3d4e5';
const [CRM, BILLING, STRANGER] = ['333333333333', '444444444444', '555555555555'];
const BUS = `arn:aws:events:${REGION}:${SELLER}:event-bus/${eventBusName('default')}`;
const RULE_ARN = BUS.replace('event-bus/', 'rule/') + '/crm';
const EVENT = { Source: 'license-watcher', DetailType: 'LicenseExpired', Detail: '{"entry":1}' };

let bare: Awaited<ReturnType<typeof openBareCloud>>;
let queues: Queues;
let buses: EventBuses;

beforeEach(async () => {
  bare = await openBareCloud((behind) => {
    ({ queues, buses } = eventCloud(behind));
    return [eventsService(buses, behind.access)];
  });
  for (const account of [SELLER, CRM, BILLING]) bare.iam.joinOrganization(account, ORGANIZATION);
  bare.iam.joinOrganization(STRANGER, 'o-f6g7h8i9j0');
  await deployBus(ORGANIZATION);
});
afterEach(() => bare.front.close());

async function deployBus(organizationId: string | null): Promise<void> {
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
  const administrator = {
    kind: 'root',
    accountId: SELLER,
    arn: `arn:aws:iam::${SELLER}:root`,
  } as const;
  const template = JSON.stringify(Template.fromStack(stack).toJSON());
  const request = { stackName: 'bus', template, parameters: {}, capabilities: [] };
  const made = cloudFormation.createStack(administrator, request);
  await cloudFormation.done(made);
  expect(made.statusReason).toBe('');
}

function clientAs(accountId: string): EventBridgeClient {
  return new EventBridgeClient(clientOf(bare, bare.credentials.root(accountId)));
}

/** A queue of an account that takes what this rule brings. */
function queueOf(accountId: string): Promise<Queue> {
  const byRule = { ArnEquals: { 'aws:SourceArn': RULE_ARN } };
  return queueFilledBy('events.amazonaws.com', queues, 'news', byRule, accountId);
}

const onBus = { EventBusName: BUS };
const rule = new PutRuleCommand({
  ...onBus,
  Name: 'crm',
  EventPattern: JSON.stringify({ source: ['license-watcher'] }),
});

/** send-notices puts one, as its role does. */
async function putEvent(): Promise<void> {
  const path = functionRolePath('default');
  const name = functionRoleName('default', 'send-notices');
  const { role } = member(bare.iam, { name, path }, allow('events:PutEvents', BUS));
  const key = bare.credentials.session(role, 'send-notices', 900);
  const client = new EventBridgeClient(clientOf(bare, key));
  const { FailedEntryCount } = await client.send(
    new PutEventsCommand({ Entries: [{ ...EVENT, ...onBus }] }),
  );
  expect(FailedEntryCount).toBe(0);
  await bare.clock.settled();
}

it('an account of the organization makes a rule of its own by the bus’s ARN, sees, changes and ends it', async () => {
  const [crm, queue] = [clientAs(CRM), await queueOf(CRM)];
  expect(await crm.send(rule)).toMatchObject({ RuleArn: RULE_ARN });
  const Targets = [{ Id: 'queue', Arn: queue.identity.arn, InputPath: '$.detail' }];
  await crm.send(new PutTargetsCommand({ ...onBus, Rule: 'crm', Targets }));
  expect(await crm.send(new DescribeRuleCommand({ ...onBus, Name: 'crm' }))).toMatchObject({
    Arn: RULE_ARN,
    EventBusName: eventBusName('default'),
    EventPattern: '{"source":["license-watcher"]}',
    State: 'ENABLED',
    CreatedBy: CRM,
  });
  const listed = await crm.send(new ListTargetsByRuleCommand({ ...onBus, Rule: 'crm' }));
  expect(listed.Targets).toEqual(Targets);
  await putEvent();
  expect(queue.peek().map(({ body }) => body)).toEqual(['{"entry":1}']);

  await crm.send(new DisableRuleCommand({ ...onBus, Name: 'crm' }));
  buses.put(SELLER, { source: 'license-watcher', detailType: 'Reminder', detail: {} }, BUS);
  await bare.clock.settled();
  expect(queue.peek()).toHaveLength(1);
  await crm.send(new EnableRuleCommand({ ...onBus, Name: 'crm' }));
  await crm.send(rule);
  const kept = await crm.send(new ListTargetsByRuleCommand({ ...onBus, Rule: 'crm' }));
  expect(kept.Targets).toEqual(Targets);

  const remove = new DeleteRuleCommand({ ...onBus, Name: 'crm' });
  await expect(crm.send(remove)).rejects.toThrow(`Rule can't be deleted since it has targets.`);
  await crm.send(new RemoveTargetsCommand({ ...onBus, Rule: 'crm', Ids: ['queue'] }));
  await crm.send(remove);
  await expect(crm.send(new DescribeRuleCommand({ ...onBus, Name: 'crm' }))).rejects.toThrow(
    'Rule crm does not exist on EventBus license-watcher-default.',
  );
});

/** All that may be done with a rule that is there. */
const operations = (
  client: EventBridgeClient,
): Readonly<Record<string, () => Promise<unknown>>> => {
  const [named, ofRule] = [
    { ...onBus, Name: 'crm' },
    { ...onBus, Rule: 'crm' },
  ];
  const Targets = [{ Id: 'mine', Arn: `arn:aws:sqs:${REGION}:${BILLING}:mine` }];
  return {
    PutRule: () => client.send(rule),
    PutTargets: () => client.send(new PutTargetsCommand({ ...ofRule, Targets })),
    RemoveTargets: () => client.send(new RemoveTargetsCommand({ ...ofRule, Ids: ['queue'] })),
    ListTargetsByRule: () => client.send(new ListTargetsByRuleCommand(ofRule)),
    DescribeRule: () => client.send(new DescribeRuleCommand(named)),
    EnableRule: () => client.send(new EnableRuleCommand(named)),
    DisableRule: () => client.send(new DisableRuleCommand(named)),
    DeleteRule: () => client.send(new DeleteRuleCommand(named)),
  };
};

test.each([
  ['another account of the organization', BILLING],
  ['an account outside of it', STRANGER],
])('%s may do nothing with that rule', async (_name, account) => {
  await clientAs(CRM).send(rule);
  const before = buses.rules();
  const all = operations(clientAs(account));
  for (const [operation, attempt] of Object.entries(all))
    await expect(attempt(), operation).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: expect.stringMatching(`events:${operation} on resource: ${RULE_ARN}`) as string,
    });
  expect(buses.rules()).toEqual(before);
});

it('an account outside of the organization makes no rule, and nobody does where no organization is set', async () => {
  await expect(clientAs(STRANGER).send(rule)).rejects.toThrow(/no resource-based policy allows/);
  buses.remove(BUS);
  await deployBus(null);
  await expect(clientAs(CRM).send(rule)).rejects.toThrow(/no resource-based policy allows/);
});

test.each([
  ['an account of the organization', () => clientAs(CRM)],
  ['the administrator of the watcher’s account', () => clientAs(SELLER)],
  [
    'another role of that account that its policies would let',
    () => {
      const { role } = member(bare.iam, { name: 'other' }, allow('events:PutEvents', BUS));
      return new EventBridgeClient(clientOf(bare, bare.credentials.session(role, 'me', 900)));
    },
  ],
])('%s may put no event', async (_name, client) => {
  const entry = new PutEventsCommand({ Entries: [{ ...EVENT, ...onBus }] });
  await expect(client().send(entry)).rejects.toMatchObject({
    name: 'AccessDeniedException',
    message: expect.stringMatching(
      /explicit deny in a resource-based policy|no resource-based/,
    ) as string,
  });
});

it('refuses what a template would be refused for, and more than five targets', async () => {
  const crm = clientAs(CRM);
  await crm.send(rule);
  const targets = (Targets: object[]) =>
    crm.send(new PutTargetsCommand({ ...onBus, Rule: 'crm', Targets: Targets as never }));
  const queue = (index: number) => ({
    Id: `q${index}`,
    Arn: `arn:aws:sqs:${REGION}:${CRM}:q${index}`,
  });
  await targets([0, 1, 2, 3, 4].map(queue));
  await targets([queue(4)]);
  await expect(targets([queue(5)])).rejects.toMatchObject({ name: 'LimitExceededException' });
  await expect(targets([{ ...queue(4), Input: '{}' }])).rejects.toThrow(
    'the local cloud does not know Targets.Input;',
  );
  await expect(
    crm.send(new PutRuleCommand({ ...onBus, Name: 'crm', EventPattern: '{"source":"a"}' })),
  ).rejects.toMatchObject({ name: 'ValidationException' });
  await expect(
    crm.send(new PutRuleCommand({ ...onBus, Name: 'crm', ScheduleExpression: 'rate(1 day)' })),
  ).rejects.toThrow(/cannot honor ScheduleExpression/);
  await expect(
    crm.send(new PutRuleCommand({ Name: 'crm', EventBusName: 'none', EventPattern: '{}' })),
  ).rejects.toThrow('Event bus none does not exist.');
});
