import * as z from 'zod/mini';
import { between, type Instant, MINUTE, parseAwsTime } from '../domain/time.ts';
import type { FunctionName } from './names.ts';
import { problemsOf } from './problems.ts';

const schedulerInput = z.object({ tick: z.string() });

/** How much the clocks of the scheduler and of the function may differ. */
const CLOCK_SKEW = 5 * MINUTE;

/**
 * The instant for which an invocation was scheduled, as EventBridge Scheduler fills it in. Throws if it is in the future, a mistake of an
 * invocation by hand: heads would take every tick until then for an old one, count nothing and remind nobody.
 */
export function scheduledTick(event: unknown, now: Instant, whom: FunctionName): Instant {
  const input = z.safeParse(schedulerInput, event);
  if (!input.success) {
    throw new Error(
      `${whom} expects {"tick": "<time>"} from its schedule: ${problemsOf(input.error, event)}. ` +
        'To start it by hand, invoke it with the present time: {"tick": "2027-02-01T00:00:00Z"}',
    );
  }
  const tick = parseAwsTime(input.data.tick);
  if (tick === null || between(now, tick) > CLOCK_SKEW) {
    throw new Error(
      `nothing can be scheduled for ${input.data.tick}: it is ${now} now; give that as the tick`,
    );
  }
  return tick;
}
