import type { Agreement } from '../domain/agreement/agreement.ts';

/** The place of an agreement among the renewals and replacements of one purchase. */
export interface ChainPlace {
  /** Counted from 1, among the known agreements of the chain. */
  readonly place: number;
  /** True if the first agreement of the chain is known. */
  readonly isWhole: boolean;
}

/** The place of the agreement in its chain. Null: AWS does not say which agreement is the first. */
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
