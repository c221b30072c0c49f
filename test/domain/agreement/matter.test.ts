import { describe, expect, it } from 'vitest';
import {
  type Advisory,
  answerBy,
  type Cancellation,
  isUntold,
  type KeptMatter,
  keptOfSaid,
  keptOfToldMatter,
  MATTER_AUDIENCES,
  type Matter,
} from '../../../lib/domain/agreement/matter.ts';
import { DAY, HOUR, plus } from '../../../lib/domain/time.ts';
import { AGREEMENT_ID, aCancellation } from '../../support/agreements.ts';
import { at } from '../../support/licenses.ts';
import * as fc from '../../support/property.ts';
import { BUYER } from '../../support/records.ts';

const NOW = at('2027-01-10T10:00');
const LATER = plus(NOW, HOUR);
const ours = { now: NOW, isOurs: () => true };

function anAdvisory(changes: Partial<Advisory> = {}): Advisory {
  return {
    ...{ kind: 'advisory', agreementId: AGREEMENT_ID, buyerAccountId: BUYER, saidBy: 'event' },
    ...{ productSku: 'prod-abcdefghijklm', status: 'ISSUED', at: NOW },
    ...changes,
  };
}

function after(...all: readonly Matter[]): KeptMatter {
  let kept: KeptMatter | undefined;
  for (const each of all) kept = keptOfSaid(each, kept, ours) ?? kept;
  return kept!;
}

function told(kept: KeptMatter): KeptMatter {
  return MATTER_AUDIENCES.reduce((each, to) => keptOfToldMatter(each, to, LATER), kept);
}

const statusOf = ({ matter }: KeptMatter) => matter.status;

describe('a request to cancel', () => {
  it('is told to both, each once, and its answer is waited for', () => {
    const kept = after(aCancellation());
    expect(kept).toMatchObject({ step: 'tell', revision: 1, foundAt: NOW });
    const half = keptOfToldMatter(kept, 'operations', LATER);
    expect([isUntold(half, 'operations'), isUntold(half, 'seller')]).toEqual([false, true]);
    expect(half.step).toBe('tell');
    expect(told(kept)).toMatchObject({ step: 'answer', revision: 4, stepSince: LATER });
    expect(keptOfSaid(aCancellation(), told(kept), ours)).toBeNull();
  });

  it.each(['APPROVED', 'REJECTED', 'CANCELLED', 'VALIDATION_FAILED'] as const)(
    'that is %s is told once more, and does not begin again',
    (status) => {
      const kept = keptOfSaid(aCancellation({ status }), told(after(aCancellation())), ours)!;
      expect(kept.step).toBe('tell');
      expect(told(kept).step).toBeNull();
      expect(keptOfSaid(aCancellation(), told(kept), ours)).toBeNull();
      expect(statusOf(after(aCancellation({ status }), aCancellation()))).toBe(status);
    },
  );

  it('with two answers is as AWS lists it, else as the later event says', () => {
    const approved = aCancellation({ status: 'APPROVED', updatedAt: LATER });
    const rejected = aCancellation({ status: 'REJECTED' });
    const listed = aCancellation({ status: 'REJECTED', saidBy: 'list' });
    expect(statusOf(after(rejected, approved))).toBe('APPROVED');
    expect(statusOf(after(approved, rejected))).toBe('APPROVED');
    expect(statusOf(after(approved, listed))).toBe('REJECTED');
    expect(statusOf(after(listed, approved))).toBe('REJECTED');
  });

  it('in a word that nobody knows gives way to one that is known', () => {
    const unknown = aCancellation({ status: 'UNKNOWN' });
    expect(statusOf(after(unknown, aCancellation()))).toBe('PENDING_APPROVAL');
    expect(keptOfSaid(unknown, after(aCancellation()), ours)).toBeNull();
  });

  it('is filled by what says more of it, and not told again for that', () => {
    const bare = { buyerAccountId: null, productSku: null, createdAt: null, reason: null };
    const first = told(after(aCancellation(bare)));
    const full = keptOfSaid(aCancellation({ saidBy: 'list' }), first, ours)!;
    expect(full).toMatchObject({ step: 'answer', matter: aCancellation({ saidBy: 'list' }) });
    const answer = keptOfSaid(aCancellation({ ...bare, status: 'APPROVED' }), full, ours)!;
    // Of the answer there is the event alone.
    expect(answer.matter).toEqual(aCancellation({ status: 'APPROVED' }));
  });

  it('of a product that is not configured is kept and told to nobody', () => {
    const none = { now: NOW, isOurs: (sku: string | null) => sku === null };
    const kept = keptOfSaid(aCancellation(), undefined, none)!;
    expect(kept.step).toBeNull();
    expect(keptOfSaid(aCancellation({ status: 'APPROVED' }), kept, none)!.step).toBeNull();
  });

  it('can be answered for seven days', () => {
    const createdAt = at('2027-01-10T09:30');
    expect(answerBy(aCancellation({ createdAt }))).toBe(plus(createdAt, 7 * DAY));
    expect(answerBy(aCancellation({ createdAt: null }))).toBeNull();
  });
});

describe('an advisory', () => {
  const resolved = anAdvisory({ status: 'RESOLVED', at: LATER });

  it('is told, and so is that it was resolved, and the next one', () => {
    const issued = told(after(anAdvisory()));
    expect(issued.step).toBeNull();
    expect(keptOfSaid(anAdvisory(), issued, ours)).toBeNull();
    const over = told(keptOfSaid(resolved, issued, ours)!);
    expect(over.matter.status).toBe('RESOLVED');
    expect(keptOfSaid(anAdvisory(), over, ours)).toBeNull();
    const again = keptOfSaid(anAdvisory({ at: plus(LATER, DAY) }), over, ours)!;
    expect(again).toMatchObject({ step: 'tell', matter: { status: 'ISSUED' } });
  });

  it('without a time is told by its status alone', () => {
    const bare = told(after(anAdvisory({ at: null })));
    expect(keptOfSaid(anAdvisory({ at: null }), bare, ours)).toBeNull();
    expect(keptOfSaid(anAdvisory({ at: null, status: 'RESOLVED' }), bare, ours)).not.toBeNull();
  });
});

/** What AWS did, each with its time, of which events may be lost, doubled and late. */
const anyAnswer = fc.constantFrom('APPROVED', 'REJECTED', 'CANCELLED', 'VALIDATION_FAILED');
const updated = (matter: Cancellation, minutes: number): Cancellation => ({
  ...matter,
  updatedAt: plus(NOW, minutes * 60_000),
});

it('whatever order events come in, each state is told once at most, and the last one stands', () => {
  fc.assert(
    fc.property(
      anyAnswer,
      fc.array(fc.tuple(fc.boolean(), fc.constantFrom('event', 'list'), fc.boolean()), {
        minLength: 1,
        maxLength: 12,
      }),
      (answer, events) => {
        const pending = updated(aCancellation(), 0);
        const over = updated(aCancellation({ status: answer }), 5);
        let kept: KeptMatter | undefined;
        const states: string[] = [];
        for (const [isOver, saidBy, isTick] of events) {
          kept = keptOfSaid({ ...(isOver ? over : pending), saidBy }, kept, ours) ?? kept;
          if (!isTick || kept?.step !== 'tell') continue;
          states.push(kept.matter.status);
          kept = told(kept);
        }
        expect(new Set(states).size).toBe(states.length);
        if (events.some(([isOver]) => isOver)) expect(kept?.matter.status).toBe(answer);
        if (states.includes(answer)) expect(states.at(-1)).toBe(answer);
      },
    ),
  );
});
