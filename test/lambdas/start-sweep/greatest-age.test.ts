import { describe, expect, it } from 'vitest';
import { measureGreatestAge } from '../../../lambdas/start-sweep/greatest-age.ts';
import type { LastSeen } from '../../../lib/domain/check/last-seen.ts';
import { contractKey } from '../../../lib/domain/license/contract.ts';
import { DAY, HOUR, type Instant, MINUTE, plus } from '../../../lib/domain/time.ts';
import type { Log } from '../../../lib/observability/handler.ts';
import { aProduct, BUYER, CONTRACT, NOW } from '../../support/records.ts';
import { SILENT } from '../../support/send-notices-fixture.ts';

const hours = (count: number) => plus(NOW, -count * HOUR);

function seen(changes: Partial<LastSeen> = {}): LastSeen {
  return { contract: CONTRACT, since: hours(900), at: hours(1), excused: null, ...changes };
}

/** What a sweep of `tick` measures, and the lines that it logs. */
async function measured(
  all: readonly LastSeen[] | Error,
  {
    tick = NOW,
    previous = plus(NOW, -15 * MINUTE),
  }: { readonly tick?: Instant; readonly previous?: Instant | null } = {},
) {
  const values: [string, number][] = [];
  const lines: unknown[] = [];
  const line: Log['info'] = ({ code }, keys) => void lines.push({ code, ...keys });
  await measureGreatestAge(tick, previous, {
    settings: { products: [aProduct(), aProduct({ id: 'old', retired: true })] },
    lastSeen: {
      // eslint-disable-next-line @typescript-eslint/require-await -- the port is asynchronous, an array is not
      async *all() {
        if (all instanceof Error) throw all;
        yield* all;
      },
    },
    now: () => NOW,
    log: { ...SILENT, info: line, error: line },
    meter: { measure: (metric, value) => void values.push([metric, value]) },
  });
  return { values, lines };
}

describe('the greatest age of a last look', () => {
  it('is that of the contract that was seen longest ago, and names it', async () => {
    const oldest = contractKey('222233334444', 'design-suite');
    const all = [seen(), seen({ contract: oldest, at: hours(30) }), seen({ at: hours(2) })];
    const { values, lines } = await measured(all);
    expect(values).toEqual([['LastSeenAgeHours', 30]]);
    expect(lines).toEqual([
      {
        code: 'LAST_SEEN_READ',
        hours: 30,
        contract: oldest,
        contracts: 3,
        blind: 0,
        unrecorded: 0,
      },
    ]);
  });

  it('is 0 where there is nobody: silence would be an alarm', async () => {
    expect((await measured([])).values).toEqual([['LastSeenAgeHours', 0]]);
  });

  it('counts a contract that was never looked at from when it was to be', async () => {
    const { values } = await measured([seen({ since: hours(27), at: null })]);
    expect(values).toEqual([['LastSeenAgeHours', 27]]);
  });

  it('leaves out, and counts apart, who is told blind and what cannot be recorded', async () => {
    const { values, lines } = await measured([
      seen({ at: hours(500), excused: 'blind' }),
      seen({ at: hours(400), excused: 'unrecorded' }),
      seen({ at: null, excused: 'blind' }),
      seen({ at: hours(3) }),
    ]);
    expect(values).toEqual([['LastSeenAgeHours', 3]]);
    expect(lines).toMatchObject([{ contracts: 1, blind: 2, unrecorded: 1, contract: CONTRACT }]);
  });

  it('leaves out retired products, but not one that was taken out of the settings without a word', async () => {
    const old = seen({ contract: contractKey(BUYER, 'old'), at: hours(300) });
    expect((await measured([old, seen()])).values).toEqual([['LastSeenAgeHours', 1]]);
    const forgotten = seen({ contract: contractKey(BUYER, 'forgotten'), at: hours(50) });
    expect((await measured([forgotten, seen()])).values).toEqual([['LastSeenAgeHours', 50]]);
  });

  it('is measured once an hour, by the first sweep there is in it', async () => {
    const start = NOW;
    const ticks = Array.from({ length: 12 }, (_, n) => plus(start, (7 + n * 15) * MINUTE));
    const ofHour = await Promise.all(
      ticks.map(async (tick, n) => {
        const { values } = await measured([], { tick, previous: ticks[n - 1] ?? null });
        return values.length;
      }),
    );
    expect(ofHour).toEqual([1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0]);
    // The sweep that should have measured it was lost: the next one does.
    const late = await measured([], { tick: plus(start, 80 * MINUTE), previous: start });
    expect(late.values).toHaveLength(1);
    const daily = await measured([], { tick: plus(start, DAY), previous: start });
    expect(daily.values).toHaveLength(1);
  });

  it('that cannot be read is measured by nobody, which is an alarm, and fails no sweep', async () => {
    const { values, lines } = await measured(new Error('AccessDenied'));
    expect(values).toEqual([]);
    expect(lines).toEqual([{ code: 'LAST_SEEN_UNREAD' }]);
  });
});
