import type { Buyer } from '../registration/buyer.ts';
import type { Instant } from '../time.ts';
import { type Agreement, AGREEMENT_LIVES } from './agreement.ts';
import { type AgreementChange, agreementChanges, factsOf } from './agreement-facts.ts';
import type { KeptAgreement } from './kept-agreement.ts';

/** Whether anybody watches what was bought; `left`, `revoked`: not any more. */
export type WatchStatus = 'watched' | 'invited' | 'not-invited' | 'left' | 'revoked';

/** How an agreement is watched. `buyer`: the acceptor's profile, if there is one. A buyer who enrols by itself needs no invitation. */
export function watchOf(
  { productId }: Pick<Agreement, 'productId'>,
  buyer: Pick<Buyer, 'status' | 'productIds'> | undefined,
): WatchStatus {
  switch (buyer?.status) {
    case undefined:
      return 'not-invited';
    case 'revoked':
      return 'revoked';
    case 'enrolling':
      return 'invited';
    case 'active':
      return buyer.productIds.includes(productId) ? 'watched' : 'not-invited';
    case 'invited':
    case 'left':
      return buyer.productIds.includes(productId) ? buyer.status : 'not-invited';
  }
}

/** True if the agreement may still go on. A status that we do not understand does not mean that the agreement is over. */
export function isOpen({ status }: Pick<Agreement, 'status'>): boolean {
  const life = AGREEMENT_LIVES[status];
  return life === 'goes-on' || life === 'unknown';
}

/** What the seller is told about an agreement that nobody watches. */
export type UnwatchedNews =
  /** `went-on`: the agreement renews or replaces what was bought before. */
  | { readonly kind: 'bought' | 'went-on'; readonly agreement: Agreement }
  | {
      readonly kind: 'changed';
      readonly agreement: Agreement;
      readonly changes: readonly AgreementChange[];
    };

/**
 * What is new about the agreement for the seller. Null: nothing, because the ledger tells it, the invitation has gone out, or it was over
 * before anybody was told.
 */
export function unwatchedNews(
  { agreement, told }: KeptAgreement,
  buyer: Buyer | undefined,
): UnwatchedNews | null {
  const watch = watchOf(agreement, buyer);
  if (watch === 'watched') return null;
  if (told === null) {
    const { agreementId, initialAgreementId } = agreement;
    const isFirst = initialAgreementId === null || initialAgreementId === agreementId;
    return watch === 'not-invited' && isOpen(agreement)
      ? { kind: isFirst ? 'bought' : 'went-on', agreement }
      : null;
  }
  const changes = agreementChanges(told, agreement);
  // The seller ended this watch, so there is nothing more to tell.
  return watch === 'revoked' || changes.length === 0
    ? null
    : { kind: 'changed', agreement, changes };
}

/** What to store once the seller was told, or there was nothing to tell. */
export function keptOfTold(kept: KeptAgreement, now: Instant): KeptAgreement {
  const { agreement, told, revision } = kept;
  return {
    ...kept,
    told: factsOf(agreement, told ?? undefined),
    step: null,
    stepSince: now,
    revision: revision + 1,
  };
}
