import { describe, expect, it } from 'vitest';
import type { SealedEntry } from '../../../lib/domain/ledger/ledger.ts';
import { dailySlice, placeOf } from '../../../lib/domain/registration/place.ts';
import type { Product } from '../../../lib/domain/license/product.ts';
import { DAY, HOUR, type Instant, MINUTE, plus } from '../../../lib/domain/time.ts';
import { FIVE_SEATS, type Terms } from '../../histories/licenses-in-memory.ts';
import { Watcher } from '../../histories/watcher.ts';
import { at } from '../../support/licenses.ts';
import { CrashingProcess, type CallFault } from '../../support/crashing-process.ts';
import { BUYER } from '../../support/records.ts';
import { BUYER_TOPIC, OPERATIONS_TOPIC, SELLER_TOPIC } from '../../support/send-notices-fixture.ts';
import { sha256 } from '../../../lib/aws/text.ts';

const START = at('2026-11-01');
/** The tick of that day at which the buyer's topic is looked at. */
const LOOKED_AT = ticksOf(START).find((tick) =>
  dailySlice(tick, 15, 1).some(({ from, to }) => {
    const place = placeOf(BUYER, sha256);
    return place >= from && place < `${to}~`;
  }),
)!;

function ticksOf(day: Instant): readonly Instant[] {
  return Array.from({ length: 96 }, (_, n) => plus(day, n * 15 * MINUTE));
}

/** Two sweeps in which nothing happens any more: what was interrupted is told in them. */
const QUIET_SWEEPS = 2;

interface Case {
  readonly product?: Partial<Product>;
  readonly terms?: Terms;
  readonly start?: Instant;
  /** Nobody has confirmed the topic when the stack is made. */
  readonly unconfirmed?: true;
  /** What has happened by the first sweep in which calls may fail; absent: the buyer's stack is made then. */
  readonly happens?: (watcher: Watcher) => void;
  /** What has happened by the second of them. */
  readonly thenHappens?: (watcher: Watcher) => void;
  /** Sweeps in which calls may fail, but for those that are `alike`: in them happens what happens in the one before. */
  readonly sweeps?: number;
  readonly alike?: readonly number[];
  /** Counted units that may be out after a fault, until their time to live is over. */
  readonly unitsOut?: number;
  /** Something has to be told to each of these. */
  readonly told: readonly string[];
}

const CASES: Readonly<Record<string, Case>> = {
  'the first look at a contract': { told: [BUYER_TOPIC, SELLER_TOPIC] },
  'an upgrade': {
    happens: ({ licenses }) =>
      licenses.write({ ...FIVE_SEATS, seats: { ReadOnly: 9 } }, licenses.newest!.arn),
    told: [BUYER_TOPIC, SELLER_TOPIC],
  },
  'a tier that the seller’s list does not know': {
    product: { tiers: ['BasicTier'] },
    terms: { ...FIVE_SEATS, seats: {}, tier: 'BasicTier' },
    happens: ({ licenses }) =>
      licenses.write({ ...FIVE_SEATS, seats: {}, tier: 'SecretTier' }, licenses.newest!.arn),
    told: [SELLER_TOPIC, OPERATIONS_TOPIC],
  },
  'a reminder': {
    start: plus(FIVE_SEATS.end!, -14 * DAY - HOUR),
    happens: clock(HOUR),
    told: [BUYER_TOPIC, SELLER_TOPIC],
  },
  'the end of the term, which settles': {
    start: plus(FIVE_SEATS.end!, -10 * MINUTE),
    happens: clock(15 * MINUTE),
    sweeps: 6,
    alike: [2, 3],
    told: [BUYER_TOPIC, SELLER_TOPIC],
  },
  'an end that a renewal takes back': {
    start: plus(FIVE_SEATS.end!, -10 * MINUTE),
    happens: clock(15 * MINUTE),
    thenHappens: ({ licenses }) =>
      licenses.write({ ...FIVE_SEATS, begin: FIVE_SEATS.end!, end: at('2028-02-01') }),
    sweeps: 2,
    told: [BUYER_TOPIC, SELLER_TOPIC],
  },
  'a role that was lost': {
    happens: (watcher) => {
      watcher.roleStands = false;
    },
    sweeps: 3,
    told: [BUYER_TOPIC, SELLER_TOPIC],
  },
  'a topic that nobody confirmed': {
    happens: ({ topics, licenses }) => {
      topics.confirmedSubscriptions = 0;
      licenses.write({ ...FIVE_SEATS, seats: { ReadOnly: 9 } }, licenses.newest!.arn);
    },
    told: [SELLER_TOPIC],
  },
  'a first confirmation, which everything waited for': {
    unconfirmed: true,
    happens: (watcher) => {
      watcher.topics.confirmedSubscriptions = 1;
      watcher.licenses.write(
        { ...FIVE_SEATS, seats: { ReadOnly: 9 } },
        watcher.licenses.newest!.arn,
      );
      watcher.now = plus(watcher.now, HOUR);
    },
    told: [BUYER_TOPIC, SELLER_TOPIC],
  },
  'a topic that is gone': {
    happens: ({ topics, licenses }) => {
      topics.refusal = 'the topic is gone';
      licenses.write({ ...FIVE_SEATS, seats: { ReadOnly: 9 } }, licenses.newest!.arn);
    },
    told: [SELLER_TOPIC],
  },
  'a buyer who unsubscribed': {
    start: plus(LOOKED_AT, -15 * MINUTE),
    happens: ({ topics }) => {
      topics.subscribers = [
        { protocol: 'email', endpoint: 'reader-1@buyer.example', state: 'deleted' },
      ];
    },
    sweeps: 2,
    told: [SELLER_TOPIC],
  },
  'a confirmation that the daily look sees': {
    start: plus(LOOKED_AT, -15 * MINUTE),
    unconfirmed: true,
    happens: ({ topics }) => {
      topics.confirmedSubscriptions = 1;
    },
    told: [BUYER_TOPIC],
  },
  'a probe that takes a unit': {
    product: { probe: 'counted' },
    terms: { ...FIVE_SEATS, tier: 'nothing free' },
    unitsOut: 1,
    told: [BUYER_TOPIC, SELLER_TOPIC],
  },
};

