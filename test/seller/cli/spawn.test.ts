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
});
