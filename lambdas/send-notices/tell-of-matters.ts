import {
  answerBy,
  isUntold,
  type KeptMatter,
  keptOfToldMatter,
  type MatterAudience,
  matterId,
  severityOfMatter,
} from '../../lib/domain/agreement/matter.ts';
import type { Buyer } from '../../lib/domain/registration/buyer.ts';
import { gravestOf } from '../../lib/domain/notice/notices.ts';
import { sideBySide } from '../../lib/domain/side-by-side.ts';
import type { Instant } from '../../lib/domain/time.ts';
import type { MatterToTell } from '../../lib/mail/mail.ts';
import { mattersMail } from '../../lib/mail/matters-mail.ts';
import type { PublishedDigest } from '../../lib/messages/published-notice.ts';
import * as MESSAGES from '../../lib/observability/message-codes.ts';
import type { Dependencies } from './dependencies.ts';
import { ownersInTurn } from './owners-in-turn.ts';
import { attempt, failures, profileOf, publish } from './pending-notices.ts';
import { mailPublication } from './publications.ts';

/** The most matters in a mail. The others are left to the next tick. */
const MOST = 30;
/** The number of profiles read side by side. */
const WIDTH = 25;

interface ToTell extends MatterToTell {
  readonly kept: KeptMatter;
  /** True if the profile cannot be read now, so that the owner is unknown. */
  readonly isOwnerUnread: boolean;
}

/** The recipient of one mail. */
interface Recipient {
  readonly audience: MatterAudience;
  readonly owner: string | undefined;
}

/**
 * Tells the seller, operations and each owner, at the next tick, what AWS says beside agreements: a request to cancel is approved
 * automatically after days, and no entry tells about it. Each recipient is told each state once and has a mark of its own, so that one
 * mail's failure does not repeat another's. Repeats are possible if the process dies between mail and mark.
 */
export async function tellOfMatters(tick: Instant, dependencies: Dependencies): Promise<void> {
  const { matters, log, now } = dependencies;
  let told = await mattersToTell(dependencies);
  const turns = await ownersInTurn(dependencies);
  const owners = told.flatMap(({ kept, buyer }) =>
    isUntold(kept, 'owner') ? (buyer?.owner ?? []) : [],
  );
  const recipients: readonly Recipient[] = [
    { audience: 'operations', owner: undefined },
    { audience: 'seller', owner: undefined },
    // Owners who are left out are told at a later tick.
    ...[undefined, ...turns.next(owners)].map((owner): Recipient => ({
      audience: 'owner',
      owner,
    })),
  ];
  const errors: unknown[] = [];
  let mails = 0;
  for (const recipient of recipients) {
    const { audience, owner } = recipient;
    // Each has its own: what one cannot be told keeps nothing from the others.
    const due = told
      .filter(
        ({ kept, buyer, isOwnerUnread }) =>
          isUntold(kept, audience) &&
          (audience !== 'owner' || (!isOwnerUnread && buyer?.owner === owner)),
      )
      .slice(0, MOST);
    if (due.length === 0) continue;
    mails += 1;
    // A mail that fails does not stop the others.
    await turns.tell(owner, errors, async () => {
      // Without an owner nobody is told, and the mark keeps a later owner from being told.
      if (audience !== 'owner' || owner !== undefined)
        await tell(due, recipient, tick, dependencies);
      for (const each of due) {
        // If the mark fails, nobody else is told what may be outdated.
        told = told.filter((other) => other !== each);
        await attempt(errors, async () => {
          const kept = keptOfToldMatter(each.kept, audience, now());
          if (await matters.put(kept, each.kept)) told = [...told, { ...each, kept }];
          // AWS has said something newer, which the next tick tells.
          else log.warn(MESSAGES.toldUnmarked, { told: matterId(each.matter) });
        });
      }
    });
  }
  if (errors.length > 0) throw failures(errors, mails, 'mails of what AWS says');
}

async function mattersToTell(dependencies: Dependencies): Promise<readonly ToTell[]> {
  const { matters, settings } = dependencies;
  const waiting: KeptMatter[] = [];
  for await (const kept of matters.waiting('tell')) waiting.push(kept);
  const accounts = new Set(waiting.flatMap(({ matter }) => matter.buyerAccountId ?? []));
  const buyers = new Map<string | null, Buyer | undefined | null>();
  await sideBySide(accounts, WIDTH, async (buyerAccountId) => {
    buyers.set(buyerAccountId, await profileOf({ buyerAccountId }, dependencies));
  });
  return waiting.map((kept) => {
    const { matter, foundAt } = kept;
    const { buyerAccountId, productSku } = matter;
    const product = settings.products.find((each) =>
      [each.productSku, ...each.formerSkus].some((sku) => sku === productSku),
    );
    const buyer = buyers.get(buyerAccountId);
    const isOwnerUnread = buyer === null;
    return { kept, matter, foundAt, product, buyer: buyer ?? undefined, isOwnerUnread };
  });
}

async function tell(
  due: readonly ToTell[],
  { audience, owner }: Recipient,
  tick: Instant,
  dependencies: Dependencies,
): Promise<void> {
  const { settings, now, log } = dependencies;
  const publication = mailPublication(
    { kind: 'digest', matters: due.map(inMatters), notices: [] },
    mattersMail(due, now()),
    {
      changes: [],
      severity: gravestOf(due.map(({ matter }) => severityOfMatter(matter))),
      productIds: due.flatMap(({ product }) => product?.id ?? []),
      buyerAccountIds: due.flatMap(({ matter }) => matter.buyerAccountId ?? []),
      owners: due.flatMap(({ buyer }) => buyer?.owner ?? []),
    },
    // The words to operations are the same.
    { tick, now: now(), owner, audience: audience === 'operations' ? audience : 'seller' },
    settings,
  );
  await publish(publication, dependencies);
  log.info(MESSAGES.mattersTold, { audience, tick, matters: due.length });
}

function inMatters({
  matter,
  product,
}: MatterToTell): NonNullable<PublishedDigest['matters']>[number] {
  const { kind, agreementId, buyerAccountId, status, saidBy } = matter;
  const productId = product?.id ?? null;
  const said = { kind, agreementId, buyerAccountId, status, saidBy, productId };
  return matter.kind === 'cancellation'
    ? { ...said, requestId: matter.requestId, since: matter.createdAt, answerBy: answerBy(matter) }
    : { ...said, requestId: null, since: matter.at, answerBy: null };
}
