import { dueShards, type Reached, type Notice } from '../../lib/domain/notice/notice.ts';
import type { SellerMail } from '../../lib/domain/ports.ts';
import { sideBySide } from '../../lib/domain/side-by-side.ts';
import {
  between,
  DAY,
  epochMilliseconds,
  HOUR,
  type Instant,
  MINUTE,
} from '../../lib/domain/time.ts';
import type { DigestEntry } from '../../lib/mail/mail.ts';
import { digestLines } from '../../lib/mail/digest-part.ts';
import { sellerDigest } from '../../lib/mail/seller-digest.ts';
import * as MESSAGES from '../../lib/observability/message-codes.ts';
import { claimTrue, digestEntryOf } from './claim-true.ts';
import type { Dependencies } from './dependencies.ts';
import { attempt, failures, markTold, publish } from './pending-notices.ts';
import { MOST_OWNERS } from './owners-in-turn.ts';
import {
  DIGEST_BYTES,
  digestBytes,
  digestPublication,
  singlePublication,
  type ToldToSeller,
} from './publications.ts';
import { tellOfBuyers } from './tell-of-buyers.ts';

/**
 * The number of notices read, claimed, published for machines and marked side by side. Stays within the 50 connections that are opened to
 * SNS; at 100 ms a call, 200 publishes a second, of the 300 that SNS takes in the smallest Regions.
 */
const WIDTH = 40;
/** No more notices are claimed with less time left: a mail with those claimed, some 400, must still be marked. */
const LEAST_MILLISECONDS = 25_000;

/** The longest time between two daily digests, if the clocks go back between them, plus an hour to send it. */
const LONGEST_DAY = 26 * HOUR;

/** A claimed notice, as the digest tells it. */
interface InDigest extends ToldToSeller {
  readonly digest: DigestEntry;
  readonly bytes: number;
}

/** The kind of mail due to the seller, and its tick: see `SendNotices`. */
export interface SellersTurn {
  readonly kind: SellerMail;
  readonly tick: Instant;
}

/**
 * Tells the seller what is due: in as few e-mails as SNS permits, the gravest first, and each notice by itself for machines, those of one
 * mail and contract in the order of their entries. At most one mail's notices are held in full. A notice that fails does not stop the
 * others and is told again by a later digest; the errors are thrown when all are done. False: there was not enough time.
 */
export async function tellSeller(turn: SellersTurn, dependencies: Dependencies): Promise<boolean> {
  const { kind, tick } = turn;
  const { ticks, log, remainingMilliseconds } = dependencies;
  const isTold = await ticks.isTold(tick, kind);
  const errors: unknown[] = [];
  if (!isTold && isFirstOfDay(turn, dependencies))
    await attempt(errors, () => tellOfBuyers(tick, dependencies));
  const due = isTold ? [] : await dueToSeller(turn, dependencies);
  if (due.length === 0) {
    const [problem] = errors;
    if (problem instanceof Error) throw problem;
    log.info(MESSAGES.digestLeft, { tick });
    return true;
  }
  const waiting = [...due];
  let mail: InDigest[] = [];
  let bytes = 0;
  while (waiting.length > 0 && remainingMilliseconds() >= LEAST_MILLISECONDS) {
    const claimed = await claimAll(waiting.splice(0, WIDTH), errors, dependencies);
    for (const [index, each] of claimed.entries()) {
      const owners = new Set([...mail, each].flatMap(({ owner }) => owner ?? []));
      if (bytes + each.bytes > DIGEST_BYTES || owners.size > MOST_OWNERS) {
        const left = claimed.length - index + waiting.length;
        await tell(mail, { tick, left }, errors, dependencies);
        [mail, bytes] = [[], 0];
      }
      mail.push(each);
      bytes += each.bytes;
    }
  }
  if (mail.length > 0) await tell(mail, { tick, left: waiting.length }, errors, dependencies);
  if (errors.length > 0) throw failures(errors, due.length);
  if (waiting.length > 0) {
    log.info(MESSAGES.noticesLeft, { left: waiting.length, told: due.length - waiting.length });
    return false;
  }
  await ticks.told(tick, kind);
  return true;
}

/** Tells everybody first, then each owner. What one has been told is remembered while another has not, so that it is not told again. */
async function tell(
  told: readonly InDigest[],
  { tick, left }: { readonly tick: Instant; readonly left: number },
  errors: unknown[],
  dependencies: Dependencies,
): Promise<void> {
  const { settings, now, log } = dependencies;
  const reached = new Map<InDigest, Reached>();
  for (const each of told)
    if (each.notice.reached !== undefined) reached.set(each, each.notice.reached);
  const fresh = told.filter((each) => !reached.has(each));
  if (fresh.length > 0) {
    const mail = sellerDigest({ entries: fresh.map(({ digest }) => digest), now: now(), left });
    const whole = digestPublication(fresh, mail, { tick, now: now() }, settings);
    const digest = await publish(whole, dependencies);
    for (const each of fresh) reached.set(each, { digest, owner: null });
    const { messageId } = digest;
    log.info(MESSAGES.digestTold, { tick, notices: fresh.length, messageId });
  }
  const [owned, ofNobody] = [told.filter(hasOwner), told.filter((each) => !hasOwner(each))];
  await tellMachines(ofNobody, reached, errors, dependencies);
  // Stored first, because the mails to the owners take a while.
  await sideBySide(fresh.filter(hasOwner), WIDTH, async (each) => {
    await attempt(errors, () => keepReached(each, reached, dependencies));
  });
  for (const owner of new Set(owned.flatMap((each) => each.owner ?? []))) {
    const theirs = owned.filter((each) => each.owner === owner);
    const isReached = (each: InDigest): boolean => reached.get(each)?.owner === owner;
    const unreached = theirs.filter((each) => !isReached(each));
    if (unreached.length > 0)
      await attempt(errors, async () => {
        const entries = unreached.map(({ digest }) => digest);
        const mail = sellerDigest({ entries, now: now(), owner });
        const alone = digestPublication(unreached, mail, { tick, now: now(), owner }, settings);
        await publish(alone, dependencies);
        for (const each of unreached) {
          const before = reached.get(each);
          if (before !== undefined) reached.set(each, { ...before, owner });
        }
      });
    await tellMachines(theirs.filter(isReached), reached, errors, dependencies);
  }
}

