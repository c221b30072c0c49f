import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { dueNotices } from '../../../lambdas/start-sweep/start-sweep.ts';
import type { Dependencies } from '../../../lambdas/send-notices/dependencies.ts';
import { MAIL_INTERVAL, mailInterval } from '../../../lambdas/send-notices/mail-interval.ts';
import { receiveNotices } from '../../../lambdas/send-notices/send-notices.ts';
import { dueShardOf } from '../../../lib/aws/dynamodb/keys.ts';
import { instant } from '../../../lib/domain/time.ts';
import type { Publication } from '../../../lib/domain/ports.ts';
import { publishedDigest } from '../../../lib/messages/published-notice.ts';
import type { SendNotices } from '../../../lib/messages/send-notices.ts';
import { accounts, dueFleet } from '../../support/due-fleet.ts';
import { memoryWatchStore } from '../../support/memory/memory-watch-store.ts';
import { aNotice, aProduct, dueTo, NOW } from '../../support/records.ts';
import {
  FakeBus,
  FakeTopics,
  contractsMessage,
  OPERATIONS_TOPIC,
  SELLER_TOPIC,
  SILENT,
  NO_PIPELINE,
} from '../../support/send-notices-fixture.ts';
import { connections, VirtualTime } from '../../support/virtual-time.ts';
import { sha256 } from '../../../lib/aws/text.ts';

/** Of the stack: how many invocations there are at a time, and how long each may take. */
const FUNCTIONS = 4;
const TIMEOUT = 60_000;
const START = 1_000;

class MassDay {
  readonly time = new VirtualTime();
  readonly store = memoryWatchStore();
  readonly topics = new FakeTopics();
  readonly calls = new Map<string, number>();
  /** What every call to AWS takes. */
  call = 100;
  timeout = TIMEOUT;
  invocations = 0;

  now = () => instant(Date.parse(NOW) + this.time.milliseconds);

  /** Works the messages off as Lambda does, and answers with how long it took. */
  async send(messages: readonly SendNotices[]): Promise<number> {
    const queue = messages.map((body) => ({ body, receiveCount: 1, receiptHandle: '' }));
    const work = async () => {
      for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
        const began = this.time.milliseconds;
        await this.time.pass(START);
        this.invocations += 1;
        if ((await receiveNotices(next, this.dependencies(began))) === 'again')
          queue.push({ ...next, receiveCount: next.receiveCount + 1 });
      }
    };
    await this.time.run(Promise.all(Array.from({ length: FUNCTIONS }, work)));
    return this.time.milliseconds;
  }

  async dueMessages(): Promise<readonly SendNotices[]> {
    const messages = await dueNotices({ notices: this.store.notices, now: this.now });
    return messages.map(({ body }) => body);
  }

  dependencies(began: number): Dependencies {
    const [tables, sns] = [connections(128), connections(50)];
    const slow = <Each extends object>(each: Each, through = tables): Each =>
      this.time.slow(this.call, each, {
        through,
        count: (name) => this.calls.set(name, (this.calls.get(name) ?? 0) + 1),
      });
    return {
      buyers: slow(this.store.buyers),
      agreements: slow(this.store.agreements),
      matters: slow(this.store.matters),
      contracts: slow(this.store.contracts),
      lastSeen: slow(this.store.lastSeen),
      reachability: slow(this.store.reachability),
      notices: slow(this.store.notices),
      ticks: slow(this.store.ticks),
      topics: slow<Dependencies['topics']>(
        {
          standing: (topic) => this.topics.standing(topic),
          readers: (topic) => this.topics.readers(topic),
          publish: (topic, publication) => this.topics.publish(topic, publication),
        },
        sns,
      ),
      pipeline: NO_PIPELINE,
      bus: new FakeBus(),
      meter: { measure: () => undefined },
      settings: {
        deployment: 'default',
        sellerName: 'Example Software',
        products: [aProduct()],
        digest: 'each tick',
        intervalMinutes: 15,
        slack: false,
      },
      sellerTopicArn: SELLER_TOPIC,
      operationsTopicArn: OPERATIONS_TOPIC,
      sha256,
      now: this.now,
      untilNextMail: mailInterval(MAIL_INTERVAL, {
        now: () => this.time.milliseconds,
        pause: (milliseconds) => this.time.pass(milliseconds),
      }),
      sendCheck: () => this.time.pass(this.call),
      comeAgain: () => this.time.pass(this.call),
      remainingMilliseconds: () => this.timeout - (this.time.milliseconds - began),
      log: SILENT,
    };
  }

  /** How often each contract was told. */
  told(): ReadonlyMap<string, number> {
    const told = new Map<string, number>();
    for (const { publication } of this.topics.published) {
      const { contract } = publication.json as { contract: string };
      told.set(contract, (told.get(contract) ?? 0) + 1);
    }
    return told;
  }
}

