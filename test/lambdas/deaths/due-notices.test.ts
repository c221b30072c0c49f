import { describe, expect, it } from 'vitest';
import { dueNotices } from '../../../lambdas/start-sweep/start-sweep.ts';
import { sendNotices } from '../../../lambdas/send-notices/send-notices.ts';
import { dueShardOf } from '../../../lib/aws/dynamodb/keys.ts';
import { contractKey, type ContractKey } from '../../../lib/domain/license/contract.ts';
import { type Instant, MINUTE, plus } from '../../../lib/domain/time.ts';
import type { SendNotices } from '../../../lib/messages/send-notices.ts';
import { CALL_FAULTS, CrashingProcess, type CallFault } from '../../support/crashing-process.ts';
import { accounts, dueFleet } from '../../support/due-fleet.ts';
import { aNotice, dueTo, NOW } from '../../support/records.ts';
import { contractsMessage, SendNoticesFixture } from '../../support/send-notices-fixture.ts';

const digest = (tick: Instant) => ({ format: 1, kind: 'tick', tick }) as const;
const events = (tick: Instant) => ({ format: 1, kind: 'events', tick }) as const;

interface Case {
  readonly audience: 'buyer' | 'seller' | 'bus';
  /** What else is worked on at the same time. */
  readonly beside: (
    message: SendNotices,
    contracts: readonly ContractKey[],
  ) => readonly SendNotices[];
}

const CASES: Readonly<Record<string, Case>> = {
  'a part of the buyers': { audience: 'buyer', beside: () => [] },
  'a part of the buyers, and beside it the same message': {
    audience: 'buyer',
    beside: (due) => [due],
  },
  'a part of the buyers, and beside it the next tick’s message for it and what a check asks for': {
    audience: 'buyer',
    beside: (due, contracts) => [contractsMessage(...contracts.filter((_, n) => n % 2 === 1)), due],
  },
  'a digest': { audience: 'seller', beside: () => [] },
  'a digest, and beside it the same message and the late one of the tick before': {
    audience: 'seller',
    beside: (message) => [message, digest(plus(NOW, -15 * MINUTE))],
  },
  events: { audience: 'bus', beside: () => [] },
  'events, and beside them the same message and the digest': {
    audience: 'bus',
    beside: (message) => [message, digest(NOW)],
  },
};

/** Three who share a part; two products each: one after the other and side by side. */
const SHARD = 2;
const BUYERS = accounts(60)
  .filter((account) => shardOf(account) === SHARD)
  .slice(0, 3);

function shardOf(account: string): number {
  return dueShardOf(aNotice({ contract: contractKey(account, 'design-suite') })).shard;
}

interface Each {
  readonly contract: ContractKey;
}

interface Outcome {
  /** How often each was told: `<contract> mail`, `single` or `event`. */
  readonly told: ReadonlyMap<string, number>;
  /** Published, and not marked when the fault came. */
  readonly unmarked: ReadonlySet<string>;
  readonly calls: number;
  readonly struck: string | null;
}

async function run(
  { audience, beside }: Case,
  faultAt: number,
  fault: CallFault,
): Promise<Outcome> {
  const world = new SendNoticesFixture();
  const products = ['design-suite', 'render-farm'];
  const contracts = await dueFleet(
    world.store,
    BUYERS,
    (contract) => [aNotice({ contract, audience })],
    products,
  );
  const message: SendNotices =
    audience === 'seller'
      ? digest(NOW)
      : audience === 'bus'
        ? events(NOW)
        : { format: 1, kind: 'due', urgency: 'ordinary', shard: SHARD };
  const crashing = new CrashingProcess(faultAt, fault);
  let unmarked = new Set<string>();
  const told = () => {
    const times = new Map<string, number>();
    for (const { publication } of world.topics.published) {
      const json = publication.json as Each & { notices?: readonly Each[] };
      for (const { contract } of json.notices ?? [json]) {
        const key = `${contract} ${publication.mail === null ? 'single' : 'mail'}`;
        times.set(key, (times.get(key) ?? 0) + 1);
      }
    }
    for (const { detail } of world.bus.events) {
      const key = `${(detail as Each).contract} event`;
      times.set(key, (times.get(key) ?? 0) + 1);
    }
    return times;
  };
  const marked = new Set<string>();
  const settle = world.store.notices.changeState.bind(world.store.notices);
  world.store.notices.changeState = async (notice, next, ...rest) => {
    const settled = await settle(notice, next, ...rest);
    if (settled && next.state === 'told') marked.add(notice.contract);
    return settled;
  };
  crashing.onStrike = () => {
    unmarked = new Set([...told().keys()].filter((key) => !marked.has(key.split(' ')[0] ?? '')));
  };
  // Whoever works beside it is as slow as it is, so that they meet everywhere.
  const unharmed = new CrashingProcess(0, fault);
  const work = (body: SendNotices, { through }: CrashingProcess) => {
    const { buyers, contracts: books, notices, ticks, topics, bus, ...rest } = world.dependencies;
    return sendNotices(body, {
      ...rest,
      buyers: through('send', buyers),
      contracts: through('send', books),
      notices: through('send', notices),
      ticks: through('send', ticks),
      topics: through('send', topics),
      bus: through('send', bus),
    });
  };
  crashing.isCounting = true;
  const [first] = await Promise.all([
    crashing.run(() => work(message, crashing).then(() => true)),
    ...beside(message, contracts).map((body) => work(body, unharmed)),
  ]);
  crashing.isCounting = false;
  world.now = plus(NOW, 6 * MINUTE);
  if (first !== 'done') await world.send(message);
  world.now = plus(NOW, 15 * MINUTE);
  const next = await dueNotices({ notices: world.store.notices, now: () => world.now });
  for (const { body } of next) await world.send(body);
  await world.tick();
  await world.events();
  const later = plus(NOW, 60 * MINUTE);
  expect(await dueTo(world.store, audience, later), `${fault} ${faultAt}`).toEqual([]);
  const ways = { buyer: ['mail'], seller: ['mail', 'single'], bus: ['event'] }[audience];
  expect([...told().keys()].toSorted()).toEqual(
    contracts.flatMap((contract) => ways.map((way) => `${contract} ${way}`)).toSorted(),
  );
  return { told: told(), unmarked, calls: crashing.calls, struck: crashing.struck };
}

describe.each(Object.entries(CASES))('%s', (_, given) => {
  it('is told once, whichever call fails or kills, before or after its effect', async () => {
    const undisturbed = await run(given, 0, 'dies before');
    expect([...undisturbed.told.values()].filter((times) => times !== 1)).toEqual([]);
    expect(undisturbed.calls).toBeGreaterThan(20);
    for (const fault of CALL_FAULTS) {
      for (let call = 1; call <= undisturbed.calls; call += 1) {
        const { told, unmarked, struck } = await run(given, call, fault);
        const where = `${fault} call ${call}, ${struck ?? 'nothing'}`;
        expect(struck, where).not.toBeNull();
        const twice = [...told].filter(([, times]) => times > 1).map(([key]) => key);
        expect(
          twice.filter((key) => !unmarked.has(key)),
          `${where}: told twice though it was marked, or never published`,
        ).toEqual([]);
        // One process dies once: a repeat is of what it had under way.
        expect(Math.max(...told.values()), where).toBeLessThanOrEqual(2);
      }
    }
  });
});
