import { describe, expect, it } from 'vitest';
import type { QueuedMessage } from '../../../lambdas/register-buyer/dependencies.ts';
import { registerBuyers } from '../../../lambdas/register-buyer/register-buyer.ts';
import type { CloudFormationRequest } from '../../../lib/messages/registration.ts';
import { accounts } from '../../support/due-fleet.ts';
import {
  farewellOf,
  forged,
  LaunchingBuyers,
  launchOf,
  stackOf,
} from '../../support/launching-buyers.ts';
import { CALL_FAULTS, CrashingProcess } from '../../support/crashing-process.ts';
import { connections, VirtualTime } from '../../support/virtual-time.ts';

/** Of the stack: see `test/stacks/watcher-stack.test.ts`. */
const SOURCE = { batchSize: 10, functions: 8, mostReceives: 10 };
/** What every call to AWS takes. */
const CALL = 100;
/** CloudFormation's, for each custom resource of its own. */
const SERVICE_TIMEOUT = 300_000;
/** The first invocation of a function. */
const COLD_START = 1_000;
/** The Farewell stands before the role is made, the Registration comes after it. */
const ROLE_IS_MADE_IN = 15_000;
/** IAM is eventually consistent. */
const ROLE_IS_SEEN_AFTER = 10_000;

interface Queued {
  readonly body: object;
  readonly sentAt: number;
  readonly receiptHandle: string;
  receives: number;
  postponedSeconds: number;
}

/** The queue and the function as Lambda runs them. */
class LaunchDay {
  readonly time = new VirtualTime();
  readonly world = new LaunchingBuyers();
  readonly calls = new Map<string, number>();
  /** How long each request waited for its answer, by its ID. */
  readonly waited = new Map<string, number>();
  readonly #sentAt = new Map<string, number>();
  givenUp = 0;
  invocations = 0;
  /** Not done: visible, in a function's hands, or yet to be sent. */
  #open = 0;
  readonly #visible: Queued[] = [];
  readonly #inHand = new Map<string, Queued>();
  #sent = 0;
  #random = 1;

  send(body: object): void {
    this.#open += 1;
    const sentAt = this.time.milliseconds;
    const receiptHandle = String((this.#sent += 1));
    if ('RequestId' in body) this.#sentAt.set(String(body.RequestId), sentAt);
    this.#visible.push({ body, sentAt, receiptHandle, receives: 0, postponedSeconds: 0 });
  }

  async run(): Promise<void> {
    const functions = Array.from({ length: SOURCE.functions }, () => this.#work());
    await this.time.run(Promise.all(functions));
  }

  async #work(): Promise<void> {
    await this.time.pass(COLD_START);
    while (this.#open > 0) {
      await this.time.pass(CALL);
      const batch = this.#receive(SOURCE.batchSize);
      if (batch.length === 0) continue;
      this.invocations += 1;
      const records = batch.map((each) => this.#record(each));
      const { batchItemFailures } = await registerBuyers(records, this.#dependencies());
      const again = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
      for (const message of batch) {
        if (again.has(message.receiptHandle)) this.#comeAgain(message);
        else this.#open -= 1;
      }
    }
  }

  /** In no order, as of a standard queue. */
  #receive(most: number): Queued[] {
    const batch: Queued[] = [];
    while (batch.length < most && this.#visible.length > 0) {
      const at = this.#chance(this.#visible.length);
      const message = this.#visible[at]!;
      this.#visible[at] = this.#visible.at(-1)!;
      this.#visible.pop();
      message.receives += 1;
      this.#inHand.set(message.receiptHandle, message);
      batch.push(message);
    }
    return batch;
  }

  #comeAgain(message: Queued): void {
    if (message.receives === SOURCE.mostReceives) {
      this.#open -= 1;
      this.givenUp += 1;
      return;
    }
    void this.time
      .pass(message.postponedSeconds * 1_000)
      .then(() => void this.#visible.push(message));
  }

  #chance(below: number): number {
    this.#random = (this.#random * 48_271) % 2_147_483_647;
    return this.#random % below;
  }

  #record({ body, sentAt, receives, receiptHandle }: Queued): QueuedMessage {
    return {
      messageId: receiptHandle,
      receiptHandle,
      body: JSON.stringify(body),
      attributes: {
        SentTimestamp: String(this.world.start + sentAt),
        ApproximateReceiveCount: String(receives),
      },
    };
  }

  #dependencies() {
    const through = connections(50);
    return this.world.dependencies({
      slow: (_, calls) =>
        this.time.slow(CALL, calls, {
          through,
          count: (name) => this.calls.set(name, (this.calls.get(name) ?? 0) + 1),
        }),
      now: () => this.world.start + this.time.milliseconds,
      postpone: (receiptHandle, seconds) => {
        this.#inHand.get(receiptHandle)!.postponedSeconds = seconds;
        return Promise.resolve();
      },
      answered: (request) => {
        this.#hear(request);
      },
    });
  }