const BUYERS = 10_000;
const FIVE_MINUTES = 5 * 60_000;

describe('10,000 notices due to buyers at once, at 100 ms a call', () => {
  it('are asked for in four messages, and told within five minutes, each once', async () => {
    const day = new MassDay();
    await dueFleet(day.store, accounts(BUYERS));
    const messages = await day.dueMessages();
    expect(messages).toHaveLength(4);
    const took = await day.send(messages);
    expect([...day.told().values()].filter((times) => times !== 1)).toEqual([]);
    expect(day.told().size).toBe(BUYERS);
    expect(took).toBeLessThan(FIVE_MINUTES);
    // Two rounds of four parts of about 1,250, 25 side by side, each six calls in a row.
    expect(took).toBeLessThan(80_000);
    expect(Object.fromEntries(day.calls)).toEqual({
      due: day.invocations,
      pending: BUYERS,
      entry: BUYERS,
      head: BUYERS,
      of: BUYERS,
      find: BUYERS,
      readers: BUYERS,
      publish: BUYERS,
      changeState: 2 * BUYERS,
    });
    expect(await dueTo(day.store, 'buyer', instant(Date.parse(NOW) + FIVE_MINUTES))).toEqual([]);
  });

  it('are told within five minutes where checks ask for them, 25 in a message, and a sweep does as well', async () => {
    const day = new MassDay();
    const contracts = await dueFleet(day.store, accounts(2_000));
    const fromChecks: SendNotices[] = [];
    for (let from = 0; from < contracts.length; from += 25)
      fromChecks.push(contractsMessage(...contracts.slice(from, from + 25)));
    const fromSweep = await day.dueMessages();
    // Each part twice, in the middle of what the checks asked for.
    fromChecks.splice(20, 0, ...fromSweep, ...fromSweep);
    const took = await day.send(fromChecks);
    expect([...day.told().values()].filter((times) => times !== 1)).toEqual([]);
    expect(day.told().size).toBe(2_000);
    expect(took).toBeLessThan(FIVE_MINUTES / 5);
  });
});

describe('more than an invocation can tell', () => {
  const part = { audience: 'buyer', urgency: 'ordinary', shard: 3 } as const;

  it('comes again at once, four times in all; then it is left to the next sweep, nothing half told, the longest due first', async () => {
    const day = new MassDay();
    day.timeout = 17_000;
    const contracts = (
      await dueFleet(day.store, accounts(2_000), (contract, n) => [
        aNotice({ contract, notBefore: instant(Date.parse(NOW) - (n % 4 === 0 ? 1_000 : 0)) }),
      ])
    ).filter((contract) => dueShardOf(aNotice({ contract })).shard === part.shard);
    await day.send([{ format: 1, kind: 'due', urgency: part.urgency, shard: part.shard }]);
    expect(day.invocations).toBe(4);
    const left = [];
    const later = instant(Date.parse(NOW) + 15 * 60_000);
    for await (const notice of day.store.notices.due(part, later)) left.push(notice);
    expect(left.length).toBeGreaterThan(100);
    expect(new Set(left.map(({ state, notBefore }) => `${state} ${notBefore}`))).toEqual(
      new Set([`due ${NOW}`]),
    );
    expect(day.told().size + left.length).toBe(contracts.length);
    expect([...day.told().values()].filter((times) => times !== 1)).toEqual([]);
  });
});

