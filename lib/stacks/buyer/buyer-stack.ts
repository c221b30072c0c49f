import { Aws, CfnOutput, CfnRule, DefaultStackSynthesizer, Fn, Stack } from 'aws-cdk-lib';
import type { IStackSynthesizer } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { addBuyerParameters } from './buyer-parameters.ts';
import { addBuyerResources, type BuyerResources } from './buyer-resources.ts';
import { BUYER_OUTPUTS, BUYER_STACK_NAME, BUYER_TEMPLATE_VERSION } from '../../messages/names.ts';
import { REGISTRATION_ATTRIBUTES } from '../../messages/registration.ts';
import type { Settings } from '../../messages/settings.ts';

export interface BuyerStackProps {
  readonly settings: Settings;
  /** The watcher's own Region: a custom resource cannot reach a topic of another one. */
  readonly region: string;
  /** Undefined: it is given at deployment. */
  readonly sellerAccountId?: string | undefined;
}

/**
 * What a buyer deploys: plain CloudFormation that needs no bootstrap, no asset and no CDK, and says in its description what it
 * grants. Logical IDs are a contract: a changed one would replace the role and the topic of every buyer.
 */
export class BuyerStack extends Stack {
  constructor(
    scope: Construct,
    id: string,
    { settings, region, sellerAccountId }: BuyerStackProps,
  ) {
    super(scope, id, {
      stackName: BUYER_STACK_NAME,
      description: DESCRIPTION,
      analyticsReporting: false,
      // The cast is needed because CDK's own types do not know exactOptionalPropertyTypes.
      synthesizer: new DefaultStackSynthesizer({
        generateBootstrapVersionRule: false,
      }) as IStackSynthesizer,
    });
    // The CDK command line asks for construct paths as metadata, which mean nothing to a buyer.
    this.node.setContext('aws:cdk:enable-path-metadata', false);

    new CfnRule(this, 'Region', {
      assertions: [
        {
          assert: Fn.conditionEquals(Aws.REGION, region),
          assertDescription: `Create this stack in ${region}: the seller's watcher listens there, wherever your products run.`,
        },
      ],
    });
    const { deployment, sellerName, openEnrolment } = settings;
    const terms = addBuyerParameters(this, {
      deployment,
      openEnrolment: openEnrolment !== null,
      sellerAccountId,
    });
    this.#outputs(
      addBuyerResources(this, { terms, sellerName, issuerAccountIds: issuersOf(settings) }),
    );
  }

  #outputs({ role, topic, registration }: BuyerResources): void {
    const output = (id: string, value: string, description: string): CfnOutput =>
      new CfnOutput(this, id, { value, description });
    output(BUYER_OUTPUTS.readingRoleArn, role.attrArn, 'The role that the watcher assumes.');
    output(
      BUYER_OUTPUTS.noticeTopicArn,
      topic.ref,
      'Subscribe here to be told what the watcher sees.',
    );
    output(
      BUYER_OUTPUTS.templateVersion,
      String(BUYER_TEMPLATE_VERSION),
      'Version of this template.',
    );
    for (const attribute of Object.values(REGISTRATION_ATTRIBUTES)) {
      const sum = attribute === REGISTRATION_ATTRIBUTES.selfTest;
      output(
        sum ? BUYER_OUTPUTS.selfTest : `${BUYER_OUTPUTS.selfTest}${attribute}`,
        registration.getAttString(attribute),
        sum
          ? 'What the watcher found when it tried the role.'
          : `From the self-test: ${attribute}.`,
      );
    }
  }
}

/** The second part of a fingerprint is the issuer's account. */
function issuersOf({ products }: Settings): string[] {
  const accounts = products.map(({ issuerFingerprint }) => issuerFingerprint.split(':')[1] ?? '');
  return [...new Set(accounts)].sort();
}

/** At most 512 characters, which CDK takes for CloudFormation's 1024 bytes. */
const DESCRIPTION =
  `License Watcher, buyer template version ${BUYER_TEMPLATE_VERSION}. Lets your seller read the licenses of this account and tells you of their changes and ends. ` +
  'True reach of its role: it lists the licenses of all vendors, reads the details of those issued by AWS Marketplace or the seller, ' +
  'and with Probe=yes could check any license out and in (IAM cannot limit a list or a checkout to one product). Nothing else: no change to a license, no other service.';
