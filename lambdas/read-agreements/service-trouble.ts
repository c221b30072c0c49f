import type {
  AgreementReading,
  AgreementTrouble,
} from '../../lib/domain/agreement/kept-agreement.ts';
import type { Dependencies } from './dependencies.ts';

/** AWS Marketplace does not answer, or its answer cannot be used. */
export class ServiceTrouble extends Error {
  override readonly name = 'ServiceTrouble';

  readonly trouble: { readonly cause: AgreementTrouble; readonly detail: string };
  /** How far the reading came. Undefined: no further than before. */
  readonly reading: AgreementReading | undefined;

  constructor(trouble: ServiceTrouble['trouble'], reading?: AgreementReading) {
    super(trouble.detail);
    this.trouble = trouble;
    this.reading = reading;
  }
}

/** True if every other call would have the same trouble. */
export function isOfAll({ trouble: { cause } }: ServiceTrouble): boolean {
  return cause === 'denied' || cause === 'role-refused' || cause === 'throttled';
}

/** Makes one call. Throws `ServiceTrouble`, but returns `filter` or `token` for errors after which a search can continue. */
export async function ask<Answer>(
  call: () => Promise<Answer>,
  { troubleOf }: Pick<Dependencies, 'troubleOf'>,
): Promise<Answer | 'filter' | 'token'> {
  try {
    return await call();
  } catch (error) {
    const { cause, detail } = troubleOf(error);
    if (cause === 'filter' || cause === 'token') return cause;
    throw new ServiceTrouble({ cause, detail });
  }
}
