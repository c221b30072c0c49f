import { Aws, Validations } from 'aws-cdk-lib';
import { CfnRole } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { functionRolePath, READING_ROLE_PATH } from '../../messages/names.ts';
import { accountRoot } from '../watcher/access.ts';
import type { BuyerTerms } from './buyer-terms.ts';
import { Choice } from '../choice.ts';

const LIST = ['license-manager:ListReceivedLicenses'];
const READ = ['license-manager:GetLicense', 'license-manager:ListLicenseVersions'];
const USAGE = ['license-manager:GetLicenseUsage'];
/** Never one without the other: what is checked out must be checked in. */
const PROBE = ['license-manager:CheckoutLicense', 'license-manager:CheckInLicense'];

export interface ReadingRoleProps {
  readonly terms: BuyerTerms;
  /** Accounts that issue the licenses of the seller's products: AWS Marketplace's, and the seller's own for test licenses. */
  readonly issuerAccountIds: readonly string[];
}

/**
 * The role that the watcher assumes in the buyer's account. Its true reach: License Manager has no way to limit a list or a
 * checkout to a product, so it can list all vendors' licenses and could check out any; nothing else whatsoever.
 */
export class ReadingRole extends CfnRole {
  constructor(scope: Construct, id: string, { terms, issuerAccountIds }: ReadingRoleProps) {
    const licenses = issuerAccountIds.map(
      (issuer) => `arn:${Aws.PARTITION}:license-manager::${issuer}:license:*`,
    );
    const probes = new Choice(scope, 'Probes', { value: terms.probe, is: 'yes' });
    const sharesUsage = new Choice(scope, 'SharesUsage', { value: terms.shareUsage, is: 'yes' });
    const boundary = terms.permissionsBoundary;
    const bounded = new Choice(scope, 'HasPermissionsBoundary', { value: boundary, not: '' });
    const permissionsBoundary = bounded.orNothing(boundary);
    super(scope, id, {
      description: 'Lets the License Watcher of your seller read the licenses of this account.',
      path: READING_ROLE_PATH,
      assumeRolePolicyDocument: trust(terms),
      ...(permissionsBoundary !== undefined && { permissionsBoundary }),
      policies: [
        {
          policyName: 'ReadLicenses',
          policyDocument: document(
            { Sid: 'List', Effect: 'Allow', Action: LIST, Resource: '*' },
            { Sid: 'Read', Effect: 'Allow', Action: READ, Resource: licenses },
            // Holds even if another policy is attached to this role later.
            {
              Sid: 'NothingElse',
              Effect: 'Deny',
              NotAction: [...LIST, ...READ, ...USAGE, ...PROBE],
              Resource: '*',
            },
          ),
        },
        ...onlyIf(probes, 'ProbeLicenses', {
          Sid: 'Probe',
          Effect: 'Allow',
          Action: PROBE,
          Resource: '*',
        }),
        ...onlyIf(sharesUsage, 'ReadUsage', {
          Sid: 'Usage',
          Effect: 'Allow',
          Action: USAGE,
          Resource: licenses,
        }),
      ],
    });
    Validations.of(this).acknowledge(
      {
        id: 'AwsSolutions-IAM5',
        reason:
          'The rule cannot read policies that a condition chooses. Lists and checkouts have no resource in IAM, licenses none narrower than their issuer: the description of the template says so.',
      },
      {
        id: 'CloudFormation-Validate::W1030',
        reason:
          'The empty default of PermissionsBoundary never reaches the role: the condition leaves the property out.',
      },
    );
  }
}

/** Trusts any function of that deployment, present or future, and only on behalf of the seller who knows the ExternalId. */
function trust({ watcherAccountId, deployment, externalId }: BuyerTerms): object {
  const roles = `arn:${Aws.PARTITION}:iam::${watcherAccountId}:role${functionRolePath(deployment)}*`;
  return document({
    Sid: 'Watcher',
    Effect: 'Allow',
    Principal: { AWS: accountRoot(watcherAccountId) },
    Action: 'sts:AssumeRole',
    Condition: {
      StringEquals: { 'sts:ExternalId': externalId },
      ArnLike: { 'aws:PrincipalArn': roles },
    },
  });
}

/** Gives the policy in both spellings: CDK translates its own, but nothing that a condition chooses. */
function onlyIf(choice: Choice, name: string, statement: object) {
  const policyDocument = document(statement);
  const policy = choice.orNothing<object>(
    { policyName: name, policyDocument },
    { PolicyName: name, PolicyDocument: policyDocument },
  );
  return policy === undefined ? [] : [policy as CfnRole.PolicyProperty];
}

function document(...statements: object[]): object {
  return { Version: '2012-10-17', Statement: statements };
}
