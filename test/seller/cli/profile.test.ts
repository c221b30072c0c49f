import { beforeEach, expect, it } from 'vitest';
import { connectionOf } from '../../../lib/seller/cli/connect/connection.ts';
import { Terminal } from '../../support/terminal.ts';

let terminal: Terminal;
beforeEach(() => {
  terminal = new Terminal();
  terminal.env = { HOME: '/home/ada' };
  terminal.files.set(
    '/home/ada/.aws/config',
    '[default]\n[profile seller]\nregion = us-east-1\n[sso-session corp]\n',
  );
  terminal.files.set('/home/ada/.aws/credentials', '[ops]\naws_access_key_id = a\n');
  terminal.trouble = Object.assign(new Error('Could not load credentials from any providers'), {
    name: 'CredentialsProviderError',
  });
});

it.each([['buyers'], ['doctor']])(
  'says to %s that there is no such profile, and which there are',
  async (command) => {
    expect(await terminal.run(command, '--profile', 'nope')).toBe(1);
    expect(terminal.err).toContain(
      '--profile is "nope", and no profile of that name exists in /home/ada/.aws/config or /home/ada/.aws/credentials; there is default, seller, ops:',
    );
  },
);

it('says whence an unknown profile is', async () => {
  terminal.env = { ...terminal.env, AWS_PROFILE: 'gone', AWS_CONFIG_FILE: '/etc/aws' };
  expect(await terminal.run('buyers')).toBe(1);
  expect(terminal.err).toContain(
    'AWS_PROFILE is "gone", and no profile of that name exists in /etc/aws or ',
  );
});

it.each(['seller', 'ops', 'default'])('has the owner of the profile %s log in', async (profile) => {
  expect(await terminal.run('buyers', '--profile', profile)).toBe(1);
  expect(terminal.err).toContain('no usable AWS credentials: log in');
});

it.each([
  [
    'services that no file has',
    'services = mine',
    'the profile "seller" names the services "mine", and no file has a section [services mine]: add it, or remove the line',
  ],
  [
    'an endpoint that is no URL',
    'endpoint_url = localhost:4566',
    'endpoint_url of the profile "seller" is "localhost:4566"; expected a URL like http://127.0.0.1:4566: correct it, or remove it there to speak to AWS',
  ],
])('refuses %s', async (_what, line, words) => {
  terminal.files.set('/home/ada/.aws/config', `[profile seller]\n${line}\n`);
  const { endpointsOf } = await connectionOf(
    { profile: 'seller' },
    { env: terminal.env, readFile: (path) => Promise.resolve(terminal.files.get(path)) },
  );
  expect(() => endpointsOf?.('seller')('DYNAMODB')).toThrow(words);
});

it('says that the program of a profile gave no credentials, which the SDK does not', async () => {
  terminal.files.set('/home/ada/.aws/config', '[default]\ncredential_process = /bin/false\n');
  expect(await terminal.run('buyers')).toBe(1);
  expect(terminal.err).toContain(
    'the profile "default" of /home/ada/.aws/config or /home/ada/.aws/credentials has its credentials from a program (credential_process), which gave none that can be used: run that line yourself',
  );
});
