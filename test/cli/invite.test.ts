import { beforeEach, describe, expect, it } from 'vitest';
import type { Buyer } from '../../lib/domain/buyer.ts';
import type { Instant } from '../../lib/domain/time.ts';
import { Terminal } from '../support/terminal.ts';

const BUYER = '111122223333';
const INVITE = ['invite', BUYER, '--name', 'Example Corp', '--product', 'scanner'];

let terminal: Terminal;
beforeEach(() => {
  terminal = new Terminal();
});

async function profile(): Promise<Buyer> {
  const buyer = await terminal.store.buyers.find(BUYER);
  if (buyer === undefined) throw new Error('not invited');
  return buyer;
}

async function becomes(changes: Partial<Buyer>): Promise<void> {
  const buyer = await profile();
  expect(await terminal.store.buyers.put({ ...buyer, ...changes }, buyer)).toBe(true);
}

const registration = {
  stackId: `arn:aws:cloudformation:us-east-1:${BUYER}:stack/license-watcher/1`,
  roleArn: `arn:aws:iam::${BUYER}:role/license-watcher-buyer/x`,
  noticeTopicArn: `arn:aws:sns:us-east-1:${BUYER}:x`,
  templateVersion: 1,
  probe: true,
  shareUsage: true,
  registeredAt: '2026-03-01T11:00:00Z' as Instant,
  selfTest: 'ok',
};

describe('invite', () => {
  it('stores the invitation and prints nothing but the command on standard output', async () => {
    expect(await terminal.run(...INVITE, '--email', 'it@example.com')).toBe(0);
    expect(await profile()).toEqual({
      buyerAccountId: BUYER,
      name: 'Example Corp',
      productIds: ['scanner'],
      status: 'invited',
      externalId: 'external-id-1',
      invitedAt: '2026-03-01T10:00:00Z',
      registration: null,
    });
    expect(terminal.out).toBe(
      [
        'aws cloudformation create-stack \\',
        '  --region us-east-1 \\',
        '  --stack-name license-watcher \\',
        '  --template-body file://license-watcher-buyer.json \\',
        '  --capabilities CAPABILITY_IAM \\',
        '  --parameters \\',
        '    ParameterKey=WatcherAccountId,ParameterValue=999900001111 \\',
        '    ParameterKey=Deployment,ParameterValue=default \\',
        '    ParameterKey=ExternalId,ParameterValue=external-id-1 \\',
        '    ParameterKey=NoticeEmail,ParameterValue=it@example.com \\',
        '    ParameterKey=Probe,ParameterValue=yes \\',
        '    ParameterKey=ShareUsage,ParameterValue=yes\n',
      ].join('\n'),
    );
    expect(terminal.err).toContain('npm run --silent buyer-template > license-watcher-buyer.json');
  });

  it('prints for machines', async () => {
    expect(await terminal.run(...INVITE, '--product', 'viewer', '--json', '--deployment', 'staging')).toBe(0);
    expect(terminal.err).toBe('');
    expect(terminal.json()).toMatchObject({
      account: BUYER,
      name: 'Example Corp',
      products: ['scanner', 'viewer'],
      status: 'invited',
      externalId: 'external-id-1',
      launch: {
        region: 'us-east-1',
        stackName: 'license-watcher-staging',
        parameters: { Deployment: 'staging', Probe: 'yes' },
        command: expect.stringMatching(/^aws cloudformation create-stack/) as string,
      },
    });
  });

  it('again keeps the ExternalId that the buyer may hold, and takes the changes', async () => {
    await terminal.run(...INVITE);
    expect(await terminal.run('invite', BUYER, '--name', 'Example Inc', '--product', 'viewer')).toBe(0);
    expect(await profile()).toMatchObject({ name: 'Example Inc', productIds: ['viewer'], externalId: 'external-id-1' });
  });

  it('--renew makes a new one', async () => {
    await terminal.run(...INVITE);
    expect(await terminal.run(...INVITE, '--renew')).toBe(0);
    expect(await profile()).toMatchObject({ externalId: 'external-id-2' });
    expect(terminal.out).toContain('ExternalId,ParameterValue=external-id-2');
  });

  it('after a revocation never brings the old ExternalId back', async () => {
    await terminal.run(...INVITE);
    await becomes({ status: 'revoked', registration });
    expect(await terminal.run(...INVITE)).toBe(0);
    expect(await profile()).toMatchObject({ status: 'invited', externalId: 'external-id-2', registration: null });
  });

  it('after leaving opens the door again', async () => {
    await terminal.run(...INVITE);
    await becomes({ status: 'left', registration });
    expect(await terminal.run(...INVITE)).toBe(0);
    expect(await profile()).toMatchObject({ status: 'invited', externalId: 'external-id-1' });
  });

  it('of an active buyer adds products and leaves the registration alone', async () => {
    await terminal.run(...INVITE);
    await becomes({ status: 'active', registration });
    expect(await terminal.run('invite', BUYER, '--name', 'Example Inc', '--product', 'viewer')).toBe(0);
    expect(await profile()).toMatchObject({ status: 'active', productIds: ['scanner', 'viewer'], registration });
    expect(terminal.out).toBe('');
    expect(await terminal.run(...INVITE, '--renew')).toBe(2);
    expect(terminal.err).toContain('--renew would blind the watch');
    expect(await profile()).toMatchObject({ externalId: 'external-id-1' });
  });

  it('loses a race loudly', async () => {
    terminal.store.buyers.put = () => Promise.resolve(false);
    expect(await terminal.run(...INVITE)).toBe(1);
    expect(terminal.err).toContain('give the command again');
  });

  it('quotes what a shell would read', async () => {
    await terminal.run(...INVITE, '--email', "o'neil@example.com");
    expect(terminal.err).toContain('--email is');
    await terminal.run(...INVITE, '--email', 'a$b@example.com');
    expect(terminal.out).toContain("'ParameterKey=NoticeEmail,ParameterValue=a$b@example.com'");
  });

  it('names the endpoint of the local cloud', async () => {
    terminal.files.set(
      '.license-watcher/local.json',
      JSON.stringify({
        endpoint: 'http://127.0.0.1:4570',
        region: 'us-east-1',
        sellerAccountId: '999900001111',
        credentials: { '999900001111': { accessKeyId: 'SELLER', secretAccessKey: 'local' } },
        buyers: [{ accountId: BUYER, name: 'Example Corp' }],
      }),
    );
    expect(await terminal.run(...INVITE, '--local')).toBe(0);
    expect(terminal.out).toContain('--endpoint-url http://127.0.0.1:4570 ');
    expect(terminal.connections).toEqual([
      {
        deployment: 'default',
        region: 'us-east-1',
        profile: undefined,
        local: {
          endpoint: 'http://127.0.0.1:4570',
          credentials: { accessKeyId: 'SELLER', secretAccessKey: 'local' },
        },
      },
    ]);
  });
});

