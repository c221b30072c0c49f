import { afterAll, beforeAll, expect, test } from 'vitest';
import { startCloud, type Cloud } from '../../../../../lib/workbench/cloud/cloud.ts';
import type { Queue } from '../../../../../lib/workbench/cloud/sqs/queue.ts';
import { REGION } from '../../../../../lib/workbench/scenarios/participants.ts';
import type { Stack } from '../../../../../lib/workbench/cloud/templates/stack.ts';
import { watcherStackName } from '../../../../../lib/messages/names.ts';
import { scenarioAssembly } from '../../../../support/assembly.ts';
import {
  grantsOf,
  SCHEDULE_ROLES,
  showsAtDeployment,
  withoutAll,
  type Grant,
} from '../../../../support/grants.ts';
import { administrator, FIXTURE_START } from '../../../../support/watcher-fixture.ts';

const assembly = await scenarioAssembly();
const template = assembly.template(watcherStackName('default'));
const grants = grantsOf(template).filter(showsAtDeployment);

// One cloud; each case deploys a watcher of its own, in an account of its own.
let cloud: Cloud;
beforeAll(async () => {
  cloud = await startCloud({ assembly, region: REGION, start: Date.parse(FIXTURE_START) });
  cloud.schedules.pause();
});
afterAll(() => cloud[Symbol.asyncDispose]());

test.each(
  grants.filter(({ policy, resource }) => policy === 'trust' && !SCHEDULE_ROLES.includes(resource)),
)(
  'without the trust of $resource Lambda cannot take it: the stack is rolled back',
  async (grant) => {
    const stack = await deployed(grant.without());
    expect(stack.status).toMatch(/^ROLLBACK_/);
    expect(stack.statusReason).toContain('not authorized to perform: sts:AssumeRole');
  },
);

test.each(grants.filter(({ sid }) => sid === 'ReceiveWork'))(
  'without $action of $resource its queue cannot feed it: the stack is rolled back',
  async (grant) => {
    const stack = await deployed(grant.without());
    expect(stack.status).toMatch(/^ROLLBACK_/);
    expect(stack.statusReason).toContain(
      'The function execution role does not have permissions to call',
    );
    expect(stack.statusReason).toContain(`not authorized to perform: ${grant.action}`);
  },
);

// A start of all functions for each would take longest of all: so each deployment lacks one permission of most roles, in turn.
const LOG_GRANTS = grants.filter(({ action }) => action.startsWith('logs:'));
const LOG_ROLES = [...new Set(LOG_GRANTS.map(({ resource }) => resource))];
const LOG_ACTIONS = [...new Set(LOG_GRANTS.map(({ action }) => action))];
const LOG_CASES = [...LOG_ACTIONS, undefined].map((_, turn) =>
  LOG_GRANTS.filter(
    ({ resource, action }) =>
      LOG_ACTIONS[(LOG_ROLES.indexOf(resource) + turn) % (LOG_ACTIONS.length + 1)] === action,
  ),
);

test('every permission to log is missing in one of these cases', () => {
  expect(LOG_GRANTS).toHaveLength(5 * LOG_ACTIONS.length);
  expect(new Set(LOG_CASES.flat())).toEqual(new Set(LOG_GRANTS));
});

test.each(LOG_CASES.map((missing) => [missing.map(nameOf).join(', '), missing] as const))(
  'the stack stands, ticks, and logs; what these say is lost, and nothing else: without %s',
  async (_, missing) => {
    const stack = await deployed(withoutAll(template, missing));
    expect(stack.status).toBe('CREATE_COMPLETE');
    expect(await tick()).toEqual([]);
    for (const queue of QUEUES) await sendJunk(stack, queue);
    const lost = linesLost(stack);
    expect(lost).toHaveLength(missing.length);
    for (const { resource } of missing)
      expect(lost).toContainEqual(expect.stringContaining(resource.replace(/Role$/, 'Logs')));
    expect(linesKept(stack)).toHaveLength(5 - missing.length);
  },
);

test.each([
  ['SweepsRole', 'sweep', 1],
  // The next tick reads what this one did not.
  ['ReadAgreementsScheduleRole', 'reading of agreements', 0],
])(
  'without the trust of %s or its permission to invoke, its schedule starts no %s',
  async (role, _, kept) => {
    await deployed(grantOf(role, 'trust', 'sts:AssumeRole').without());
    expect(await tick(role)).toEqual([
      expect.stringContaining('not authorized to perform: sts:AssumeRole'),
    ]);
    const invoke = await deployed(grantOf(role, 'Tick', 'lambda:InvokeFunction').without());
    expect(await tick(role)).toEqual([
      expect.stringContaining('not authorized to perform: lambda:InvokeFunction'),
    ]);
    expect(queueOf(invoke, 'LostTicks').peek()).toHaveLength(kept);
  },
);

