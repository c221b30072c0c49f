import type { Product } from '../domain/license/product.ts';
import { cleanText } from '../domain/outside-text.ts';
import { productName } from './text.ts';

// Every sentence of mails, lists and the report that says what AWS does, or what its pages show. The name of an export is the sentence's
// ID: test/mail/aws-sources.ts gives the source of each. A text elsewhere that names AWS fails a test.

type Named = Pick<Product, 'name' | 'id'>;

// Ends and renewals.

/** Rule 11. Either party may opt out. If no deadline is set, the deadline is the end itself. */
export const RENEWAL_UNKNOWN =
  'We cannot see whether it renews. After a deadline it cannot be changed; the price may differ.';

/** The page of the buyer's own subscriptions: AWS documents its name and the console's address. */
export const SUBSCRIPTIONS_PAGE =
  '"Manage subscriptions", https://console.aws.amazon.com/marketplace';

/** For a license that nobody can look at and that may have been renewed meanwhile. */
export const RENEWAL_UNSEEN = 'Whether it renews, or did, we cannot see.';

export const LOOK_OR_RENEW = `See if auto-renewal is on (no guarantee), or renew: ${SUBSCRIPTIONS_PAGE}`;

/** For when it is known what happens at the end. */
export const SWITCH_OFF = `switch auto-renewal off: ${SUBSCRIPTIONS_PAGE}`;
export const SWITCH_ON = `switch auto-renewal on again: ${SUBSCRIPTIONS_PAGE}`;

/** About the renewal decision deadline. */
export const DECISION_CLOSES = 'After that neither party can change it.';
export const DECISION_CLOSED =
  'It can no longer be switched on again: if both want to go on, make a new offer.';

/** To the seller. It names no way as if it surely existed. */
export const MORE_OR_LONGER =
  'If the buyer is to have more, or another term: make a new private offer, or let the buyer modify the contract; which of the two AWS allows for this product we do not know.';

export function buyMore(place: string, contact: string): string {
  return `If you need more, ask ${contact} for a private offer, or buy it at ${place}`;
}

export const NO_LAUNCHES = 'no new instances or containers can be launched';

export const GOES_ON_RUNNING = "By AWS's guides, what runs keeps running; the product may stop.";

export const RUNNING_UNKNOWN = 'AWS does not say what becomes of what is running.';

export const DATES_WITHOUT_GAP = 'AWS dates the new term without a gap.';

// Agreements.

export const AGREEMENT_CANCELLED = 'The buyer ended it before its date.';

export const AGREEMENT_TERMINATED =
  'AWS ended it before its date, for example because a payment failed.';

export const AGREEMENT_EXPIRED = 'It ended on its date.';

// Standing.

export function cannotBeUsed(until: string): string {
  return `${until}, the license cannot be used.`;
}

export const SUSPENDED_UNKNOWN =
  'AWS does not say what a suspended license still allows, nor for how long: do not rely on it.';

export function deleted(license: string): string {
  return `${license} was canceled: AWS has deleted it before its end`;
}

export function notListed(license: string): string {
  return `AWS License Manager no longer lists ${license}`;
}

export const NOT_LISTED_WHY =
  'AWS does not say why. It may have been canceled, taken back, or given to another account.';

export const HANDING_OVER =
  'Wait: AWS is still handing the license over, which can take hours. You hear from us when that is done.';

export const GRANTED_LICENSES =
  'Open https://console.aws.amazon.com/license-manager/ in us-east-1 and choose "Granted licenses".';

export const ACCEPT_AND_ACTIVATE = 'Choose "Accept and activate".';
export const ACTIVATE = 'Choose "Activate".';
export const ACCEPT_OR_ACTIVATE = 'Choose "Accept and activate", or "Activate".';

export const REPLACING_GRANTS =
  'If AWS asks whether to replace active grants, "Yes" makes another license of this product unusable.';

export const TO_BE_ACTIVATED =
  'The buyer has to accept and activate the license in AWS License Manager.';

// Amounts and checkouts.

export const NOTHING_LEFT =
  'Nothing is left: AWS License Manager now refuses the product more of it.';