describe('misuse ends with 2, says what was got and what is allowed, and stores nothing', () => {
  it.each<[string, string[], string]>([
    [
      'too few digits',
      ['invite', '1234', '--name', 'x', '--product', 'scanner'],
      'the account is "1234"; expected the 12 digits',
    ],
    ['dashes', ['invite', '1111-2222-3333', '--name', 'x', '--product', 'scanner'], 'without dashes'],
    [
      'digits of another script',
      ['invite', '١١١١٢٢٢٢٣٣٣٣', '--name', 'x', '--product', 'scanner'],
      'expected the 12 digits',
    ],
    ['no account', ['invite', '--name', 'x', '--product', 'scanner'], "missing required argument 'account'"],
    ['no name', ['invite', BUYER, '--product', 'scanner'], "required option '--name <alias>'"],
    ['an empty name', ['invite', BUYER, '--name', ' ', '--product', 'scanner'], '--name is " "'],
    ['a long name', ['invite', BUYER, '--name', 'x'.repeat(65), '--product', 'scanner'], 'expected 1 to 64'],
    ['a name with a line feed', ['invite', BUYER, '--name', 'a\nb', '--product', 'scanner'], '--name is "a\\nb"'],
    ['a name that turns the line around', ['invite', BUYER, '--name', 'a\u202eb', '--product', 'scanner'], '--name is'],
    ['no product', ['invite', BUYER, '--name', 'x'], "required option '--product <id>'"],
    [
      'an unknown product',
      ['invite', BUYER, '--name', 'x', '--product', 'scaner'],
      '--product is "scaner", but this watcher watches scanner, viewer',
    ],
    ['no address', ['invite', BUYER, '--name', 'x', '--product', 'scanner', '--email', 'it'], '--email is "it"'],
    ['an unknown option', [...INVITE, '--nmae', 'x'], "unknown option '--nmae'"],
    ['an unknown command', ['invit'], "unknown command 'invit'"],
    ['no command', [], 'Usage: license-watcher'],
    ['a bad deployment', [...INVITE, '--deployment', 'No!'], '--deployment is "No!"'],
    ['a bad Region', [...INVITE, '--region', 'virginia'], 'the Region is "virginia"'],
    ['local with a profile', [...INVITE, '--local', '--profile', 'x'], 'leave out --profile and --region'],
  ])('%s', async (_what, argv, words) => {
    expect(await terminal.run(...argv)).toBe(2);
    expect(terminal.err).toContain(words);
    expect(terminal.out).toBe('');
    expect(await terminal.store.buyers.find(BUYER)).toBeUndefined();
  });
});