function clock(milliseconds: number) {
  return (watcher: Watcher): void => {
    watcher.now = plus(watcher.now, milliseconds);
  };
}

/** What one run of a case left behind. */
interface Outcome {
  readonly ledger: readonly SealedEntry[];
  /** How often each entry was told: `<topic> <mail or single> <entry>`. */
  readonly told: ReadonlyMap<string, number>;
  /** What had been published and not been marked when the fault came. */
  readonly unmarked: ReadonlySet<string>;
  readonly unitsOut: number;
  /** What can befall each call. */
  readonly faults: CrashingProcess['faults'];
  readonly struck: string | null;
}

async function runCase(given: Case, faultAt: number, fault: CallFault): Promise<Outcome> {
  const crashing = new CrashingProcess(faultAt, fault);
  const watcher = new Watcher({
    start: given.start ?? START,
    through: crashing.through,
    ...(given.product && { product: given.product }),
  });
  const { licenses, topics, store } = watcher;
  licenses.write(given.terms ?? FIVE_SEATS);
  if (given.unconfirmed) topics.confirmedSubscriptions = 0;
  await watcher.makeStack();
  if (given.happens !== undefined) {
    await sweep(watcher, crashing);
    clock(given.start === undefined ? 15 * MINUTE : 0)(watcher);
    given.happens(watcher);
  }
  let unmarked = new Set<string>();
  const before = topics.published.length;
  const marked = new Set<string>();
  const settle = store.notices.changeState.bind(store.notices);
  store.notices.changeState = async (notice, next, ...rest) => {
    const settled = await settle(notice, next, ...rest);
    if (settled && ['told', 'superseded'].includes(next.state))
      marked.add(`${notice.audience} ${notice.entry} ${notice.about ?? ''}`);
    return settled;
  };
  crashing.onStrike = () => {
    const told = [...toldSince(watcher, before).keys()];
    unmarked = new Set(told.filter((key) => !marked.has(noticeOf(key))));
  };
  for (let n = 0; n < (given.sweeps ?? 1); n += 1) {
    if (n === 1) given.thenHappens?.(watcher);
    crashing.isCounting = given.alike?.includes(n) !== true;
    await sweep(watcher, crashing);
  }
  crashing.isCounting = false;
  for (let n = 0; n < QUIET_SWEEPS; n += 1) await sweep(watcher, crashing);
  return {
    ledger: await watcher.ledger(),
    told: toldSince(watcher, before),
    unmarked,
    unitsOut: licenses.unitsOut,
    faults: crashing.faults,
    struck: crashing.struck,
  };
}

/**
 * One tick with all that its messages lead to. A check that was interrupted is received again with the clock where it was, so that
 * ledgers can be compared; a notice six minutes later, as the queue has it.
 */
