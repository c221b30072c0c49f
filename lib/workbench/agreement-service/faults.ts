import { ServiceError } from './errors.ts';

type Output = Readonly<Record<string, unknown>>;

/** What can go wrong on AWS's side. Unlike a switch, a fault comes and goes while the stand-in runs. */
export type Fault =
  | { readonly kind: 'throttled' }
  | { readonly kind: 'failing' }
  /** The answer's members changed: a page that repeats, odd or hostile fields. */
  | { readonly kind: 'altered'; readonly alter: (output: Output) => Output };

/** Where a fault strikes; an absent member means everywhere. */
export interface FaultScope {
  /** `SearchAgreements` */
  readonly operation?: string;
  readonly accountId?: string;
  /** Lifts itself after so many calls. */
  readonly times?: number;
}

export class Faults {
  readonly #active = new Set<{ readonly fault: Fault; readonly scope: FaultScope; left: number }>();

  /** Answers with how to lift it. Where several match a call, the latest strikes. */
  inject(fault: Fault, scope: FaultScope = {}): () => void {
    const active = { fault, scope, left: scope.times ?? Infinity };
    this.#active.add(active);
    return () => {
      this.#active.delete(active);
    };
  }

  /** Performs the call under the fault that strikes it, if any. */
  around(
    call: { readonly accountId: string; readonly operation: string },
    perform: () => Output,
  ): Output {
    const active = [...this.#active].findLast(
      ({ scope, left }) =>
        left > 0 &&
        (scope.accountId ?? call.accountId) === call.accountId &&
        (scope.operation ?? call.operation) === call.operation,
    );
    if (active === undefined) return perform();
    active.left -= 1;
    const { fault } = active;
    if (fault.kind === 'throttled') throw new ServiceError('ThrottlingException', 'Rate exceeded');
    if (fault.kind === 'failing')
      throw new ServiceError(
        'InternalServerException',
        'Unexpected error during processing of request.',
      );
    return fault.alter(structuredClone(perform()));
  }
}
