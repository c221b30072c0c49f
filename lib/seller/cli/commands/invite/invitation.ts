import { isDeepStrictEqual } from 'node:util';
import { PRODUCT_CODE_REMEDY, productCodeWords } from '../../../../domain/license/product.ts';
import {
  type Buyer,
  repeatedAddress,
  type SellersOwn,
  sellersOwn,
} from '../../../../domain/registration/buyer.ts';
import { instant, type Instant } from '../../../../domain/time.ts';
import {
  LONGEST_NOTICE_EMAIL,
  MOST_REMINDER_DAYS,
  NOTICE_EMAILS,
} from '../../../../messages/names.ts';
import type { AsBuyer } from '../../as-buyer.ts';
import type { Io, Watcher } from '../../io.ts';
import { CommandFailure, misuse } from '../../output/failure.ts';
import { allQuoted, isPlain, quoted } from '../../../../domain/outside-text.ts';

/** The options of "invite", as commander reads them. */
export interface Given {
  readonly name?: string;
  readonly product?: readonly string[];
  readonly email?: readonly string[];
  readonly reminderDays?: readonly string[];
  readonly owner?: string;
  readonly contact?: readonly string[];
  readonly renew?: boolean;
  readonly again?: boolean;
  readonly asBuyer?: AsBuyer;
  readonly from?: string;
  readonly out?: string;
  /** False: --no-approval. */
  readonly approval?: string | false;
  readonly json?: boolean;
}

/** What the buyer finds filled in, already checked. The buyer may fill in something else. */
export interface Prefilled {
  readonly emails: readonly string[];
  /** Empty: all days of the product. */
  readonly reminderDays: readonly number[];
}

export const NOTHING_PREFILLED: Prefilled = { emails: [], reminderDays: [] };

/** A buyer to be invited, already checked. */
export interface Invitee extends Prefilled, SellersOwn {
  readonly accountId: string;
  readonly name: string;
  readonly productIds: readonly string[];
}

/** The buyer to store. The ExternalId stays the same while the buyer may hold the command with it; a revoked one never comes back. */
export function invited(
  previous: Buyer | undefined,
  invitee: Invitee,
  renew: boolean,
  io: Io,
): Buyer {
  const { accountId, name, productIds } = invitee;
  // What is not given stays as it is: a list without these columns removes no owner.
  const own = sellersOwn({
    owner: invitee.owner ?? previous?.owner,
    contacts: invitee.contacts ?? previous?.contacts,
  });
  if (previous?.status === 'active' || previous?.status === 'enrolling') {
    if (renew) {
      throw misuse(
        `${accountId} is registered, and its role trusts the present ExternalId, so --renew would blind the watcher: "revoke" it first and invite it again`,
      );
    }
    // The stack of an enrolling buyer stands and was verified: only the seller's word is missing.
    // To stop watching a product, its watch has to be ended; until then products are only added.
    return {
      ...previous,
      status: 'active',
      name,
      productIds: [...new Set([...previous.productIds, ...productIds])],
      ...own,
    };
  }
  // An ExternalId that a stack chose is that stack's alone.
  const isOfStack = previous?.enrolment !== undefined;
  const kept = previous !== undefined && previous.status !== 'revoked' && !isOfStack && !renew;
  return {
    buyerAccountId: accountId,
    name,
    productIds,
    status: 'invited',
    externalId: kept ? previous.externalId : io.newExternalId(),
    invitedAt: instant(io.now()),
    registration: null,
    ...own,
  };
}

/** What was given for a registered buyer and has no effect, because the stack has it and only the buyer can change it. Null: nothing. */
export function leftToTheBuyer(
  { buyerAccountId, registration }: Buyer,
  { emails, reminderDays }: Prefilled,
): string | null {
  const addresses = registration?.addresses ?? [];
  const days = registration?.reminderDays ?? [];
  const unused = [
    ...(emails.every((each) => addresses.includes(each)) ? [] : ['addresses']),
    ...(reminderDays.every((each) => days.includes(each)) ? [] : ['reminder days']),
  ];
  return unused.length === 0
    ? null
    : `The ${unused.join(' and ')} of ${buyerAccountId} stay as they are: only the buyer can change them, by updating the stack.`;
}

/** Stores the buyer. Throws if it is not stored as given. */
export async function store(
  watcher: Watcher,
  buyer: Buyer,
  previous: Buyer | undefined,
  now: Instant,
): Promise<void> {
  const { buyerAccountId } = buyer;
  try {
    if (await watcher.buyers.put(buyer, previous, now)) return;
  } catch (error) {
    if (await isStored(watcher, buyer)) return;
    throw error;
  }
  // A write that was repeated because its answer was lost finds what it wrote itself.
  if (await isStored(watcher, buyer)) return;
  throw new CommandFailure(
    `the buyer ${buyerAccountId} was just changed by somebody else: run the command again`,
  );
}

/** False also if it cannot be read: to invite again is harmless, to rely on an invitation that does not exist is not. */
async function isStored({ buyers }: Watcher, buyer: Buyer): Promise<boolean> {
  const stored = await buyers.find(buyer.buyerAccountId).catch(() => undefined);
  return isDeepStrictEqual(stored, buyer);
}

// These functions say what is wrong with `label`: an option of the command line, or a column of a file.

const LONGEST_NAME = 64;

