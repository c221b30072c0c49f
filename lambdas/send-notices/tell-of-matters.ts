import {
  isUntold,
  type KeptMatter,
  keptOfToldMatter,
  type MatterAudience,
  matterId,
} from '../../lib/domain/agreement/matter.ts';
import type { Instant } from '../../lib/domain/time.ts';
import type { MatterToTell } from '../../lib/mail/mail.ts';
import { mattersMail } from '../../lib/mail/matters-mail.ts';
import * as MESSAGES from '../../lib/observability/message-codes.ts';
import type { Dependencies } from './dependencies.ts';
import { attempt, failures, MOST_OWNERS, profileOf, publish } from './pending-notices.ts';
import { mattersPublication } from './publications.ts';

/** A mail takes so many; the others are the next tick's. */
const MOST = 30;

interface ToTell extends MatterToTell {
  readonly kept: KeptMatter;
  /** Whether the buyer has an owner stands where nobody can read it now. */
  readonly isOwnerUnread: boolean;
}

/** Who is told by one mail. */
interface Recipient {
  readonly audience: MatterAudience;
  readonly owner: string | undefined;
}

/**
 * What AWS says beside agreements, at the next tick, to the seller, to operations and to each owner: a request to cancel is approved by itself after
 * days, and no entry tells of it. Each hears of each state once, and has a mark of their own: who was told is not told again because another's mail
 * failed. Repeats are possible where the process dies between mail and mark.
 */
export async function tellOfMatters(tick: Instant, dependencies: Dependencies): Promise<void> {
  const { matters, log, now } = dependencies;
  let told = await mattersToTell(dependencies);
  const owners = new Set(told.flatMap(({ buyer }) => buyer?.owner ?? []));
  const recipients: readonly Recipient[] = [
    { audience: 'operations', owner: undefined },
    { audience: 'seller', owner: undefined },
    // Those that are left are the next tick's.
    ...[undefined, ...[...owners].slice(0, MOST_OWNERS)].map((owner): Recipient => ({
      audience: 'owner',
      owner,
    })),
  ];
  const errors: unknown[] = [];
  let mails = 0;
  for (const recipient of recipients) {
    const { audience, owner } = recipient;
    const due = told.filter(
      ({ kept, buyer, isOwnerUnread }) =>
        isUntold(kept, audience) &&
        (audience !== 'owner' || (!isOwnerUnread && buyer?.owner === owner)),
    );
    if (due.length === 0) continue;
    mails += 1;
    // What fails of one mail keeps the others not back.
    await attempt(errors, async () => {
      // A buyer without an owner has nobody to tell, and none is told who comes later.
      if (audience !== 'owner' || owner !== undefined)
        await tell(due, recipient, tick, dependencies);
      for (const each of due) {
        // Nobody else is told by what may not stand so any more.
        told = told.filter((other) => other !== each);
        await attempt(errors, async () => {
          const kept = keptOfToldMatter(each.kept, audience, now());
          if (await matters.put(kept, each.kept)) told = [...told, { ...each, kept }];
          // AWS says something newer of it, which the next tick tells.
          else log.warn(MESSAGES.toldUnmarked, { told: matterId(each.matter) });
        });
      }
    });
  }
  if (errors.length > 0) throw failures(errors, mails, 'mails of what AWS says');
}

async function mattersToTell(dependencies: Dependencies): Promise<readonly ToTell[]> {
  const { matters, settings } = dependencies;
  const found: ToTell[] = [];
  for await (const kept of matters.waiting('tell')) {
    if (found.length === MOST) break;
    const { matter, foundAt } = kept;
    const { buyerAccountId, productSku } = matter;
    const product = settings.products.find((each) =>
      [each.productSku, ...each.formerSkus].some((sku) => sku === productSku),
    );
    const buyer =
      buyerAccountId === null ? undefined : await profileOf({ buyerAccountId }, dependencies);
    const isOwnerUnread = buyer === null;
    found.push({ kept, matter, foundAt, product, buyer: buyer ?? undefined, isOwnerUnread });
  }
  return found;
}

async function tell(
  due: readonly ToTell[],
  { audience, owner }: Recipient,
  tick: Instant,
  dependencies: Dependencies,
): Promise<void> {
  const { topics, operationsTopicArn, settings, untilNextMail, now, log } = dependencies;
  const mail = mattersMail(due, now());
  const publication = mattersPublication(due, mail, { tick, audience, owner }, settings);
  await untilNextMail();
  if (audience === 'operations') {
    const published = await topics.publish(operationsTopicArn, publication);
    if (published.kind === 'refused')
      throw new Error(`the operations topic refuses: ${published.reason}`);
  } else await publish(publication, dependencies);
  log.info(MESSAGES.mattersTold, { audience, tick, matters: due.length });
}
