import type { Buyer, Registration } from './buyer.ts';

/** A buyer whose role may be used. */
export interface RegisteredBuyer extends Buyer {
  readonly registration: Registration;
}

export type Watched =
  | { readonly kind: 'watched'; readonly buyer: RegisteredBuyer }
  | {
      readonly kind: 'refused';
      readonly problem: 'not-invited' | 'not-registered' | 'left' | 'revoked';
      readonly words: string;
    };

/** Whether a buyer may be looked at now; else, in words for the seller, why not and what to do. */
export function watchedBuyer(buyer: Buyer | undefined, buyerAccountId: string): Watched {
  const refused = (problem: Extract<Watched, { kind: 'refused' }>['problem'], why: string): Watched => ({
    kind: 'refused',
    problem,
    words: `${buyerAccountId} ${why}`,
  });
  if (buyer === undefined)
    return refused('not-invited', 'was never invited: see "license-watcher buyers" for those who were');
  const { registration, status } = buyer;
  switch (status) {
    case 'revoked':
      return refused(
        'revoked',
        'was revoked, so its role is not used any more: "license-watcher invite" invites it anew',
      );
    case 'left':
      return refused(
        'left',
        'has left, its stack is deleted: with the same invitation it may deploy the stack again, and is watched again then',
      );
    case 'invited':
    case 'active':
      return status === 'active' && registration !== null
        ? { kind: 'watched', buyer: { ...buyer, registration } }
        : refused(
            'not-registered',
            'is invited, but has not registered yet: the buyer has to deploy the stack of the invitation ("license-watcher invite" prints it again)',
          );
  }
}
