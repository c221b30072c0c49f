import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { createHash } from 'node:crypto';
import { CLIENT_SETTINGS } from '../../../aws/client-settings.ts';
import { dynamoDbReading } from '../../aws/archive.ts';
import { dynamoDbWatchStore } from '../../aws/dynamodb-watch-store.ts';
import type { TellUnreadable } from '../../../domain/ports.ts';
import { watcherStackName } from '../../../messages/names.ts';
import type { Revocation } from '../../../messages/registration.ts';
import { sqsDeadLetters } from '../../aws/dead-letters.ts';
import type { DeploymentHealth } from '../../aws/deployment-health.ts';
import { invokeFunction } from '../../aws/lambda.ts';
import { templateHosting } from '../../aws/template-bucket.ts';
import { countReads, tablesOfClient } from '../../aws/tables.ts';
import { watcherStackOutputs } from '../../aws/watcher-stack-outputs.ts';
import type { ConnectedWatcher } from '../io.ts';
import { CommandFailure } from '../output/failure.ts';
import type { CalledService } from './aws-files.ts';
import type { Connection } from './connection.ts';

/** The settings of the AWS clients of the command line, for each service. */
function clientSettings({ region, profile, local, endpointsOf }: Connection) {
  const endpointOf = endpointsOf?.(profile);
  return (service: CalledService) => {
    const endpoint = local?.endpoint ?? endpointOf?.(service)?.url;
    const there: { readonly endpoint?: string } = endpoint === undefined ? {} : { endpoint };
    return {
      ...CLIENT_SETTINGS,
      region,
      ...(profile !== undefined && { profile }),
      // The SDK's own search would follow another profile than the one it is given.
      ignoreConfiguredEndpointUrls: true,
      ...there,
      ...(local !== undefined && { credentials: local.credentials }),
    };
  };
}

/** Finds the deployed watcher by its stack, in AWS or in the local cloud, with the same clients. */
export async function connect(
  connection: Connection,
  unreadable?: TellUnreadable,
): Promise<ConnectedWatcher> {
  const { deployment, region, local } = connection;
  const settings = clientSettings(connection);
  const cloudFormation = new CloudFormationClient(settings('CLOUDFORMATION'));
  const stack = await watcherStackOutputs(cloudFormation, deployment, region);
  // A function may take its 60 seconds, and a second attempt would make it do its work twice.
  const oneAttempt = {
    ...settings('LAMBDA'),
    maxAttempts: 1,
    requestHandler: { ...CLIENT_SETTINGS.requestHandler, requestTimeout: 65_000 },
  };
  const { call: dynamoDb, reads } = countReads(
    await tablesOfClient(cloudFormation, settings('DYNAMODB').endpoint),
  );
  const { buyers, contracts, lastSeen, usage, reachability, notices, agreements } =
    dynamoDbWatchStore(dynamoDb, stack, unreadable);
  return {
    deployment,
    region,
    sellerAccountId: stack.sellerAccountId,
    sellerTopicArn: stack.sellerTopicArn,
    seller: stack.seller,
    productIds: stack.productIds,
    productCodes: stack.productCodes,
    agreementsSetting: stack.agreementsSetting,
    time: local && (await timeOf(local.endpoint)),
    buyers,
    contracts,
    lastSeen,
    usage,
    reachability,
    notices,
    agreements,
    ...dynamoDbReading(dynamoDb, stack, unreadable),
    reads,
    deadLetters: sqsDeadLetters(
      { cloudFormation, sqs: new SQSClient(settings('SQS')) },
      watcherStackName(deployment),
    ),
    templates:
      stack.templates &&
      templateHosting(new S3Client(settings('S3')), {
        ...stack.templates,
        partition: stack.partition,
        ownerAccountId: stack.sellerAccountId,
        region,
        endpoint: local?.endpoint,
      }),
    invoke: (whom, request) =>
      invokeFunction(new LambdaClient(oneAttempt), stack.functions[whom], request),
    sign: async (binding, at) => {
      const [{ STSClient }, { signIdentity }] = await Promise.all([
        import('@aws-sdk/client-sts'),
        import('../../aws/sign-identity.ts'),
      ]);
      return signIdentity(new STSClient(settings('STS')).config, region, binding, at);
    },
    testLicenses: async (parties) => {
      const [{ LicenseManagerClient }, { testLicenseIssuer }] = await Promise.all([
        import('@aws-sdk/client-license-manager'),
        import('../../aws/test-licenses.ts'),
      ]);
      const whole = { ...parties, partition: stack.partition, region };
      return testLicenseIssuer(
        new LicenseManagerClient(settings('LICENSE_MANAGER')),
        whole,
        sha256,
      );
    },
    buyerAccount: async (accountId, buyerProfile) => {
      const { buyerAccount } = await import('../../aws/buyer-account.ts');
      if (local === undefined)
        return buyerAccount(clientSettings({ ...connection, profile: buyerProfile }));
      const credentials = local.keysOf?.[accountId];
      if (credentials !== undefined)
        return buyerAccount((service) => ({ ...settings(service), credentials }));
      throw new CommandFailure(
        `the local cloud has no keys for ${accountId}; it has them for ${Object.keys(local.keysOf ?? {}).join(', ')}: name one of these`,
      );
    },
    // Asks register-buyer to end the watch of a buyer whose profile says `revoked`. Harmless when repeated.
    endWatch: async (buyerAccountId) => {
      const message: Revocation = { format: 1, kind: 'revoked', buyerAccountId };
      const { registrationTopicArn: TopicArn } = stack;
      const publish = new PublishCommand({ TopicArn, Message: JSON.stringify(message) });
      await new SNSClient(settings('SNS')).send(publish);
    },
  };
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** The local cloud's time in epoch milliseconds. Every answer of the local cloud carries it, even a refusal. */
async function timeOf(endpoint: string): Promise<number> {
  const { headers } = await fetch(endpoint, { method: 'HEAD' });
  const time = Date.parse(headers.get('date') ?? '');
  if (Number.isNaN(time))
    throw new Error(`${endpoint} answers without its time, so it is no local cloud`);
  return time;
}

/** Loads its clients only when called, so that no other command pays for them. */
export async function readDeploymentHealth(connection: Connection): Promise<DeploymentHealth> {
  const { readHealth } = await import('../../aws/read-health.ts');
  return readHealth(clientSettings(connection), connection.deployment);
}
