import type { Buyer } from '../registration/buyer.ts';
import type { Instant } from '../time.ts';
import { type Agreement, AGREEMENT_LIVES } from './agreement.ts';
import { type AgreementChange, agreementChanges, factsOf } from './agreement-facts.ts';
import type { KeptAgreement } from './kept-agreement.ts';

/** Whether anybody looks at what was bought; `left`, `revoked`: not any more. */
export type Watch = 'watched' | 'invited' | 'not-invited' | 'left' | 'revoked';

/** `buyer`: the profile of whoever bought; undefined: there is none. Who enrols by itself needs no invitation. */
export function watchOf(
  { productId }: Pick<Agreement, 'productId'>,
  buyer: Pick<Buyer, 'status' | 'productIds'> | undefined,
): Watch {
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

/** It may still go on. Of what AWS's word is not understood nobody knows that it is over. */
export function isOpen({ status }: Pick<Agreement, 'status'>): boolean {
  const life = AGREEMENT_LIVES[status];
  return life === 'goes-on' || life === 'unknown';
}

/** The place of an agreement among the renewals and replacements of one purchase. */
export interface ChainPlace {
  /** As far as the agreements before it are known. */
  readonly place: number;
  /** The first of the chain is known, too. */
  readonly isWhole: boolean;
}

/** Null: AWS does not say which is the first. */
export function chainPlaceOf(
  agreement: Pick<Agreement, 'agreementId' | 'initialAgreementId' | 'start'>,
  all: readonly Pick<Agreement, 'agreementId' | 'initialAgreementId' | 'start'>[],
): ChainPlace | null {
  const { agreementId, initialAgreementId, start } = agreement;
  if (initialAgreementId === null) return null;
  const before = all.filter(
    (each) =>
      each.initialAgreementId === initialAgreementId &&
      each.agreementId !== agreementId &&
      (each.agreementId === initialAgreementId || (each.start ?? '') < (start ?? '')),
  );
  const isWhole =
    agreementId === initialAgreementId ||
    before.some((each) => each.agreementId === initialAgreementId);
  return { place: agreementId === initialAgreementId ? 1 : before.length + 1, isWhole };
}

/** What the seller is to hear of an agreement that nobody watches. */
export type UnwatchedNews =
  /** `went-on`: by a renewal or a replacement of what was bought before. */
  | { readonly kind: 'bought' | 'went-on'; readonly agreement: Agreement }
  | {
      readonly kind: 'changed';
      readonly agreement: Agreement;
      readonly changes: readonly AgreementChange[];
    };

/** Null: nothing: the ledger tells it, the invitation has gone out, or it is over before anybody was told of it. */
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
  // The seller ended that watch, and is told no more.
  return watch === 'revoked' || changes.length === 0
    ? null
    : { kind: 'changed', agreement, changes };
}

/** Once the seller was told of it, or there was nothing to tell. */
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
