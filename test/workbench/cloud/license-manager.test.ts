import {
  AcceptGrantCommand,
  CheckInLicenseCommand,
  CheckoutLicenseCommand,
  CreateGrantCommand,
  CreateGrantVersionCommand,
  CreateLicenseCommand,
  CreateLicenseVersionCommand,
  DeleteLicenseCommand,
  GetLicenseCommand,
  GetLicenseUsageCommand,
  LicenseManagerClient,
  ListDistributedGrantsCommand,
  ListLicenseVersionsCommand,
  ListReceivedLicensesCommand,
} from '@aws-sdk/client-license-manager';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { licenseManagerService } from '../../../lib/workbench/cloud/stand-ins.ts';
import { createLicenseManager } from '../../../lib/workbench/license-manager/license-manager.ts';
import {
  allow,
  BUYER,
  clientOf,
  member,
  openBareCloud,
  policy,
  SELLER,
} from '../../support/bare-cloud.ts';

const LICENSE = `arn:aws:license-manager::${SELLER}:license:l-${'a'.repeat(32)}`;
const GRANT = `arn:aws:license-manager::${SELLER}:grant:g-${'b'.repeat(32)}`;

let bare: Awaited<ReturnType<typeof openBareCloud>>;
beforeAll(async () => {
  bare = await openBareCloud(({ clock, access }) => [
    licenseManagerService(createLicenseManager({ now: () => clock.now() }), access),
  ]);
});
afterAll(() => bare.front.close());

let members = 0;
function clientWith(document: ReturnType<typeof policy>) {
  members += 1;
  const { role } = member(bare.iam, { name: `reader-${members}`, accountId: BUYER }, document);
  return new LicenseManagerClient(clientOf(bare, bare.credentials.session(role, 'session', 3600)));
}

const validity = { Begin: '2027-01-01T00:00:00Z', End: '2028-01-01T00:00:00Z' };
const license = {
  LicenseName: 'n',
  ProductName: 'p',
  ProductSKU: 'sku',
  Issuer: { Name: 'i' },
  HomeRegion: 'us-east-1',
  Validity: validity,
  Entitlements: [{ Name: 'e', Unit: 'None' as const }],
  Beneficiary: `arn:aws:iam::${BUYER}:root`,
  ConsumptionConfiguration: { ProvisionalConfiguration: { MaxTimeToLiveInMinutes: 60 } },
  ClientToken: 'token',
};
const calls = {
  CheckoutLicense: [
    new CheckoutLicenseCommand({
      ProductSKU: 'sku',
      CheckoutType: 'PROVISIONAL',
      KeyFingerprint: 'f',
      Entitlements: [{ Name: 'e', Unit: 'None' }],
      ClientToken: 't',
    }),
    '*',
  ],
  CheckInLicense: [new CheckInLicenseCommand({ LicenseConsumptionToken: 't' }), '*'],
  CreateLicense: [new CreateLicenseCommand(license), '*'],
  ListReceivedLicenses: [new ListReceivedLicensesCommand({}), '*'],
  ListDistributedGrants: [new ListDistributedGrantsCommand({}), '*'],
  GetLicense: [new GetLicenseCommand({ LicenseArn: LICENSE }), LICENSE],
  GetLicenseUsage: [new GetLicenseUsageCommand({ LicenseArn: LICENSE }), LICENSE],
  ListLicenseVersions: [new ListLicenseVersionsCommand({ LicenseArn: LICENSE }), LICENSE],
  CreateLicenseVersion: [
    new CreateLicenseVersionCommand({ ...license, LicenseArn: LICENSE, Status: 'AVAILABLE' }),
    LICENSE,
  ],
  DeleteLicense: [new DeleteLicenseCommand({ LicenseArn: LICENSE, SourceVersion: '1' }), LICENSE],
  CreateGrant: [
    new CreateGrantCommand({
      ClientToken: 't',
      GrantName: 'g',
      LicenseArn: LICENSE,
      Principals: [`arn:aws:iam::${BUYER}:root`],
      HomeRegion: 'us-east-1',
      AllowedOperations: ['CheckoutLicense'],
    }),
    LICENSE,
  ],
  CreateGrantVersion: [
    new CreateGrantVersionCommand({ ClientToken: 't', GrantArn: GRANT, Status: 'ACTIVE' }),
    GRANT,
  ],
  AcceptGrant: [new AcceptGrantCommand({ GrantArn: GRANT }), GRANT],
} as const;

/** The client's overloads take one command at a time, not a union of them. */
function asOne(command: object): GetLicenseCommand {
  return command as GetLicenseCommand;
}

test.each(Object.entries(calls))(
  '%s needs its own permission',
  async (operation, [command, resource]) => {
    const action = `license-manager:${operation}`;
    const outcome = (client: LicenseManagerClient): Promise<unknown> =>
      client.send(asOne(command)).then(
        () => 'done',
        (error: unknown) => (error as Error).name,
      );
    expect(await outcome(clientWith(allow(action, resource)))).not.toBe('AccessDeniedException');
    const allElse = clientWith(policy({ Effect: 'Allow', NotAction: action, Resource: '*' }));
    await expect(allElse.send(asOne(command))).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: expect.stringContaining(
        `is not authorized to perform: ${action} on resource: ${resource} because no identity-based policy allows the ${action} action`,
      ) as string,
      $metadata: { httpStatusCode: 400 },
    });
  },
);

test('reading the licenses of one issuer does not open those of another', async () => {
  const client = clientWith(
    allow('license-manager:GetLicense', `arn:aws:license-manager::${SELLER}:license:*`),
  );
  const get = (account: string) =>
    client.send(new GetLicenseCommand({ LicenseArn: LICENSE.replace(SELLER, account) }));
  await expect(get(SELLER)).rejects.not.toMatchObject({ name: 'AccessDeniedException' });
  await expect(get('333333333333')).rejects.toMatchObject({ name: 'AccessDeniedException' });
});

test.each(['arn', GRANT, 'arn:aws:license-manager::123456789012:license:*'])(
  'an odd ARN is the operation’s to refuse: %s',
  async (LicenseArn) => {
    const refusal = clientWith(allow('license-manager:GetLicense', '*')).send(
      new GetLicenseCommand({ LicenseArn }),
    );
    await expect(refusal).rejects.not.toMatchObject({ name: 'InternalFailure' });
    await bare.clock.settled();
  },
);
