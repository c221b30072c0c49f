import type { BuyerAccount } from '../aws/buyer-account.ts';
import type { LocalEndpoint } from './command.ts';
import type { Watcher } from './io.ts';
import { misuse } from './output/failure.ts';

/** As commander reads `--as-buyer [profile]`. */
export type AsBuyer = string | true;

/** The account of a buyer in whose name the seller may act: by a profile of its own, or on the local cloud. */
export async function actingAs(
  accountId: string,
  given: AsBuyer,
  { buyerAccount }: Pick<Watcher, 'buyerAccount'>,
  local: LocalEndpoint,
): Promise<BuyerAccount> {
  if (local !== undefined && given !== true)
    throw misuse('--as-buyer takes no profile with --local: the local cloud has the keys');
  if (local === undefined && given === true)
    throw misuse(
      `--as-buyer needs the profile of your credentials for ${accountId}; if the account is not yours, leave it out and send the commands`,
    );
  const account = await buyerAccount(accountId, given === true ? undefined : given);
  const whose = await account.accountId();
  if (whose === accountId) return account;
  throw misuse(
    `--as-buyer names credentials of the account ${whose}; expected those of ${accountId}: name another profile`,
  );
}
