import { aRegistration, REGISTERED } from '../../support/records.ts';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Instant } from '../../../lib/domain/time.ts';
import { scenarioBuyerTemplate } from '../../support/assembly.ts';
import { Terminal } from '../../support/terminal.ts';

const BUYER = '111122223333';
const INVITE = ['invite', BUYER, '--name', 'Example Corp', '--product', 'scanner'];

let terminal: Terminal;
beforeEach(() => {
  terminal = new Terminal();
});

const profile = () => terminal.profile(BUYER);

/** As the settings of another deployment make it. */
async function staging(): Promise<string> {
  const template = JSON.parse(await scenarioBuyerTemplate()) as {
    Parameters: { Deployment: { Default: string } };
  };
  template.Parameters.Deployment.Default = 'staging';
  return JSON.stringify(template);
}

const registration = aRegistration({ addresses: ['it@example.com'] });

it('warns whoever invites for a product whose SKU looks like a product code', async () => {
  terminal.productCodes = ['viewer'];
  const viewer = ['invite', BUYER, '--name', 'Example Corp', '--product', 'viewer'];
  await terminal.run(...viewer, '--no-approval');
  expect(terminal.err).toContain('Warning: the productSku of "viewer" has 25 letters and digits');
  terminal.err = '';
  await terminal.run(...INVITE, '--no-approval');
  expect(terminal.err).not.toContain('Warning');
});

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

  it('fills in several addresses and the days the buyer asked for, for people and for the AWS CLI', async () => {
    const emails = ['--email', 'it@example.com', '--email', 'cfo@example.com,legal@example.com'];
    expect(await terminal.run(...INVITE, ...emails, '--reminder-days', '7,60,30')).toBe(0);
    for (const line of [
      '    ParameterKey=NoticeEmail,ParameterValue=it@example.com \\',
      '    ParameterKey=NoticeEmail2,ParameterValue=cfo@example.com \\',
      '    ParameterKey=NoticeEmail3,ParameterValue=legal@example.com \\',
      // Its short form would make a list of it, which CloudFormation refuses.
      "    'ParameterKey=ReminderDays,ParameterValue=60\\,30\\,7' \\",
    ])
      expect(terminal.out).toContain(`${line}\n`);
    expect(terminal.out).not.toContain('NoticeEmail4');
    expect(terminal.err).toContain('param_NoticeEmail3=legal%40example.com');
    expect(terminal.err).toContain('param_ReminderDays=60%2C30%2C7');
    expect(terminal.err.replace(/\s+/g, ' ')).toContain(
      'AWS sends a mail with a confirmation link to each of it@example.com, cfo@example.com, legal@example.com. Please make sure that every link is used',
    );
  });

  it('makes an enrolling account a buyer at once, and has nothing for it to do', async () => {
    const enrolment = {
      since: '2026-03-01T09:00:00Z' as Instant,
      lookedAt: '2026-03-01T09:15:00Z' as Instant,
    };
    const common = {
      buyerAccountId: BUYER,
      name: BUYER,
      externalId: 'own-id',
      invitedAt: enrolment.since,
      registration,
      enrolment,
    };
    await terminal.store.buyers.put(
      { ...common, productIds: [], status: 'enrolling' },
      undefined,
      REGISTERED,
    );
    expect(await terminal.run(...INVITE)).toBe(0);
    expect(await profile()).toEqual({
      ...common,
      name: 'Example Corp',
      productIds: ['scanner'],
      status: 'active',
    });
    expect(terminal.out).toBe('');
    expect(await terminal.run(...INVITE, '--renew')).toBe(2);
    await terminal.becomes(BUYER, { status: 'left' });
    expect(await terminal.run(...INVITE)).toBe(0);
    // What a stack that is gone chose is nobody's invitation.
    expect(await profile()).toMatchObject({
      status: 'invited',
      externalId: 'external-id-1',
      registration: null,
    });
    expect((await profile()).enrolment).toBeUndefined();
  });

  it('prints for machines', async () => {
    terminal.buyerTemplate = staging;
    expect(
      await terminal.run(...INVITE, '--product', 'viewer', '--json', '--deployment', 'staging'),
    ).toBe(0);
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
    expect(
      await terminal.run('invite', BUYER, '--name', 'Example Inc', '--product', 'viewer'),
    ).toBe(0);
    expect(await profile()).toMatchObject({
      name: 'Example Inc',
      productIds: ['viewer'],
      externalId: 'external-id-1',
    });
  });

  it('--renew makes a new one', async () => {
    await terminal.run(...INVITE);
    expect(await terminal.run(...INVITE, '--renew')).toBe(0);
    expect(await profile()).toMatchObject({ externalId: 'external-id-2' });
    expect(terminal.out).toContain('ExternalId,ParameterValue=external-id-2');
  });

  it('after a revocation never brings the old ExternalId back', async () => {
    await terminal.run(...INVITE);
    await terminal.becomes(BUYER, { status: 'revoked', registration });
    expect(await terminal.run(...INVITE)).toBe(0);
    expect(await profile()).toMatchObject({
      status: 'invited',
      externalId: 'external-id-2',
      registration: null,
    });
  });

  it('after leaving invites again, with the ExternalId of before', async () => {
    await terminal.run(...INVITE);
    await terminal.becomes(BUYER, { status: 'left', registration });
    expect(await terminal.run(...INVITE)).toBe(0);
    expect(await profile()).toMatchObject({ status: 'invited', externalId: 'external-id-1' });
  });

  it('of an active buyer adds products and leaves the registration alone', async () => {
    await terminal.run(...INVITE);
    await terminal.becomes(BUYER, { status: 'active', registration });
    expect(
      await terminal.run('invite', BUYER, '--name', 'Example Inc', '--product', 'viewer'),
    ).toBe(0);
    expect(await profile()).toMatchObject({
      status: 'active',
      productIds: ['scanner', 'viewer'],
      registration,
    });
    expect(terminal.out).toBe('');
    expect(await terminal.run(...INVITE, '--renew')).toBe(2);
    expect(terminal.err).toContain('--renew would blind the watch');
    expect(await profile()).toMatchObject({ externalId: 'external-id-1' });
  });

  it('of an active buyer says of addresses and days that only the buyer can change them', async () => {
    await terminal.run(...INVITE);
    await terminal.becomes(BUYER, { status: 'active', registration });
    const [again, known] = [
      ['invite', BUYER, '--name', 'Example Corp', '--product', 'scanner'],
      ['--email', 'it@example.com'],
    ];
    await terminal.becomes(BUYER, {
      registration: { ...registration, addresses: ['it@example.com'] },
    });
    expect(await terminal.run(...again, ...known)).toBe(0);
    expect(terminal.err).not.toContain('stay as they are');
    expect(await terminal.run(...again, '--email', 'cfo@example.com', '--json')).toBe(0);
    expect(terminal.err).toContain(`The addresses of ${BUYER} stay as they are`);
    expect(await terminal.run(...again, ...known, '--reminder-days', '60')).toBe(0);
    expect(terminal.err).toContain(`The reminder days of ${BUYER} stay as they are`);
    terminal.files.set(
      'buyers.csv',
      `account,name,product,email\n${BUYER},Example Corp,scanner,cfo@example.com\n`,
    );
    expect(await terminal.run('invite', '--from', 'buyers.csv')).toBe(0);
    expect(terminal.err).toContain(`The addresses of ${BUYER} stay as they are`);
  });

  it('writes its approval page over no other file, and then invites nobody', async () => {
    terminal.files.set('contract.html', '<title>Our contract</title>');
    expect(await terminal.run(...INVITE, '--approval', 'contract.html')).toBe(2);
    expect(terminal.err).toContain('contract.html exists and is not an approval page');
    expect(await terminal.store.buyers.find(BUYER)).toBeUndefined();
    expect(await terminal.run(...INVITE, '--approval', 'page.html')).toBe(0);
    expect(await terminal.run(...INVITE, '--approval', 'page.html'), terminal.err).toBe(0);
  });

  it('loses a race loudly', async () => {
    terminal.store.buyers.put = () => Promise.resolve(false);
    expect(await terminal.run(...INVITE)).toBe(1);
    expect(terminal.err).toContain('run the command again');
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
    expect(await terminal.run(...INVITE, '--local')).toBe(1);
    expect(terminal.err).toContain('license-watcher-buyer.json is not in the working directory');
    expect(await terminal.store.buyers.find(BUYER)).toBeUndefined();
    terminal.connections.length = 0;
    terminal.files.set(
      '.license-watcher/license-watcher-buyer.json',
      await scenarioBuyerTemplate(),
    );
    terminal.time = Date.parse('2027-07-01T12:00:00Z');
    expect(await terminal.run(...INVITE, '--local')).toBe(0);
    expect(terminal.out).toContain('--endpoint-url http://127.0.0.1:4570 ');
    expect(terminal.out).toContain(
      '--template-body file://.license-watcher/license-watcher-buyer.json',
    );
    expect(terminal.err).toContain(
      '--template-url https://templates.s3.us-east-1.amazonaws.com/buyer-template/',
    );
    expect(terminal.err).toContain('AWS’s console is not here, so there');
    expect(terminal.err).not.toContain('console.aws.amazon.com');
    expect(await profile()).toMatchObject({ invitedAt: '2027-07-01T12:00:00Z' });
    expect(terminal.connections).toEqual([
      {
        deployment: 'default',
        region: 'us-east-1',
        profile: undefined,
        local: {
          endpoint: 'http://127.0.0.1:4570',
          credentials: { accessKeyId: 'SELLER', secretAccessKey: 'local' },
          keysOf: { '999900001111': { accessKeyId: 'SELLER', secretAccessKey: 'local' } },
        },
      },
    ]);
  });
});

