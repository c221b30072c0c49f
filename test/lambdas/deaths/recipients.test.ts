import { describe, expect, it } from 'vitest';
import { sendNotices } from '../../../lambdas/send-notices/send-notices.ts';
import { DAY, HOUR, MINUTE, plus } from '../../../lib/domain/time.ts';
import type { Publication } from '../../../lib/domain/ports.ts';
import { aKeptAgreement } from '../../support/agreements.ts';
import { CALL_FAULTS, CrashingProcess, type CallFault } from '../../support/crashing-process.ts';
import { accounts, dueFleet } from '../../support/due-fleet.ts';
import { aBuyer, aNotice, aRegistration, dueTo, NOW, REGISTERED } from '../../support/records.ts';
import { SendNoticesFixture } from '../../support/send-notices-fixture.ts';

/** Of each case, by subject, whose it is; null: nobody's. */
interface Case {
  readonly prepare: (world: SendNoticesFixture) => Promise<void>;
  /** What becomes due between two tries. */
  readonly meanwhile: (world: SendNoticesFixture) => Promise<void>;
  /** Each is told of once to the seller, to machines where `singles`, and to the owner where it has one. */
  readonly owners: Readonly<Record<string, string | null>>;
  readonly singles: boolean;
}

const [FIRST = '', SECOND = '', THIRD = '', FOURTH = ''] = accounts(4);
const OWNED = { [FIRST]: 'Ada', [SECOND]: 'Eve', [THIRD]: 'Ada', [FOURTH]: null };
const LONG_AGO = plus(NOW, -10 * DAY);

async function invited(world: SendNoticesFixture, account: string, owner?: string) {
  const buyer = aBuyer({ buyerAccountId: account, status: 'invited', registration: null });
  await world.store.buyers.put(
    { ...buyer, invitedAt: LONG_AGO, ...(owner !== undefined && { owner }) },
    undefined,
    REGISTERED,
  );
}

async function silent(world: SendNoticesFixture, account: string, owner: string) {
  const registration = aRegistration({ registeredAt: LONG_AGO });
  await world.store.buyers.put(
    aBuyer({ buyerAccountId: account, registration, owner }),
    undefined,
    REGISTERED,
  );
  await world.store.reachability.put(
    {
      ...{ buyerAccountId: account, registeredAt: LONG_AGO, topicArn: 'arn' },
      ...{ state: 'never-confirmed', since: LONG_AGO, contract: null, addresses: [] },
    },
    undefined,
  );
}

const CASES: Readonly<Record<string, Case>> = {
  'a digest': {
    owners: OWNED,
    singles: true,
    prepare: async (world) => {
      await dueFleet(world.store, [FIRST, SECOND, FOURTH], (contract) => [
        aNotice({ contract, audience: 'seller' }),
      ]);
      for (const [account, owner] of Object.entries(OWNED)) {
        const buyer = await world.store.buyers.find(account);
        if (buyer !== undefined && owner !== null)
          await world.store.buyers.put({ ...buyer, owner }, buyer, REGISTERED);
      }
    },
    meanwhile: async (world) => {
      await dueFleet(world.store, [THIRD], (contract) => [
        aNotice({ contract, audience: 'seller' }),
      ]);
      const buyer = (await world.store.buyers.find(THIRD))!;
      await world.store.buyers.put({ ...buyer, owner: 'Ada' }, buyer, REGISTERED);
    },
  },
  'what no entry tells of buyers': {
    owners: OWNED,
    singles: false,
    prepare: async (world) => {
      await invited(world, FIRST, 'Ada');
      await silent(world, SECOND, 'Eve');
      const kept = aKeptAgreement({ step: 'digest' }, { buyerAccountId: FOURTH });
      await world.store.agreements.put(kept, undefined);
    },
    meanwhile: (world) => invited(world, THIRD, 'Ada'),
  },
};

/** `<account> <who hears it>` of each that a message tells. */
function reached({ kind, mail, buyerAccountIds, json }: Publication): readonly string[] {
  const { owner } = json as { owner?: string };
  const by = mail === null ? 'machines' : kind === 'owner-digest' ? owner : 'seller';
  return buyerAccountIds.map((account) => `${account} ${by}`);
}

interface Outcome {
  readonly told: ReadonlyMap<string, number>;
  /** What the last mail before the fault told, and what machines got and was not marked by then. */
  readonly underWay: ReadonlySet<string>;
  readonly calls: number;
  readonly struck: string | null;
}

