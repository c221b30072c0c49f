import type { Shown } from './licenses-in-memory.ts';

/*
 * What the watcher promises of any history, in words of this file: rules 4 and 8 to 14 of docs/reading.md as a reader understands them.
 * It knows what the looks were shown and what was published, and nothing of how the watcher decides.
 */

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** From what is worst for the buyer to what is best. */
const CLASSES = ['over', 'not activated', 'suspended', 'upcoming', 'in force'] as const;
type Class = (typeof CLASSES)[number];

/** How a contract is, or how people think it is. Milliseconds; Infinity: no end. */
export interface View {
  readonly is: Class;
  readonly end: number;
  /** Seats by name; of a tiered product the tier, as its place in the seller's order. */
  readonly bought: ReadonlyMap<string, number>;
  /** In AWS's words: bad news that gets another name is seen anew. */
  readonly words: string;
  /** Several licenses bear it side by side: whose end and seats count is not for this model to say. */
  readonly several: boolean;
}

/** One look as it was answered. `null`: it failed. */
export interface Look {
  readonly at: number;
  /** By which counts go: looks of one tick agree with nobody. */
  readonly tick: number;
  readonly asked: boolean;
  readonly shown: { readonly listed: readonly Shown[]; readonly got: readonly Shown[] } | null;
}

/** A published change, as machines read it. */
export interface Told {
  readonly type: string;
  readonly before: unknown;
  readonly after: unknown;
}

export interface Fact {
  readonly entry: number;
  readonly observedAt: string;
  readonly changes: readonly Told[];
  readonly reminder: { readonly daysBefore: number; readonly end: string } | null;
  /** Said with the words that it could not be confirmed. */
  readonly isUnconfirmed?: true;
}

export type Reader = 'buyer' | 'seller';

/** How far a look is to be believed (rule 4). */
type Accepted =
  | { readonly is: 'good'; readonly licenses: readonly Shown[] }
  /** Not to be believed: nothing may be concluded from it. */
  | { readonly is: 'ignored' }
  /** It may be believed by now or not: until the next good look nothing is claimed. */
  | { readonly is: 'doubtful'; readonly licenses: readonly Shown[] }
  | { readonly is: 'failed' };

export class Broken extends Error {
  override readonly name = 'Broken';
}

export class Model {
  readonly #tiers: readonly string[];
  readonly #intervalMinutes: number;
  readonly #indexLags: boolean;
  /** `known`: what was believed before. */
  readonly #looks: (Look & { readonly accepted: Accepted; readonly known: readonly Shown[] })[] =
    [];
  readonly #highest = new Map<string, number>();
  #licenses: readonly Shown[] | null = null;
  /** After a look that may or may not be believed. */
  #isDoubtful = false;
  #absent: { readonly arns: readonly string[]; readonly tick: number } | null = null;
  #old: { readonly what: string; readonly ticks: readonly number[] } | null = null;
  /** Looks of sweeps until a version is believed again that an older one had taken the place of. */
  #relapse = 0;
  readonly #views: Record<Reader, View | null> = { buyer: null, seller: null };
  readonly #once = new Set<string>();

  constructor(tiers: readonly string[], intervalMinutes: number, indexLags: boolean) {
    this.#indexLags = indexLags;
    this.#tiers = tiers;
    this.#intervalMinutes = intervalMinutes;
  }

  /** The contract as the last good look showed it, with the dates of now; null: there was none, or it is not clear. */
  present(now: number): View | null {
    return this.#licenses === null || this.#isDoubtful ? null : this.#viewOf(this.#licenses, now);
  }

  /** As the last good look showed it, with the dates of then. */
  seen(): View | null {
    const last = this.#looks.findLast(({ accepted }) => accepted.is === 'good');
    return last === undefined ? null : this.present(last.at);
  }

