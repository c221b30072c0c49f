import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SpawnedCommand } from '../../support/spawned-command.ts';

let command: SpawnedCommand;
beforeEach(async () => {
  command = await SpawnedCommand.open();
});
afterEach(() => command.close());

describe('the command as a process', () => {
  it('finds the watcher by its stack and reads its table, as the seller of the local cloud', async () => {
    expect(await command.run('buyers', '--json', '--local')).toEqual({
      code: 0,
      out: '[]\n',
      err: '',
    });
    const { requested: asked } = command;
    expect(asked[0]).toEqual({
      service: 'cloudformation',
      accessKeyId: 'SELLERKEY',
      operation: 'DescribeStacks',
    });
    expect(asked.slice(1).every(({ service }) => service === 'dynamodb')).toBe(true);
    expect(asked.length).toBeGreaterThan(1);
  });

  it('says where it looked when there is none', async () => {
    command.deployed = false;
    const { code, out, err } = await command.run('buyers', '--local');
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toBe(
      [
        'license-watcher: WatcherNotFound: no stack LicenseWatcher in us-east-1 of this',
        '  account: deploy it with "npx cdk deploy", or say where it is with',
        '  --deployment, --region and --profile',
        '',
      ].join('\n'),
    );
  });

  it('leaves the report of yesterday as it was if the disk has no room for that of today', async () => {
    const yesterday = '<title>License Watcher report of yesterday';
    await command.write('report.html', () => yesterday);
    command.mostKilobytes = 8;
    expect((await command.run('report', '--local')).code).not.toBe(0);
    expect(await command.read('report.html')).toBe(yesterday);
    command.mostKilobytes = undefined;
    expect((await command.run('report', '--local')).code).toBe(0);
    expect(await command.read('report.html')).toContain('</html>');
  });

  // The SDK follows only the profile of AWS_PROFILE, and our own calls of DynamoDB would follow none.
  it.each<[string, Record<string, string>, readonly string[], (url: string) => string]>([
    ['of --profile', {}, ['--profile', 'seller'], (url) => `endpoint_url = ${url}`],
    ['of AWS_PROFILE', { AWS_PROFILE: 'seller' }, [], (url) => `endpoint_url = ${url}`],
    [
      'of --profile, not of AWS_PROFILE',
      { AWS_PROFILE: 'other' },
      ['--profile', 'seller'],
      (url) => `endpoint_url = ${url}\n[profile other]\nendpoint_url = http://127.0.0.1:1`,
    ],
    [
      'of each service',
      {},
      ['--profile', 'seller'],
      (url) =>
        `endpoint_url = http://127.0.0.1:1\nservices = mine\n[services mine]\ndynamodb =\n  endpoint_url = ${url}\ncloudformation =\n  endpoint_url = ${url} # here`,
    ],
  ])('sends all calls to the endpoint %s', async (_of, env, argv, endpoints) => {
    command.env = env;
    const keys = 'aws_access_key_id = PROFILEKEY\naws_secret_access_key = secret\n';
    await command.write('.aws/config', (url) => `[profile seller]\n${keys}${endpoints(url)}\n`);
    expect(await command.run('buyers', '--json', ...argv)).toEqual({
      code: 0,
      out: '[]\n',
      err: '',
    });
    const services = new Set(command.requested.map(({ service }) => service));
    expect([...services].sort()).toEqual(['cloudformation', 'dynamodb']);
    expect(command.requested.every(({ accessKeyId }) => accessKeyId === 'PROFILEKEY')).toBe(true);
  });
});
