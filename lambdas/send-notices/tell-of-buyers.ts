import {
  keptOfTold,
  unwatchedNews,
  type UnwatchedNews,
  watchOf,
} from '../../lib/domain/agreement/watch-status.ts';
import { endSaidOf } from '../../lib/domain/agreement/forecast.ts';
import {
  currentReachability,
  awaitsConfirmation,
  overdueConfirmations,
} from '../../lib/domain/notice/reachability.ts';
import {
  type Buyer,
  type RegisteredBuyer,
  isUnlaunched,
  overdueInvitations,
} from '../../lib/domain/registration/buyer.ts';
import { between, DAY, type Instant } from '../../lib/domain/time.ts';
import type { Mail, Publication } from '../../lib/domain/ports.ts';
import type { SellerDigest, UnlaunchedBuyer } from '../../lib/mail/mail.ts';
import { sellerDigest } from '../../lib/mail/seller-digest.ts';
import * as MESSAGES from '../../lib/observability/message-codes.ts';
import type { Dependencies } from './dependencies.ts';
import {
  attempt,
  EVERYBODY,
  failures,
  profileOf,
  publish,
  readableOrNull,
} from './pending-notices.ts';
import { ownersInTurn } from './owners-in-turn.ts';
import { mailPublication, type Sender, type MailFrame } from './publications.ts';

/**
 * The most new ones of each kind in a mail. The others are told on the next day. What everybody but an owner has been told does not count.
 */
const MOST = 30;

/** One thing to tell about a buyer. */
interface BuyerNews {
  /** Identifies the news; stays the same while it is the same news. */
  readonly key: string;
  readonly owner: string | undefined;
  readonly tells:
    | { readonly kind: 'unlaunched'; readonly buyer: Buyer }
    | { readonly kind: 'unconfirmed'; readonly buyer: RegisteredBuyer }
    | {
        readonly kind: 'unwatched';
        readonly buyer: Buyer | undefined;
        readonly news: UnwatchedNews;
      };
  /** Removes it from the sparse index in which it was found. False: somebody wrote something newer. */
  readonly mark: () => Promise<boolean>;
}

/** How long a recipient whose mail fails is retried without telling the others again. */
const REMEMBERED = 30 * DAY;

/**
 * Tells, once a day, what no entry tells: who was invited a week ago and has not launched; who launched two days ago and has confirmed no
 * address; whose agreement is new, or says something new, and is not watched. Uses a mail of its own and tells it once: what each mail
 * named is remembered for its recipient, and what all have been told leaves the indexes, so that only a recipient whose mail failed is
 * tried again. Repeats are possible if the process dies between mail and memory, or if two invocations run at once.
 */
export async function tellOfBuyers(tick: Instant, dependencies: Dependencies): Promise<void> {
  const { settings, ticks, now, log } = dependencies;
  let told = await ticks.toldOfBuyers();
  const toldToAll = new Set(told.flatMap(({ to, key }) => (to === EVERYBODY ? [key] : [])));
  const isFull: IsFull = (found) => found.filter(({ key }) => !toldToAll.has(key)).length >= MOST;
  const waiting = [
    ...(await unlaunchedBuyers(isFull, dependencies)),
    ...(await unconfirmedBuyers(isFull, dependencies)),
    ...(await unwatchedBuyers(isFull, dependencies)),
  ];
  if (waiting.length === 0) return;
  const isReached = (to: string, { key }: BuyerNews): boolean =>
    told.some((each) => each.to === to && each.key === key);
  const turns = await ownersInTurn(dependencies);
  // An owner who gets no mail today gets one on a later day, with all that waits by then.
  const owners = turns.next(
    waiting.flatMap((each) =>
      each.owner === undefined || isReached(each.owner, each) ? [] : [each.owner],
    ),
  );
  const errors: unknown[] = [];
  let mails = 0;
  for (const owner of [undefined, ...owners]) {
    const to = owner ?? EVERYBODY;
    // An owner whose mails fail for days has more waiting than one mail holds.
    const theirs = waiting
      .filter((each) => (owner === undefined || each.owner === owner) && !isReached(to, each))
      .slice(0, 3 * MOST);
    if (theirs.length === 0) continue;
    mails += 1;
    const about = aboutBuyers(theirs, settings);
    const mail = sellerDigest({
      ...{ entries: [], ...about, now: now() },
      ...(owner !== undefined && { owner }),
    });
    await turns.tell(owner, errors, async () => {
      const sent = { tick, now: now(), owner };
      await publish(buyersPublication(about, mail, sent, settings), dependencies);
      told = [...told, ...theirs.map(({ key }) => ({ to, key, at: now() }))];
      await ticks.keepToldOfBuyers(told);
    });
  }
  const marked = new Set<string>();
  for (const each of waiting) {
    const { key, owner, mark } = each;
    if (![EVERYBODY, ...(owner === undefined ? [] : [owner])].every((to) => isReached(to, each)))
      continue;
    await attempt(errors, async () => {
      if (await mark()) marked.add(key);
      // The next day finds it again, but nobody to tell.
      else log.warn(MESSAGES.toldUnmarked, { told: key });
    });
  }
  const kept = told.filter(({ key, at }) => !marked.has(key) && between(at, now()) < REMEMBERED);
  if (kept.length < told.length) await attempt(errors, () => ticks.keepToldOfBuyers(kept));
  if (errors.length > 0) throw failures(errors, mails, 'mails of buyers');
}

