import { agreementFindings } from './agreement-findings.ts';
import { canonicalJson } from '../ledger/canonical-json.ts';
import type { CanonicalState, Side } from '../license/contract.ts';
import { dimensionsIn, type Product } from '../license/product.ts';
import { neededOf } from '../license/purchase.ts';
import { isRenewalLost, settle } from '../notice/settling.ts';
import type { Instant } from '../time.ts';
import {
  believedRead,
  type BelievedRead,
  firstBelievedRead,
  type SeenObservation,
  type DoubtfulRead,
} from './believed-read.ts';
import type { Change } from './changes.ts';
import { type Circumstances, type Findings, nothing, TOLD_AT_ONCE } from './decision.ts';
import { differencesBetween } from './differences/differences.ts';
import {
  hasUnknownTier,
  unknownTiersFound,
  unknownTiersIn,
} from './differences/purchase-change.ts';
import { othersFound } from './other-licenses.ts';
import { usageCrossings, usageMarks, usageOfPools } from './usage-thresholds.ts';
import { type Head, isNewTick, newHead } from './head.ts';
import { lifeOf } from '../license/standing.ts';
import { unitOutUntil } from './probe.ts';
import { checkout, lastProbe } from './verdict.ts';

/** Findings of a good read: what is believed, what differs from what was known, and what else it shows. */
export function findingsOfRead(
  observation: SeenObservation,
  circumstances: Circumstances,
): Findings {
  const { head } = circumstances;
  // Only the watch that is going on has a good read to compare with.
  return head !== null && head.watchStarted !== null && head.watchEnded === null
    ? anotherLook(observation, head, circumstances)
    : firstLook(observation, circumstances);
}

/** The first look is a baseline: what it finds was not granted, renewed or used up today. */
function firstLook(observation: SeenObservation, circumstances: Circumstances): Findings {
  const { product, now, tick, lastSeen, agreements = null } = circumstances;
  const head = circumstances.head ?? newHead(circumstances);
  const found = firstBelievedRead(observation, head, now, isNewTick(head, tick));
  if (!('state' in found)) return waitedFor(found, head, lastSeen);
  const after: Side = { ...found, at: now };
  const shown = shownBy(observation, found);
  const probed = checkout(shown.probe, found.standing, { ...head, refused: null }, true);
  const started: Change = {
    type: 'WatchStarted',
    before: { standing: null },
    after: { standing: found.standing },
    reason:
      found.state.length === 0
        ? 'the first look found no license of the product'
        : 'the first look at this contract',
  };
  const others = othersFound(null, after, observation.foreign, {
    beside: [],
    foreign: head.others.foreign,
  });
  const unknownTiers = unknownTiersIn(after, product);
  const changes = withoutNull([
    restored(head, lastSeen),
    started,
    notActivated(found),
    unknownTiersFound(unknownTiers, []),
    ...others.changes,
  ]);
  return {
    memory: {
      ...remembered({ ...head, lastProbe: null }, found, shown, circumstances),
      verdict: probed.verdict,
      refused: probed.refused,
      usageMarks: usageMarks(found, shown.usage ?? [], []),
      agreements: agreementFindings(null, agreements, found.state, now).known,
      others: others.told,
      unknownTiers,
      knownBefore: null,
      watchStarted: now,
      watchEnded: null,
    },
    changes,
    settlement: TOLD_AT_ONCE,
    differs: true,
    isReadWell: true,
    reason: probed.reason,
  };
}

/** Findings if nothing can be concluded about a license yet: it is not known what there is at the start of the watch. */
function waitedFor(
  { disagreement, highest, doubt }: DoubtfulRead,
  head: Head,
  lastSeen: Instant | null,
): Findings {
  return {
    ...nothing({ ...head, disagreement, highest, blind: null }, doubt),
    changes: withoutNull([restored(head, lastSeen)]),
  };
}

/**
 * What the look shows, as far as it counts. If the read is in doubt, the checkout may have asked for what is not there, so its refusal says
 * nothing; and while a license is missing, usage seems too low, and the same would be told again later.
 */
function shownBy(
  { licenses, probe, usage }: SeenObservation,
  { doubt }: BelievedRead,
): Pick<SeenObservation, 'licenses' | 'probe' | 'usage'> {
  if (doubt === null) return { licenses, probe, usage };
  const isRefused = probe.outcome === 'refused';
  return {
    licenses,
    probe: isRefused ? { outcome: 'not-probed', untried: 'left-out', reason: doubt } : probe,
    usage: null,
  };
}

/** When the known state was last judged. A look in doubt confirms nothing, but what dates alone brought by then was recorded. */
function judgedAt(
  { lastTick, blind, disagreement, stale, missing }: Head,
  lastSeen: Instant | null,
): Instant | null {
  const isDoubted = disagreement !== null || stale !== null || missing !== null;
  if (!isDoubted || blind !== null || lastTick === null) return lastSeen;
  return lastSeen !== null && lastSeen > lastTick ? lastSeen : lastTick;
}

