import {
  keptOfTold,
  unwatchedNews,
  type UnwatchedNews,
  watchOf,
} from '../../lib/domain/agreement/census.ts';
import type { KeptAgreement } from '../../lib/domain/agreement/kept-agreement.ts';
import {
  type BuyerReachability,
  currentReachability,
  isUnconfirmed,
  overdueConfirmations,
} from '../../lib/domain/notice/reachability.ts';
import type { Buyer, RegisteredBuyer } from '../../lib/domain/registration/buyer.ts';
import { isUnlaunched, overdueInvitations } from '../../lib/domain/registration/unlaunched.ts';
import type { Instant } from '../../lib/domain/time.ts';
import type { UnwatchedBuyer } from '../../lib/mail/mail.ts';
import { sellerDigest } from '../../lib/mail/seller-digest.ts';
import * as MESSAGES from '../../lib/observability/message-codes.ts';
import type { Dependencies } from './dependencies.ts';
import {
  attempt,
  EVERYBODY,
  failures,
  MOST_OWNERS,
  profileOf,
  publish,
} from './pending-notices.ts';
import { buyersPublication } from './publications.ts';

/** A mail takes so many of each, whatever is kept of them; the others are told of on the next day. */
const MOST = 30;

/**
 * Once a day what no entry tells: who was invited a week ago and has not launched; who launched two days ago and has confirmed no address; whose agreement is new, or says
 * something new, and is not watched. In a mail of its own beside the notices. Told once: what is told leaves the sparse indexes by which it is
 * found, and each recipient is marked, so that what fails of one has another try tell that one alone. Repeats are possible where the process dies between mail and mark.
 */
export async function tellOfBuyers(tick: Instant, dependencies: Dependencies): Promise<void> {
  const { buyers, agreements, reachability, settings, ticks, untilNextMail, now, log } =
    dependencies;
  const found = {
    invited: await unlaunchedBuyers(dependencies),
    silent: await unconfirmedBuyers(dependencies),
    ...(await unwatchedBuyers(dependencies)),
  };
  const all = [
    ...found.invited,
    ...found.silent.map(({ buyer }) => buyer),
    ...found.unwatched.map(({ buyer }) => buyer),
  ];
  const owners = [...new Set(all.flatMap((buyer) => buyer?.owner ?? []))].slice(0, MOST_OWNERS);
  // Whose owner has no place in it is told of on the next day, whole and alone.
  const isOfToday = (buyer: Buyer | undefined): boolean =>
    buyer?.owner === undefined || owners.includes(buyer.owner);
  const invited = found.invited.filter(isOfToday);
  const silent = found.silent.filter(({ buyer }) => isOfToday(buyer));
  const unwatched = found.unwatched.filter(({ buyer }) => isOfToday(buyer));
  if (invited.length + silent.length + unwatched.length === 0) return;
  const of = {
    unlaunched: invited.map((buyer) => ({ buyer, products: settings.products })),
    unconfirmed: silent.map(({ buyer }) => ({ buyer, products: settings.products })),
    unwatched,
  };
  let reached = await ticks.recipientsTold(tick, 'buyers');
  const errors: unknown[] = [];
  for (const owner of [undefined, ...owners]) {
    const to = owner ?? EVERYBODY;
    if (reached.includes(to)) continue;
    const isTheirs = ({ buyer }: { readonly buyer: Buyer | undefined }) =>
      owner === undefined || buyer?.owner === owner;
    const theirs = {
      unlaunched: of.unlaunched.filter(isTheirs),
      unconfirmed: of.unconfirmed.filter(isTheirs),
      unwatched: of.unwatched.filter(isTheirs),
    };
    const mail = sellerDigest({
      ...{ entries: [], ...theirs, now: now() },
      ...(owner !== undefined && { owner }),
    });
    await untilNextMail();
    await attempt(errors, async () => {
      await publish(buyersPublication(theirs, mail, { tick, owner }, settings), dependencies);
      await ticks.recipientTold(tick, 'buyers', to, reached);
      reached = [...reached, to];
    });
  }
  if (errors.length > 0) throw failures(errors, owners.length + 1, 'mails of buyers');
  for (const buyer of invited)
    if (!(await buyers.put({ ...buyer, unlaunchedToldAt: now() }, buyer, now())))
      log.warn(MESSAGES.toldUnmarked, { told: `unlaunched ${buyer.buyerAccountId}` });
  for (const { found: seen } of silent)
    if (!(await reachability.put({ ...seen, unconfirmedToldAt: now() }, seen)))
      log.warn(MESSAGES.toldUnmarked, { told: `unconfirmed ${seen.buyerAccountId}` });
  const told = new Set(unwatched.map(({ buyerAccountId }) => buyerAccountId));
  for (const kept of found.told.filter(({ agreement }) => told.has(agreement.buyerAccountId)))
    // Lost: AWS says something newer of it, which the next day compares with what was told before.
    if (!(await agreements.put(keptOfTold(kept, now()), kept)))
      log.warn(MESSAGES.toldUnmarked, { told: `unwatched ${kept.agreement.agreementId}` });
}