function hasOwner({ owner }: InDigest): boolean {
  return owner !== undefined;
}

/** Publishes each notice for machines after all people were told, and then marks it told. */
async function tellMachines(
  told: readonly InDigest[],
  reached: ReadonlyMap<InDigest, Reached>,
  errors: unknown[],
  dependencies: Dependencies,
): Promise<void> {
  const { settings, now } = dependencies;
  const byContract = Map.groupBy(told, ({ entry }) => entry.contract);
  await sideBySide(byContract.values(), WIDTH, async (ofOne) => {
    for (const each of ofOne.toSorted((a, b) => a.entry.entry - b.entry.entry)) {
      const isTold = await attempt(errors, async () => {
        const alone = singlePublication(each, settings, now());
        const { messageId, jsonHash } = await publish(alone, dependencies);
        const digest = reached.get(each)?.digest;
        if (digest === undefined) throw new Error(`${each.entry.contract}: told by no digest`);
        await markTold(each, { ...digest, single: { messageId, jsonHash } }, null, dependencies);
        return true;
      });
      if (isTold !== true) await attempt(errors, () => keepReached(each, reached, dependencies));
    }
  });
}

/** The claim stays as it is, so the next attempt comes after it is over. */
async function keepReached(
  each: InDigest,
  reached: ReadonlyMap<InDigest, Reached>,
  { notices }: Dependencies,
): Promise<void> {
  const { state, notBefore, reason } = each.notice;
  const by = reached.get(each);
  if (by !== undefined)
    await notices.changeState(each.notice, { state, notBefore, reason, reached: by }, null);
}

/** True for the digest of the day or, if there is none, for the first tick of the day. */
function isFirstOfDay({ kind, tick }: SellersTurn, { settings }: Dependencies): boolean {
  if (settings.digest !== 'each tick') return kind === 'daily-digest';
  return epochMilliseconds(tick) % DAY < settings.intervalMinutes * MINUTE;
}

/**
 * The due notices, the gravest first: what the seller has to pass on, what is urgent, changes before reminders; within each, the oldest
 * first. What is not urgent waits for the digest of the day. If that was lost, or its hour is one that the clocks skip, the next tick has
 * all of it.
 */
async function dueToSeller(
  { kind, tick }: SellersTurn,
  { notices, settings: { digest }, now }: Dependencies,
): Promise<readonly Notice[]> {
  const due: Notice[] = [];
  for (const part of dueShards('seller')) {
    const here: Notice[] = [];
    for await (const notice of notices.due(part, now())) here.push(notice);
    const isTime =
      part.urgency === 'urgent' ||
      kind === 'daily-digest' ||
      digest === 'each tick' ||
      here.some(({ notBefore }) => between(notBefore, tick) > LONGEST_DAY);
    if (isTime) due.push(...here);
  }
  const ranks = new Map(due.map((notice) => [notice, rank(notice)]));
  return due.toSorted((a, b) => ((ranks.get(a) ?? '') < (ranks.get(b) ?? '') ? -1 : 1));
}

function rank({ about, severity, kind, bornAt, reached, notBefore }: Notice): string {
  // The whole mail has told it, and only the owner's failed: it keeps nobody else waiting, and the one tried longest ago comes first.
  if (reached !== undefined) return `9 ${notBefore}`;
  const gravity = about === 'undelivered' ? 0 : { urgent: 1, attention: 2, info: 3 }[severity];
  return `${gravity} ${kind === 'reminder' ? 1 : 0} ${bornAt}`;
}

/** Claims what is still true and supersedes what is not; leaves what another sender has. Keeps the order of `due`. */
async function claimAll(
  due: readonly Notice[],
  errors: unknown[],
  dependencies: Dependencies,
): Promise<readonly InDigest[]> {
  const claimed = await Promise.all(
    due.map((notice) => attempt(errors, () => claimOne(notice, dependencies))),
  );
  return claimed.filter((each) => each !== undefined);
}

async function claimOne(notice: Notice, dependencies: Dependencies): Promise<InDigest | undefined> {
  const { now, lastSeen } = dependencies;
  const [claimed, seenAt] = await Promise.all([
    claimTrue(notice, dependencies),
    lastSeen.of(notice.contract),
  ]);
  if (claimed === undefined) return undefined;
  const { told } = claimed;
  const digest = await digestEntryOf(claimed, seenAt, dependencies);
  const lines = digestLines(digest, { now: now() });
  return { ...told, digest, bytes: digestBytes(told, lines, now()) };
}