/** Throws if it is the seller's own account. */
export function accountOfBuyer(
  accountId: string,
  { sellerAccountId }: Pick<Watcher, 'sellerAccountId'>,
): string {
  if (accountId !== sellerAccountId) return accountId;
  throw misuse(
    `${accountId} is your own account, in which the watcher runs; expected the account of a buyer: to try it, name another account of yours`,
  );
}

export function nameOf(text: string, label: string): string {
  const name = text.trim();
  if (isPlain(name, LONGEST_NAME)) return name;
  throw misuse(
    `${label} is ${quoted(text)}; expected 1 to ${LONGEST_NAME} characters, with a letter or digit and nothing that cannot be seen`,
  );
}

const LONGEST_OWNER = 100;

/** Returns one spelling, because a filter compares every character. */
export function ownerOf(text: string, label: string): string {
  const owner = text.trim().normalize('NFC');
  if (isPlain(owner, LONGEST_OWNER)) return owner;
  throw misuse(
    `${label} is ${quoted(text)}; expected a name or an address of 1 to ${LONGEST_OWNER} characters, with a letter or digit and nothing that cannot be seen`,
  );
}

const MOST_CONTACTS = 5;
const LONGEST_CONTACT = 200;

/** Refuses the characters that separate contacts in a list of buyers. */
export function contactsOf(given: readonly string[], label: string): readonly string[] {
  const contacts = given.map((text) => text.trim().normalize('NFC'));
  const odd = contacts.find((each) => !isPlain(each, LONGEST_CONTACT) || /[;|]/.test(each));
  if (odd !== undefined)
    throw misuse(
      `${label} has ${quoted(odd)}; expected a name, an address or a number of 1 to ${LONGEST_CONTACT} characters, with a letter or digit, no ";" or "|" and nothing that cannot be seen`,
    );
  const once = [...new Set(contacts)];
  if (once.length <= MOST_CONTACTS) return once;
  throw misuse(`${label} names ${once.length} contacts; expected at most ${MOST_CONTACTS}`);
}

export function productsOf(
  given: readonly string[],
  known: readonly string[],
  label: string,
): readonly string[] {
  const unknown = given.filter((id) => !known.includes(id));
  if (given.length > 0 && unknown.length === 0) return [...new Set(given)];
  const allowed =
    known.length === 0
      ? 'this watcher watches no product'
      : `this watcher watches ${known.join(', ')}`;
  const got = given.length === 0 ? 'empty' : allQuoted(unknown);
  throw misuse(
    `${label} is ${got}, but ${allowed}: use one of these, or add it to cdk.json and deploy`,
  );
}

/** Nothing is found for such a product, and the seller should know that before the buyer does. */
export function warnOfProductCodes(
  productIds: readonly string[],
  { productCodes }: Watcher,
  io: Io,
): void {
  const odd = productIds.filter((id) => productCodes.includes(id));
  if (odd.length > 0) io.stderr(`\nWarning: ${productCodeWords(odd)}. ${PRODUCT_CODE_REMEDY}\n`);
}

/** At most as many as the buyer template has parameters for. */
export function emailsOf(given: readonly string[], label: string): readonly string[] {
  const emails = given.map((text) => emailOf(text, label));
  const repeated = repeatedAddress(emails);
  if (repeated !== undefined)
    throw misuse(`${label} names ${repeated} twice; name each address once`);
  if (emails.length <= NOTICE_EMAILS.length) return emails;
  throw misuse(
    `${label} names ${emails.length} addresses; expected at most ${NOTICE_EMAILS.length}: the buyer can subscribe others to the topic`,
  );
}

/**
 * As register-buyer does later, which would fail the buyer's stack: each day must be one of any of the buyer's products, unless none of these
 * is watched.
 */
export function daysOf(
  given: readonly string[],
  label: string,
  productIds: readonly string[],
  { seller }: Pick<Watcher, 'seller'>,
): readonly number[] {
  const products = seller.products.filter(({ id }) => productIds.includes(id));
  const isKnown =
    products.length > 0 && products.every(({ reminderDays }) => reminderDays !== undefined);
  const offered = [...new Set(products.flatMap(({ reminderDays = [] }) => reminderDays))].toSorted(
    (a, b) => b - a,
  );
  const odd = given.find(
    (text) => !/^-?\d{1,3}$/.test(text) || (isKnown && !offered.includes(Number(text))),
  );
  const days = [...new Set(given.map(Number))].toSorted((a, b) => b - a);
  if (odd === undefined && days.length <= MOST_REMINDER_DAYS) return days;
  const got = odd === undefined ? `names ${days.length} days` : `has ${quoted(odd)}`;
  const allowed = isKnown ? offered.join(', ') : 'the product’s reminderDays in cdk.json';
  throw misuse(
    `${label} ${got}; expected at most ${MOST_REMINDER_DAYS} of ${allowed}; without any the buyer is reminded on all of them`,
  );
}

/** Enough to catch a slip; the confirmation shows whether mail arrives. */
function emailOf(text: string, label: string): string {
  const isAddress =
    text.length <= LONGEST_NOTICE_EMAIL &&
    /^[\w.!#$%&*+/=?^`{|}~-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$/.test(text);
  if (isAddress) return text;
  throw misuse(
    `${label} is ${quoted(text)}; expected an address like it@example.com, of at most ${LONGEST_NOTICE_EMAIL} characters`,
  );
}
