import * as z from 'zod/mini';
import { between, type Instant, MINUTE, parseAwsTime } from '../../lib/domain/time.ts';
import type { WatchedBuyer } from '../../lib/domain/ports.ts';
import { MESSAGES } from '../../lib/observability/message-codes.ts';
import { METRICS } from '../../lib/messages/names.ts';
import { problemsOf } from '../../lib/messages/problems.ts';
import type { SendNotices } from '../../lib/messages/send-notices.ts';
import type { Delayed, Dependencies } from './dependencies.ts';
import { planChecks } from './plan-checks.ts';

/** SQS's longest delay. */
const LONGEST_DELAY = 900;

/** Time for the last checks of a sweep to be recorded before the seller's digest gathers them. */
const DIGEST_MARGIN = 2 * MINUTE;

/** By so much the clocks of the scheduler and of the function may differ. */
const CLOCK_SKEW = 5 * MINUTE;

const schedulerInput = z.object({ tick: z.string() });

export interface SweepSummary {
  readonly tick: Instant;
  readonly buyers: number;
  readonly messages: number;
  readonly notices: number;
}

/**
 * One sweep. Running it again for the same tick is harmless: checks carry the same ID, notices are told by their mark, and
 * the digest of a tick is given away once.
 */
export async function startSweep(
  event: unknown,
  dependencies: Dependencies,
): Promise<SweepSummary> {
  const { settings, ticks, sendChecks, sendNotices, sha256, now, log, meter } = dependencies;
  const tick = tickOf(event, now());
  const watched = await buyersToCheck(dependencies);
  const checks = planChecks(
    watched,
    { tick, now: now(), spreadMinutes: settings.spreadMinutes },
    sha256,
  );
  // Before the checks: the first failed one asks how many there are.
  await ticks.startSweep(tick, watched.length);
  await sendChecks(checks);
  const notices = await dueNotices(dependencies);
  await sendNotices([...notices, digest(tick, settings.spreadMinutes)]);
  meter.measure(METRICS.sweepsStarted, 1);
  const unrecorded = watched.flatMap(({ contracts }) =>
    contracts.filter((each) => each.unrecorded === true),
  ).length;
  if (unrecorded > 0) {
    meter.measure(METRICS.contractsUnrecorded, unrecorded);
    log.error(MESSAGES.contractsUnrecorded, { contracts: unrecorded });
  }
  const summary = {
    tick,
    buyers: watched.length,
    messages: checks.length,
    notices: notices.length,
  };
  log.info(MESSAGES.sweepStarted, summary);
  return summary;
}

/**
 * The instant for which the sweep was scheduled, as EventBridge Scheduler fills it in. One in the future is a slip of somebody
 * who sweeps by hand: heads would take every tick until then for an old one, count nothing and remind nobody.
 */
function tickOf(event: unknown, now: Instant): Instant {
  const input = z.safeParse(schedulerInput, event);
  if (!input.success) {
    throw new Error(
      `start-sweep expects {"tick": "<time>"} from its schedule: ${problemsOf(input.error, event)}. ` +
        'To sweep by hand, invoke it with the present time: {"tick": "2027-02-01T00:00:00Z"}',
    );
  }
  const tick = parseAwsTime(input.data.tick);
  if (tick === null || between(now, tick) > CLOCK_SKEW) {
    throw new Error(
      `a sweep cannot be scheduled for ${input.data.tick}: it is ${now} now; give that as the tick`,
    );
  }
  return tick;
}

/** Active buyers, each with the contracts of products that are configured; of retired ones those whose watch has not ended yet. */
async function buyersToCheck({
  buyers,
  settings,
  log,
}: Dependencies): Promise<readonly WatchedBuyer[]> {
  const products = new Map(settings.products.map((product) => [product.id, product]));
  const unknown = new Set<string>();
  const toCheck: WatchedBuyer[] = [];
  for await (const { buyer, contracts: all } of buyers.active()) {
    const contracts = all.filter(({ productId, digest }) => {
      const product = products.get(productId);
      return product !== undefined && (!product.retired || digest !== null);
    });
    for (const { productId } of all) if (!products.has(productId)) unknown.add(productId);
    if (contracts.length > 0) toCheck.push({ buyer, contracts });
    else log.warn(MESSAGES.buyerWithoutContracts, { buyerAccountId: buyer.buyerAccountId });
  }
  // Taken out of cdk.json without being retired: a slip that would otherwise end these watches without a word.
  for (const productId of unknown) log.error(MESSAGES.productUnknown, { productId });
  return toCheck;
}

/** What is due and was not told yet. One message per contract is enough for a buyer: it sends all that waits there. */
async function dueNotices({ notices, now }: Dependencies): Promise<Delayed<SendNotices>[]> {
  const due = new Map<string, Delayed<SendNotices>>();
  for (const audience of ['buyer', 'operations'] as const) {
    for await (const { contract, entry } of notices.due(audience, now())) {
      const key = audience === 'buyer' ? contract : `${contract} ${entry}`;
      due.set(`${audience} ${key}`, {
        body: { format: 1, kind: 'notice', contract, entry, audience },
        delaySeconds: 0,
      });
    }
  }
  return [...due.values()];
}

function digest(tick: Instant, spreadMinutes: number): Delayed<SendNotices> {
  return {
    body: { format: 1, kind: 'digest', tick },
    delaySeconds: Math.min(LONGEST_DELAY, spreadMinutes * 60 + DIGEST_MARGIN / 1_000),
  };
}
