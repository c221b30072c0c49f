import { CloudFormationClient, CreateStackCommand } from '@aws-sdk/client-cloudformation';
import {
  AcceptGrantCommand,
  CreateGrantVersionCommand,
  LicenseManagerClient,
} from '@aws-sdk/client-license-manager';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import type { CloudFormationClientConfig } from '@aws-sdk/client-cloudformation';

/** A buyer's account in which the seller may act: one of the seller's own, or of the local cloud. */
export interface BuyerAccount {
  /** The account that the credentials belong to. */
  accountId(): Promise<string>;
  launch(stack: {
    readonly stackName: string;
    readonly template: string;
    readonly parameters: Readonly<Record<string, string>>;
  }): Promise<void>;
  acceptGrant(grantArn: string): Promise<void>;
  activateGrant(grantArn: string, clientToken: string): Promise<void>;
}

type Settings = Pick<
  CloudFormationClientConfig,
  'endpoint' | 'credentials' | 'profile' | 'maxAttempts'
> & { readonly region: string };

export function buyerAccount(
  settings: (service: 'LICENSE_MANAGER' | 'STS' | 'CLOUDFORMATION') => Settings,
): BuyerAccount {
  const licenseManager = new LicenseManagerClient(settings('LICENSE_MANAGER'));
  return {
    accountId: async () => {
      const { Account } = await new STSClient(settings('STS')).send(
        new GetCallerIdentityCommand({}),
      );
      return Account ?? '';
    },
    launch: async ({ stackName, template, parameters }) => {
      await new CloudFormationClient(settings('CLOUDFORMATION')).send(
        new CreateStackCommand({
          StackName: stackName,
          TemplateBody: template,
          Capabilities: ['CAPABILITY_IAM'],
          Parameters: Object.entries(parameters).map(([ParameterKey, ParameterValue]) => ({
            ParameterKey,
            ParameterValue,
          })),
        }),
      );
    },
    acceptGrant: async (GrantArn) => {
      await licenseManager.send(new AcceptGrantCommand({ GrantArn }));
    },
    activateGrant: async (GrantArn, ClientToken) => {
      await licenseManager.send(
        new CreateGrantVersionCommand({ GrantArn, ClientToken, Status: 'ACTIVE' }),
      );
    },
  };
}