async function run(given: Case, faultAt: number, fault: CallFault): Promise<Outcome> {
  const world = new SendNoticesFixture();
  await given.prepare(world);
  const crashing = new CrashingProcess(faultAt, fault);
  const marked = new Set<string>();
  const settle = world.store.notices.changeState.bind(world.store.notices);
  world.store.notices.changeState = async (notice, next, ...rest) => {
    const settled = await settle(notice, next, ...rest);
    if (settled && next.state === 'told') marked.add(notice.contract.slice(0, 12));
    return settled;
  };
  let underWay = new Set<string>();
  crashing.onStrike = () => {
    const all = world.topics.published.map(({ publication }) => publication);
    const isPublish = crashing.struck?.endsWith('publish') === true;
    // Who lives on remembers what was told, but for an answer that was lost.
    const mail = fault.startsWith('dies')
      ? all.findLast((each) => each.mail !== null)
      : isPublish && fault === 'fails after'
        ? all.at(-1)
        : undefined;
    const singles = all.filter((each) => each.mail === null).flatMap(reached);
    underWay = new Set([
      ...(mail === undefined ? [] : reached(mail)),
      ...singles.filter((each) => !marked.has(each.slice(0, 12))),
    ]);
  };
  const tick = () =>
    crashing.run(() => {
      const { buyers, contracts, notices, ticks, topics, agreements, reachability, ...rest } =
        world.dependencies;
      return sendNotices(
        { format: 1, kind: 'tick', tick: NOW },
        {
          ...rest,
          buyers: crashing.through('send', buyers),
          contracts: crashing.through('send', contracts),
          notices: crashing.through('send', notices),
          ticks: crashing.through('send', ticks),
          topics: crashing.through('send', topics),
          agreements: crashing.through('send', agreements),
          reachability: crashing.through('send', reachability),
        },
      );
    });
  crashing.isCounting = true;
  await tick();
  crashing.isCounting = false;
  await given.meanwhile(world);
  world.now = plus(NOW, 6 * MINUTE);
  await tick();
  world.now = plus(NOW, HOUR);
  await world.tick();
  world.now = plus(NOW, DAY);
  await world.tick();
  expect(await dueTo(world.store, 'seller', plus(NOW, 2 * DAY))).toEqual([]);
  const told = new Map<string, number>();
  for (const each of world.topics.published.flatMap(({ publication }) => reached(publication)))
    told.set(each, (told.get(each) ?? 0) + 1);
  return { told, underWay, calls: crashing.calls, struck: crashing.struck };
}

describe.each(Object.entries(CASES))('%s', (_, given) => {
  it('reaches each recipient once, whichever call fails or kills, before or after its effect', async () => {
    const everything = Object.entries(given.owners).flatMap(([account, owner]) =>
      ['seller', ...(given.singles ? ['machines'] : []), ...(owner === null ? [] : [owner])].map(
        (by) => `${account} ${by}`,
      ),
    );
    const undisturbed = await run(given, 0, 'dies before');
    expect(undisturbed.told).toEqual(new Map(everything.map((each) => [each, 1])));
    expect(undisturbed.calls).toBeGreaterThan(15);
    for (const fault of CALL_FAULTS) {
      for (let call = 1; call <= undisturbed.calls; call += 1) {
        const { told, underWay, struck } = await run(given, call, fault);
        const where = `${fault} call ${call}, ${struck ?? 'nothing'}`;
        expect(struck, where).not.toBeNull();
        expect([...told.keys()].toSorted(), where).toEqual(everything.toSorted());
        const twice = [...told].filter(([, times]) => times > 1);
        expect(
          twice.filter(([each, times]) => times > 2 || !underWay.has(each)),
          `${where}: told again though another mail was under way`,
        ).toEqual([]);
      }
    }
  });
});

describe.each(Object.entries(CASES))('%s, while the mails of one owner fail', (_, given) => {
  it('is not told again to anybody else, and to that owner as soon as they do not', async () => {
    const world = new SendNoticesFixture();
    await given.prepare(world);
    const publish = world.topics.publish.bind(world.topics);
    world.topics.publish = (topic, publication) =>
      publication.kind === 'owner-digest' && publication.owners?.includes('Ada') === true
        ? Promise.reject(new Error('SNS is down'))
        : publish(topic, publication);
    const reachedBy = () =>
      world.topics.published.flatMap(({ publication }) => reached(publication));
    for (const at of [0, 6 * MINUTE, DAY, DAY + 6 * MINUTE, 2 * DAY]) {
      world.now = plus(NOW, at);
      await expect(world.tick()).rejects.toThrow('SNS is down');
    }
    const others = reachedBy().filter((each) => !each.endsWith('machines'));
    expect(others.toSorted()).toEqual(
      [`${FIRST} seller`, `${SECOND} seller`, `${SECOND} Eve`, `${FOURTH} seller`].toSorted(),
    );
    world.topics.publish = publish;
    world.now = plus(NOW, 3 * DAY);
    await world.tick();
    const since = reachedBy().filter((each) => !each.endsWith('machines'));
    expect(since.slice(others.length)).toEqual([`${FIRST} Ada`]);
    world.now = plus(NOW, 4 * DAY);
    await world.tick();
    expect(new Set(reachedBy()).size).toBe(reachedBy().length);
  });
});
