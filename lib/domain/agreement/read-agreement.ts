import { canonicalJson } from '../ledger/canonical-json.ts';
import type { Product } from '../license/product.ts';
import { DAY, type Instant, plus } from '../time.ts';
import { type Agreement, AGREEMENT_LIVES } from './agreement.ts';
import { agreementChanges, factsOf } from './agreement-facts.ts';
import type { KeptAgreement } from './kept-agreement.ts';

/** What SearchAgreements says about one agreement. */
export interface AgreementSummary extends Omit<
  Agreement,
  'productId' | 'productSku' | 'terms' | 'renewalOfferId'
> {
  /** Null: AWS does not say. */
  readonly proposerAccountId: string | null;
  /** The SKUs of the products it is about, usually one. */
  readonly productSkus: readonly string[];
}

/** What DescribeAgreement and GetAgreementTerms say beyond the summary. */
export type AgreementDetails = Pick<Agreement, 'endTimeBehavior' | 'renewalOfferId'> & {
  readonly terms: NonNullable<Agreement['terms']>;
};

/** The seller and the configured products. All other agreements are left out. */
export interface SellingAccount {
  readonly sellerAccountId: string;
  readonly products: readonly Pick<Product, 'id' | 'productSku' | 'formerSkus'>[];
}

/** An agreement that ended longer ago than this is not stored: nobody asks any more what became of its license. */
const KEPT_AFTER_END = 400 * DAY;

/** One agreement for each configured product in the summary, usually one; or, as a text, why the summary is left out. */
export function agreementsOfSummary(
  { proposerAccountId, productSkus, ...said }: AgreementSummary,
  { sellerAccountId, products }: SellingAccount,
  now: Instant,
):
  | readonly Omit<Agreement, 'terms' | 'renewalOfferId'>[]
  | 'other-seller'
  | 'other-product'
  | 'old' {
  if (proposerAccountId !== null && proposerAccountId !== sellerAccountId) return 'other-seller';
  const found = products.flatMap(({ id, productSku, formerSkus }) => {
    const sku = [productSku, ...formerSkus].find((each) => productSkus.includes(each));
    return sku === undefined ? [] : [{ ...said, productId: id, productSku: sku }];
  });
  if (found.length === 0) return 'other-product';
  return isLongOver(said, now) ? 'old' : found;
}

function isLongOver(
  { status, end, updatedAt }: Pick<Agreement, 'status' | 'end' | 'updatedAt'>,
  now: Instant,
): boolean {
  const since = updatedAt ?? end;
  return (
    AGREEMENT_LIVES[status] !== 'goes-on' && since !== null && since < plus(now, -KEPT_AFTER_END)
  );
}

/** What to store of a summary; null: all of it is known. `isFirst`: this is the first reading, in which nothing is news. */
export function keptOfSummary(
  seen: Omit<Agreement, 'terms' | 'renewalOfferId'>,
  known: KeptAgreement | undefined,
  { now, isFirst }: { readonly now: Instant; readonly isFirst: boolean },
): KeptAgreement | null {
  const before = known?.agreement;
  const agreement: Agreement = {
    ...seen,
    // What DescribeAgreement said holds as long as AWS changes nothing.
    ...(seen.endTimeBehavior === null &&
      before?.updatedAt === seen.updatedAt &&
      before.status === seen.status && { endTimeBehavior: before.endTimeBehavior }),
    terms: before?.terms ?? null,
    renewalOfferId: before?.renewalOfferId ?? null,
  };
  if (before !== undefined && canonicalJson(before) === canonicalJson(agreement)) return null;
  return {
    agreement,
    foundAt: known?.foundAt ?? now,
    told: known === undefined ? (isFirst ? factsOf(agreement) : null) : known.told,
    // The terms of an agreement that is over no longer matter.
    step: AGREEMENT_LIVES[agreement.status] === 'goes-on' ? 'terms' : 'ask',
    stepSince: now,
    revision: (known?.revision ?? 0) + 1,
  };
}

/** What to store once the terms are read. The next step is to ask `decide`. */
export function keptOfDetails(
  kept: KeptAgreement,
  details: AgreementDetails,
  now: Instant,
): KeptAgreement {
  const { endTimeBehavior, renewalOfferId, terms } = details;
  const { agreement } = kept;
  return {
    ...kept,
    agreement: {
      ...agreement,
      endTimeBehavior: endTimeBehavior ?? agreement.endTimeBehavior,
      renewalOfferId,
      terms,
    },
    step: 'ask',
    stepSince: now,
    revision: kept.revision + 1,
  };
}

/** What to store once `decide` was asked, or cannot be asked because nobody watches the contract: then the digest tells what is new. */
export function keptOfAsked(kept: KeptAgreement, isWatched: boolean, now: Instant): KeptAgreement {
  const { agreement, told } = kept;
  const isNews = told === null || agreementChanges(told, agreement).length > 0;
  return {
    ...kept,
    // The ledger tells what is new of a watched contract.
    told: isWatched ? factsOf(agreement, told ?? undefined) : told,
    step: !isWatched && isNews ? 'digest' : null,
    stepSince: now,
    revision: kept.revision + 1,
  };
}
