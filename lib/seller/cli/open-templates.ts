import type { ReadAccess } from '../aws/template-bucket.ts';
import type { Buyer } from '../../domain/registration/buyer.ts';
import type { Watcher } from './io.ts';

const INVITED: ReadonlySet<Buyer['status']> = new Set(['invited', 'active']);

/** Buyers that have just been written: the list of buyers may not show them yet. */
interface JustWritten {
  readonly invited?: readonly string[];
  readonly revoked?: readonly string[];
}

/** Lets the accounts of all invited and active buyers, and no others, read the hosted template. Undefined: nothing is hosted. */
export async function openTemplates(
  { templates, buyers }: Watcher,
  { invited = [], revoked = [] }: JustWritten,
): Promise<ReadAccess | undefined> {
  if (templates === undefined) return undefined;
  const accounts = new Set(invited);
  // A buyer whose profile cannot be read may still be watched, so it keeps the access that it needs to update its stack.
  const listed = buyers.list(({ buyer }) => accounts.add(buyer));
  for await (const { buyerAccountId, status } of listed) {
    if (INVITED.has(status)) accounts.add(buyerAccountId);
  }
  for (const accountId of revoked) accounts.delete(accountId);
  return templates.openTo([...accounts].sort());
}