export const WHEN_NOTHING_LEFT =
  'When nothing is left, AWS License Manager refuses the product more of it.';
export const ALL_IN_USE =
  'All are in use: AWS License Manager refuses the product one more until one is given back.';
export const WHEN_ALL_IN_USE =
  'When all are in use, AWS License Manager refuses the product one more until one is given back.';
export const OVERAGE_ALLOWED =
  'This license allows use above what was bought; AWS reports it to the seller.';
export const DRAWN_FOR_GOOD = 'What was used does not come back by itself.';

export function oneOfSeveral(product: Named): string {
  return `CheckoutLicense takes one of them, and nobody can choose which: what ${productName(product)} gets is left to chance.`;
}

// Mail and the stack.

/** If the address was confirmed with --authenticate-on-unsubscribe, the link asks to sign in. */
export const HOW_TO_STOP = 'To stop: the link of Amazon SNS below, or delete the stack.';
export const HOW_TO_STOP_WITHOUT_STACK =
  'To stop: the link of Amazon SNS below, or delete the role.';

/** An update that changes nothing makes CloudFormation repair nothing: what was altered by hand stays as it is. */
export const CREATE_AGAIN =
  'delete the License Watcher stack, if it still exists, and create it again with the same parameters (an update does not repair it); then confirm the address again.';

export const ROLE_MISSING = "License Manager's own role does not exist in this account";
export const CREATE_ROLE =
  'Run in this account: aws iam create-service-linked-role --aws-service-name license-manager.amazonaws.com';

export const ENABLE_REGION =
  'Enable the Region in the account settings, and for STS in "Account settings" of IAM.';

export function forbiddenByPolicy(policies: string, actions: string): string {
  return `See that no ${policies} forbids ${actions}. If none does, ${CREATE_AGAIN}`;
}

export const FOLLOW_CONFIRMATION =
  'follow the link in the mail that AWS sent ("AWS Notification - Subscription Confirmation"), which works for two days, or to subscribe to the notice topic again';
/** CloudFormation does not compare the ended subscription in an update. An earlier link confirms a subscription that no longer exists. */
export const SUBSCRIBE_AGAIN =
  'subscribe the address to the notice topic again, in the SNS console of its account, and to follow the link in the mail that AWS sends then: an update of the stack that changes nothing does not bring it back, and the link of an earlier mail is of no use';

/** `AWS says this one is rejected`. */
export function newGrant(state: string): string {
  return `Ask for a new grant: AWS says this one is ${cleanText(state, 40)}.`;
}

// Requests to cancel, and advisories.

/** Null: AWS does not say when it was requested. */
export function cancellationPending(until: string | null): string {
  return `The buyer can refuse ${until === null ? 'within 7 days of that' : `until ${until}`}; without an answer AWS approves it by itself then, and the agreement is canceled.`;
}

/** The same for a subject. */
export function canceledUnless(by: string | null): string {
  return `canceled by AWS${by === null ? ' soon' : ` on ${by}`} unless refused or withdrawn`;
}

/** Only the proposer can withdraw a request, and only while nobody has answered it. */
export function withdrawCancellation(agreementId: string, requestId: string): string {
  return `have it withdrawn before that, by whoever sells it (you, or a channel partner): aws marketplace-agreement cancel-agreement-cancellation-request --region us-east-1 --agreement-id ${agreementId} --agreement-cancellation-request-id ${requestId} --cancellation-reason 'not meant'`;
}

export const CANCELLATION_APPROVED =
  'The buyer approved it, or did not answer within 7 days: AWS cancels the agreement.';
export const CANCELLATION_REFUSED = 'The buyer refused: the agreement goes on.';
export const CANCELLATION_WITHDRAWN = 'It was withdrawn: the agreement goes on.';
export const CANCELLATION_FAILED = 'AWS did not accept the request: the agreement goes on.';

export const ADVISORY_MEANS =
  "Something may affect the agreement; others have seen it where AWS suspects that the buyer's account is closed, taken over, or used for abuse or fraud.";
export const ADVISORY_UNKNOWN = 'AWS does not say what, nor until when.';
