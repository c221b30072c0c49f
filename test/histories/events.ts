import * as fc from '../support/property.ts';
import type { LicenseStatus, ReceivedStatus } from '../../lib/domain/license/contract.ts';
import type { NoteKind } from '../../lib/domain/ledger/note.ts';
import type { Lag } from './licenses-in-memory.ts';

/** `left`: whoever had confirmed has unsubscribed. `a queue`: it reads what no person does. */
export type TopicState = 'confirmed' | 'unconfirmed' | 'left' | 'a queue' | 'gone';

/** One thing that happens in a history; each is a line when the history is printed. */
export type Event =
  /** A further version: other seats, another tier, another end, another status, another state of the grant. */
  | { readonly what: 'seats'; readonly of: 'ReadOnly' | 'Admin'; readonly count: number }
  | { readonly what: 'tier'; readonly tier: string }
  | { readonly what: 'end moves'; readonly days: number }
  | { readonly what: 'status'; readonly status: LicenseStatus }
  | { readonly what: 'grant'; readonly state: ReceivedStatus }
  | {
      readonly what: 'renewed';
      readonly license: 'same' | 'another';
      readonly gapDays: number;
      readonly seats: number;
    }
  | { readonly what: 'removed' }
  /** What License Manager, the role, the topic, the buyer and the seller do. */
  | { readonly what: 'answers'; readonly lag: Lag }
  | { readonly what: 'role'; readonly stands: boolean }
  | { readonly what: 'topic'; readonly is: TopicState }
  | { readonly what: 'stack'; readonly is: 'deleted' | 'made' }
  | { readonly what: 'asked' }
  /** By either party, where the agreements are read. */
  | { readonly what: 'renewal'; readonly is: 'on' | 'off' }
  | { readonly what: 'said'; readonly kind: NoteKind; readonly days: number | null }
  /** Sweeps one interval apart. `late`: the check of each comes after that of the next. */
  | {
      readonly what: 'sweeps';
      readonly count: number;
      readonly first: 'checks' | 'notices';
      readonly check: 'once' | 'twice' | 'late';
    }
  /** Nobody sweeps. */
  | { readonly what: 'pause'; readonly hours: number }
  /** Nobody sweeps until so many minutes after (negative: before) the end of the newest license. */
  | { readonly what: 'until the end'; readonly minutes: number };

/** Where a history begins, and what does not change in it. */
export interface Setting {
  readonly pricing: 'floating' | 'tiered';
  readonly intervalMinutes: number;
  /** Days from the start to the end of the first license. */
  readonly daysLeft: number;
  readonly confirmed: boolean;
  /** A range shows the buyer as it was when the sweep before began. */
  readonly indexLags: boolean;
  /** The seller's agreements are read. Absent: they are not. */
  readonly agreements?: true;
}

export interface History {
  readonly setting: Setting;
  readonly events: readonly Event[];
}

export const TIERS = ['BasicTier', 'IntermediateTier', 'PremiumTier'] as const;

const HONEST: Lag = { missing: false, stale: 0, apart: 0, failing: null };

/** Few values each, so that what is there comes back: the same seats, the same end. */
const ofLicense: fc.Arbitrary<Event> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      what: fc.constant('seats' as const),
      of: fc.constantFrom('ReadOnly' as const, 'ReadOnly' as const, 'Admin' as const),
      count: fc.constantFrom(3, 4, 5, 9),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      what: fc.constant('end moves' as const),
      days: fc.constantFrom(-40, -10, 10, 40),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      what: fc.constant('status' as const),
      status: fc.constantFrom<LicenseStatus>(
        'AVAILABLE',
        'AVAILABLE',
        'SUSPENDED',
        'DEACTIVATED',
        'DELETED',
        'EXPIRED',
      ),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      what: fc.constant('grant' as const),
      state: fc.constantFrom<ReceivedStatus>('ACTIVE', 'DISABLED'),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      what: fc.constant('renewed' as const),
      license: fc.constantFrom('same' as const, 'another' as const),
      gapDays: fc.constantFrom(0, 0, 3),
      seats: fc.constantFrom(0, 0, 3, 9),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ what: fc.constant('tier' as const), tier: fc.constantFrom(...TIERS) }),
  },
  { weight: 1, arbitrary: fc.constant({ what: 'removed' as const }) },
);

const ofAnswers: fc.Arbitrary<Event> = fc
  .oneof(
    fc.constant<Partial<Lag>>({}),
    fc.constant<Partial<Lag>>({}),
    fc.constant<Partial<Lag>>({ missing: true }),
    fc.constantFrom(1, 2).map((stale): Partial<Lag> => ({ stale })),
    fc.constantFrom(-1, 1).map((apart): Partial<Lag> => ({ apart })),
    fc
      .constantFrom('ThrottlingException' as const, 'InternalServerException' as const)
      .map((failing): Partial<Lag> => ({ failing })),
  )
  .map((lag) => ({ what: 'answers', lag: { ...HONEST, ...lag } }));