describe('4,000 notices due to the seller at once, at 100 ms a call', () => {
  const SELLERS = 4_000;

  it('are told within minutes in as few mails as take them, the gravest first, and one by one for machines', async () => {
    const day = new MassDay();
    const suspended = 3_777;
    await dueFleet(day.store, accounts(SELLERS), (contract, n) => [
      aNotice({
        contract,
        audience: 'seller',
        ...(n === suspended ? { severity: 'urgent' } : { kind: 'reminder', severity: 'attention' }),
      }),
    ]);
    const at: number[] = [];
    let [held, mostHeld] = [0, 0];
    const entry = day.store.contracts.entry.bind(day.store.contracts);
    day.store.contracts.entry = (...given) => {
      held += 1;
      mostHeld = Math.max(mostHeld, held);
      return entry(...given);
    };
    const settle = day.store.notices.changeState.bind(day.store.notices);
    day.store.notices.changeState = (notice, next, ...rest) => {
      if (next.state === 'told') held -= 1;
      return settle(notice, next, ...rest);
    };
    const publish = day.topics.publish.bind(day.topics);
    day.topics.publish = (topic, publication) => {
      if (publication.mail !== null) at.push(day.time.milliseconds);
      return publish(topic, publication);
    };
    const took = await day.send([
      { format: 1, kind: 'tick', tick: instant(Date.parse(NOW) + 15 * 60_000) },
    ]);
    // 10,000 take 108 seconds and three invocations, as this grows by the line.
    expect(took).toBeLessThan(60_000);
    expect(day.invocations).toBeLessThanOrEqual(2);
    const mails = day.topics.mails(SELLER_TOPIC);
    const bytes = mails.map(sizeOf);
    // All but the last of an invocation are as full as can be.
    expect(Math.max(...bytes)).toBeLessThan(256 * 1024);
    expect(bytes.filter((each) => each < 230 * 1024).length).toBeLessThanOrEqual(day.invocations);
    const notices = mails.map(({ json }) => z.parse(publishedDigest, json).notices);
    expect(new Set(notices.flat().map(({ contract }) => contract)).size).toBe(SELLERS);
    expect(notices.flat()).toHaveLength(SELLERS);
    expect(notices[0]?.[0]?.contract).toBe(`${accounts(SELLERS)[suspended]}#design-suite`);
    expect(mails[0]?.mail?.text.replaceAll('\n', ' ')).toContain(
      `up to ${SELLERS - (notices[0]?.length ?? 0)} more notices that are due by now will follow`,
    );
    expect(mails.at(-1)?.mail?.text).not.toContain('will follow');
    expect(day.topics.published).toHaveLength(SELLERS + mails.length);
    expect(mostHeld).toBeLessThan(1_000);
    const gaps = at.slice(1).map((each, n) => each - at[n]!);
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(MAIL_INTERVAL);
  });
});

/** As SNS counts it: what an attribute names several times is sent once. */
function sizeOf({ mail, json, ...attributes }: Publication): number {
  const message = JSON.stringify({ default: JSON.stringify(json), email: mail?.text });
  const sent = Object.values(attributes).map((value) =>
    Array.isArray(value) ? [...new Set<unknown>(value)] : value,
  );
  return Buffer.byteLength(message + (mail?.subject ?? '') + JSON.stringify(sent)) + 500;
}

describe('a buyer with many contracts', () => {
  it('gets their mails one after the other, below the ten a second that switch an address off', async () => {
    const day = new MassDay();
    const productIds = Array.from({ length: 15 }, (_, n) => `product-${n}`);
    await dueFleet(day.store, accounts(1), undefined, productIds);
    const at: number[] = [];
    const publish = day.topics.publish.bind(day.topics);
    day.topics.publish = (...given) => {
      at.push(day.time.milliseconds);
      return publish(...given);
    };
    await day.send(await day.dueMessages());
    expect(at).toHaveLength(15);
    const gaps = at.slice(1).map((each, n) => each - at[n]!);
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(100);
  });
});
