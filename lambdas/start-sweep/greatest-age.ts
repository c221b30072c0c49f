import { ageOf } from '../../lib/domain/check/last-seen.ts';
import { contractOf } from '../../lib/domain/license/contract.ts';
import type { LastSeenBook } from '../../lib/domain/ports.ts';
import { epochMilliseconds, HOUR, type Instant } from '../../lib/domain/time.ts';
import type { Settings } from '../../lib/messages/settings.ts';
import { METRICS } from '../../lib/messages/names.ts';
import type { Log, Meter } from '../../lib/observability/handler.ts';
import * as MESSAGES from '../../lib/observability/message-codes.ts';

interface GreatestAgeDependencies {
  readonly settings: Pick<Settings, 'products'>;
  readonly lastSeen: Pick<LastSeenBook, 'all'>;
  readonly now: () => Instant;
  readonly log: Log;
  readonly meter: Meter;
}

/**
 * Measures, in the first sweep of every hour, for how many hours the contract that was read longest ago has gone unread: 0 if there is
 * none. A failure here must not repeat the sweep; a missing measurement raises an alarm of its own.
 */
export async function measureGreatestAge(
  tick: Instant,
  previous: Instant | null,
  dependencies: GreatestAgeDependencies,
): Promise<void> {
  if (previous !== null && hourOf(previous) >= hourOf(tick)) return;
  const { log, meter } = dependencies;
  try {
    const { hours, contract, contracts, blind, unrecorded } = await greatestAge(dependencies);
    meter.measure(METRICS.lastSeenAgeHours, hours);
    log.info(MESSAGES.lastSeenRead, { hours, contract, contracts, blind, unrecorded });
  } catch (error) {
    log.error(MESSAGES.lastSeenUnread, {}, error);
  }
}

function hourOf(tick: Instant): number {
  return Math.floor(epochMilliseconds(tick) / HOUR);
}

interface GreatestAge {
  readonly hours: number;
  /** The contract with that age. Null: there is none. */
  readonly contract: string | null;
  /** Contracts that a look is expected to read. */
  readonly contracts: number;
  /** Contracts that no look is expected to read because they are blind; somebody was told. */
  readonly blind: number;
  readonly unrecorded: number;
}

/** Keeps only one contract in memory at a time. */
async function greatestAge({
  settings,
  lastSeen,
  now,
}: GreatestAgeDependencies): Promise<GreatestAge> {
  const retired = new Set(settings.products.flatMap(({ id, retired: is }) => (is ? [id] : [])));
  const at = now();
  const excused = { blind: 0, unrecorded: 0 };
  let [contracts, age, oldest]: [number, number, string | null] = [0, 0, null];
  for await (const each of lastSeen.all()) {
    // Nobody looks at a retired product. One removed from the settings without retiring it ages.
    if (retired.has(contractOf(each.contract).productId)) continue;
    if (each.excused !== null) {
      excused[each.excused] += 1;
      continue;
    }
    contracts += 1;
    if (oldest !== null && ageOf(each, at) <= age) continue;
    [age, oldest] = [ageOf(each, at), each.contract];
  }
  return { hours: age / HOUR, contract: oldest, contracts, ...excused };
}
