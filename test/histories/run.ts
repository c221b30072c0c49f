import type { SealedEntry } from '../../lib/domain/ledger/ledger.ts';
import type { Subscription } from '../../lib/domain/notice/reachability.ts';
import type { Audience, NoticeState } from '../../lib/domain/notice/notice.ts';
import { DAY, epochMilliseconds, HOUR, type Instant, MINUTE, plus } from '../../lib/domain/time.ts';
import type { CheckBuyers } from '../../lib/messages/check-buyers.ts';
import { AGREEMENT_ID, aRenewalTerm } from '../support/agreements.ts';
import { at } from '../support/licenses.ts';
import { BUYER_TOPIC, OPERATIONS_TOPIC } from '../support/send-notices-fixture.ts';
import { verifyChain } from '../support/verify-chain.ts';
import { TIERS, type TopicState, wordsOf, type Event, type History } from './events.ts';
import { HONEST, type Terms } from './licenses-in-memory.ts';
import { Broken, difference, Model, type Fact, type Reader } from './model.ts';
import { Watcher, type Queued } from './watcher.ts';
import { sha256 } from '../../lib/aws/text.ts';

const START = at('2026-11-01T06:00');

/** What came of a history. `broken`: the promise that was not kept; null: all were. */
export interface Outcome {
  readonly broken: string | null;
  /** One line an event, and one for everything that was published. */
  readonly lines: readonly string[];
}

export async function run(history: History): Promise<Outcome> {
  const run = new HistoryRun(history);
  try {
    await run.tell();
    return { broken: null, lines: run.lines };
  } catch (error) {
    if (!(error instanceof Broken)) throw error;
    return { broken: error.message, lines: run.lines };
  }
}

const MOST_SWEEPS = 100;
/** A topic that nobody has confirmed is asked again after a day at the latest. */
const ASKED_AGAIN = 25 * HOUR;
const OVER: ReadonlySet<NoticeState> = new Set([
  'told',
  'superseded',
  'undeliverable',
  'withdrawn',
]);

/** What AWS says happens at the end. */
const RENEWAL = {
  on: { type: 'RENEW', reason: null },
  off: { type: 'EXPIRE', reason: 'ACCEPTOR_RENEW_OPTED_OUT' },
} as const;

const READER = { protocol: 'email', endpoint: 'reader-1@buyer.example' } as const;
const SUBSCRIBERS: Readonly<Record<TopicState, readonly Subscription[]>> = {
  confirmed: [{ ...READER, state: 'confirmed' }],
  unconfirmed: [],
  left: [{ ...READER, state: 'deleted' }],
  'a queue': [
    { ...READER, state: 'pending' },
    { protocol: 'sqs', endpoint: 'arn:aws:sqs:us-east-1:111122223333:queue', state: 'confirmed' },
  ],
  gone: [{ ...READER, state: 'confirmed' }],
};

class HistoryRun {
  readonly lines: string[] = [];
  readonly #history: History;
  readonly #watcher: Watcher;
  readonly #model: Model;
  #asked = false;
  #tick: Instant = START;
  #late: Queued<CheckBuyers>[] = [];
  #received = 0;
  /** When the topic was confirmed that nobody had confirmed before. */
  #readSince = 0;
  #renewal: keyof typeof RENEWAL = 'on';
  #renewalTold: keyof typeof RENEWAL | null = null;

