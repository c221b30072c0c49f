import { ServiceError } from './errors.ts';

/** What can go wrong on AWS's side. Unlike a switch, a fault comes and goes while the stand-in runs. */
export type Fault =
  | { readonly kind: 'throttled' }
  /** The answer is a ServerInternalException, and nothing was done. */
  | { readonly kind: 'failing' }
  /** The call was done, but the answer is a ServerInternalException: what a client sees whose answer was lost. */
  | { readonly kind: 'answer-lost' }
  /** As an account without License Manager's service-linked role sees it: "Service role not found" (evidence C). */
  | { readonly kind: 'no-service-role' }
  /** Status 200 with a body that is not the answer; by default JSON that breaks off. */
  | { readonly kind: 'malformed'; readonly body?: string }
  /** The members of the answer are changed: missing, odd or hostile fields. */
  | {
      readonly kind: 'altered';
      readonly alter: (output: Record<string, unknown>) => Record<string, unknown>;
    };

/** Where a fault strikes; an absent member means everywhere. */
export interface FaultScope {
  readonly accountId?: string;
  /** `GetLicense` */
  readonly operation?: string;
  /** The fault is over after this many calls. */
  readonly times?: number;
}

interface ActiveFault {
  readonly fault: Fault;
  readonly scope: FaultScope;
  left: number;
}

export class Faults {
  readonly #active = new Set<ActiveFault>();

  /** Returns a function that lifts the fault. If several faults match a call, the latest strikes. */
  inject(fault: Fault, scope: FaultScope = {}): () => void {
    const active: ActiveFault = { fault, scope, left: scope.times ?? Infinity };
    this.#active.add(active);
    return () => {
      this.#active.delete(active);
    };
  }

  /** Performs the call under the fault that strikes it, if any. */
  async around(
    call: { readonly accountId: string; readonly operation: string },
    perform: () => Promise<Record<string, unknown>>,
  ): Promise<Record<string, unknown> | MalformedBody> {
    const active = [...this.#active].findLast(
      ({ scope, left }) =>
        left > 0 &&
        (scope.accountId ?? call.accountId) === call.accountId &&
        (scope.operation ?? call.operation) === call.operation,
    );
    if (active === undefined) return await perform();
    active.left -= 1;
    const { fault } = active;
    switch (fault.kind) {
      case 'throttled':
        throw new ServiceError('RateLimitExceededException', 'Rate exceeded');
      case 'failing':
        throw new ServiceError(
          'ServerInternalException',
          'The server experienced an internal error.',
        );
      case 'no-service-role':
        throw new ServiceError('AccessDeniedException', 'Service role not found');
      case 'answer-lost':
        await perform();
        throw new ServiceError(
          'ServerInternalException',
          'The server experienced an internal error.',
        );
      case 'malformed':
        return new MalformedBody(fault.body ?? '{"License":{"LicenseArn":');
      case 'altered':
        return fault.alter(structuredClone(await perform()));
    }
  }
}

export class MalformedBody {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}