async function sweep(watcher: Watcher, crashing: CrashingProcess): Promise<void> {
  const tick = watcher.now;
  while ((await crashing.run(() => watcher.sweep().then(() => true))) !== 'done');
  await deliver(
    watcher.checks,
    () => true,
    (body) => crashing.run(() => watcher.check(body)),
  );
  for (const minutes of [0, 2, 6, 9, 12]) {
    watcher.now = plus(tick, minutes * MINUTE);
    await deliver(
      watcher.notices,
      ({ visibleAt }) => visibleAt <= watcher.now,
      (body) => crashing.run(() => watcher.send(body).then(() => true)),
      () => plus(watcher.now, 6 * MINUTE),
    );
  }
  watcher.now = plus(tick, 15 * MINUTE);
}

async function deliver<Body>(
  queue: { readonly body: Body; readonly visibleAt: Instant }[],
  isVisible: (message: { readonly visibleAt: Instant }) => boolean,
  receive: (body: Body) => Promise<'done' | 'failed' | 'died'>,
  again?: () => Instant,
): Promise<void> {
  for (let index = queue.findIndex(isVisible); index >= 0; index = queue.findIndex(isVisible)) {
    const [message] = queue.splice(index, 1);
    if (message !== undefined && (await receive(message.body)) !== 'done')
      queue.push({ ...message, visibleAt: again?.() ?? message.visibleAt });
  }
}

function toldSince({ topics }: Watcher, index: number): ReadonlyMap<string, number> {
  const told = new Map<string, number>();
  for (const { topicArn, publication } of topics.published.slice(index)) {
    const json = publication.json as {
      entry?: number;
      folded?: Each[];
      notices?: Each[];
      undelivered?: string | null;
    };
    const entries = [
      ...(json.entry === undefined ? [] : [json]),
      ...(json.folded ?? []),
      ...(json.notices ?? []),
    ];
    for (const { entry, undelivered } of entries) {
      const about = typeof undelivered === 'string' ? ' undelivered' : '';
      const key = `${topicArn} ${publication.mail === null ? 'single' : 'mail'} ${entry}${about}`;
      told.set(key, (told.get(key) ?? 0) + 1);
    }
  }
  return told;
}

interface Each {
  readonly entry: number;
  readonly undelivered?: string | null;
}

/** Of a key of `told`: the notice that is marked when it was. */
function noticeOf(key: string): string {
  const [topic = '', , entry = '', about = ''] = key.split(' ');
  const audiences: Record<string, string> = { [BUYER_TOPIC]: 'buyer', [SELLER_TOPIC]: 'seller' };
  return `${audiences[topic] ?? 'operations'} ${entry} ${about}`;
}

const LOOKS = /listReceived|getLicense|getUsage|checkOut|checkIn/;

/** Each is over all of its entry and the hash before. */
function hashes({ ledger }: Outcome): unknown {
  return ledger.map(({ hash }) => hash);
}

function learned({ ledger }: Outcome): unknown {
  return ledger.map(({ changes, before, after, standing, reminder }) => {
    const types = changes.map(({ type }) => type);
    return { types, before, after, standing, day: reminder?.daysBefore };
  });
}

describe.each(Object.entries(CASES))('%s', (_, given) => {
  it('ends the same, whichever call fails or kills, before or after its effect', async () => {
    const undisturbed = await runCase(given, 0, 'dies before');
    expect(undisturbed.struck).toBeNull();
    for (const topic of given.told)
      expect(
        [...undisturbed.told.keys()].some((key) => key.startsWith(topic)),
        topic,
      ).toBe(true);
    expect([...undisturbed.told.values()].every((times) => times === 1)).toBe(true);
    expect(undisturbed.unitsOut).toBe(0);
    for (const [call, fault] of undisturbed.faults) {
      const disturbed = await runCase(given, call, fault);
      const where = `${fault} call ${call}, ${disturbed.struck ?? 'nothing'}`;
      expect(disturbed.struck, where).not.toBeNull();
      // An answer of License Manager that fails is another sight: what is learned comes a look later, or is over by then.
      const readLess = fault.startsWith('fails') && LOOKS.test(disturbed.struck ?? '');
      if (readLess && given.thenHappens !== undefined) {
        expect(disturbed.ledger.at(-1)?.after, where).toEqual(undisturbed.ledger.at(-1)?.after);
      } else {
        const recorded = readLess ? learned : hashes;
        expect(recorded(disturbed), where).toEqual(recorded(undisturbed));
        expect([...disturbed.told.keys()].toSorted(), where).toEqual(
          [...undisturbed.told.keys()].toSorted(),
        );
      }
      const twice = [...disturbed.told].filter(([, times]) => times > 1).map(([key]) => key);
      expect(
        twice.filter((key) => !disturbed.unmarked.has(key)),
        `${where}: told twice though it was marked, or never published`,
      ).toEqual([]);
      expect(disturbed.unitsOut, where).toBeLessThanOrEqual(given.unitsOut ?? 0);
    }
  });
});
