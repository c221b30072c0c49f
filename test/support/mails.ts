import type { License } from '../../lib/domain/license/contract.ts';
import type { Product } from '../../lib/domain/license/product.ts';
import { MINUTE, plus } from '../../lib/domain/time.ts';
import { buyerMail } from '../../lib/mail/buyer-mail.ts';
import type { Mail } from '../../lib/domain/ports.ts';
import type { BuyerMail, DigestEntry } from '../../lib/mail/mail.ts';
import type { Present } from '../../lib/mail/news/news.ts';
import { product, WatchedContract } from './contracts.ts';
import { at, license, tier, USAGE, type LicenseTraits } from './licenses.ts';
import { SEAT } from './licenses.ts';
import { seen } from './observations.ts';

export const SELLER = 'Example Software';

/** What SNS has added below every e-mail since 2012 or so, as it looks in 2026. */
export const SNS_FOOTER = `
--
If you wish to stop receiving notifications from this topic, please click or visit the link below to unsubscribe:
https://sns.us-east-1.amazonaws.com/unsubscribe.html?SubscriptionArn=arn:aws:sns:us-east-1:111122223333:notices:2bcfbf39&Endpoint=it@example.com

Please do not reply directly to this email. If you have any questions or comments regarding this email, please contact us at https://aws.amazon.com/support
`;

export const SUITE = product({
  id: 'design-suite',
  name: 'Design Suite',
  contact: 'support@example.com',
});
export const TIERED = product({
  id: 'analytics',
  name: 'Analytics Server',
  tiers: ['BasicTier', 'IntermediateTier', 'PremiumTier'],
});
export const LAKE = product({
  id: 'data-lake',
  name: 'Data Lake',
  dimensions: { DataConsumption: { ...SEAT, singular: null, plural: null, usedUp: true } },
});

/** License IDs as AWS writes them end in hexadecimal digits, not in a letter. */
const FIRST = '0f3c9a7712345678';
export const SECOND = '77aa01bb89abcdef';

export function seats5(traits: LicenseTraits = {}): License {
  return license({ arn: FIRST, ...traits });
}

export function tiered(name: string, traits: LicenseTraits = {}): License {
  return seats5({ entitlements: [USAGE, tier(name)], ...traits });
}

/** A contract whose first look, on 2026-03-01, found it in force, unless told otherwise; with null it found no license. */
export function watching(
  of: Product = SUITE,
  first: License | null = seats5(),
  since = '2026-03-01',
): WatchedContract {
  const watched = new WatchedContract(of);
  watched.look(at(since), seen(first === null ? [] : [first]));
  return watched;
}

/** The present state for a mail: a contract in force. */
export function aPresent(traits: Partial<Present> & Pick<Present, 'state'>): Present {
  return {
    ...{ standing: 'in-force', verdict: 'entitled', usage: null },
    ...{ lastSeen: null, isBlind: false, agreements: null },
    ...traits,
  };
}

/** The mail about the newest entry, a minute after it was recorded. Bad news counts as confirmed by a look. */
export function lastMail(watched: WatchedContract, traits: Partial<BuyerMail> = {}): Mail {
  const { last, head, lastSeen, product: of } = watched;
  if (head === null) throw new Error('nobody has looked yet');
  const now = plus(last.observedAt, MINUTE);
  const settled = { ...head, settling: null };
  return buyerMail({
    entry: last,
    folded: [],
    welcome: false,
    head: settled,
    lastSeen,
    product: of,
    sellerName: SELLER,
    now,
    ...traits,
  });
}

export function digestEntry(
  watched: WatchedContract,
  traits: Partial<DigestEntry> = {},
): DigestEntry {
  const { last: entry, head, lastSeen, product: of } = watched;
  if (head === null) throw new Error('nobody has looked yet');
  const toBuyer = watched.noticesTo('buyer').find((notice) => notice.entry === entry.entry);
  return { entry, product: of, head, lastSeen, toBuyer, undelivered: null, ...traits };
}
