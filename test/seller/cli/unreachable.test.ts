import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { beforeEach, describe, expect, it } from 'vitest';
import { connect } from '../../../lib/seller/cli/connect/connect.ts';
import { Terminal } from '../../support/terminal.ts';

const LOCAL_FILE = '.license-watcher/local.json';

let terminal: Terminal;
beforeEach(() => {
  terminal = new Terminal();
});

function localCloudAt(endpoint: string): string {
  const credentials = { '999900001111': { accessKeyId: 'SELLER', secretAccessKey: 'local' } };
  const file = {
    endpoint,
    region: 'us-east-1',
    sellerAccountId: '999900001111',
    credentials,
    buyers: [],
  };
  return JSON.stringify(file);
}

function socketError(code: string, more: object = {}): Error {
  return Object.assign(new Error(`connect ${code}`), { code, ...more });
}

describe.each(['buyers', 'doctor'])(
  'what is said to %s of a connection depends on whom it was to',
  (command) => {
    const OWN = 'http://127.0.0.1:4566';
    const TABLES = {
      AWS_ENDPOINT_URL: 'http://emulator:4566',
      AWS_ENDPOINT_URL_DYNAMODB: 'http://tables:8000',
    };
    const IGNORED = { AWS_ENDPOINT_URL: OWN, AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true' };
    const refused = socketError('ECONNREFUSED');
    const unknown = (hostname: string) => socketError('ENOTFOUND', { hostname });
    // So the SDK names both.
    const timedOut = (code: string) => socketError(code, { name: 'TimeoutError' });
    it.each<[string, Record<string, string>, Error, string]>([
      ['AWS', {}, refused, 'nobody answers at AWS in us-east-1: check --region and the network'],
      [
        'a Region that is none',
        { AWS_REGION: 'us-east-9' },
        unknown('cloudformation.us-east-9.amazonaws.com'),
        'no address is known for AWS in us-east-9: check --region and the network',
      ],
      ['a slow AWS', {}, timedOut('ETIMEDOUT'), 'AWS in us-east-1 did not answer in time'],
      [
        'AWS that breaks off',
        {},
        timedOut('ECONNRESET'),
        'AWS in us-east-1 broke the connection, so the request may or may not have been carried out',
      ],
      ['a wire that is out', {}, socketError('ENETUNREACH'), 'there is no way to AWS in us-east-1'],
      [
        'an endpoint of one’s own',
        { AWS_ENDPOINT_URL: OWN },
        socketError('ECONNREFUSED', { address: '127.0.0.1', port: 4566 }),
        `nobody answers at ${OWN}, which AWS_ENDPOINT_URL names: check that it runs there, or unset AWS_ENDPOINT_URL to speak to AWS`,
      ],
      [
        'an endpoint of one service',
        TABLES,
        unknown('tables'),
        'no address is known for http://tables:8000, which AWS_ENDPOINT_URL_DYNAMODB names',
      ],
      ['an endpoint that is ignored', IGNORED, refused, 'nobody answers at AWS in us-east-1'],
      [
        'an endpoint of a profile',
        { AWS_PROFILE: 'seller' },
        socketError('ECONNREFUSED', { address: '10.0.0.7', port: 8000 }),
        'nobody answers at http://10.0.0.7:8000, which dynamodb.endpoint_url of the services "mine" names: check that it runs there, or remove it there to speak to AWS',
      ],
    ])('%s', async (_whom, env, error, words) => {
      terminal.files.set(
        '~/.aws/config',
        '[services mine]\ndynamodb =\n  endpoint_url = http://10.0.0.7:8000\n[profile seller]\nendpoint_url = http://10.0.0.7\nservices = mine\n',
      );
      Object.assign(terminal, { env, trouble: new Error('outer', { cause: error }) });
      expect(await terminal.run(command)).toBe(1);
      expect(terminal.err).toContain(words);
      expect(terminal.err).toContain(error.message);
      expect(terminal.err).not.toContain('npm start');
    });

    it('the local cloud', async () => {
      terminal.files.set(LOCAL_FILE, localCloudAt('http://127.0.0.1:4570'));
      terminal.env = { AWS_ENDPOINT_URL: 'http://127.0.0.1:4566' };
      terminal.trouble = socketError('ECONNREFUSED');
      expect(await terminal.run(command, '--local')).toBe(1);
      expect(terminal.err).toContain(
        'nobody answers at the local cloud at http://127.0.0.1:4570: check that "npm start" still runs in this directory',
      );
    });
  },
);

it('says so, too, where the connection breaks off in the midst of the work', async () => {
  terminal.register = (register) => ({
    ...register,
    ofBuyer: () => Promise.reject(socketError('ECONNRESET')),
    recordsOf: () => Promise.reject(socketError('ECONNRESET')),
  });
  expect(await terminal.run('history', '111122223333')).toBe(1);
  expect(terminal.err).toContain('AWS in us-east-1 broke the connection');
});

it('knows what a real client throws where a server hangs up', async () => {
  await using server = createServer((socket) => socket.on('data', () => socket.destroy()));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  terminal.files.set(LOCAL_FILE, localCloudAt(endpoint));
  terminal.trouble = await connect({
    ...{ deployment: 'default', region: 'us-east-1', profile: undefined },
    local: { endpoint, credentials: { accessKeyId: 'SELLER', secretAccessKey: 'local' } },
  }).then(
    () => new Error('it connected'),
    (error: unknown) => error as Error,
  );
  expect(await terminal.run('buyers', '--local')).toBe(1);
  expect(terminal.err).toContain(`the local cloud at ${endpoint} broke the connection`);
});
