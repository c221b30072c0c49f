import type { UnreadableItem } from '../../../domain/ports.ts';
import type { Buyer } from '../../../domain/registration/buyer.ts';
import { cleanText, quoted } from '../../../domain/outside-text.ts';
import type { Watcher } from '../io.ts';
import { CommandFailure, misuse, namedProblems } from './failure.ts';

const EXPECTED = 'the 12 digits of an AWS account ID, like 111122223333 or 1111-2222-3333';

/** The most candidates that are listed if a name fits no buyer, or several. */
const MOST_LISTED = 10;

/** The help text for an argument that names a buyer. */
export const ACCOUNT_ARGUMENT = 'AWS account ID of the buyer, or its full name';

/** Reads an AWS account ID as a person typed it, also with the dashes that AWS's console shows. */
export function accountIdOf(text: string): string {
  const digits = digitsOf(text);
  if (digits !== undefined) return digits;
  throw misuse(
    `the account is ${quoted(text)}; expected ${EXPECTED}: ask the buyer for the account that accepted your offer`,
  );
}

/**
 * The account that a person means: by its ID, or by the whole name of a buyer in upper or lower case. Part of a name is not enough, so that
 * no command acts on a buyer with a similar name.
 */
export async function resolveAccount(
  text: string,
  watcher: Pick<Watcher, 'buyers' | 'deployment'>,
): Promise<string> {
  const digits = digitsOf(text);
  if (digits !== undefined) return digits;
  const wanted = folded(text);
  const [same, similar]: [Buyer[], Buyer[]] = [[], []];
  const unreadable: UnreadableItem[] = [];
  for await (const buyer of watcher.buyers.list((each) => unreadable.push(each))) {
    const name = folded(buyer.name);
    if (name === wanted) same.push(buyer);
    else if (wanted.length > 1 && (name.includes(wanted) || buyer.buyerAccountId.includes(wanted)))
      similar.push(buyer);
  }
  const [only, ...others] = same;
  const got = `the account is ${quoted(text)}`;
  if (unreadable.length > 0)
    throw new CommandFailure(
      `${got}, and another buyer may have that name: ${namedProblems(unreadable.map(({ problem }) => problem))}; nothing was done: give the 12 digits of the account`,
    );
  if (only !== undefined && others.length === 0) return only.buyerAccountId;
  if (only !== undefined)
    throw misuse(
      `${got}, and ${same.length} buyers have that name; nothing was done: give the account of one\n${listed(same)}`,
    );
  const so = similar.length === 0 ? '' : `\nsimilar are\n${listed(similar)}`;
  throw misuse(
    `${got}; expected ${EXPECTED}, or the full name of a buyer; no buyer of the deployment ${quoted(watcher.deployment)} has that name: see "license-watcher buyers"${so}`,
  );
}

/** The buyer whom a person names, by account or name. */
export async function resolveBuyer(
  text: string,
  watcher: Pick<Watcher, 'buyers' | 'deployment'>,
): Promise<Buyer> {
  const accountId = await resolveAccount(text, watcher);
  const buyer = await watcher.buyers.find(accountId);
  if (buyer !== undefined) return buyer;
  throw new CommandFailure(
    `${accountId} was never invited by the deployment ${quoted(watcher.deployment)}: see "license-watcher buyers" for those who were`,
  );
}

function digitsOf(text: string): string | undefined {
  const trimmed = text.trim();
  return /^\d{4}([-\u2010-\u2013\s]?)\d{4}\1\d{4}$/.test(trimmed)
    ? trimmed.replaceAll(/\D/g, '')
    : undefined;
}

function folded(text: string): string {
  return text.normalize('NFC').trim().replaceAll(/\s+/g, ' ').toLowerCase();
}

function listed(buyers: readonly Buyer[]): string {
  const sorted = buyers.toSorted((a, b) => (a.buyerAccountId < b.buyerAccountId ? -1 : 1));
  const lines = sorted
    .slice(0, MOST_LISTED)
    .map(
      ({ buyerAccountId, name, status }) =>
        `  ${buyerAccountId}  ${cleanText(name, 64)} (${status})`,
    );
  const left = sorted.length - lines.length;
  return [...lines, ...(left > 0 ? [`  and ${left} more`] : [])].join('\n');
}