  /** What CloudFormation does next. */
  #hear({ StackId, RequestId, LogicalResourceId }: CloudFormationRequest): void {
    const now = this.time.milliseconds;
    this.waited.set(RequestId, now - (this.#sentAt.get(RequestId) ?? 0));
    if (LogicalResourceId !== 'Farewell') return;
    const account = StackId.split(':')[4] ?? '';
    this.#open += 1;
    void this.time.pass(ROLE_IS_MADE_IN).then(() => {
      const seenFrom = this.world.start + this.time.milliseconds + ROLE_IS_SEEN_AFTER;
      this.world.roleStandsFrom(account, seenFrom);
      this.send(launchOf(account));
      this.#open -= 1;
    });
  }
}

const LAUNCHES = accounts(2_000);

async function launched(strangers: readonly object[] = []): Promise<LaunchDay> {
  const day = new LaunchDay();
  day.world.openEnrolment = { perHour: 30 };
  await day.world.invite(LAUNCHES);
  for (const account of LAUNCHES) day.send(farewellOf(account));
  for (const each of strangers) day.send(each);
  await day.run();
  return day;
}

async function expectAllRegistered(day: LaunchDay): Promise<void> {
  const requests = LAUNCHES.flatMap((account) => [farewellOf(account), launchOf(account)]);
  const waits = requests.map(({ RequestId }) => day.waited.get(RequestId) ?? Infinity);
  expect(Math.max(...waits)).toBeLessThan(SERVICE_TIMEOUT);
  expect(day.givenUp).toBe(0);
  expect(await day.world.statuses(LAUNCHES)).toEqual({ active: LAUNCHES.length });
  expect(day.world.checks.size).toBe(LAUNCHES.length);
  expect(Object.keys(day.world.checkouts)).toEqual(['None']);
  expect(day.world.unreturned).toBe(0);
}

describe('2,000 launches at once, at 100 ms a call', () => {
  it('are registered and checked while CloudFormation waits, each once', async () => {
    const day = await launched();
    await expectAllRegistered(day);
    expect(day.world.answers).toEqual({ SUCCESS: 2 * LAUNCHES.length });
    // In about a minute, of which each role is waited for 25 seconds.
    expect(day.time.milliseconds).toBeLessThan(70_000);
    // A role that is not seen yet costs two calls and a postponement.
    const { assumeRole = 0, ...calls } = Object.fromEntries(day.calls);
    expect(assumeRole).toBeLessThanOrEqual(2 * LAUNCHES.length);
    expect(calls).toEqual({
      find: assumeRole,
      postpone: assumeRole - LAUNCHES.length,
      deliver: 2 * LAUNCHES.length,
      ...Object.fromEntries(
        [
          ...['standing', 'listReceived', 'getLicense', 'getUsage', 'checkOut', 'checkIn'],
          ...['put', 'count', 'queueCheck'],
        ].map((call) => [call, LAUNCHES.length]),
      ),
    });
  });

  it('are so amid five times as many messages of strangers, of which none gets further than the caps let it', async () => {
    const loud = LAUNCHES[0]!;
    const strangers = Array.from({ length: 10_000 }, (_, n): object => {
      const account = LAUNCHES[n % LAUNCHES.length]!;
      const other = String(800_000_000_000 + n);
      switch (n % 5) {
        case 0:
          return { RequestType: 'Create', nothing: 'else' };
        case 1:
          // Whoever guesses at invitations.
          return forged(launchOf(account, { ExternalId: 'guessed' }));
        case 2:
          return forged(launchOf(other));
        case 3:
          // Nobody's role would ever open: each would be tried for 90 seconds.
          return forged(launchOf(other, { ExternalId: stackOf(other).split('/').at(-1)! }));
        default:
          // The buyer's own parameters, and no signature of CloudFormation's.
          return forged({ ...launchOf(loud), RequestId: `loud-${n}` });
      }
    });
    const day = await launched(strangers);
    await expectAllRegistered(day);
    // One register is looked into once an invocation, whoever repeats it; of those who would enrol, 300 in an hour.
    const looks = day.calls.get('listReceived') ?? 0;
    expect(looks - LAUNCHES.length).toBeLessThanOrEqual(day.invocations);
  });
});

describe('launches in one invocation', () => {
  const [one, other] = LAUNCHES as [string, string];
  const requests = [
    launchOf(one),
    launchOf(other),
    farewellOf(other),
    forged(launchOf(one, { ExternalId: 'guessed' })),
    // Shares the look of the first.
    forged({ ...launchOf(one), RequestId: 'loud' }),
  ];

  /** Receives all of them until they are done, four times at most. */
  async function received(crashing: CrashingProcess): Promise<LaunchingBuyers> {
    const world = new LaunchingBuyers();
    await world.invite([one, other]);
    for (const account of [one, other]) world.roleStandsFrom(account, 0);
    crashing.isCounting = true;
    let left = requests.map((body, n) => ({
      messageId: `message-${n}`,
      receiptHandle: `handle-${n}`,
      body: JSON.stringify(body),
    }));
    for (let receive = 1; receive <= 4 && left.length > 0; receive += 1) {
      const attributes = {
        SentTimestamp: String(world.start),
        ApproximateReceiveCount: String(receive),
      };
      await crashing.run(async () => {
        const { batchItemFailures } = await registerBuyers(
          left.map((message) => ({ ...message, attributes })),
          world.dependencies({
            slow: crashing.through,
            now: () => world.start + receive * 15_000,
            postpone: () => Promise.resolve(),
            answered: () => undefined,
          }),
        );
        const again = batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
        left = left.filter(({ messageId }) => again.includes(messageId));
        return true;
      });
    }
    expect(left).toEqual([]);
    return world;
  }

  it.each(CALL_FAULTS)('come to the same, wherever a process %s', async (fault) => {
    for (let call = 1, struck = true; struck; call += 1) {
      const crashing = new CrashingProcess(call, fault);
      const world = await received(crashing);
      struck = crashing.struck !== null;
      const where = `${fault} call ${call}, ${crashing.struck ?? 'nowhere'}`;
      expect(await world.statuses([one, other]), where).toEqual({ active: 2 });
      expect([...world.checks].toSorted(), where).toEqual(
        [one, other].map((account) => `registration-registration-of-${account}`),
      );
      expect(world.answers['FAILED'], where).toBeUndefined();
      expect(world.answers['SUCCESS'], where).toBeGreaterThanOrEqual(3);
      // A unit None takes no seat, whether it comes back or not.
      expect(Object.keys(world.checkouts), where).toEqual(['None']);
      if (!struck) expect(call).toBeGreaterThan(25);
    }
  });
});
