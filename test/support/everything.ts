import { throttled, type Fault } from '../../lib/workbench/cloud/faults.ts';
import { AwsFault } from '../../lib/workbench/cloud/fault.ts';
import type { AwsCall } from '../../lib/workbench/cloud/call.ts';
import { SELLER_ACCOUNT, skuOf } from '../../lib/workbench/scenarios/participants.ts';
import type { ScenarioBuyer } from '../../lib/workbench/scenarios/scenario-run.ts';
import { tier, type IssuedLicense } from '../../lib/workbench/scenarios/test-licenses.ts';
import type { Stack } from '../../lib/workbench/cloud/templates/stack.ts';
import * as MESSAGES from '../../lib/observability/message-codes.ts';
import { WHOLE_LINE } from '../../lib/domain/registration/place.ts';
import { instant } from '../../lib/domain/time.ts';
import {
  BUYER_OUTPUTS,
  BUYER_STACK_NAME,
  WATCHER_OUTPUTS,
  type FunctionName,
} from '../../lib/messages/names.ts';
import { licenseWatcher } from './license-watcher.ts';
import { deleteStack, invite, launch, type WatcherFixture } from './watcher-fixture.ts';
import { queueLike } from './fixture-readings.ts';

/**
 * A buyer's whole life that needs every permission at least once, including the rare branches: a role that propagates slowly, a record
 * that fails, an unknown tier, a topic that refuses, a throttled License Manager, a lost tick; or only these steps of it after the joining.
 * Returns what went wrong, which is nothing while all permissions are there.
 */
export async function troublesIn(
  fixture: WatcherFixture,
  buyer: ScenarioBuyer,
  template: string,
  steps: readonly Step[] = Object.keys(STEPS) as Step[],
): Promise<readonly string[]> {
  const troubles = new Troubles(fixture);
  using faults = new DisposableStack();
  const inject = (fault: Fault): (() => void) =>
    faults.adopt(fixture.cloud.faults.inject(fault), (lift) => {
      lift();
    });
  const { suite, stack } = await joins(fixture, buyer, template, troubles);
  const life = { fixture, buyer, suite, stack, troubles, inject };
  for (const name of Object.keys(STEPS) as Step[])
    if (steps.includes(name)) await STEPS[name](life);
  return troubles.soFar();
}

interface Life {
  readonly fixture: WatcherFixture;
  readonly buyer: ScenarioBuyer;
  readonly suite: IssuedLicense;
  readonly stack: Stack;
  readonly troubles: Troubles;
  /** Injects a fault until it is lifted or the life is over. */
  readonly inject: (fault: Fault) => () => void;
}

async function joins(
  fixture: WatcherFixture,
  buyer: ScenarioBuyer,
  template: string,
  troubles: Troubles,
): Promise<{ readonly suite: IssuedLicense; readonly stack: Stack }> {
  const { cloud, licenses } = fixture;
  const suite = await licenses.issue(buyer.accountId, skuOf('suite'), {
    begin: new Date(cloud.clock.now() - 60_000).toISOString(),
    end: new Date(cloud.clock.now() + 400 * 86_400_000).toISOString(),
    entitlements: [tier('BasicTier')],
  });
  cloud.mailbox.autoConfirm(buyer.email);
  cloud.iam.propagationMs = 10_000;
  const stack = await launch(fixture, buyer, await invite(cloud, buyer), template);
  await cloud.clock.settled();
  cloud.iam.propagationMs = 0;
  if (stack.status !== 'CREATE_COMPLETE') troubles.add(`${stack.status}: ${stack.statusReason}`);
  troubles.add(...Object.values(stack.outputs).filter((words) => words.includes('Remedy:')));
  return { suite, stack };
}

export type Step = keyof typeof STEPS;

