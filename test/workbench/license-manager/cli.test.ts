import { execFile, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { beforeAll, describe, expect, test } from 'vitest';

import { OPERATIONS } from '../../../lib/workbench/license-manager/operations.ts';
import { bodies, body, BUYER, HOME, SELLER, serveAlone, StandIn, text } from './stand-in.ts';
import type { Body } from './stand-in.ts';

const version = spawnSync('aws', ['--version'], { encoding: 'utf8' });
const installed = version.status === 0;

/** Every operation by the AWS CLI, which shares no line with the stand-in: AWS's guide for test licenses as a scenario. */
describe.skipIf(!installed)('the AWS CLI follows AWS’s guide for test licenses', () => {
  const standIn = new StandIn();
  const lines: Body[] = [];

  beforeAll(async () => {
    const served = await serveAlone(standIn.manager, { [SELLER]: SELLER, [BUYER]: BUYER });
    const script = fileURLToPath(new URL('guide-for-test-licenses.sh', import.meta.url));
    try {
      const { stdout } = await promisify(execFile)('sh', [script], {
        env: {
          PATH: process.env['PATH'],
          HOME: process.env['HOME'],
          AWS_ENDPOINT_URL: served.url,
          AWS_SECRET_ACCESS_KEY: 'secret',
          AWS_REGION: HOME,
          AWS_DEFAULT_REGION: HOME,
          AWS_DEFAULT_OUTPUT: 'json',
          AWS_CONFIG_FILE: '/dev/null',
          AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
          AWS_EC2_METADATA_DISABLED: 'true',
          SELLER,
          BUYER,
        },
      });
      lines.push(
        ...stdout
          .trim()
          .split('\n')
          .map((line) => body(JSON.parse(line))),
      );
    } finally {
      await served.close();
    }
  }, 240_000);

  test('by every operation there is', () => {
    const called = new Set(lines.map(({ command }) => operationName(text(command))));
    expect([...called].toSorted()).toEqual(OPERATIONS.map(({ name }) => name).toSorted());
  });

  test('the seller’s license comes with the fingerprint to trust', () => {
    expect(answer('get-license')['License']).toMatchObject({
      LicenseName: 'AWSMP Test License',
      Issuer: { KeyFingerprint: `aws:${SELLER}:Self:issuer-fingerprint` },
      Validity: { End: '2027-01-11T00:00:00Z' },
      Status: 'AVAILABLE',
      Version: '1',
    });
  });

  test('the buyer accepts the grant, then activates it', () => {
    expect(answer('accept-grant')).toMatchObject({ Status: 'DISABLED', Version: '1' });
    expect(answer('create-grant-version')).toMatchObject({ Status: 'ACTIVE', Version: '2' });
    expect(answer('list-received-licenses')['Licenses']).toMatchObject([
      { ReceivedMetadata: { ReceivedStatus: 'ACTIVE' } },
    ]);
  });

  test('the product checks out and in', () => {
    expect(answer('checkout-license')).toMatchObject({
      EntitlementsAllowed: [{ Name: 'ReadOnly', Value: '2', Unit: 'Count' }],
      Expiration: '2027-01-01T01:00:00',
    });
    const { EntitlementUsages } = body(answer('get-license-usage')['LicenseUsage']);
    expect(EntitlementUsages).toEqual([
      { Name: 'ReadOnly', ConsumedValue: '2', MaxCount: '5', Unit: 'Count' },
    ]);
    expect(standIn.manager.openCheckouts()).toEqual([]);
  });

  test('the guide’s last command, with AWS Marketplace’s fingerprint, is refused', () => {
    const refusal = text(lines.find((line) => 'refusal' in line)?.['refusal']);
    expect(refusal).toContain(
      '(NoEntitlementsAllowedException) when calling the CheckoutLicense operation',
    );
  });

  test('the seller amends, lists, and cleans up', () => {
    expect(answer('create-license-version')).toMatchObject({ Version: '2' });
    expect(
      bodies(answer('list-license-versions')['Licenses']).map((license) => license['Version']),
    ).toEqual(['1', '2']);
    expect(answer('list-licenses')['Licenses']).toMatchObject([{ Version: '2' }]);
    expect(answer('list-distributed-grants')['Grants']).toMatchObject([
      { GrantStatus: 'ACTIVE' },
      { GrantStatus: 'PENDING_ACCEPT' },
    ]);
    expect(answer('delete-grant')).toMatchObject({ Status: 'DELETED' });
    expect(answer('delete-license')).toMatchObject({ Status: 'DELETED' });
  });

  function answer(command: string): Body {
    return body(lines.find((line) => line['command'] === command && 'answer' in line)?.['answer']);
  }
});

/** `check-in-license` is CheckInLicense. */
function operationName(command: string): string {
  return command.replace(/(^|-)(\w)/g, (_, _dash, letter: string) => letter.toUpperCase());
}
