import { afterEach, beforeEach, expect, it } from 'vitest';
import { defaultProvider } from '../../lib/aws/lambda-credentials.ts';

const NAMES = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN'] as const;
const before = NAMES.map((name) => process.env[name]);
beforeEach(() => {
  for (const name of NAMES) Reflect.deleteProperty(process.env, name);
});
afterEach(() => {
  for (const [at, name] of NAMES.entries()) {
    if (before[at] === undefined) Reflect.deleteProperty(process.env, name);
    else process.env[name] = before[at];
  }
});

it('reads what Lambda sets, each time anew', async () => {
  const provider = defaultProvider();
  Object.assign(process.env, {
    AWS_ACCESS_KEY_ID: 'key',
    AWS_SECRET_ACCESS_KEY: 'secret',
    AWS_SESSION_TOKEN: 'token',
  });
  expect(await provider()).toEqual({
    accessKeyId: 'key',
    secretAccessKey: 'secret',
    sessionToken: 'token',
  });
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'another' });
  expect(await provider()).toMatchObject({ accessKeyId: 'another' });
});

it('fails by the name that the error table knows', async () => {
  await expect(defaultProvider()()).rejects.toMatchObject({ name: 'CredentialsProviderError' });
});