/** Each step may come right after the buyer has joined. */
const STEPS = {
  'is swept': ({ fixture }: Life) => fixture.run.sweep(),
  'a tick fails': async ({ fixture: { cloud, run }, troubles, inject }: Life) => {
    const lostTicks = queueLike(cloud, 'LostTicks');
    const kept = lostTicks.peek().length;
    const noTable = new AwsFault('ResourceNotFoundException', 'Requested resource not found');
    const mended = inject({ service: 'dynamodb', when: by('start-sweep'), answer: noTable });
    await run.sweep();
    mended();
    if (lostTicks.peek().length === kept) troubles.add(NOT_KEPT);
  },
  'an alarm goes off': ({ fixture, troubles }: Life) =>
    alarm(fixture).catch((error: unknown) => {
      troubles.add(String(error));
    }),
  'the seller tries a notice': async ({ fixture: { cloud }, buyer, troubles }: Life) => {
    const argv = ['simulate', 'LicenseRenewed', buyer.accountId, '--to', 'both'];
    const simulation = await licenseWatcher(cloud, argv);
    if (simulation.code !== 0) troubles.add(simulation.err);
  },
  'it is Monday': async ({ fixture: { cloud } }: Life) => {
    const monday = { format: 1, kind: 'weekly-pipeline', tick: instant(cloud.clock.now()) };
    queueLike(cloud, 'NoticesQueue').send(
      { body: JSON.stringify(monday), attributes: {} },
      'the test',
    );
    await cloud.clock.settled();
  },
  'the topic refuses an upgrade': async ({ fixture, buyer, suite, inject }: Life) => {
    const noTopic = new AwsFault('NotFound', 'Topic does not exist', 404);
    const toBuyer = (call: AwsCall): boolean =>
      by('send-notices')(call) && call.body.includes(buyer.accountId);
    inject({ service: 'sns', operation: 'Publish', when: toBuyer, answer: noTopic, times: 1 });
    await fixture.licenses.amend(suite, { entitlements: [tier('PremiumTier')] });
    await fixture.run.sweep();
  },
  'an unknown tier is not recorded at first': async ({ fixture, suite, inject }: Life) => {
    // Both attempts of the SDK fail, so the buyer is checked again, alone.
    const unrecorded = {
      service: 'dynamodb',
      operation: 'TransactWriteItems',
      answer: throttled('dynamodb'),
      times: 2,
    };
    inject({ ...unrecorded, when: by('check-licenses') });
    await fixture.licenses.amend(suite, { entitlements: [tier('MysteryTier')] });
    await fixture.run.sweep();
  },
  'License Manager is throttled': async ({ fixture: { cloud, run }, buyer }: Life) => {
    const lift = cloud.licenseManager.faults.inject({ kind: 'throttled' }, buyer);
    try {
      await run.sweep();
    } finally {
      lift();
    }
  },
  'an hour has passed': ({ fixture: { cloud, run } }: Life) =>
    run.sweep(new Date(cloud.clock.now() + 3_600_000).toISOString()),
  'the buyer unsubscribes': unsubscribes,
  'the buyer leaves': async ({ fixture, buyer, stack, troubles }: Life) => {
    await deleteStack(fixture, stack);
    await fixture.run.sweep();
    const status = (await fixture.store.buyers.find(buyer.accountId))?.status;
    if (status !== 'left') troubles.add(`the buyer who left is ${status ?? 'unknown'}`);
  },
} satisfies Readonly<Record<string, (life: Life) => Promise<void>>>;

/** Makes the daily look at the topic happen now: it sees who is subscribed and has that recorded. */
async function unsubscribes({
  fixture: { cloud, run, store },
  buyer: { accountId, email },
  stack: { outputs },
  troubles,
}: Life): Promise<void> {
  cloud.mailbox.unsubscribe(email, outputs[BUYER_OUTPUTS.noticeTopicArn] ?? '');
  const tick = instant(cloud.clock.now());
  const body = JSON.stringify({ format: 1, kind: 'look-at-topics', tick, ...WHOLE_LINE });
  queueLike(cloud, 'NoticesQueue').send({ body, attributes: {} }, 'the test');
  await cloud.clock.settled();
  await run.sweep();
  const state = (await store.reachability.find(accountId))?.state ?? 'unknown';
  if (state !== 'gone') troubles.add(`${NOT_SEEN}: ${state}`);
}

/** The trouble if nobody saw that a buyer unsubscribed. */
export const NOT_SEEN = 'whether notices reach the buyer';
export const NOT_KEPT = 'a tick that came to nothing was not kept';

/** Undoes what a broken run left behind, with all permissions back in place. */
export async function tidyUp(fixture: WatcherFixture, { accountId }: ScenarioBuyer): Promise<void> {
  const { cloud } = fixture;
  cloud.iam.propagationMs = 0;
  for (const queue of cloud.queues.all()) queue.purge();
  // The farewell alone is not enough: while many checks fail it is doubted, and the buyer stays watched.
  await licenseWatcher(cloud, ['revoke', accountId]);
  const stack =
    cloud.cloudFormation.find(accountId, BUYER_STACK_NAME) ?? launchedIn(fixture, accountId);
  if (stack !== undefined) await deleteStack(fixture, stack);
}

function launchedIn({ cloud }: WatcherFixture, accountId: string): Stack | undefined {
  return cloud.cloudFormation.stacks(accountId).find(({ status }) => status !== 'DELETE_COMPLETE');
}

/** Lets an alarm go off: CloudWatch publishes in its own name. */
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

function by(name: FunctionName): (call: AwsCall) => boolean {
  return ({ caller }) => caller.kind === 'role' && caller.arn.endsWith(`-${name}`);
}

/** Collects what has gone wrong since its creation, from all places where a person would look. */
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

/** True for a refusal, but not for one that is postponed: a role that propagates slowly is refused in the same words. */
function isRefusal(text: string): boolean {
  return (
    /not authorized to perform|does not let the watcher in/.test(text) &&
    !text.includes(MESSAGES.registrationPostponed.code)
  );
}
