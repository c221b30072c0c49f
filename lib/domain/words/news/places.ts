import type { CanonicalState } from '../../contract.ts';
import type { ReceivedStatus } from '../../licenses.ts';
import type { Product } from '../../product.ts';
import { licenseStanding } from '../../standing/license-standing.ts';
import type { Instant } from '../../time.ts';
import { cleanText } from '../clean-text.ts';
import type { Step } from './news.ts';

// Names of pages as AWS writes them: Marketplace buyer guide ("Managing subscriptions", "Modifying an existing public
// contract"), License Manager guide ("Grant acceptance and activation"), read in November 2026. Evidence grade A.

/** The page of the buyer's own subscriptions: AWS documents its name and the console's address. */
export const SUBSCRIPTIONS_PAGE =
  '"Manage subscriptions" in the AWS Marketplace console, https://console.aws.amazon.com/marketplace';

/** Where a buyer renews or buys more. */
export function purchasePlace({ renewalUrl }: Pick<Product, 'renewalUrl'>): string {
  return renewalUrl === null ? SUBSCRIPTIONS_PAGE : cleanText(renewalUrl, 500);
}

export function askSomebody({ contact }: Pick<Product, 'contact'>): string {
  return `ask ${cleanText(contact, 200)}`;
}

/** The end of a license's ARN, by which it is told apart in AWS's console. */
export function licenseTail(licenseArn: string): string {
  return `...${cleanText(licenseArn).slice(-8)}`;
}

/** What a buyer does about a grant in each state that keeps a license from being used. */
const ACTIVATION: Readonly<Record<Exclude<ReceivedStatus, 'ACTIVE'>, string | null>> = {
  PENDING_ACCEPT: 'Choose "Accept and activate".',
  DISABLED: 'Choose "Activate".',
  PENDING_WORKFLOW: null,
  WORKFLOW_COMPLETED: 'Choose "Activate".',
  REJECTED: null,
  FAILED_WORKFLOW: null,
  DELETED: null,
};

const WAITING: ReadonlySet<ReceivedStatus> = new Set(['PENDING_WORKFLOW']);

/** How the licenses that wait for their grant come to be usable. */
export function activationSteps(state: CanonicalState, at: Instant, product: Product): readonly Step[] {
  const waiting = state.filter((license) => licenseStanding(license, at) === 'not-activated');
  const steps = waiting.map(({ licenseArn, receivedStatus }): Step => {
    const choice = receivedStatus === 'ACTIVE' ? null : ACTIVATION[receivedStatus];
    if (choice !== null) return activation(licenseTail(licenseArn), choice);
    return WAITING.has(receivedStatus)
      ? 'Wait: AWS is still handing the license over, which can take hours. You hear from us when that is done.'
      : `Ask for a new grant: AWS says this one is ${receivedStatus.toLowerCase().replace('_', ' ')}. If you need help, ${askSomebody(product)}`;
  });
  return steps.length > 0 ? steps : [activation(null, 'Choose "Accept and activate", or "Activate".')];
}

function activation(tail: string | null, choice: string): Step {
  return {
    text: 'Activate the license:',
    moves: [
      'Open https://console.aws.amazon.com/license-manager/ in the Region us-east-1 and choose "Granted licenses".',
      `Choose the license${tail === null ? '' : ` whose ID ends in ${tail}`}, then the name of its grant.`,
      `${choice} Should AWS ask whether to replace active grants: "Yes" takes the place of another license of this product, which then can no longer be used.`,
    ],
  };
}