  constructor(history: History) {
    this.#history = history;
    const { pricing, intervalMinutes, indexLags, agreements = false } = history.setting;
    const tiers = pricing === 'tiered' ? TIERS : [];
    const product = { tiers };
    this.#watcher = new Watcher({ start: START, intervalMinutes, product, indexLags, agreements });
    this.#model = new Model(tiers, intervalMinutes, indexLags);
    this.#watcher.onLook = (observation) => {
      const { listed, got } = this.#watcher.licenses;
      const shown = observation.kind === 'seen' ? { listed, got } : null;
      this.#model.looked({
        at: this.#now,
        tick: epochMilliseconds(this.#tick),
        asked: this.#asked,
        shown,
      });
    };
  }

  async tell(): Promise<void> {
    const { setting, events } = this.#history;
    const { licenses, topics } = this.#watcher;
    const tiered = setting.pricing === 'tiered';
    licenses.write({
      begin: plus(START, -200 * DAY),
      end: plus(START, setting.daysLeft * DAY),
      status: 'AVAILABLE',
      received: 'ACTIVE',
      seats: tiered ? {} : { ReadOnly: 5 },
      tier: tiered ? TIERS[1] : null,
    });
    if (!setting.confirmed) topics.confirmedSubscriptions = 0;
    const { product, marketplace } = this.#watcher;
    marketplace.sell({
      productSku: product.productSku,
      end: plus(START, setting.daysLeft * DAY),
      endTimeBehavior: RENEWAL.on,
      terms: { renewal: aRenewalTerm({ lockoutDays: null }), quantities: [] },
    });
    this.#line(
      `${setting.pricing}, ends in ${setting.daysLeft} days, every ${setting.intervalMinutes} minutes, the topic is ${setting.confirmed ? 'confirmed' : 'unconfirmed'}${setting.indexLags ? ', the index lags' : ''}`,
    );
    await this.#watcher.makeStack();
    await this.#sweeps(1, 'checks', 'once');
    for (const event of events) {
      this.#line(wordsOf(event));
      await this.#happens(event);
    }
    await this.#quietEnd();
  }

  /** By a person. */
  get #isRead(): boolean {
    const { subscribers } = this.#watcher.topics;
    return subscribers.some(({ protocol, state }) => protocol === 'email' && state === 'confirmed');
  }

  get #now(): number {
    return epochMilliseconds(this.#watcher.now);
  }

  async #happens(event: Event): Promise<void> {
    const { licenses, topics } = this.#watcher;
    const { newest } = licenses;
    switch (event.what) {
      case 'seats':
        if (this.#history.setting.pricing === 'floating')
          this.#change(({ seats }) => ({ seats: { ...seats, [event.of]: event.count } }));
        return;
      case 'tier':
        if (this.#history.setting.pricing === 'tiered') this.#change(() => ({ tier: event.tier }));
        return;
      case 'end moves':
        this.#change(({ end }) => (end === null ? {} : { end: plus(end, event.days * DAY) }));
        return;
      case 'status':
        this.#change(() => ({ status: event.status }));
        return;
      case 'grant':
        this.#change(() => ({ received: event.state }));
        return;
      case 'renewed': {
        if (newest === undefined || newest.end === null) return;
        const from = newest.end < this.#watcher.now ? this.#watcher.now : newest.end;
        const more =
          event.seats > 0 && newest.tier === null ? { seats: { ReadOnly: event.seats } } : {};
        const end = plus(from, 365 * DAY);
        if (event.license === 'same') {
          this.#change(() => ({ end, status: 'AVAILABLE', received: 'ACTIVE', ...more }));
          return;
        }
        // In place of one that was taken away another begins at once.
        const isOver = newest.status !== 'AVAILABLE' && newest.status !== 'SUSPENDED';
        const begin = plus(isOver ? this.#watcher.now : from, event.gapDays * DAY);
        licenses.write({ ...newest, begin, end, status: 'AVAILABLE', received: 'ACTIVE', ...more });
        return;
      }
      case 'removed':
        if (newest !== undefined) licenses.remove(newest.arn);
        return;
      case 'answers':
        licenses.lag = event.lag;
        return;
      case 'role':
        this.#watcher.roleStands = event.stands;
        return;
      case 'topic':
        topics.refusal = event.is === 'gone' ? 'the topic is gone' : null;
        if (!this.#isRead) this.#readSince = this.#now;
        topics.subscribers = SUBSCRIBERS[event.is];
        return;
      case 'stack':
        await this.#stack(event.is);
        return;
      case 'asked':
        await this.#ask();
        return;
      case 'renewal':
        if (this.#history.setting.agreements !== true) return;
        this.#renewal = event.is;
        this.#watcher.marketplace.change(AGREEMENT_ID, {
          endTimeBehavior: RENEWAL[event.is],
          updatedAt: this.#watcher.now,
        });
        return;
      case 'said':
        await this.#say(event);
        return;
      case 'sweeps':
        await this.#sweeps(event.count, event.first, event.check);
        return;
      case 'pause':
        await this.#wait(event.hours * HOUR);
        return;
      case 'until the end':
        if (newest === undefined || newest.end === null) return;
        await this.#wait(epochMilliseconds(newest.end) + event.minutes * MINUTE - this.#now);
    }
  }

  #change(changes: (terms: Terms) => Partial<Terms>): void {
    const { licenses } = this.#watcher;
    const { newest } = licenses;
    if (newest === undefined) return;
    const { arn, version: _, ...terms } = newest;
    licenses.write({ ...terms, ...changes(terms) }, arn);
  }

  async #stack(is: 'deleted' | 'made'): Promise<void> {
    const watcher = this.#watcher;
    const watched = await watcher.isWatched();
    if (is === 'deleted' && watched) {
      await watcher.deleteStack();
      this.#model.watchEnded();
      this.#model.lost('buyer');
      watcher.topics.refusal = 'the topic is gone';
      watcher.roleStands = false;
    }
    if (is === 'made' && !watched) {
      watcher.topics.refusal = null;
      watcher.topics.confirmedSubscriptions = 1;
      watcher.roleStands = true;
      watcher.now = plus(watcher.now, MINUTE);
      await watcher.makeStack();
    }
  }

  async #ask(): Promise<void> {
    const last = await this.#watcher.store.ticks.lastSweep();
    this.#watcher.now = plus(this.#watcher.now, MINUTE);
    this.#asked = true;
    this.#tick = last?.tick ?? START;
    await this.#watcher.ask();
    this.#asked = false;
    await this.#notices();
    // No sweep begins in the very instant of the look: the model tells looks apart by their time.
    this.#watcher.now = plus(this.#watcher.now, MINUTE);
  }

  /** Whether it is recorded depends on how the contract stands; what it changes is what the seller hears of reminders. */
  async #say({ kind, days }: Extract<Event, { what: 'said' }>): Promise<void> {
    const watcher = this.#watcher;
    watcher.now = plus(watcher.now, MINUTE);
    const head = await watcher.store.contracts.head(watcher.contract);
    await watcher.note({
      kind,
      until: kind === 'snooze' && days !== null ? plus(watcher.now, days * DAY) : null,
      text: kind === 'note' ? 'as agreed' : null,
      erases: kind === 'erase' ? (head?.note?.entry ?? 1) : null,
    });
    watcher.now = plus(watcher.now, MINUTE);
  }

  /** Nobody sweeps; queues are empty but for what is late, which is too old by then. */
  async #wait(milliseconds: number): Promise<void> {
    if (milliseconds <= 0) return;
    this.#watcher.now = plus(this.#watcher.now, milliseconds);
    await Promise.resolve();
  }

  async #sweeps(
    count: number,
    first: 'checks' | 'notices',
    check: 'once' | 'twice' | 'late',
  ): Promise<void> {
    const watcher = this.#watcher;
    for (let n = 0; n < count; n += 1) {
      const tick = watcher.now;
      await watcher.sweep();
      await watcher.readAgreements();
      if (first === 'notices') await this.#notices();
      await this.#checks(check);
      await this.#notices();
      watcher.now = plus(tick, 2 * MINUTE);
      await this.#notices();
      await this.#explains();
      watcher.now = plus(tick, watcher.intervalMinutes * MINUTE);
    }
  }

  async #checks(how: 'once' | 'twice' | 'late'): Promise<void> {
    const { checks } = this.#watcher;
    const due = checks.splice(0, checks.length);
    const late = this.#late;
    this.#late = how === 'late' ? due : [];
    if (how !== 'late') for (const message of due) await this.#check(message, how);
    for (const message of late) await this.#check(message, 'once');
  }

  async #check({ body }: Queued<CheckBuyers>, how: 'once' | 'twice'): Promise<void> {
    this.#tick = body.tick;
    for (const _ of how === 'twice' ? ['first', 'again'] : ['once'])
      await this.#watcher.check(body);
  }

  /** All that may be received now. */
  async #notices(): Promise<void> {
    const { notices, now } = this.#watcher;
    for (;;) {
      const index = notices.findIndex(({ visibleAt }) => visibleAt <= now);
      const [message] = index < 0 ? [] : notices.splice(index, 1);
      if (message === undefined) return;
      await this.#watcher.send(message.body);
      await this.#hear();
    }
  }

  /** What one message had published, handed to the model as one. */
  async #hear(): Promise<void> {
    const { topics } = this.#watcher;
    const all = topics.published.slice(this.#received);
    this.#received = topics.published.length;
    const ofSeller: Fact[] = [];
    for (const { topicArn, publication } of all) {
      if (publication.kind === 'digest' || topicArn === OPERATIONS_TOPIC) continue;
      const json = publication.json as Fact & { folded: Fact[]; undelivered: string | null };
      const reader: Reader = topicArn === BUYER_TOPIC ? 'buyer' : 'seller';
      const facts = [...json.folded, json];
      this.#line(
        `  ${reader} is told: ${facts.map(said).join('; ')}${json.undelivered === null ? '' : ' (asked to tell the buyer)'}`,
      );
      if (reader === 'seller' && json.undelivered === null)
        for (const { changes } of facts) this.#tellRenewal(changes);
      if (json.undelivered !== null) {
        this.#model.lost('buyer');
        this.#model.published('seller', facts, this.#now, 'undelivered');
      } else if (reader === 'seller') ofSeller.push(...facts);
      else this.#model.published(reader, facts, this.#now, '');
    }
    // One digest holds them all, the gravest first; who reads it has read the whole.
    ofSeller.sort((a, b) => a.entry - b.entry);
    if (ofSeller.length > 0) this.#model.published('seller', ofSeller, this.#now, '');
    await Promise.resolve();
  }

  /** What the seller knows of the renewal: as the watch began, and as it was told since. */
  #tellRenewal(changes: Fact['changes']): void {
    for (const { type, after } of changes) {
      if (type === 'WatchStarted') this.#renewalTold = this.#renewal;
      if (type === 'RenewalIntentChanged')
        this.#renewalTold =
          (after as { intent: { kind: string } }).intent.kind === 'expires' ? 'off' : 'on';
    }
  }

  /** What people were told, what settles and what waits explains the present; and what has been quiet for long enough is told. */
  async #explains(): Promise<void> {
    const { topics } = this.#watcher;
    const present = this.#model.seen();
    if (present === null || !(await this.#watcher.isWatched())) return;
    for (const reader of ['seller', 'buyer'] as const) {
      const view = this.#model.told(reader);
      const different = view === null ? null : difference(view, present);
      if (view === null || different === null) continue;
      // A doubtful look may have told what the dates of a known license brought since.
      const byDates = this.#model.known();
      if (byDates !== null && difference(view, byDates) === null) continue;
      // A check that knew less than the ledger may have taken the look for what it knew: the next one counts it.
      const { indexLags, intervalMinutes } = this.#history.setting;
      if (indexLags && this.#model.quietFor(this.#now) <= 2 * intervalMinutes * MINUTE) continue;
      if ((await this.#open(reader)).length === 0)
        throw new Broken(
          `the ${reader} believes ${different}, and nothing settles or waits that would tell them`,
        );
      const reached =
        reader === 'seller' ||
        (topics.refusal === null && this.#isRead && this.#now - this.#readSince > ASKED_AGAIN);
      const allowance = this.#model.allowance + (reader === 'buyer' ? 2 * HOUR : 0);
      if (reached && this.#model.quietFor(this.#now) > allowance)
        throw new Broken(
          `the ${reader} still believes ${different} after ${allowance / HOUR} hours of the same good looks`,
        );
    }
  }

  /** All is well again for long enough: then everybody has heard everything. */
  async #quietEnd(): Promise<void> {
    const watcher = this.#watcher;
    this.#line('from here on all is well: right answers, a role, a confirmed topic');
    watcher.licenses.lag = HONEST;
    watcher.roleStands = true;
    if (!(await watcher.isWatched())) await this.#stack('made');
    watcher.topics.refusal = null;
    watcher.topics.confirmedSubscriptions = 1;
    // A blind buyer is asked again after six hours, a topic that nobody confirmed after a day.
    watcher.now = plus(watcher.now, ASKED_AGAIN);
    const enough = this.#model.allowance + 2 * HOUR;
    await this.#sweeps(Math.ceil(enough / (watcher.intervalMinutes * MINUTE)), 'checks', 'once');
    // An end may have come in the meantime, and settles in its turn.
    for (let n = 0; n < MOST_SWEEPS && this.#model.quietFor(this.#now) <= enough; n += 1)
      await this.#sweeps(1, 'checks', 'once');
    if (this.#model.quietFor(this.#now) <= enough)
      throw new Broken('nothing came to rest, though all was well');
    const { store, contract } = watcher;
    const ledger = await watcher.ledger();
    const head = await store.contracts.head(contract);
    const chain = verifyChain(ledger, sha256);
    if (chain !== null) throw new Broken(`the ledger is broken: ${chain.problem}`);
    if (JSON.stringify(head?.state) !== JSON.stringify(ledger.at(-1)?.after))
      throw new Broken('the last entry does not say what the head has');
    for (const entry of ledger) this.#checkVersions(entry);
    saysOnce(ledger);
    const open = [
      ...(await this.#open('buyer')),
      ...(await this.#open('seller')),
      ...(await this.#open('operations')),
    ];
    if (open.length > 0)
      throw new Broken(`still to be told after all was well: ${open.join(', ')}`);
    if (this.#history.setting.agreements === true && this.#renewalTold !== this.#renewal)
      throw new Broken(
        `the seller believes that renewal is ${this.#renewalTold ?? 'not known'}, and it is ${this.#renewal}`,
      );
  }

  /** Notices that may still be told: they settle, wait or are due. */
  /** Whoever reads the ledger alone knows every version of every license, from the first that was seen. */
  #checkVersions({ entry, before, after, versionsBetween = [] }: SealedEntry): void {
    for (const { licenseArn, version } of after) {
      const known = before?.find((each) => each.licenseArn === licenseArn)?.version ?? version;
      const skipped = Array.from({ length: Number(version) - Number(known) - 1 }, (_, n) =>
        this.#watcher.licenses.version(licenseArn, Number(known) + n + 1),
      );
      const found = versionsBetween.find((each) => each.licenseArn === licenseArn)?.versions ?? [];
      const [expected, got] = [
        skipped.map((each) => `${each.version}: ${each.status} to ${each.end}`),
        found.map((each) => `${each.version}: ${each.status} to ${each.validity.end}`),
      ];
      if (expected.join() !== got.join())
        throw new Broken(
          `entry ${entry} should have the versions ${expected.join()} between, and has ${got.join()}`,
        );
    }
  }

  async #open(audience: Audience): Promise<readonly string[]> {
    const { store, contract } = this.#watcher;
    const open: string[] = [];
    for (const { entry } of await this.#watcher.ledger()) {
      const notice = await store.notices.find({ contract, entry, audience });
      if (notice !== undefined && !OVER.has(notice.state))
        open.push(`entry ${entry} to ${audience} (${notice.state})`);
    }
    return open;
  }

  #line(text: string): void {
    this.lines.push(`${this.#watcher.now.slice(0, 16).replace('T', ' ')}  ${text}`);
  }
}

function said({ entry, changes, reminder }: Fact): string {
  const words = changes.map(
    ({ type, before, after }) => `${type} ${JSON.stringify(before)} -> ${JSON.stringify(after)}`,
  );
  if (reminder !== null) words.push(`day ${reminder.daysBefore} of ${reminder.end}`);
  return `[${entry}] ${words.join(', ')}`;
}

/** Whether notices reach the buyer: each state once, taken back only where it was said, and anew with a new watch. */
function saysOnce(ledger: readonly SealedEntry[]): void {
  let unreachable: string | null = null;
  for (const { entry, changes } of ledger)
    for (const change of changes) {
      if (change.type === 'WatchEnded') unreachable = null;
      if (change.type === 'BuyerUnreachable') {
        if (change.after.reachability === unreachable)
          throw new Broken(`entry ${entry} says again that the buyer is ${unreachable}`);
        unreachable = change.after.reachability;
      }
      if (change.type === 'BuyerReachable') {
        if (unreachable === null)
          throw new Broken(`entry ${entry} takes back what no entry said of the buyer`);
        unreachable = null;
      }
    }
}

/** The command that draws the same history once more. */
export function replayOf(
  agreements: boolean,
  {
    seed,
    counterexamplePath,
  }: { readonly seed: number; readonly counterexamplePath: string | null },
): string {
  return `npm run histories --${agreements ? ' --agreements' : ''} --seed=${seed} --path ${counterexamplePath ?? ''}`;
}
