import type { PendingNotice } from '../../lib/domain/notice/delivery.ts';
import { dueShards, type Notice } from '../../lib/domain/notice/notice.ts';
import type { Instant } from '../../lib/domain/time.ts';
import { operationsMail } from '../../lib/mail/operations-notice.ts';
import type { Dependencies } from './dependencies.ts';
import {
  attempt,
  claim,
  failures,
  markTold,
  pendingNoticeOf,
  productOf,
  publish,
} from './pending-notices.ts';
import { operationsPublication } from './publications.ts';

/** The most notices in a mail: some 100 KB, of the 256 that SNS takes. The others are left to the next tick. */
const MOST_NOTICES = 40;

/**
 * Tells operations what is due, in one mail per tick, so that an account that registers and leaves or a license that flickers cannot fill a
 * mailbox.
 */
export async function tellOperations(tick: Instant, dependencies: Dependencies): Promise<void> {
  const { notices, settings, now } = dependencies;
  const due: Notice[] = [];
  for (const part of dueShards('operations'))
    for await (const notice of notices.due(part, now())) due.push(notice);
  const errors: unknown[] = [];
  const waiting = [...due];
  const claimed: PendingNotice[] = [];
  // A notice that fails takes no place from another.
  while (waiting.length > 0 && claimed.length < MOST_NOTICES) {
    const claims = await Promise.all(
      waiting
        .splice(0, MOST_NOTICES - claimed.length)
        .map((notice) =>
          attempt(errors, async () =>
            claim(await pendingNoticeOf(notice, dependencies), dependencies),
          ),
        ),
    );
    claimed.push(...claims.filter((each) => each !== undefined));
  }
  if (claimed.length > 0) {
    const mail = operationsMail(
      claimed.map(({ entry }) => ({ entry, product: productOf(entry, dependencies) })),
      { now: now(), left: due.length - claimed.length },
    );
    const publication = operationsPublication(claimed, mail, { tick, now: now() }, settings);
    const delivered = await publish(publication, dependencies);
    // A mark that fails makes no other notice told twice.
    for (const each of claimed)
      await attempt(errors, () => markTold(each, delivered, null, dependencies));
  }
  if (errors.length > 0) throw failures(errors, due.length);
}
