import { throttled, type Fault } from '../../lib/workbench/cloud/faults.ts';
import { AwsFault } from '../../lib/workbench/cloud/fault.ts';
import type { AwsCall } from '../../lib/workbench/cloud/call.ts';
import { SELLER_ACCOUNT, skuOf } from '../../lib/workbench/scenarios/participants.ts';
import type { ScenarioBuyer } from '../../lib/workbench/scenarios/scenario-run.ts';
import { tier } from '../../lib/workbench/scenarios/test-licenses.ts';
import type { Stack } from '../../lib/workbench/cloud/templates/stack.ts';
import * as MESSAGES from '../../lib/observability/message-codes.ts';
import { WHOLE_LINE } from '../../lib/domain/registration/place.ts';
import { instant } from '../../lib/domain/time.ts';
import {
  BUYER_OUTPUTS,
  BUYER_STACK_NAME,
  WATCHER_OUTPUTS,
  type WatcherFunction,
} from '../../lib/messages/names.ts';
import { licenseWatcher } from './license-watcher.ts';
import { deleteStack, invite, launch, type WatcherFixture } from './watcher-fixture.ts';
import { queueLike } from './fixture-readings.ts';

/**
 * A buyer's whole life in which every permission is needed at least once, the rare branches included: a role that is slow, a record that
 * fails, an unknown tier, a topic that refuses, a throttled License Manager, a lost tick. Yields what went wrong after each step,
 * which is nothing as long as all permissions are there.
 */
export async function* everything(
  fixture: WatcherFixture,
  buyer: ScenarioBuyer,
  template: string,
): AsyncGenerator<readonly string[]> {
  const { cloud, run, licenses } = fixture;
  const troubles = new Troubles(fixture);
  using faults = new DisposableStack();
  const inject = (fault: Fault): (() => void) =>
    faults.adopt(cloud.faults.inject(fault), (lift) => {
      lift();
    });

  const suite = await licenses.issue(buyer.accountId, skuOf('suite'), {
    begin: new Date(cloud.clock.now() - 60_000).toISOString(),
    end: new Date(cloud.clock.now() + 400 * 86_400_000).toISOString(),
    entitlements: [tier('BasicTier')],
  });
  cloud.mailbox.autoConfirm(buyer.email);
  cloud.iam.propagationMs = 10_000;
  const stack = await launch(fixture, buyer, await invite(cloud, buyer), template);
  cloud.iam.propagationMs = 0;
  if (stack.status !== 'CREATE_COMPLETE') troubles.add(`${stack.status}: ${stack.statusReason}`);
  troubles.add(...Object.values(stack.outputs).filter((words) => words.includes('Remedy:')));
  yield troubles.soFar();

  await run.sweep();
  yield troubles.soFar();

  const lostTicks = queueLike(cloud, 'LostTicks');
  const kept = lostTicks.peek().length;
  const noTable = new AwsFault('ResourceNotFoundException', 'Requested resource not found');
  const mended = inject({ service: 'dynamodb', when: by('start-sweep'), answer: noTable });
  await run.sweep();
  mended();
  if (lostTicks.peek().length === kept) troubles.add(NOT_KEPT);
  yield troubles.soFar();

  await alarm(fixture).catch((error: unknown) => {
    troubles.add(String(error));
  });
  yield troubles.soFar();

  const simulation = await licenseWatcher(cloud, [
    'simulate',
    'LicenseRenewed',
    buyer.accountId,
    '--to',
    'both',
  ]);
  if (simulation.code !== 0) troubles.add(simulation.err);
  yield troubles.soFar();

  const monday = { format: 1, kind: 'monday-letter', tick: instant(cloud.clock.now()) };
  queueLike(cloud, 'NoticesQueue').send(
    { body: JSON.stringify(monday), attributes: {} },
    'the test',
  );
  await cloud.clock.settled();
  yield troubles.soFar();

  const noTopic = new AwsFault('NotFound', 'Topic does not exist', 404);
  const toBuyer = (call: AwsCall): boolean =>
    by('send-notices')(call) && call.body.includes(buyer.accountId);
  inject({ service: 'sns', operation: 'Publish', when: toBuyer, answer: noTopic, times: 1 });
  await licenses.amend(suite, { entitlements: [tier('PremiumTier')] });
  await run.sweep();
  yield troubles.soFar();

  // Both attempts of the SDK fail: the buyer comes again, alone.
  const unrecorded = {
    service: 'dynamodb',
    operation: 'TransactWriteItems',
    answer: throttled('dynamodb'),
    times: 2,
  };
  inject({ ...unrecorded, when: by('check-licenses') });
  await licenses.amend(suite, { entitlements: [tier('MysteryTier')] });
  await run.sweep();
  yield troubles.soFar();

  const lift = faults.adopt(
    cloud.licenseManager.faults.inject({ kind: 'throttled' }, buyer),
    (end) => {
      end();
    },
  );
  await run.sweep();
  lift();
  yield troubles.soFar();

  await unsubscribed(fixture, buyer, stack, troubles);
  yield troubles.soFar();

  await deleteStack(fixture, stack);
  await run.sweep();
  const status = (await fixture.store.buyers.find(buyer.accountId))?.status;
  if (status !== 'left') troubles.add(`the buyer who left is ${status ?? 'unknown'}`);
  yield troubles.soFar();
}

