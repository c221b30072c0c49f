import {
  isUntold,
  type KeptMatter,
  keptOfToldMatter,
  MATTER_AUDIENCES,
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
}

/**
 * What AWS says beside agreements, at the next tick, to the seller and to operations: a request to cancel is approved by itself after days, and no
 * entry tells of it. Each hears of each state once; repeats are possible where the process dies between mail and mark.
 */
export async function tellOfMatters(tick: Instant, dependencies: Dependencies): Promise<void> {
  const { matters, log, now } = dependencies;
  let told = await mattersToTell(dependencies);
  const errors: unknown[] = [];
  for (const audience of MATTER_AUDIENCES) {
    const due = told.filter(({ kept }) => isUntold(kept, audience));
    if (due.length === 0) continue;
    // What fails of one mail keeps the other not back.
    await attempt(errors, async () => {
      await tell(due, audience, tick, dependencies);
      const marked = new Map<ToTell, ToTell>();
      for (const each of due) {
        const kept = keptOfToldMatter(each.kept, audience, now());
        // Lost: AWS says something newer of it, which the next tick tells.
        if (await matters.put(kept, each.kept)) marked.set(each, { ...each, kept });
        else log.warn(MESSAGES.toldUnmarked, { told: matterId(each.matter) });
      }
      told = told.map((each) => marked.get(each) ?? each);
    });
  }
  if (errors.length > 0) throw failures(errors, errors.length, 'mails of what AWS says');
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
    found.push({ kept, matter, foundAt, product, buyer: buyer ?? undefined });
  }
  return found;
}

async function tell(
  due: readonly ToTell[],
  audience: MatterAudience,
  tick: Instant,
  dependencies: Dependencies,
): Promise<void> {
  const { topics, operationsTopicArn, settings, untilNextMail, now, log } = dependencies;
  const owners = audience === 'seller' ? due.flatMap(({ buyer }) => buyer?.owner ?? []) : [];
  for (const owner of [undefined, ...[...new Set(owners)].slice(0, MOST_OWNERS)]) {
    const theirs = due.filter(({ buyer }) => owner === undefined || buyer?.owner === owner);
    const mail = mattersMail(theirs, now());
    const publication = mattersPublication(theirs, mail, { tick, audience, owner }, settings);
    await untilNextMail();
    if (audience === 'seller') await publish(publication, dependencies);
    else {
      const published = await topics.publish(operationsTopicArn, publication);
      if (published.kind === 'refused')
        throw new Error(`the operations topic refuses: ${published.reason}`);
    }
  }
  log.info(MESSAGES.mattersTold, { audience, tick, matters: due.length });
}
