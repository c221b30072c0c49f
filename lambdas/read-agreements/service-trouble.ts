import type {
  AgreementReading,
  AgreementTrouble,
} from '../../lib/domain/agreement/kept-agreement.ts';
import type { Dependencies } from './dependencies.ts';

/** AWS Marketplace does not answer, or not so that it can be used. */
export class ServiceTrouble extends Error {
  override readonly name = 'ServiceTrouble';

  readonly trouble: { readonly cause: AgreementTrouble; readonly detail: string };
  /** How far the reading came; undefined: as it was. */
  readonly reading: AgreementReading | undefined;

  constructor(trouble: ServiceTrouble['trouble'], reading?: AgreementReading) {
    super(trouble.detail);
    this.trouble = trouble;
    this.reading = reading;
  }
}

/** One call of the service. Throws `ServiceTrouble`; what a search alone can go on from is answered. */
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