test('a tick that could not be handed over and may not be kept either is lost', async () => {
  const deaf = grantOf('SweepsRole', 'Tick', 'lambda:InvokeFunction').without();
  const [keep] = grantsOf(deaf).filter(
    ({ resource, action }) => resource === 'SweepsRole' && action === 'sqs:SendMessage',
  );
  const stack = await deployed(keep!.without());
  expect(await tick('SweepsRole')).toEqual([
    expect.stringContaining('lambda:InvokeFunction'),
    expect.stringContaining('dead letter: '),
  ]);
  expect(queueOf(stack, 'LostTicks').peek()).toEqual([]);
});

test('the schedules have no permission but those', () => {
  const actionsOf = (role: string): readonly string[] =>
    grants.filter(({ resource }) => resource === role).map(({ action }) => action);
  expect(SCHEDULE_ROLES.map(actionsOf)).toEqual([
    ['lambda:InvokeFunction', 'sqs:SendMessage', 'sts:AssumeRole'],
    ['lambda:InvokeFunction', 'sts:AssumeRole'],
    ['sqs:SendMessage', 'sts:AssumeRole'],
  ]);
});

test.each(['sts:AssumeRole', 'sqs:SendMessage'])(
  'without %s of its schedule no pipeline comes on Mondays',
  async (action) => {
    const policy = action === 'sts:AssumeRole' ? 'trust' : 'Notices';
    await deployed(grantOf('DailyDigestRole', policy, action).without());
    await cloud.clock.advanceTo(cloud.clock.now() + 7 * 86_400_000);
    const failures = await tick('DailyDigestRole');
    expect(failures).toEqual([expect.stringContaining(`not authorized to perform: ${action}`)]);
  },
);

function grantOf(role: string, policy: string, action: string): Grant {
  return grants.find(
    (each) => each.resource === role && each.policy === policy && each.action === action,
  )!;
}

function nameOf({ resource, action }: Grant): string {
  return `${action} of ${resource}`;
}

let accounts = 0;
async function deployed(body: string): Promise<Stack> {
  accounts += 1;
  // So that a tick is this stack's alone.
  for (const { arn } of cloud.schedules.all()) cloud.schedules.remove(arn);
  const caller = administrator(String(600_000_000_000 + accounts));
  const request = {
    stackName: watcherStackName('default'),
    template: body,
    parameters: {},
    capabilities: ['CAPABILITY_NAMED_IAM'],
  };
  const stack = cloud.cloudFormation.createStack(caller, request);
  await cloud.until(cloud.cloudFormation.done(stack));
  return stack;
}

/** A tick of the stack that was deployed last, or of the one schedule of it that has this role; why it came to nothing. */
async function tick(role = ''): Promise<string[]> {
  // What another schedule would start is a function, cold.
  for (const { arn, target } of cloud.schedules.all())
    if (!target.roleArn.includes(role)) cloud.schedules.remove(arn);
  expect(cloud.schedules.all()).not.toEqual([]);
  const before = cloud.schedules.failures.length;
  cloud.schedules.fire();
  await cloud.clock.settled();
  const failures = cloud.schedules.failures.slice(before);
  return failures.map(({ reason }) => reason);
}

/** That feed a function. */
const QUEUES = [
  ...['Checks', 'Notices', 'Registrations'].map((content) => `Queues${content}Queue`),
  'ReadAgreementsEventsQueue',
];

async function sendJunk(stack: Stack, name: string): Promise<void> {
  queueOf(stack, name).send({ body: 'junk', attributes: {} }, stack.accountId);
  // The notices queue gathers for a second.
  await cloud.clock.advanceTo(cloud.clock.now() + 1000);
}

function queueOf({ accountId }: Stack, part: string): Queue {
  return cloud.queues
    .all()
    .find(({ identity }) => identity.accountId === accountId && identity.name.includes(part))!;
}

function linesKept(stack: Stack): string[] {
  return groupsOf(stack).filter((group) => cloud.logs.lines(group).length > 0);
}

function linesLost(stack: Stack): string[] {
  return groupsOf(stack).filter((group) => (cloud.functions.lostLines.get(group) ?? 0) > 0);
}

function groupsOf({ accountId }: Stack): string[] {
  return cloud.functions
    .all()
    .filter((each) => each.accountId === accountId)
    .map(({ logGroup }) => logGroup);
}
