import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import {
  CheckInLicenseCommand,
  CheckoutLicenseCommand,
  GetLicenseCommand,
  LicenseManagerClient,
  ListReceivedLicensesCommand,
} from '@aws-sdk/client-license-manager';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';

/** The message for one buyer, from a sweep that sends one for each. */
export interface NaiveMessage {
  readonly roleArn: string;
  readonly externalId: string;
  readonly productSku: string;
  readonly keyFingerprint: string;
  readonly tableName: string;
}

const sts = new STSClient({});
const tables = new DynamoDBClient({});

/**
 * The simplest watcher, for comparison: an invocation for each buyer, its calls one after the other, and a write of what was seen at
 * every tick, whether it changed or not.
 */
export async function handler({ Records }: { readonly Records: readonly { body: string }[] }) {
  for (const { body } of Records) await check(JSON.parse(body) as NaiveMessage);
}

async function check(message: NaiveMessage): Promise<void> {
  const { roleArn, externalId, productSku, keyFingerprint, tableName } = message;
  const { Credentials: keys } = await sts.send(
    new AssumeRoleCommand({
      RoleArn: roleArn,
      RoleSessionName: 'license-watcher',
      ExternalId: externalId,
    }),
  );
  const manager = new LicenseManagerClient({
    credentials: {
      accessKeyId: keys?.AccessKeyId ?? '',
      secretAccessKey: keys?.SecretAccessKey ?? '',
      sessionToken: keys?.SessionToken ?? '',
    },
  });
  const { Licenses: [found] = [] } = await manager.send(
    new ListReceivedLicensesCommand({ Filters: [{ Name: 'ProductSKU', Values: [productSku] }] }),
  );
  const { License: license } = await manager.send(
    new GetLicenseCommand({ LicenseArn: found?.LicenseArn }),
  );
  const { LicenseConsumptionToken: token } = await manager.send(
    new CheckoutLicenseCommand({
      ProductSKU: productSku,
      KeyFingerprint: keyFingerprint,
      CheckoutType: 'PROVISIONAL',
      Entitlements: [{ Name: 'AWS::Marketplace::Usage', Unit: 'None' }],
      ClientToken: `${roleArn}-${Date.now()}`,
    }),
  );
  await manager.send(new CheckInLicenseCommand({ LicenseConsumptionToken: token }));
  await tables.send(
    new PutItemCommand({
      TableName: tableName,
      Item: {
        buyer: { S: `naive-${roleArn}` },
        record: { S: 'state' },
        state: { S: JSON.stringify(license) },
        checkedAt: { S: new Date().toISOString() },
      },
    }),
  );
}