async function unlaunchedBuyers(dependencies: Dependencies): Promise<readonly Buyer[]> {
  const { buyers, now } = dependencies;
  const found: Buyer[] = [];
  for await (const account of buyers.unlaunched(overdueInvitations(now()))) {
    if (found.length === MOST) break;
    // The index may be a moment behind.
    const buyer = await profileOf({ buyerAccountId: account }, dependencies);
    if (buyer && isUnlaunched(buyer, now()) && buyer.unlaunchedToldAt === undefined)
      found.push(buyer);
  }
  return found;
}

/** What was seen under another registration, or of a buyer who is watched no more, waits no longer. */
async function unconfirmedBuyers(
  dependencies: Dependencies,
): Promise<readonly { readonly found: BuyerReachability; readonly buyer: RegisteredBuyer }[]> {
  const { reachability, now } = dependencies;
  const waiting: { readonly found: BuyerReachability; readonly buyer: RegisteredBuyer }[] = [];
  for await (const buyerAccountId of reachability.unconfirmed(overdueConfirmations(now()))) {
    if (waiting.length === MOST) break;
    const found = await reachability.find(buyerAccountId);
    // The index may be a moment behind.
    if (found === undefined || !isUnconfirmed(found)) continue;
    const buyer = await profileOf({ buyerAccountId }, dependencies);
    if (buyer === null) continue;
    const registration = buyer?.registration ?? null;
    const isTheirs = currentReachability(found, registration) !== undefined;
    if (buyer?.status === 'active' && registration !== null && isTheirs)
      waiting.push({ found, buyer: { ...buyer, registration } });
    else await reachability.put({ ...found, unconfirmedToldAt: now() }, found);
  }
  return waiting;
}

/** What of those that wait says nothing to the seller any more, as the buyer was invited meanwhile, waits no longer. */
async function unwatchedBuyers(dependencies: Dependencies): Promise<{
  readonly told: readonly KeptAgreement[];
  readonly unwatched: readonly UnwatchedBuyer[];
}> {
  const { agreements, settings, now } = dependencies;
  const told: KeptAgreement[] = [];
  const found = new Map<string, { buyer: Buyer | undefined; news: UnwatchedNews[] }>();
  for await (const indexed of agreements.waiting('digest')) {
    if (told.length === MOST) break;
    const { agreement } = indexed;
    const { buyerAccountId } = agreement;
    const known = found.get(buyerAccountId);
    const buyer = known ? known.buyer : await profileOf({ buyerAccountId }, dependencies);
    // Whether it is invited stands where nobody can read it.
    if (buyer === null) continue;
    const news = unwatchedNews(indexed, buyer);
    if (news === null) {
      await agreements.put(keptOfTold(indexed, now()), indexed);
      continue;
    }
    told.push(indexed);
    found.set(buyerAccountId, { buyer, news: [...(known?.news ?? []), news] });
  }
  const unwatched = [...found].map(([buyerAccountId, { buyer, news }]) => {
    const toInvite = news.filter(({ agreement }) => watchOf(agreement, buyer) === 'not-invited');
    const bought = toInvite.map(({ agreement }) => agreement.productId);
    // An invitation that nobody took up is replaced by the next, products and all.
    const before = buyer?.status === 'invited' && bought.length > 0 ? buyer.productIds : [];
    const productIds = [...new Set([...before, ...bought])];
    return { buyerAccountId, buyer, news, productIds, products: settings.products };
  });
  return { told, unwatched };
}