/** The look that comes once a day, now: it sees who is subscribed, and has that recorded. */
async function unsubscribed(
  { cloud, run, store }: WatcherFixture,
  { accountId, email }: ScenarioBuyer,
  { outputs }: Stack,
  troubles: Troubles,
): Promise<void> {
  cloud.mailbox.unsubscribe(email, outputs[BUYER_OUTPUTS.noticeTopicArn] ?? '');
  const tick = instant(cloud.clock.now());
  const body = JSON.stringify({ format: 1, kind: 'reach', tick, ...WHOLE_LINE });
  queueLike(cloud, 'NoticesQueue').send({ body, attributes: {} }, 'the test');
  await cloud.clock.settled();
  await run.sweep();
  const state = (await store.reachability.find(accountId))?.state ?? 'unknown';
  if (state !== 'gone') troubles.add(`${NOT_SEEN}: ${state}`);
}

/** Of a buyer who unsubscribed. */
export const NOT_SEEN = 'whether notices reach the buyer';
export const NOT_KEPT = 'a tick that came to nothing was not kept';

/** Undoes what a broken run left behind, with all permissions back in place. */
export async function tidyUp(fixture: WatcherFixture, { accountId }: ScenarioBuyer): Promise<void> {
  const { cloud } = fixture;
  cloud.iam.propagationMs = 0;
  for (const queue of cloud.queues.all()) queue.purge();
  // Not by the farewell alone: it is doubted while many checks fail, and then the buyer stays under watch.
  await licenseWatcher(cloud, ['revoke', accountId]);
  const stack =
    cloud.cloudFormation.find(accountId, BUYER_STACK_NAME) ?? launchedIn(fixture, accountId);
  if (stack !== undefined) await deleteStack(fixture, stack);
}

function launchedIn({ cloud }: WatcherFixture, accountId: string): Stack | undefined {
  return cloud.cloudFormation.stacks(accountId).find(({ status }) => status !== 'DELETE_COMPLETE');
}

/** An alarm goes off: CloudWatch publishes in its own name. */
async function alarm({ cloud, watcher }: WatcherFixture): Promise<void> {
  const topicArn = watcher.outputs[WATCHER_OUTPUTS.operationsTopicArn]!;
  const sourceArn = `arn:aws:cloudwatch:${cloud.region}:${SELLER_ACCOUNT}:alarm:any`;
  const caller = {
    kind: 'service',
    service: 'cloudwatch.amazonaws.com',
    accountId: SELLER_ACCOUNT,
    sourceArn,
  } as const;
  await cloud.topics.publish(topicArn, { message: 'ALARM', subject: 'ALARM' }, caller);
  await cloud.clock.settled();
}

function by(name: WatcherFunction): (call: AwsCall) => boolean {
  return ({ caller }) => caller.kind === 'role' && caller.arn.endsWith(`-${name}`);
}

/** What went wrong since it was made, from wherever a person would find it. */
class Troubles {
  readonly #fixture: WatcherFixture;
  readonly #told: string[] = [];
  readonly #seen: ReadonlyMap<string, number>;
  readonly #failures: Readonly<Record<'deliveries' | 'schedules' | 'events', number>>;

  constructor(fixture: WatcherFixture) {
    this.#fixture = fixture;
    const { cloud } = fixture;
    this.#seen = new Map(
      cloud.logs.groups().map((group) => [group, cloud.logs.lines(group).length]),
    );
    this.#failures = {
      deliveries: cloud.topics.failures.length,
      schedules: cloud.schedules.failures.length,
      events: cloud.eventBuses.failures.length,
    };
  }

  add(...words: string[]): void {
    this.#told.push(...words);
  }

  soFar(): readonly string[] {
    const { cloud } = this.#fixture;
    const lines = cloud.logs
      .groups()
      .flatMap((group) => cloud.logs.lines(group).slice(this.#seen.get(group) ?? 0));
    return [
      ...this.#told,
      ...lines.filter(({ text }) => isRefusal(text)).map(({ text }) => text),
      ...cloud.topics.failures.slice(this.#failures.deliveries).map(({ reason }) => reason),
      ...cloud.schedules.failures.slice(this.#failures.schedules).map(({ reason }) => reason),
      ...cloud.eventBuses.failures.slice(this.#failures.events).map(({ reason }) => reason),
    ];
  }
}

/** A role that is merely slow is refused in the same words, and that is no trouble yet. */
function isRefusal(text: string): boolean {
  return (
    /not authorized to perform|does not let the watcher in/.test(text) &&
    !text.includes(MESSAGES.registrationPostponed.code)
  );
}