const ofSweeps: fc.Arbitrary<Event> = fc.record({
  what: fc.constant('sweeps' as const),
  count: fc.constantFrom(1, 1, 2, 3, 5),
  first: fc.constantFrom('checks' as const, 'notices' as const),
  check: fc.constantFrom(
    'once' as const,
    'once' as const,
    'once' as const,
    'twice' as const,
    'late' as const,
  ),
});

const ofOthers: fc.Arbitrary<Event> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ what: fc.constant('role' as const), stands: fc.boolean() }) },
  {
    weight: 2,
    arbitrary: fc.record({
      what: fc.constant('topic' as const),
      is: fc.constantFrom<TopicState>(
        'confirmed',
        'confirmed',
        'confirmed',
        'unconfirmed',
        'left',
        'a queue',
        'gone',
      ),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      what: fc.constant('stack' as const),
      is: fc.constantFrom('deleted' as const, 'made' as const, 'made' as const),
    }),
  },
  { weight: 2, arbitrary: fc.constant({ what: 'asked' as const }) },
  {
    weight: 2,
    arbitrary: fc.record({
      what: fc.constant('said' as const),
      kind: fc.constantFrom<NoteKind>('note', 'snooze', 'snooze', 'dismiss', 'resume', 'erase'),
      days: fc.constantFrom(1, 30, null),
    }),
  },
);

const ofTime: fc.Arbitrary<Event> = fc.oneof(
  {
    weight: 2,
    arbitrary: fc.record({
      what: fc.constant('pause' as const),
      hours: fc.constantFrom(1, 3, 30, 240),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      what: fc.constant('until the end' as const),
      minutes: fc.constantFrom(-20, -2, 5, 90, 1_500),
    }),
  },
);

const anyEvent: fc.Arbitrary<Event> = fc.oneof(
  { weight: 8, arbitrary: ofSweeps },
  { weight: 6, arbitrary: ofLicense },
  { weight: 3, arbitrary: ofAnswers },
  { weight: 3, arbitrary: ofOthers },
  { weight: 3, arbitrary: ofTime },
);

export const anyHistory: fc.Arbitrary<History> = fc.record({
  setting: fc.record({
    pricing: fc.constantFrom('floating' as const, 'floating' as const, 'tiered' as const),
    intervalMinutes: fc.constantFrom(15, 15, 120),
    daysLeft: fc.constantFrom(1, 8, 100),
    confirmed: fc.constantFrom(true, true, true, false),
    indexLags: fc.constantFrom(false, false, true),
  }),
  events: fc.array(anyEvent, { minLength: 2, maxLength: 16, size: 'max' }),
});

/** Half of what happens to the license happens to its renewal. */
export const anyHistoryWithAgreements: fc.Arbitrary<History> = fc
  .tuple(
    anyHistory,
    fc.array(
      fc.tuple(
        fc.nat(16),
        fc.record({
          what: fc.constant('renewal' as const),
          is: fc.constantFrom('on' as const, 'off' as const, 'off' as const),
        }),
      ),
      { minLength: 1, maxLength: 6 },
    ),
  )
  .map(([{ setting, events }, renewals]) => ({
    setting: { ...setting, agreements: true },
    events: renewals.reduce<readonly Event[]>(
      (all, [at, renewal]) => all.toSpliced(at % (all.length + 1), 0, renewal),
      events,
    ),
  }));

export function wordsOf(event: Event): string {
  switch (event.what) {
    case 'seats':
      return `${event.of} is ${event.count} seats`;
    case 'tier':
      return `the tier is ${event.tier}`;
    case 'end moves':
      return `the end moves by ${event.days} days`;
    case 'status':
      return `the license is ${event.status}`;
    case 'grant':
      return `the grant is ${event.state}`;
    case 'renewed':
      return `renewed with ${event.license === 'same' ? 'the same license' : 'another license'}${event.gapDays > 0 ? ` after ${event.gapDays} days` : ''}${event.seats > 0 ? `, ${event.seats} seats` : ''}`;
    case 'removed':
      return 'the license leaves the list';
    case 'answers': {
      const { missing, stale, apart, failing } = event.lag;
      if (missing) return 'the list lacks the newest license';
      if (stale > 0) return `answers are ${stale} versions old`;
      if (apart !== 0)
        return `${apart > 0 ? 'GetLicense' : 'the list'} is ${Math.abs(apart)} version behind`;
      return failing === null ? 'answers are right' : `answers are ${failing}`;
    }
    case 'role':
      return event.stands ? 'the role lets us in' : 'the role is gone';
    case 'topic':
      return `the topic is ${event.is}`;
    case 'stack':
      return `the stack is ${event.is}`;
    case 'asked':
      return 'somebody asks for a look';
    case 'renewal':
      return `renewal is switched ${event.is}`;
    case 'said':
      return `the seller: ${event.kind}${event.days === null ? '' : `, ${event.days} days`}`;
    case 'sweeps':
      return `${event.count} sweeps, ${event.first} first, each check ${event.check}`;
    case 'pause':
      return `no sweep for ${event.hours} hours`;
    case 'until the end':
      return `no sweep until ${event.minutes} minutes after the end`;
  }
}