describe('invite as the buyer', () => {
  const argv = ['invite', BUYER, '--name', 'Me', '--product', 'scanner', '--as-buyer'];
  const launched: { readonly stackName: string; readonly template: string }[] = [];
  const account = (accountId: string) => ({
    accountId: () => Promise.resolve(accountId),
    launch: (stack: (typeof launched)[number]) => Promise.resolve(void launched.push(stack)),
    acceptGrant: () => Promise.reject(new Error('no grant')),
    activateGrant: () => Promise.reject(new Error('no grant')),
  });

  it('launches the stack with the credentials of that account', async () => {
    terminal.buyerAccount = () => Promise.resolve(account(BUYER));
    expect(await terminal.run(...argv, 'sandbox')).toBe(0);
    expect(launched).toMatchObject([
      { stackName: 'license-watcher', parameters: { ExternalId: (await profile()).externalId } },
    ]);
    expect(JSON.parse(launched[0]?.template ?? '')).toHaveProperty('Resources');
    expect(terminal.err).toContain(`is being made in ${BUYER}`);
  });

  it.each([
    ['of another account', ['sandbox'], 'of the account 123456789012'],
    ['of nobody', [], 'needs the profile'],
  ])('invites nobody with credentials %s', async (_whose, profileName, words) => {
    terminal.buyerAccount = () => Promise.resolve(account('123456789012'));
    expect(await terminal.run(...argv, ...profileName)).toBe(2);
    expect(terminal.err).toContain(words);
    expect(await terminal.store.buyers.find(BUYER)).toBeUndefined();
  });

  it('is not of lists and letters', async () => {
    expect(await terminal.run('invite', BUYER, '--again', '--as-buyer', 'sandbox')).toBe(2);
    expect(await terminal.run('invite', '--from', 'x.csv', '--as-buyer', 'sandbox')).toBe(2);
  });
});

