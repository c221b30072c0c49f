import type { CustomResource } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { addFarewell, addRegistration } from './buyer-registration.ts';
import type { BuyerTerms } from './buyer-terms.ts';
import { NoticeTopic } from './notice-topic.ts';
import { ReadingRole } from './reading-role.ts';

export interface BuyerResourcesProps {
  readonly terms: BuyerTerms;
  readonly sellerName: string;
  /** Accounts that issue the licenses of the seller's products: AWS Marketplace's, and the seller's own for test licenses. */
  readonly issuerAccountIds: readonly string[];
}

export interface BuyerResources {
  readonly role: ReadingRole;
  readonly topic: NoticeTopic;
  readonly registration: CustomResource;
}

/** Adds all that a buyer's stack makes, in the order in which it must be created and deleted. */
export function addBuyerResources(
  scope: Construct,
  { terms, sellerName, issuerAccountIds }: BuyerResourcesProps,
): BuyerResources {
  const farewell = addFarewell(scope, terms);
  const role = new ReadingRole(scope, 'ReadingRole', { terms, issuerAccountIds });
  const topic = new NoticeTopic(scope, { terms, sellerName });
  for (const resource of [role, topic, topic.policy, ...topic.emailSubscriptions])
    resource.node.addDependency(farewell);
  const registration = addRegistration(scope, {
    terms,
    readingRoleArn: role.attrArn,
    noticeTopicArn: topic.ref,
    // Not the subscriptions: a resource may not depend on one that a condition leaves out.
    after: [role, topic, topic.policy],
  });
  return { role, topic, registration };
}
