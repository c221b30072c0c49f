import { describe, expect, it } from 'vitest';
import { dueNotices } from '../../../lambdas/start-sweep/due-notices.ts';
import { sendNotices } from '../../../lambdas/send-notices/send-notices.ts';
import { dueShardOf } from '../../../lib/aws/dynamodb/keys.ts';
import { contractKey, type ContractKey } from '../../../lib/domain/license/contract.ts';
import { MINUTE, plus } from '../../../lib/domain/time.ts';
import type { SendNotices } from '../../../lib/messages/send-notices.ts';
import { CALL_FAULTS, CrashingProcess, type CallFault } from '../../support/crashing-process.ts';
import { accounts, dueFleet } from '../../support/due-fleet.ts';
import { aNotice, dueTo, NOW } from '../../support/records.ts';
import { noticesMessage, SendNoticesFixture } from '../../support/send-notices-fixture.ts';

type Beside = (due: SendNotices, contracts: readonly ContractKey[]) => readonly SendNotices[];

/** What else is worked on while a part is. */
const BESIDE: Readonly<Record<string, Beside>> = {
  nothing: () => [],
  'the same message, delivered twice': (due) => [due],
  'the next tick’s message for the same part, and what a check asks for': (due, contracts) => [
    noticesMessage(
      ...contracts
        .filter((_, n) => n % 2 === 1)
        .map((contract) => ({ contract, entry: 1, audience: 'buyer' as const })),
    ),
    due,
  ],
};

/** Three who share a part; two products each: one after the other and side by side. */
const SHARD = 2;
const BUYERS = accounts(60)
  .filter((account) => shardOf(account) === SHARD)
  .slice(0, 3);

function shardOf(account: string): number {
  return dueShardOf(aNotice({ contract: contractKey(account, 'design-suite') })).shard;
}

interface Outcome {
  readonly told: ReadonlyMap<ContractKey, number>;
  /** Published, and not marked when the fault came. */
  readonly unmarked: ReadonlySet<ContractKey>;
  readonly calls: number;
  readonly struck: string | null;
}

async function run(beside: Beside, faultAt: number, fault: CallFault): Promise<Outcome> {
  const world = new SendNoticesFixture();
  const products = ['design-suite', 'render-farm'];
  const contracts = await dueFleet(world.store, BUYERS, undefined, products);
  const message = {
    format: 1,
    kind: 'due',
    audience: 'buyer',
    urgency: 'ordinary',
    shard: SHARD,
  } as const;
  const crashing = new CrashingProcess(faultAt, fault);
  let unmarked = new Set<ContractKey>();
  const told = () => {
    const times = new Map<ContractKey, number>();
    for (const { publication } of world.topics.published) {
      const { contract } = publication.json as { contract: ContractKey };
      times.set(contract, (times.get(contract) ?? 0) + 1);
    }
    return times;
  };
  const marked = new Set<ContractKey>();
  const { settle } = world.store.notices;
  world.store.notices.settle = async (notice, next, ...rest) => {
    const settled = await settle(notice, next, ...rest);
    if (settled && next.state === 'told') marked.add(notice.contract);
    return settled;
  };
  crashing.onStrike = () => {
    unmarked = new Set([...told().keys()].filter((contract) => !marked.has(contract)));
  };
  // Whoever works beside it is as slow as it is, so that they meet everywhere.
  const unharmed = new CrashingProcess(0, fault);
  const work = (body: SendNotices, { through }: CrashingProcess) => {
    const { buyers, contracts: books, notices, topics, ...rest } = world.dependencies;
    return sendNotices(body, {
      ...rest,
      buyers: through('send', buyers),
      contracts: through('send', books),
      notices: through('send', notices),
      topics: through('send', topics),
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
  const later = plus(NOW, 60 * MINUTE);
  expect(await dueTo(world.store, 'buyer', later), `${fault} ${faultAt}`).toEqual([]);
  expect([...told().keys()].toSorted()).toEqual(contracts.toSorted());
  return { told: told(), unmarked, calls: crashing.calls, struck: crashing.struck };
}

describe.each(Object.entries(BESIDE))('a part of what is due, and beside it %s', (_, beside) => {
  it('is told once, whichever call fails or kills, before or after its effect', async () => {
    const undisturbed = await run(beside, 0, 'dies before');
    expect([...undisturbed.told.values()].filter((times) => times !== 1)).toEqual([]);
    expect(undisturbed.calls).toBeGreaterThan(20);
    for (const fault of CALL_FAULTS) {
      for (let call = 1; call <= undisturbed.calls; call += 1) {
        const { told, unmarked, struck } = await run(beside, call, fault);
        const where = `${fault} call ${call}, ${struck ?? 'nothing'}`;
        expect(struck, where).not.toBeNull();
        const twice = [...told].filter(([, times]) => times > 1).map(([contract]) => contract);
        expect(
          twice.filter((contract) => !unmarked.has(contract)),
          `${where}: told twice though it was marked, or never published`,
        ).toEqual([]);
        // One process dies once: a repeat is of what it had under way.
        expect(Math.max(...told.values()), where).toBeLessThanOrEqual(2);
      }
    }
  });
});
