import { dueShards, type Notice } from '../../lib/domain/notice/notice.ts';
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
import { digestLines, sellerDigest } from '../../lib/mail/seller-digest.ts';
import * as MESSAGES from '../../lib/observability/message-codes.ts';
import { claimTrue, digestEntryOf } from './claim-true.ts';
import type { Dependencies } from './dependencies.ts';
import { attempt, failures, markTold, MOST_OWNERS, publish } from './pending-notices.ts';
import {
  DIGEST_BYTES,
  digestBytes,
  digestPublication,
  singlePublication,
  type ToldToSeller,
} from './publications.ts';
import { tellOfBuyers } from './tell-of-buyers.ts';

/**
 * Notices read, claimed, published for machines and marked side by side: within the 50 connections that are opened to SNS; at 100 ms a
 * call 200 publishes a second, of the 300 that it takes in the smallest Regions.
 */
const WIDTH = 40;
/** No more notices are claimed with less time left: a mail of what is, some 400, must come to its marks. */
const LEAST_MILLISECONDS = 25_000;

/** From one digest of the day to the next, where the clocks go back between them, and an hour in which it is told. */
const LONGEST_DAY = 26 * HOUR;

/** A notice that is claimed, as the digest tells it. */
interface InDigest extends ToldToSeller {
  readonly digest: DigestEntry;
  readonly bytes: number;
}

/** What is for the seller at an instant: see `SendNotices`. */
export interface SellersTurn {
  readonly kind: SellerMail;
  readonly tick: Instant;
}

/**
 * Tells the seller what is due: in as few e-mails as SNS takes it, the gravest first, and each notice by itself for machines, those of
 * one mail and contract in the order of their entries. No more than one mail's notices are held in full. What fails of one notice keeps none of the others back, and has this one told again by a later
 * digest; it is thrown when all are done. False: the time did not suffice.
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
    if (errors.length > 0) throw failures(errors, 1, 'mails of buyers');
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

async function tell(
  told: readonly InDigest[],
  { tick, left }: { readonly tick: Instant; readonly left: number },
  errors: unknown[],
  dependencies: Dependencies,
): Promise<void> {
  const { settings, untilNextMail, now, log } = dependencies;
  const mail = sellerDigest({ entries: told.map(({ digest }) => digest), now: now(), left });
  const digest = digestPublication(told, mail, { tick, now: now() }, settings);
  await untilNextMail();
  const delivered = { mail, json: digest.json, messageId: await publish(digest, dependencies) };
  const unheard = await tellOwners(told, tick, errors, dependencies);
  const byContract = Map.groupBy(
    told.filter(({ owner }) => owner === undefined || !unheard.has(owner)),
    ({ entry }) => entry.contract,
  );
  await sideBySide(byContract.values(), WIDTH, async (ofOne) => {
    for (const each of ofOne.toSorted((a, b) => a.entry.entry - b.entry.entry))
      await attempt(errors, async () => {
        const alone = singlePublication(each, settings, now());
        const single = { json: alone.json, messageId: await publish(alone, dependencies) };
        await markTold(each, { ...delivered, single }, null, dependencies);
      });
  });
  log.info(MESSAGES.digestTold, { tick, notices: told.length, messageId: delivered.messageId });
}

/**
 * Each owner's lines in a mail of their own. Answers with the owners whose mail failed: their notices are not marked, so that the next
 * digest tells them again.
 */
async function tellOwners(
  told: readonly InDigest[],
  tick: Instant,
  errors: unknown[],
  dependencies: Dependencies,
): Promise<ReadonlySet<string>> {
  const { settings, untilNextMail, now } = dependencies;
  const unheard = new Set(told.flatMap(({ owner }) => owner ?? []));
  for (const owner of unheard) {
    const theirs = told.filter((each) => each.owner === owner);
    const mail = sellerDigest({ entries: theirs.map(({ digest }) => digest), now: now(), owner });
    await untilNextMail();
    await attempt(errors, async () => {
      await publish(
        digestPublication(theirs, mail, { tick, now: now(), owner }, settings),
        dependencies,
      );
      unheard.delete(owner);
    });
  }
  return unheard;
}

/** With the digest of the day; where there is none, in the first tick of it. */
function isFirstOfDay({ kind, tick }: SellersTurn, { settings }: Dependencies): boolean {
  if (settings.digest !== 'each tick') return kind === 'daily-digest';
  return epochMilliseconds(tick) % DAY < settings.intervalMinutes * MINUTE;
}

/**
 * The gravest first: what the seller has to pass on, what is urgent, changes before reminders; of each the oldest. What is not urgent waits
 * for the digest of the day; where that was lost, or its hour is one that the clocks leave out, the next tick has all of it.
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

function rank({ about, severity, kind, bornAt }: Notice): string {
  const gravity = about === 'undelivered' ? 0 : { urgent: 1, attention: 2, info: 3 }[severity];
  return `${gravity} ${kind === 'reminder' ? 1 : 0} ${bornAt}`;
}

/** Claims what is still true and supersedes what is not; leaves what somebody else is at. In the order of what is due. */
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