type IsFull = (found: readonly BuyerNews[]) => boolean;

async function unlaunchedBuyers(
  isFull: IsFull,
  dependencies: Dependencies,
): Promise<readonly BuyerNews[]> {
  const { buyers, now } = dependencies;
  const found: BuyerNews[] = [];
  for await (const account of buyers.unlaunched(overdueInvitations(now()))) {
    if (isFull(found)) break;
    // The index may be a moment behind.
    const buyer = await profileOf({ buyerAccountId: account }, dependencies);
    if (!buyer || !isUnlaunched(buyer, now()) || buyer.unlaunchedToldAt !== undefined) continue;
    found.push({
      key: `unlaunched ${account} ${buyer.invitedAt}`,
      owner: buyer.owner,
      tells: { kind: 'unlaunched', buyer },
      mark: () => buyers.put({ ...buyer, unlaunchedToldAt: now() }, buyer, now()),
    });
  }
  return found;
}

/** Marks without telling what was seen under another registration, or of a buyer who is no longer watched. */
async function unconfirmedBuyers(
  isFull: IsFull,
  dependencies: Dependencies,
): Promise<readonly BuyerNews[]> {
  const { reachability, now } = dependencies;
  const waiting: BuyerNews[] = [];
  for await (const buyerAccountId of reachability.unconfirmed(overdueConfirmations(now()))) {
    if (isFull(waiting)) break;
    const found = await readableOrNull(() => reachability.find(buyerAccountId), dependencies);
    // The index may be a moment behind.
    if (!found || !awaitsConfirmation(found)) continue;
    const buyer = await profileOf({ buyerAccountId }, dependencies);
    if (buyer === null) continue;
    const registration = buyer?.registration ?? null;
    const isTheirs = currentReachability(found, registration) !== undefined;
    const mark = () => reachability.put({ ...found, unconfirmedToldAt: now() }, found);
    if (buyer?.status === 'active' && registration !== null && isTheirs)
      waiting.push({
        key: `unconfirmed ${buyerAccountId} ${found.registeredAt}`,
        owner: buyer.owner,
        tells: { kind: 'unconfirmed', buyer: { ...buyer, registration } },
        mark,
      });
    else await mark();
  }
  return waiting;
}

/** Marks without telling what no longer says anything to the seller, because the buyer was invited meanwhile. */
async function unwatchedBuyers(
  isFull: IsFull,
  dependencies: Dependencies,
): Promise<readonly BuyerNews[]> {
  const { agreements, now } = dependencies;
  const found: BuyerNews[] = [];
  const profiles = new Map<string, Buyer | undefined>();
  for await (const kept of agreements.waiting('digest')) {
    if (isFull(found)) break;
    const { agreementId, buyerAccountId } = kept.agreement;
    const buyer = profiles.has(buyerAccountId)
      ? profiles.get(buyerAccountId)
      : await profileOf({ buyerAccountId }, dependencies);
    // The profile is unreadable, so nobody can know whether the buyer is invited.
    if (buyer === null) continue;
    profiles.set(buyerAccountId, buyer);
    const news = unwatchedNews(kept, buyer);
    const mark = () => agreements.put(keptOfTold(kept, now()), kept);
    if (news === null) {
      await mark();
      continue;
    }
    found.push({
      // If AWS says something newer about it, the revision differs and that is told.
      key: `unwatched ${agreementId} ${kept.revision}`,
      owner: buyer?.owner,
      tells: { kind: 'unwatched', buyer, news },
      mark,
    });
  }
  return found;
}

