import type { BuyerAccount } from '../aws/buyer-account.ts';
import type { LocalEndpoint } from './command.ts';
import type { Watcher } from './io.ts';
import { misuse } from './output/failure.ts';

/** `--as-buyer [profile]` as commander reads it; true if no profile was given. */
export type AsBuyer = string | true;

/** Opens a buyer's account, by a profile of its own or on the local cloud. Fails if the credentials are another account's. */
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