describe('nobody is invited', () => {
  const odd = () => Promise.reject(named('X', 'cdk.json is odd'));
  const empty = () => Promise.resolve('{"Resources":{}}');
  const elsewhere = ['--region', 'eu-west-1'];
  it.each<[string, string[], () => Promise<string>, string]>([
    ['with a template of another deployment', [], staging, 'the deployment "staging" in us-east-1'],
    ['of another Region', elsewhere, scenarioBuyerTemplate, 'by "default" in eu-west-1'],
    ['with a template of another kind', [], empty, 'not one of this version'],
    ['where no template can be made', [], odd, 'cdk.json is odd'],
    ['with a template that the page cannot tell', [], withLambda, 'no words for AWS::Lambda::'],
  ])('%s', async (_what, argv, template, words) => {
    terminal.buyerTemplate = template;
    expect(await terminal.run(...INVITE, ...argv)).toBe(1);
    expect(terminal.err).toContain(words);
    expect(terminal.out).toBe('');
    expect(await terminal.store.buyers.find(BUYER)).toBeUndefined();
    expect(terminal.templates!.openAccounts).toBeUndefined();
  });

  it('but without the page the last one serves', async () => {
    terminal.buyerTemplate = withLambda;
    expect(await terminal.run(...INVITE, '--no-approval')).toBe(0);
  });

  async function withLambda(): Promise<string> {
    const template = JSON.parse(await scenarioBuyerTemplate()) as {
      Resources: Record<string, unknown>;
    };
    template.Resources['More'] = { Type: 'AWS::Lambda::Function' };
    return JSON.stringify(template);
  }
});