type AboutBuyers = Pick<Required<SellerDigest>, 'unlaunched' | 'unconfirmed' | 'unwatched'>;

/** Arranges the news for a mail: all agreements of an unwatched buyer together. */
function aboutBuyers(all: readonly BuyerNews[], settings: Dependencies['settings']): AboutBuyers {
  const products = settings.products.filter(({ retired }) => !retired);
  const isWatched = (productId: string): boolean => products.some(({ id }) => id === productId);
  const tells = all.map((each) => each.tells);
  const unwatched = Map.groupBy(
    tells.filter((each) => each.kind === 'unwatched'),
    ({ news }) => news.agreement.buyerAccountId,
  );
  return {
    unlaunched: tells.flatMap((each) =>
      each.kind === 'unlaunched' ? [{ buyer: each.buyer, products }] : [],
    ),
    unconfirmed: tells.flatMap((each) =>
      each.kind === 'unconfirmed' ? [{ buyer: each.buyer, products }] : [],
    ),
    unwatched: [...unwatched].map(([buyerAccountId, ofBuyer]) => {
      const buyer = ofBuyer[0]?.buyer;
      const news = ofBuyer.map((each) => each.news);
      const toInvite = news.filter(({ agreement }) => watchOf(agreement, buyer) === 'not-invited');
      const bought = toInvite.map(({ agreement }) => agreement.productId);
      // The next invitation replaces one that nobody took up, including its products.
      const before = buyer?.status === 'invited' && bought.length > 0 ? buyer.productIds : [];
      const productIds = [...new Set([...before, ...bought])].filter(isWatched);
      return { buyerAccountId, buyer, news, productIds, products: settings.products };
    }),
  };
}

/** About buyers whom no entry mentions: not launched, no address confirmed, or bought and not watched. */
function buyersPublication(
  { unlaunched, unconfirmed, unwatched }: AboutBuyers,
  mail: Mail,
  sent: MailFrame,
  sender: Sender,
): Publication {
  const accountOf = ({ buyer }: UnlaunchedBuyer): string => buyer.buyerAccountId;
  const [accounts, silent] = [unlaunched.map(accountOf), unconfirmed.map(accountOf)];
  const news = unwatched.flatMap((each) => each.news);
  const changes = news.flatMap((each) => (each.kind === 'changed' ? each.changes : []));
  const said: Parameters<typeof mailPublication>[0] = {
    kind: 'digest',
    ...(accounts.length > 0 && { unlaunched: accounts }),
    ...(silent.length > 0 && { unconfirmed: silent }),
    ...(news.length > 0 && {
      unwatched: news.map((each) => {
        const { agreementId, buyerAccountId, productId, end } = each.agreement;
        return {
          ...{ agreementId, buyerAccountId, productId, end, news: each.kind },
          decideBy: endSaidOf(each.agreement).decideBy,
          changes: each.kind === 'changed' ? each.changes.map((change) => ({ ...change })) : [],
        };
      }),
    }),
    notices: [],
  };
  return mailPublication(
    said,
    mail,
    {
      changes: [...new Set(changes.map(({ type }) => type))],
      severity: 'attention',
      productIds: [
        ...[...unlaunched, ...unconfirmed].flatMap(({ buyer }) => buyer.productIds),
        ...news.map(({ agreement }) => agreement.productId),
      ],
      buyerAccountIds: [...accounts, ...silent, ...unwatched.map((each) => each.buyerAccountId)],
      owners: [...unlaunched, ...unconfirmed, ...unwatched].flatMap(
        ({ buyer }) => buyer?.owner ?? [],
      ),
    },
    sent,
    sender,
  );
}
