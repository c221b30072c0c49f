import type { CanonicalState } from '../../domain/license/contract.ts';
import type { ReceivedStatus } from '../../domain/license/licenses.ts';
import type { Product } from '../../domain/license/product.ts';
import { licenseStanding } from '../../domain/license/license-standing.ts';
import type { Instant } from '../../domain/time.ts';
import {
  ACCEPT_AND_ACTIVATE,
  ACCEPT_OR_ACTIVATE,
  ACTIVATE,
  GRANTED_LICENSES,
  HANDING_OVER,
  newGrant,
  REPLACING_GRANTS,
  SUBSCRIPTIONS_PAGE,
} from '../aws-sentences.ts';
import { cleanText } from '../clean-text.ts';
import type { Step } from './news.ts';

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
  PENDING_ACCEPT: ACCEPT_AND_ACTIVATE,
  DISABLED: ACTIVATE,
  PENDING_WORKFLOW: null,
  WORKFLOW_COMPLETED: ACTIVATE,
  REJECTED: null,
  FAILED_WORKFLOW: null,
  DELETED: null,
};

const WAITING: ReadonlySet<ReceivedStatus> = new Set(['PENDING_WORKFLOW']);

/** How the licenses that wait for their grant come to be usable. */
export function activationSteps(
  state: CanonicalState,
  at: Instant,
  product: Product,
): readonly Step[] {
  const waiting = state.filter((license) => licenseStanding(license, at) === 'not-activated');
  const steps = waiting.map(({ licenseArn, receivedStatus }): Step => {
    const choice = receivedStatus === 'ACTIVE' ? null : ACTIVATION[receivedStatus];
    if (choice !== null) return activation(licenseTail(licenseArn), choice);
    return WAITING.has(receivedStatus)
      ? HANDING_OVER
      : `${newGrant(receivedStatus.toLowerCase().replace('_', ' '))} If you need help, ${askSomebody(product)}`;
  });
  return steps.length > 0 ? steps : [activation(null, ACCEPT_OR_ACTIVATE)];
}

function activation(tail: string | null, choice: string): Step {
  return {
    text: 'Activate the license:',
    moves: [
      GRANTED_LICENSES,
      `Choose the license${tail === null ? '' : ` whose ID ends in ${tail}`}, then the name of its grant.`,
      `${choice} ${REPLACING_GRANTS}`,
    ],
  };
}
