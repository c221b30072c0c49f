import { isDeepStrictEqual } from 'node:util';
import type { Buyer } from '../../../../domain/registration/buyer.ts';
import { instant } from '../../../../domain/time.ts';
import { CommandFailure, misuse } from '../../output/failure.ts';
import type { Io, Watcher } from '../../io.ts';

/** Who is to be invited, checked. */
export interface Invitee {
  readonly accountId: string;
  readonly name: string;
  readonly productIds: readonly string[];
  readonly email: string | undefined;
}

/** The ExternalId stays as long as the buyer may hold the command that carries it; a revoked one never comes back. */
export function invited(
  previous: Buyer | undefined,
  invitee: Invitee,
  renew: boolean,
  io: Io,
): Buyer {
  const { accountId, name, productIds } = invitee;
  if (previous?.status === 'active' || previous?.status === 'enrolling') {
    if (renew) {
      throw misuse(
        `${accountId} is registered, and its role trusts the present ExternalId: --renew would blind the watch; "revoke" it first and invite it again`,
      );
    }
    // The stack of an enrolling buyer stands and was verified: the seller's word is all that it lacks.
    // To stop watching a product of a buyer needs its watch to be ended; until then products are only added.
    return {
      ...previous,
      status: 'active',
      name,
      productIds: [...new Set([...previous.productIds, ...productIds])],
    };
  }
  // An ExternalId that a stack chose was that stack's own.
  const own = previous?.enrolment !== undefined;
  const kept = previous !== undefined && previous.status !== 'revoked' && !own && !renew;
  return {
    buyerAccountId: accountId,
    name,
    productIds,
    status: 'invited',
    externalId: kept ? previous.externalId : io.newExternalId(),
    invitedAt: instant(io.now()),
    registration: null,
  };
}

/** Throws where the buyer is not stored as it is given. */
export async function store(
  watcher: Watcher,
  buyer: Buyer,
  previous: Buyer | undefined,
): Promise<void> {
  const { buyerAccountId } = buyer;
  try {
    if (await watcher.buyers.put(buyer, previous)) return;
  } catch (error) {
    if (await isStored(watcher, buyer)) return;
    throw error;
  }
  // A write that was repeated because its answer was lost finds its own work.
  if (await isStored(watcher, buyer)) return;
  throw new CommandFailure(
    `the buyer ${buyerAccountId} was changed by somebody else in this moment: give the command again`,
  );
}

/** False also where it cannot be read: to invite again is harmless, to believe in an invitation that is not there is not. */
async function isStored({ buyers }: Watcher, buyer: Buyer): Promise<boolean> {
  const stored = await buyers.find(buyer.buyerAccountId).catch(() => undefined);
  return isDeepStrictEqual(stored, buyer);
}