describe('misuse ends with 2, says what was got and what is allowed, and stores nothing', () => {
  async function refused(argv: readonly string[], words: string): Promise<void> {
    expect(await terminal.run(...argv)).toBe(2);
    expect(terminal.err).toContain(words);
    expect(terminal.out).toBe('');
    expect(await terminal.store.buyers.find(BUYER)).toBeUndefined();
  }

  it.each([
    ['invite 1234 --name x --product scanner', 'the account is "1234"; expected the 12 digits'],
    ['invite 111-122-223333 --name x --product viewer', 'like 111122223333 or 1111-2222-3333'],
    ['invite ١١١١٢٢٢٢٣٣٣٣ --name x --product scanner', 'expected the 12 digits'],
    ['invite 999900001111 --name x --product scanner', 'is your own account, in which the watcher'],
    ['invite --name x --product scanner', "missing required argument 'account'"],
    [`invite ${BUYER} --product scanner`, "required option '--name <alias>'"],
    [`invite ${BUYER} --name x`, "required option '--product <id>'"],
    [`invite ${BUYER} --name x --product scaner`, '"scaner", but this watcher watches scanner, v'],
    ['invit', "unknown command 'invit'"],
    ['invit --help', "unknown command 'invit'"],
    ['--local invit -h', "unknown command 'invit'"],
    ['help invit', 'Usage: license-watcher'],
    ['buyers --jsno --help', "unknown option '--jsno'"],
    ['--locla --help', "unknown option '--locla'"],
  ])('%s', (command, words) => refused(command.split(' '), words));

  it('no command at all', () => refused([], 'Usage: license-watcher'));

  it.each([
    [' ', '--name is " "'],
    ['x'.repeat(65), 'expected 1 to 64'],
    ['a\nb', '--name is "a\\nb"'],
    ['a\u202eb', '--name is'],
  ])('a name like %j', (name, words) =>
    refused(['invite', BUYER, '--name', name, '--product', 'scanner'], words),
  );

  it.each([
    ['--email it', '--email is "it"'],
    ['--email it@example.com,IT@example.com', '--email names IT@example.com twice'],
    ['--email a@x.io,b@x.io,c@x.io,d@x.io,e@x.io,f@x.io', '6 addresses; expected at most 5'],
    ['--reminder-days 60,soon', '--reminder-days has "soon"; expected at most 40 of 60, 30, 7'],
    [
      // The buyer's stack would fail on a day on which the seller does not remind, and on a longer address.
      '--reminder-days 60,45',
      '--reminder-days has "45"; expected at most 40 of 60, 30, 7; without any the buyer is reminded on all of them',
    ],
    [
      `--email it@${'a'.repeat(250)}.example`,
      'expected an address like it@example.com, of at most 254 characters',
    ],
    ['--nmae x', "unknown option '--nmae'"],
    ['--deployment No!', '--deployment is "No!"'],
    ['--region virginia', 'the Region is "virginia"'],
    ['--local --profile x', 'leave out --profile and --region'],
  ])('with %s', (options, words) => refused([...INVITE, ...options.split(' ')], words));
});

describe('help', () => {
  it.each([
    [['--local', '-h']],
    [['help']],
    [['help', 'buyers']],
    [['check', BUYER, '--json', '--help']],
  ])('%j is help', async (argv) => {
    expect(await terminal.run(...argv)).toBe(0);
    expect(terminal.out).toContain('Usage: license-watcher');
    expect(terminal.err).toBe('');
  });

  it.each([[[]], [['invite']], [['revoke']], [['buyers']]])(
    '%j --help has examples',
    async (command) => {
      expect(await terminal.run(...command, '--help')).toBe(0);
      expect(terminal.out).toMatch(/Examples?:\n {2}\$ license-watcher/);
      expect(terminal.err).toBe('');
      for (const line of terminal.out.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
    },
  );
});

it('wraps what the parser of options finds, too', async () => {
  const probe = ['--probe', `${'perhaps '.repeat(12)}not`];
  expect(await terminal.run('register', BUYER, 'role', 'topic', ...probe)).toBe(2);
  expect(terminal.screen).toMatch(/^license-watcher: option '--probe <yes\|no>' argument 'perhaps/);
  expect(terminal.screen).toContain('Allowed choices are yes, no.');
  for (const line of terminal.screen.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
});

describe('trouble ends with 1 and says what to do', () => {
  const THROTTLED = named('ThrottlingException', 'Rate');
  it.each<[string, Error, string]>([
    ['no credentials', named('CredentialsProviderError', 'x'), 'no usable AWS credentials'],
    ['expired session', named('ExpiredTokenException', 'expired'), 'log in again'],
    ['no permission', named('AccessDeniedException', 'x'), 'these credentials may not do that'],
    ['a cause inside', new Error('outer', { cause: THROTTLED }), 'try again in a minute'],
    ['no watcher', named('WatcherNotFound', 'no stack X in us-east-1'), 'no stack X in us-east-1'],
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