describe('help', () => {
  it.each([[[]], [['invite']], [['revoke']], [['buyers']]])('%j --help has examples', async (command) => {
    expect(await terminal.run(...command, '--help')).toBe(0);
    expect(terminal.out).toMatch(/Examples?:\n {2}\$ license-watcher/);
    expect(terminal.err).toBe('');
    for (const line of terminal.out.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  });
});

describe('trouble ends with 1 and says what to do', () => {
  it.each<[string, Error, string]>([
    ['no credentials', named('CredentialsProviderError', 'Could not load'), 'no usable AWS credentials'],
    ['expired session', named('ExpiredTokenException', 'expired'), 'log in again'],
    ['no permission', named('AccessDeniedException', 'no policy allows'), 'these credentials may not do that'],
    ['no network', Object.assign(new Error('getaddrinfo'), { code: 'ENOTFOUND' }), 'AWS cannot be reached'],
    ['a cause inside', new Error('outer', { cause: named('ThrottlingException', 'Rate') }), 'try again in a minute'],
    [
      'no watcher',
      named('WatcherNotFound', 'no stack LicenseWatcher in us-east-1'),
      'no stack LicenseWatcher in us-east-1',
    ],
  ])('%s', async (_what, error, words) => {
    terminal.trouble = error;
    expect(await terminal.run('buyers')).toBe(1);
    expect(terminal.err).toContain(words);
    expect(terminal.out).toBe('');
  });

  it('no local cloud', async () => {
    expect(await terminal.run('buyers', '--local')).toBe(1);
    expect(terminal.err).toContain('start it with "npm start"');
  });

  it.each([
    ['no JSON', '{', 'the file'],
    ['an old file', '{"endpoint":"http://127.0.0.1:1"}', 'region'],
    [
      'a seller without keys',
      '{"endpoint":"http://127.0.0.1:1","region":"us-east-1","sellerAccountId":"999900001111","credentials":{},"buyers":[]}',
      'the seller’s account has no credentials',
    ],
  ])('a local cloud that left %s', async (_what, text, words) => {
    terminal.files.set('.license-watcher/local.json', text);
    expect(await terminal.run('buyers', '--local')).toBe(1);
    expect(terminal.err).toContain(words);
  });

  it('takes the Region from the option, then the environment, then the home of Marketplace licenses', async () => {
    await terminal.run('buyers');
    terminal.env = { AWS_DEFAULT_REGION: 'eu-west-1' };
    await terminal.run('buyers');
    terminal.env = { AWS_DEFAULT_REGION: 'eu-west-1', AWS_REGION: 'eu-central-1' };
    await terminal.run('buyers');
    await terminal.run('buyers', '--region', 'us-west-2', '--profile', 'seller');
    expect(terminal.connections.map(({ region }) => region)).toEqual([
      'us-east-1',
      'eu-west-1',
      'eu-central-1',
      'us-west-2',
    ]);
    expect(terminal.connections[3]?.profile).toBe('seller');
  });
});

function named(name: string, message: string): Error {
  return Object.assign(new Error(message), { name });
}