  /** What was believed last, with the dates of the last look, whatever that was. */
  known(): View | null {
    const last = this.#looks.at(-1);
    return last === undefined || this.#licenses === null
      ? null
      : this.#viewOf(this.#licenses, last.at);
  }

  told(reader: Reader): View | null {
    return this.#views[reader];
  }

  looked(look: Look): void {
    const known = this.#licenses ?? [];
    const accepted = this.#believe(look);
    this.#looks.push({ ...look, known, accepted });
    if (!('licenses' in accepted) || !this.#viewOf(accepted.licenses, look.at).several) return;
    for (const reader of ['buyer', 'seller'] as const) {
      const view = this.#views[reader];
      if (view !== null) this.#views[reader] = { ...view, several: true };
    }
  }

  /** A watch that begins anew has nothing to doubt its first look by. */
  watchEnded(): void {
    this.#licenses = null;
    this.#absent = null;
    this.#old = null;
    this.#highest.clear();
    this.#isDoubtful = false;
    this.#relapse = 0;
  }

  /** How long sweeps that came without a pause have shown one and the same, each a good look; in milliseconds. */
  quietFor(now: number): number {
    const present = this.seen();
    if (present === null) return 0;
    let first = now;
    for (const { accepted, at, asked } of this.#looks.toReversed()) {
      if (asked) continue;
      const isLike = accepted.is === 'good' && isSame(this.#viewOf(accepted.licenses, at), present);
      if (!isLike || first - at > 2 * this.#intervalMinutes * MINUTE) break;
      first = at;
    }
    return now - first;
  }

  /** How long bad news may take, once good looks show it: the hour or the next tick, the sweep that tells it, and one that knew it too late. */
  get allowance(): number {
    const sweeps = this.#indexLags ? 3 : 2;
    return Math.max(HOUR, this.#intervalMinutes * MINUTE) + sweeps * this.#intervalMinutes * MINUTE;
  }

  /** One message was published: `facts` oldest first. Throws `Broken` where a promise is. */
  published(reader: Reader, facts: readonly Fact[], now: number, about: string): void {
    for (const fact of facts) {
      this.#tell(reader, fact, now, about);
    }
    if (about === '') this.#compare(reader, facts, now);
  }

  /** The buyer was not reached: what they think is not known from here on. */
  lost(reader: Reader): void {
    this.#views[reader] = null;
  }

  #tell(reader: Reader, fact: Fact, now: number, about: string): void {
    const key = `${reader} ${fact.entry} ${about}${fact.isUnconfirmed === true ? 'unconfirmed' : ''}`;
    if (this.#once.has(key))
      throw new Broken(`entry ${fact.entry} was told to the ${reader} twice`);
    this.#once.add(key);
    if (fact.reminder !== null) this.#remind(reader, fact.reminder, now, about);
    if (fact.isUnconfirmed === true) this.#unconfirmed(reader, fact, now);
    if (about !== '' || fact.isUnconfirmed === true) return;
    const wasUsable = isUsable(this.#views[reader]?.is ?? 'over');
    for (const change of fact.changes) this.#hear(reader, change, fact, now, wasUsable);
    const [view, seen] = [this.#views[reader], this.#seenAt(Date.parse(fact.observedAt))];
    if (view !== null && seen?.several === true) this.#views[reader] = { ...view, several: true };
  }

  #remind(
    reader: Reader,
    { daysBefore, end }: NonNullable<Fact['reminder']>,
    now: number,
    about: string,
  ): void {
    const key = `${reader} day ${daysBefore} of ${end.slice(0, 10)} ${about}`;
    if (this.#once.has(key)) throw new Broken(`${key}: the reminder was told twice`);
    this.#once.add(key);
    const at = Date.parse(end);
    if (now < at - daysBefore * DAY) throw new Broken(`${key}: a reminder before its day`);
  }

  #hear(reader: Reader, change: Told, fact: Fact, now: number, wasUsable: boolean): void {
    const { observedAt } = fact;
    const view = this.#views[reader];
    const seen = this.#seenAt(Date.parse(observedAt));
    const { type } = change;
    if (type === 'WatchStarted') {
      this.#views[reader] = seen;
      return;
    }
    if (type === 'WatchEnded') {
      this.#views[reader] = null;
      return;
    }
    if (type === 'WatchLost') this.#lose(observedAt);
    // Of licenses side by side each is told of by itself.
    if (view?.several === true) return;
    const standing = classAfter(change);
    if (standing !== null) {
      this.#settled(
        change,
        fact,
        (look) => rank(look.is) < rank(classBefore(change) ?? 'over'),
        standing,
      );
      if (type === 'LicenseExpired') this.#hasExpired(now);
      if (view !== null)
        this.#views[reader] = { ...view, ...this.#shownWith(change, fact), is: standing };
      return;
    }
    if (type === 'LicenseRenewed' || type === 'LicenseShortened')
      this.#hearTerm(reader, change, view, fact, wasUsable);
    if (BOUGHT.includes(type)) this.#hearBought(reader, change, view, fact);
  }

  /** A mail of a new license shows what it is; one of a license that was taken away swallows how its end was moved with it. */
  #shownWith({ type }: Told, { observedAt, changes }: Fact): Partial<View> {
    const seen = this.#seenAt(Date.parse(observedAt));
    if (seen === null) return {};
    const { end, bought } = seen;
    const saysEnd = changes.some(
      (each) => each.type === 'LicenseRenewed' || each.type === 'LicenseShortened',
    );
    if (type !== 'LicenseGranted') return SHOWS_END.includes(type) && !saysEnd ? { end } : {};
    // The change of the end in the same mail says from which to which.
    return {
      ...(saysEnd ? {} : { end }),
      ...(changes.some((each) => BOUGHT.includes(each.type)) ? {} : { bought }),
    };
  }

  #hearTerm(reader: Reader, change: Told, view: View | null, fact: Fact, wasUsable: boolean): void {
    const [from, to] = [endOf(change.before), endOf(change.after)];
    if (change.type === 'LicenseRenewed' ? to <= from : to >= from)
      throw new Broken(`${change.type} from ${day(from)} to ${day(to)}: the wrong direction`);
    // Of what cannot be used nobody is told how its end moves.
    const known = view !== null && wasUsable && !view.several;
    if (known && Math.abs(view.end - from) >= DAY)
      throw new Broken(
        `${change.type} told the ${reader} of an end on ${day(from)}, who had last heard of ${day(view.end)}`,
      );
    if (change.type === 'LicenseShortened')
      this.#settled(change, fact, (look) => !isUsable(look.is) || look.end < from, null);
    if (view === null) return;
    // The mail of a renewal says from when on it is in force.
    const seen = this.#seenAt(Date.parse(fact.observedAt));
    const is = change.type === 'LicenseRenewed' ? (seen?.is ?? 'in force') : view.is;
    this.#views[reader] = { ...view, end: to, is };
  }

  #hearBought(reader: Reader, change: Told, view: View | null, fact: Fact): void {
    const [from, to] = [this.#boughtOf(change.before), this.#boughtOf(change.after)];
    const direction = compare(from, to);
    const expected = { LicenseUpgraded: 'more', LicenseDowngraded: 'less' }[change.type] ?? 'mixed';
    if (direction !== expected)
      throw new Broken(`${change.type} from ${list(from)} to ${list(to)}: that is ${direction}`);
    if (
      view !== null &&
      isUsable(view.is) &&
      !view.several &&
      compare(view.bought, from) !== 'the same'
    )
      throw new Broken(
        `${change.type} told the ${reader} of ${list(from)} before, who had last heard of ${list(view.bought)}`,
      );
    if (change.type === 'LicenseDowngraded')
      this.#settled(
        change,
        fact,
        (look) => !isUsable(look.is) || ['less', 'mixed'].includes(compare(from, look.bought)),
        null,
      );
    if (view !== null) this.#views[reader] = { ...view, bought: to };
  }

  /** Rule 10: bad news was seen, and by good looks ever since for an hour; where looks are rarer, at a later tick. */
  #settled(
    change: Told,
    { observedAt }: Fact,
    isBad: (look: View) => boolean,
    after: Class | null,
  ): void {
    const before = classBefore(change);
    if (
      !BAD.includes(change.type) ||
      (after !== null && before !== null && rank(after) >= rank(before))
    )
      return;
    const learned = this.#looks.filter(({ accepted }) => accepted.is !== 'failed');
    // A look that is not believed shows what was known, as it stands by its dates.
    const shows = ({ at, accepted, known }: (typeof learned)[number]) =>
      accepted.is === 'doubtful' ||
      isBad(this.#viewOf(accepted.is === 'good' ? accepted.licenses : known, at));
    const recorded = learned.findLastIndex(({ at }) => at <= Date.parse(observedAt));
    const from = learned.findLastIndex((look, index) => index <= recorded && !shows(look)) + 1;
    const to = learned.findIndex((look, index) => index > recorded && !shows(look));
    const run = learned.slice(from, to < 0 ? undefined : to);
    const [first, last] = [run[0], run.at(-1)];
    if (from > recorded || first === undefined || last === undefined)
      throw new Broken(`${change.type} was told, and the good look at its time shows none of it`);
    const minutes = (last.at - first.at) / MINUTE;
    const enough =
      this.#intervalMinutes > 60 ? last.tick > first.tick && minutes >= 30 : minutes >= 60;
    if (!enough)
      throw new Broken(
        `${change.type} was told, and good looks showed it for ${minutes} minutes only`,
      );
  }

  /** Rule 10: a day without a good look; the buyer hears it only of an end that the dates as they were told confirm. */
  #unconfirmed(reader: Reader, { entry, changes }: Fact, now: number): void {
    // A look that somebody asks for counts nothing, and of a run of good looks that change nothing the first is remembered.
    const last = this.#looks.findLast(({ accepted, asked }) => accepted.is === 'good' && !asked);
    if (last !== undefined && now - last.at < DAY - HOUR)
      throw new Broken(
        `entry ${entry} is said not to be confirmed, ${(now - last.at) / HOUR} hours after a good look`,
      );
    if (reader !== 'buyer') return;
    const view = this.#views[reader];
    if (changes.some(({ type }) => type !== 'LicenseExpired'))
      throw new Broken(`the buyer hears of entry ${entry} what no look confirmed and no date does`);
    if (view !== null && !view.several && view.end > now)
      throw new Broken(
        `the buyer hears of an end that nobody confirmed, and knows of ${day(view.end)}`,
      );
  }