function anotherLook(
  observation: SeenObservation,
  head: Head,
  circumstances: Circumstances,
): Findings {
  const { product, now, tick, lastSeen, agreements = null } = circumstances;
  const newTick = isNewTick(head, tick);
  const found = believedRead(observation, head, now, newTick);
  const { knownBefore } = head;
  const before: Side = {
    state: head.state,
    standing: head.standing,
    at: judgedAt(head, lastSeen) ?? now,
    ...(knownBefore !== null && { known: knownBefore }),
  };
  const after: Side = {
    state: found.state,
    standing: found.standing,
    at: now,
    deleted: observation.licenses
      .filter((license) => lifeOf(license) === 'deleted')
      .map(({ licenseArn }) => licenseArn),
    ...(agreements !== null && { agreements }),
  };
  const stateDiffers = canonicalJson(before.state) !== canonicalJson(after.state);
  const differs = stateDiffers || before.standing !== after.standing;
  const isGood = found.doubt === null;
  const shown = shownBy(observation, found);
  const probed = checkout(shown.probe, found.standing, head, newTick);
  const usage = usageCrossings(found, shown.usage, product, head);
  const beside = othersFound(before, after, observation.foreign, head.others);
  const differences = differencesBetween(before, after, product);
  const tiersTold = differences.flatMap((change) =>
    change.type === 'EntitlementsChanged' ? change.unknownTiers : [],
  );
  const unknownTiers = unknownTiersIn(after, product);
  const unknown = unknownTiersFound(unknownTiers, [...head.unknownTiers, ...tiersTold]);
  const back = withoutNull([restored(head, lastSeen)]);
  const agreed = agreementFindings(
    head.agreements,
    agreements,
    // A state in doubt is not compared with agreements.
    isGood ? found.state : null,
    now,
  );
  const toldWith = (agreedChanges: readonly Change[]) => {
    const rest = withoutNull([
      unknown,
      ...usage.changes,
      probed.change,
      ...beside.changes,
      ...agreedChanges,
    ]);
    const changes = [...back, ...differences, ...rest];
    const isRecorded = changes.length > 0 || differs;
    const others = [...back, ...rest];
    const seen = { before, after, differences, others, isRecorded, isGood };
    return { changes, settled: settle(seen, head, circumstances) };
  };
  const whole = toldWith(agreed.changes);
  // A renewal switched off is told at once (rule 13), but an entry settles as a whole. So it gets its own entry, at the next look.
  const hasMore = whole.settled.settles && agreed.changes.some(isRenewalLost);
  const { changes, settled } = hasMore ? toldWith([]) : whole;
  const { settling, ...settlement } = settled;
  return {
    memory: {
      // Of another state, no probe was seen yet.
      ...remembered(
        stateDiffers ? { ...head, lastProbe: null } : head,
        found,
        shown,
        circumstances,
      ),
      settling,
      verdict: probed.verdict,
      refused: probed.refused,
      usageMarks: usage.marks,
      agreements: hasMore ? head.agreements : agreed.known,
      others: beside.told,
      unknownTiers,
      knownBefore: lastKnown(before, after, product),
    },
    changes,
    settlement,
    differs,
    hasMore,
    // A read in doubt does not confirm what was known: what is seen next may have happened before it.
    isReadWell: isGood || differs,
    reason: found.doubt ?? probed.reason,
  };
}

function withoutNull(changes: readonly (Change | null)[]): readonly Change[] {
  return changes.filter((change) => change !== null);
}

/**
 * The state by which a buyer was last told what was bought. An unknown tier does not concern the buyer, but what comes after it does. If
 * no license is left, there is nothing to compare with until one is there again.
 */
function lastKnown(before: Side, after: Side, product: Product): CanonicalState | null {
  if (after.state.length > 0 && !hasUnknownTier(after, product)) return null;
  if (before.known !== undefined) return before.known;
  return before.state.length === 0 || hasUnknownTier(before, product) ? null : before.state;
}

function remembered(
  head: Head,
  { doubt: _, ...believed }: BelievedRead,
  { licenses, probe, usage }: Pick<SeenObservation, 'licenses' | 'probe' | 'usage'>,
  { product, now }: Circumstances,
): Head {
  const { state } = believed;
  return {
    ...head,
    ...believed,
    skus: skusOf(licenses, believed, head),
    dimensions: dimensionsIn([state], product.dimensions),
    usage: usage === null ? head.usage : usageOfPools(usage, state, product),
    lastProbe: lastProbe(probe, head.lastProbe, now),
    needed: neededOf(state, product, now),
    unitOutUntil: unitOutUntil(probe, head.unitOutUntil, now),
    blind: null,
  };
}

/** The change that takes `WatchLost` back. Null: it was not told, so nothing need be taken back. */
function restored(head: Head, lastSeen: Instant | null): Change | null {
  if (head.blind?.told !== true) return null;
  return {
    type: 'WatchRestored',
    before: { lastSeen, seen: false },
    after: { lastSeen, seen: true },
    reason: `the licenses can be read again, for the first time since ${head.blind.since}`,
  };
}

/** While a license is missing, its SKU is known only from before. */
function skusOf(
  licenses: SeenObservation['licenses'],
  { state, missing }: Pick<Head, 'state' | 'missing'>,
  { skus }: Head,
): readonly string[] {
  const held = licenses.filter(({ licenseArn }) =>
    state.some((each) => each.licenseArn === licenseArn),
  );
  return missing !== null || held.length === 0
    ? skus
    : [...new Set(held.map(({ productSku }) => productSku))].sort();
}

function notActivated({ standing }: BelievedRead): Change | null {
  if (standing !== 'not-activated') return null;
  return {
    type: 'LicenseNotActivated',
    before: { standing: null },
    after: { standing },
    reason: 'the first look found a license whose grant is not activated',
  };
}
