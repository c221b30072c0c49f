import { Aws, CustomResource, Duration, RemovalPolicy, type CfnResource } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import {
  BUYER_TEMPLATE_VERSION,
  FAREWELL_RESOURCE,
  NOTICE_EMAILS,
  REGISTRATION_RESOURCE,
  registrationTopicName,
} from '../../messages/names.ts';
import {
  FAREWELL_PROPERTIES,
  REGISTRATION_PROPERTIES,
  SERVICE_TIMEOUT_SECONDS,
} from '../../messages/registration.ts';
import type { BuyerTerms } from './buyer-terms.ts';

/**
 * Tells the watcher that the stack is gone. It is deleted last of all, because a farewell counts only when the role can no longer be
 * assumed. So everything else depends on it, and it may refer to nothing.
 */
export function addFarewell(scope: Construct, terms: BuyerTerms): CustomResource {
  return new CustomResource(scope, 'Farewell', {
    ...spoken(terms),
    resourceType: FAREWELL_RESOURCE,
    properties: {
      [FAREWELL_PROPERTIES.deployment]: terms.deployment,
      [FAREWELL_PROPERTIES.externalId]: terms.externalId,
    },
  });
}

export interface RegistrationProps {
  readonly terms: BuyerTerms;
  readonly readingRoleArn: string;
  readonly noticeTopicArn: string;
  /** The resources that must exist before the watcher tries its role. */
  readonly after: readonly CfnResource[];
}

/**
 * Tells the watcher about the stack and each of its changes; returns the self-test. Retained when the stack is deleted: the farewell
 * reports that, and with two such messages a deletion would wait twice if the watcher no longer answers.
 */
export function addRegistration(scope: Construct, props: RegistrationProps): CustomResource {
  const { terms } = props;
  const registration = new CustomResource(scope, 'Registration', {
    ...spoken(terms),
    resourceType: REGISTRATION_RESOURCE,
    removalPolicy: RemovalPolicy.RETAIN,
    properties: {
      [REGISTRATION_PROPERTIES.deployment]: terms.deployment,
      [REGISTRATION_PROPERTIES.externalId]: terms.externalId,
      [REGISTRATION_PROPERTIES.readingRoleArn]: props.readingRoleArn,
      [REGISTRATION_PROPERTIES.noticeTopicArn]: props.noticeTopicArn,
      [REGISTRATION_PROPERTIES.templateVersion]: String(BUYER_TEMPLATE_VERSION),
      [REGISTRATION_PROPERTIES.probe]: terms.probe,
      [REGISTRATION_PROPERTIES.shareUsage]: terms.shareUsage,
      ...Object.fromEntries(NOTICE_EMAILS.map((name, at) => [name, terms.noticeEmails[at] ?? ''])),
      [REGISTRATION_PROPERTIES.reminderDays]: terms.reminderDays,
    },
  });
  registration.node.addDependency(...props.after);
  return registration;
}

/** CloudFormation publishes to the seller's topic, which must be in the stack's own Region. */
function spoken({ watcherAccountId, deployment }: BuyerTerms): {
  serviceToken: string;
  serviceTimeout: Duration;
} {
  const topic = registrationTopicName(deployment);
  return {
    serviceToken: `arn:${Aws.PARTITION}:sns:${Aws.REGION}:${watcherAccountId}:${topic}`,
    serviceTimeout: Duration.seconds(SERVICE_TIMEOUT_SECONDS),
  };
}