  #hasExpired(now: number): void {
    const licenses = this.#looks.flatMap(({ shown }) => [
      ...(shown?.listed ?? []),
      ...(shown?.got ?? []),
    ]);
    if (
      !licenses.some(
        ({ end, status }) => status === 'EXPIRED' || (end !== null && Date.parse(end) <= now),
      )
    )
      throw new Broken('LicenseExpired was told, and neither the dates nor AWS ever said so');
  }

  /** Rule 3: three ticks running, or a day of trouble. */
  #lose(observedAt: string): void {
    const before = this.#looks.filter(({ at }) => at <= Date.parse(observedAt));
    const failed = before.slice(
      before.findLastIndex(({ accepted }) => accepted.is !== 'failed') + 1,
    );
    if (
      new Set(failed.map(({ tick }) => tick)).size < 3 &&
      Date.parse(observedAt) - (failed[0]?.at ?? 0) < DAY
    )
      throw new Broken(`WatchLost after ${failed.length} failed looks`);
  }

  /** No mail leaves a reader with a darker picture than the last good look has, nor with another where it is no better. */
  #compare(reader: Reader, facts: readonly Fact[], now: number): void {
    const [view, present] = [this.#views[reader], this.present(now)];
    if (view === null || present === null || view.several || present.several) return;
    const types = facts.flatMap(({ changes }) => changes.map(({ type }) => type));
    // Something else is worse: with it settles what is better, such as the begin of a shortened license.
    const settles = isUsable(view.is) && isWorse(present, view);
    if (rank(view.is) < rank(present.is) && isUsable(present.is) && !settles)
      throw new Broken(
        `the ${reader} was told "${view.is}", and the last good look shows "${present.is}"`,
      );
    if (!isUsable(present.is) || isWorse(present, view)) return;
    if (
      types.some((type) => type === 'LicenseRenewed' || type === 'LicenseShortened') &&
      view.end < present.end - DAY
    )
      throw new Broken(
        `the ${reader} was told of the end ${day(view.end)}, and the last good look shows ${day(present.end)}`,
      );
    if (
      types.some((type) => BOUGHT.includes(type)) &&
      compare(view.bought, present.bought) === 'more'
    )
      throw new Broken(
        `the ${reader} was told of ${list(view.bought)}, and the last good look shows ${list(present.bought)}`,
      );
  }

  #seenAt(at: number): View | null {
    const seen = this.#looks.flatMap((look) =>
      look.at === at && 'licenses' in look.accepted ? [look.accepted.licenses] : [],
    );
    return seen.length === 0 ? null : this.#viewOf(seen.at(-1) ?? [], at);
  }

  #believe({ shown, at, tick, asked }: Look): Accepted {
    if (shown === null) return { is: 'failed' };
    const licenses = shown.listed.map((listed) => {
      if (!needsGet(listed)) return listed;
      const got = shown.got.find(({ arn }) => arn === listed.arn) ?? listed;
      return got.version >= listed.version ? got : listed;
    });
    // Of what was over and is over it makes no difference which version says so.
    const wasOver = (license: Shown) =>
      standingOf(license, at) === 'over' &&
      (this.#licenses ?? []).some(
        (known) => known.arn === license.arn && standingOf(known, at) === 'over',
      );
    const lower = licenses.filter(({ arn, version }) => version < (this.#highest.get(arn) ?? 0));
    if (lower.length > 0 && lower.every(wasOver)) return this.#doubt(licenses);
    const isOld = lower.filter((license) => !wasOver(license));
    const disagree = shown.got.some(({ arn, version }) =>
      shown.listed.some((listed) => listed.arn === arn && listed.version !== version),
    );
    const absent = (this.#licenses ?? []).filter(
      ({ arn, end, status }) =>
        !licenses.some((each) => each.arn === arn) &&
        !['DELETED', 'EXPIRED'].includes(status) &&
        (end === null || Date.parse(end) > at),
    );
    if (isOld.length > 0) return this.#agedLook(isOld, licenses, tick, asked);
    this.#old = null;
    if (absent.length > 0) {
      const arns = absent.map(({ arn }) => arn);
      const before = this.#absent;
      const isKnown = before !== null && arns.every((arn) => before.arns.includes(arn));
      const agreed = isKnown && tick > before.tick;
      if (!agreed) {
        // A look that somebody asks for counts nothing.
        if (!asked && !isKnown) this.#absent = { arns, tick };
        return { is: 'ignored' };
      }
    }
    this.#absent = null;
    for (const { arn, version } of licenses)
      this.#highest.set(arn, Math.max(version, this.#highest.get(arn) ?? 0));
    if (this.#relapse > 0 && !asked && tick !== this.#looks.at(-1)?.tick) this.#relapse -= 1;
    if (disagree || this.#relapse > 0) {
      return this.#doubt(licenses);
    }
    this.#isDoubtful = false;
    this.#licenses = licenses;
    return { is: 'good', licenses };
  }

  /** A version below the highest is ignored unless three ticks running show it; what else the look shows may be believed. */
  #agedLook(
    old: readonly Shown[],
    licenses: readonly Shown[],
    tick: number,
    asked: boolean,
  ): Accepted {
    const what = old.map(({ arn, version }) => `${arn}@${version}`).join(' ');
    const before = this.#old?.what === what ? this.#old.ticks : [];
    const ticks = before.includes(tick) ? before : [...before, tick];
    if (!asked) this.#old = { what, ticks };
    if (!asked && ticks.length >= 3) {
      // What is believed now makes the higher version the one that was left: three ticks until that is believed again.
      this.#relapse = 4;
      return this.#doubt(licenses);
    }
    const known = this.#licenses ?? [];
    const others = licenses.filter((license) => !old.includes(license));
    const isNews = others.some(
      (other) => !known.some(({ arn, version }) => arn === other.arn && version === other.version),
    );
    if (!isNews && licenses.length >= known.length) return { is: 'ignored' };
    return this.#doubt([
      ...others,
      ...known.filter(({ arn }) => old.some((each) => each.arn === arn)),
    ]);
  }

  #doubt(licenses: readonly Shown[]): Accepted {
    this.#isDoubtful = true;
    this.#licenses = licenses;
    return { is: 'doubtful', licenses };
  }

  #viewOf(licenses: readonly Shown[], now: number): View {
    const is =
      licenses
        .map((license) => standingOf(license, now))
        .toSorted((a, b) => rank(b) - rank(a))[0] ?? 'over';
    const alike = licenses.filter((license) => standingOf(license, now) === is);
    const running = licenses.filter((license) => isUsable(standingOf(license, now)));
    const [ending, bearing] = [lastOf(running.length > 0 ? running : alike), lastOf(alike)];
    return {
      is,
      end: endMilliseconds(ending[0]),
      words: licenses.map(({ status, received }) => `${status} ${received}`).join(', '),
      bought: new Map(bearing[0] === undefined ? [] : this.#goodsOf(bearing[0])),
      several: ending.length > 1 || bearing.length > 1,
    };
  }

  #goodsOf({ seats, tier }: Shown): [string, number][] {
    return this.#tiers.length > 0 && tier !== null
      ? [['tier', this.#tiers.indexOf(tier)]]
      : Object.entries(seats);
  }

  #boughtOf(side: unknown): ReadonlyMap<string, number> {
    const { tier, counts } = side as {
      tier: string | null;
      counts: { name: string; maxCount: string | null }[];
    };
    if (this.#tiers.length > 0)
      return new Map(tier === null ? [] : [['tier', this.#tiers.indexOf(tier)]]);
    return new Map(
      counts.map(({ name, maxCount }) => [name, maxCount === null ? Infinity : Number(maxCount)]),
    );
  }
}

/** Their mails say no end of their own and show the one that is: a move of it beside them has no name. */
const SHOWS_END = [
  'LicenseSuspended',
  'LicenseDeactivated',
  'LicenseCanceled',
  'LicenseRemoved',
  'LicenseExpired',
  'GrantDeactivated',
  'LicenseReinstated',
  'GrantActivated',
];

const BOUGHT = ['LicenseUpgraded', 'LicenseDowngraded', 'EntitlementsChanged'];

/** Rule 10. */
const BAD = [
  'LicenseExpired',
  'LicenseCanceled',
  'LicenseRemoved',
  'LicenseShortened',
  'LicenseDowngraded',
  'LicenseSuspended',
  'LicenseDeactivated',
  'GrantDeactivated',
];

/** GetLicense is asked of what may be used. */
function needsGet({ status, received }: Shown): boolean {
  return received === 'ACTIVE' && !['EXPIRED', 'DELETED', 'PENDING_DELETE'].includes(status);
}

function standingOf({ status, received, begin, end }: Shown, now: number): Class {
  if (status === 'DELETED' || status === 'EXPIRED' || status === 'DEACTIVATED') return 'over';
  if (end !== null && Date.parse(end) <= now) return 'over';
  if (status === 'SUSPENDED') return 'suspended';
  if (received !== 'ACTIVE') return 'not activated';
  return Date.parse(begin) <= now ? 'in force' : 'upcoming';
}

/** Those that no other succeeds: one that begins in the last month of another or after it, and ends later, takes its place. */
function lastOf(licenses: readonly Shown[]): readonly Shown[] {
  return licenses.filter(
    (old) =>
      !licenses.some(
        (next) =>
          next.arn !== old.arn &&
          endMilliseconds(next) > endMilliseconds(old) &&
          Date.parse(next.begin) > Date.parse(old.begin) &&
          Date.parse(next.begin) >= endMilliseconds(old) - 31 * DAY,
      ),
  );
}

function endMilliseconds(license: Shown | undefined): number {
  return license === undefined || license.end === null ? Infinity : Date.parse(license.end);
}

/** In anything: then bad news settles, and what was true before may still be on its way. */
function isWorse(now: View, before: View): boolean {
  if (rank(now.is) < rank(before.is) || now.end < before.end) return true;
  return ['less', 'mixed'].includes(compare(before.bought, now.bought));
}

function isUsable(is: Class): boolean {
  return is === 'in force' || is === 'upcoming';
}

function rank(is: Class): number {
  return CLASSES.indexOf(is);
}

function classOf(standing: unknown): Class | null {
  switch (standing) {
    case 'in-force':
      return 'in force';
    case 'upcoming':
      return 'upcoming';
    case 'not-activated':
      return 'not activated';
    case 'suspended':
      return 'suspended';
    case 'none':
    case 'ended':
    case 'canceled':
    case 'deactivated':
      return 'over';
    default:
      return null;
  }
}

/** Null: the change says nothing of how the contract stands. */
function classAfter({ before, after, type }: Told): Class | null {
  // Beside other news: another license, which waits for its grant.
  if (type === 'LicenseNotActivated' && (before as { standing: unknown }).standing === null)
    return null;
  return classOf((after as { standing?: unknown }).standing);
}

function classBefore({ before }: Told): Class | null {
  return classOf((before as { standing?: unknown }).standing);
}

function endOf(side: unknown): number {
  const { end } = side as { end: string | null };
  return end === null ? Infinity : Date.parse(end);
}

type Goods = ReadonlyMap<string, number>;

function compare(from: Goods, to: Goods): 'more' | 'less' | 'mixed' | 'the same' {
  const names = [...new Set([...from.keys(), ...to.keys()])];
  const moves = names.map((name) => Math.sign((to.get(name) ?? -1) - (from.get(name) ?? -1)));
  if (moves.includes(1)) return moves.includes(-1) ? 'mixed' : 'more';
  return moves.includes(-1) ? 'less' : 'the same';
}

/** Null: nothing to compare. Why what a reader thinks is not how the contract is. */
export function difference(view: View, present: View): string | null {
  if (view.several || present.several) return null;
  if (view.is !== present.is) return `"${view.is}" instead of "${present.is}"`;
  if (!isUsable(present.is)) return null;
  if (Math.abs(view.end - present.end) >= DAY && view.end !== present.end)
    return `the end ${day(view.end)} instead of ${day(present.end)}`;
  if (compare(view.bought, present.bought) !== 'the same')
    return `${list(view.bought)} instead of ${list(present.bought)}`;
  return null;
}

function isSame(a: View, b: View): boolean {
  return (
    a.is === b.is &&
    a.words === b.words &&
    a.end === b.end &&
    a.several === b.several &&
    compare(a.bought, b.bought) === 'the same'
  );
}

function list(goods: Goods): string {
  return [...goods].map(([name, count]) => `${name} ${count}`).join(', ') || 'nothing';
}

function day(at: number): string {
  return at === Infinity ? 'never' : new Date(at).toISOString().slice(0, 16);
}
