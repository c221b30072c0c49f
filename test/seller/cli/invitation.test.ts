import { aRegistration } from '../../support/records.ts';
import { beforeEach, describe, expect, it } from 'vitest';
import { createHash } from 'node:crypto';
import { scenarioBuyerTemplate } from '../../support/assembly.ts';
import { HostingInMemory } from '../../support/hosting-in-memory.ts';
import { Terminal } from '../../support/terminal.ts';

const BUYER = '111122223333';
const INVITE = ['invite', BUYER, '--name', 'Example Corp', '--product', 'scanner'];

let terminal: Terminal;
beforeEach(() => {
  terminal = new Terminal();
});

const profile = () => terminal.profile(BUYER);

const registration = aRegistration({ addresses: ['it@example.com'] });

describe('what the buyer is sent', () => {
  const PAGE = `license-watcher-approval-${BUYER}.html`;

  it('is a link for this buyer alone, which opens once the bucket does', async () => {
    await terminal.run('invite', '444455556666', '--name', 'Other', '--product', 'viewer');
    expect(await terminal.run(...INVITE, '--email', "a'!(b)*~&=?+c@example.com")).toBe(2);
    expect(await terminal.run(...INVITE, '--email', 'a!*~&=?+c@example.com')).toBe(0);
    const [url = ''] = terminal.templates!.hosted.keys();
    expect(terminal.templates!.hosted.get(url)).toBe(await scenarioBuyerTemplate());
    expect(terminal.templates!.openAccounts).toEqual([BUYER, '444455556666']);

    const [link = ''] = /https:\/\/us-east-1\.console\S+\?\S+/.exec(terminal.err) ?? [];
    const [place = '', query = ''] = link.split('?region=us-east-1#/stacks/create/review?');
    expect(place).toBe('https://us-east-1.console.aws.amazon.com/cloudformation/home');
    expect(query).not.toMatch(/[!'()*~ ]/);
    expect(query.split('&').map((each) => each.split('=').map(decodeURIComponent))).toEqual([
      ['templateURL', url],
      ['stackName', 'license-watcher'],
      ['param_WatcherAccountId', '999900001111'],
      ['param_Deployment', 'default'],
      ['param_ExternalId', 'external-id-2'],
      ['param_NoticeEmail', 'a!*~&=?+c@example.com'],
      ['param_Probe', 'yes'],
      ['param_ShareUsage', 'yes'],
    ]);
    expect(terminal.err).toMatch(/for your\s+account\s+alone/);
  });

  it('opens although the list of buyers does not show this one yet', async () => {
    terminal.store.buyers.list = async function* () {
      yield* await Promise.resolve([]);
    };
    expect(await terminal.run(...INVITE)).toBe(0);
    expect(terminal.templates!.openAccounts).toEqual([BUYER]);
  });

  it('has the fingerprint of the template, and the command that shows it', async () => {
    await terminal.run(...INVITE);
    const sha256 = createHash('sha256')
      .update(await scenarioBuyerTemplate())
      .digest('hex');
    expect(terminal.err).toContain(
      `   ${sha256}\n   aws s3 cp s3://templates/buyer-template/${sha256.slice(0, 16)}.json - | sha256sum\n`,
    );
    terminal.templates!.access = 'public';
    await terminal.run(...INVITE);
    expect(terminal.err).toContain(
      'curl -s https://templates.s3.us-east-1.amazonaws.com/buyer-template/',
    );
    terminal.templates = undefined;
    await terminal.run(...INVITE);
    expect(terminal.err).toContain(`   ${sha256}\n   sha256sum license-watcher-buyer.json\n`);
  });

  it('is a page for the security team, where the seller wants it', async () => {
    await terminal.run(...INVITE);
    expect([...terminal.files.keys()]).toEqual([PAGE]);
    expect(terminal.files.get(PAGE)).toContain('<code>external-id-1</code>');
    expect(terminal.err).toContain(`Give the attached ${PAGE}`);
    await terminal.run(...INVITE, '--approval', 'pages/example.html');
    expect(terminal.files.get('pages/example.html')).toContain('for approval</title>');
    expect(terminal.err).toContain('Give the attached example.html');
    terminal.files.clear();
    expect(await terminal.run(...INVITE, '--no-approval')).toBe(0);
    expect(terminal.files.size).toBe(0);
    expect(terminal.err).not.toContain('attached license-watcher-approval');
  });

  it('can be written into a folder: letter, page and template', async () => {
    expect(await terminal.run(...INVITE, '--out', 'example')).toBe(0);
    expect([...terminal.files.keys()]).toEqual([
      'example/license-watcher-buyer.json',
      `example/${PAGE}`,
      `example/${BUYER}.txt`,
      `example/${BUYER}.html`,
    ]);
    const letter = terminal.files.get(`example/${BUYER}.txt`) ?? '';
    expect(letter).toContain(terminal.out);
    expect(letter).toContain('#/stacks/create/review?');
    expect(letter).toMatch(
      /^Subject: License notices for Example Scanner, from Example Software\n\nExample Software, the/,
    );
    const prose = letter
      .split('\n')
      .filter((line) => !/^https:|^ +(aws|ParameterKey|[0-9a-f]{64})/.test(line));
    for (const line of prose) expect(line.length).toBeLessThanOrEqual(80);
    expect(terminal.files.get('example/license-watcher-buyer.json')).toBe(
      await scenarioBuyerTemplate(),
    );
  });

  it('says what whoever launches needs, and how an address is confirmed that mail scanners cannot unsubscribe', async () => {
    await terminal.run(...INVITE, '--out', 'example');
    const letter = (terminal.files.get(`example/${BUYER}.txt`) ?? '').replaceAll(/\s+/g, ' ');
    expect(letter).toContain(
      'Whoever launches, updates or deletes the stack needs sns:Publish on our topic',
    );
    expect(letter).toContain('license-watcher-default-registration');
    expect(letter).toContain('aws sns confirm-subscription');
    expect(letter).toContain('--authenticate-on-unsubscribe true');
  });

  it('says how the address is confirmed, or that there is none', async () => {
    await terminal.run(...INVITE);
    expect(terminal.err).toContain('fill in the parameter NoticeEmail');
    await terminal.run(...INVITE, '--email', 'it@example.com');
    expect(terminal.err).toContain('AWS sends a mail to it@example.com with a confirmation link');
  });

  it('is all there for machines', async () => {
    expect(await terminal.run(...INVITE, '--json')).toBe(0);
    expect(terminal.err).toBe('');
    expect(terminal.json()).toMatchObject({
      launch: {
        command: expect.stringContaining(
          '--template-body file://license-watcher-buyer.json',
        ) as string,
        urlCommand: expect.stringContaining('--template-url https://templates.s3') as string,
        link: expect.stringContaining(
          '#/stacks/create/review?templateURL=https%3A%2F%2Ftemplates',
        ) as string,
        templateUrl: expect.stringMatching(/^https:/) as string,
        templateSha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
        templateCommand: 'npm run --silent buyer-template > license-watcher-buyer.json',
      },
      letter: expect.stringContaining('Subject: ') as string,
      files: { approvalPage: PAGE, letter: null, template: null },
      problem: null,
    });
  });
});

describe('an invitation stands although', () => {
  it('the deployed watcher hosts no template: no link, and what to do', async () => {
    terminal.templates = undefined;
    expect(await terminal.run(...INVITE)).toBe(0);
    expect(await profile()).toMatchObject({ status: 'invited' });
    expect(terminal.err).not.toContain('console.aws.amazon.com');
    expect(terminal.err).toContain('Deploy this version with "npx cdk deploy"');
    expect(terminal.out).toContain('--template-body file://license-watcher-buyer.json');
  });

  it.each(['publish', 'openTo'] as const)('the hosting fails at %s', async (step) => {
    Object.assign(terminal.templates!, {
      [step]: () => Promise.reject(named('AccessDenied', 'no s3')),
    });
    expect(await terminal.run(...INVITE, '--json')).toBe(1);
    expect(await profile()).toMatchObject({ status: 'invited' });
    expect(terminal.json()).toMatchObject({
      launch: { link: null, urlCommand: null },
      problem: expect.stringContaining('these credentials may not do that') as string,
    });
    expect(terminal.err).toContain(
      'The invitation is made, and the AWS CLI command with the template file works.',
    );
  });

  it('AWS does not know the account', async () => {
    terminal.templates!.unknownAccounts = [BUYER];
    expect(await terminal.run(...INVITE)).toBe(1);
    expect(await profile()).toMatchObject({ status: 'invited' });
    expect(terminal.err).toContain(`AWS knows no account ${BUYER}`);
    expect(
      await terminal.run('invite', '444455556666', '--name', 'Other', '--product', 'viewer'),
    ).toBe(0);
    expect(terminal.err).toContain(`does not know these buyers’ accounts any more: ${BUYER}.`);
    expect(terminal.templates!.openAccounts).toEqual(['444455556666']);
  });

  it('a file cannot be written', async () => {
    terminal.unwritable = new Set([`license-watcher-approval-${BUYER}.html`]);
    expect(await terminal.run(...INVITE)).toBe(1);
    expect(terminal.err).toContain(
      `license-watcher-approval-${BUYER}.html could not be written (Error: ENOSPC)`,
    );
    expect(terminal.out).toContain('create-stack');
    expect(await profile()).toMatchObject({ status: 'invited' });
  });

  it('the answer to its writing was lost', async () => {
    const put = terminal.store.buyers.put.bind(terminal.store.buyers);
    terminal.store.buyers.put = async (buyer, previous, now) => {
      await put(buyer, previous, now);
      throw named('TimeoutError', 'lost');
    };
    expect(await terminal.run(...INVITE)).toBe(0);
    terminal.store.buyers.put = async (buyer, previous, now) => {
      await put(buyer, previous, now);
      return put(buyer, previous, now);
    };
    terminal.now += 60_000;
    expect(await terminal.run(...INVITE)).toBe(0);
    expect(await profile()).toMatchObject({
      invitedAt: '2026-03-01T10:01:00Z',
      externalId: 'external-id-1',
    });
  });
});

describe('the letter', () => {
  const HOSTILE = '\u05e9\u05dc\u05d5\u05dd <img src=x onerror=alert(1)> & Co';

  it('says who invites whom and why, how to make sure, and whom to ask; as text and as HTML', async () => {
    terminal.seller = { ...terminal.seller, securityContact: 'security@software.example' };
    await terminal.run(
      ...['invite', BUYER, '--name', HOSTILE, '--product', 'scanner', '--product', 'viewer'],
      ...['--email', 'it@example.com', '--out', 'example'],
    );
    const text = terminal.files.get(`example/${BUYER}.txt`) ?? '';
    const asHtml = terminal.files.get(`example/${BUYER}.html`) ?? '';
    // Whoever changes the template changes no letter.
    const unhashed = (letter: string) =>
      letter.replaceAll(/\b[0-9a-f]{64}\b|(?<=buyer-template(?:\/|%2F))[0-9a-f]{16}/g, '<hash>');
    await expect(unhashed(text)).toMatchFileSnapshot('golden/letter.txt');
    await expect(unhashed(asHtml)).toMatchFileSnapshot('golden/letter.html');
    // Nothing presses, and nothing hides: neither an address behind words, nor a picture, a script, or what a name brings.
    expect(text).not.toMatch(
      /urgent|immediately|at once|act now|final|suspend|within \d+ (hours|days)|!/i,
    );
    expect(asHtml).not.toMatch(/<(?:img|script|iframe|link)\b/);
    for (const [, address, shown] of asHtml.matchAll(/<a href="([^"]*)">([^<]*)<\/a>/g))
      expect(shown).toBe(address);
  });

  it('holds neither the owner nor the contacts, which are the seller’s own', async () => {
    await terminal.run(...INVITE, '--owner', 'Zaphod', '--contact', 'Trillian', '--out', 'example');
    expect(terminal.screen).toContain('Invited');
    for (const [, content] of terminal.files) expect(content).not.toMatch(/Zaphod|Trillian/);
  });

  const REVOKED = 'do not send this letter';
  it.each([
    ['invited', null],
    ['active', 'The stack is already launched'],
    ['left', 'it can be launched again'],
    ['revoked', REVOKED],
    ['enrolling', 'another stack would be refused'],
  ] as const)(
    'comes again by --again where the buyer is %s, and nothing changes',
    async (status, caution) => {
      await terminal.run(...INVITE);
      const isRegistered = status !== 'invited' && status !== 'revoked';
      await terminal.becomes(BUYER, { status, ...(isRegistered && { registration }) });
      const before = await profile();
      terminal.files.clear();
      terminal.templates = new HostingInMemory();
      expect(await terminal.run('invite', 'example corp', '--again', '--out', 'again')).toBe(0);
      expect(await profile()).toEqual(before);
      expect(terminal.out).toContain('ExternalId,ParameterValue=external-id-1');
      const letter = terminal.files.get(`again/${BUYER}.txt`) ?? '';
      expect(letter).toContain('Is this letter from us?');
      expect(letter.includes('NoticeEmail,ParameterValue=it@example.com')).toBe(isRegistered);
      if (caution === null) expect(terminal.err).not.toMatch(/stack is launched|revoked/);
      else expect(terminal.err.replaceAll(/\s+/g, ' ')).toContain(caution);
      expect(letter).not.toContain(REVOKED);
      expect(terminal.err.includes('invitation are not kept')).toBe(status === 'invited');
      expect(terminal.templates.openAccounts?.includes(BUYER) === true).toBe(status !== 'revoked');
    },
  );

  it('--again leaves the days to the buyer’s stack where none of the products is watched any more', async () => {
    await terminal.run(...INVITE);
    await terminal.becomes(BUYER, { productIds: ['retired'] });
    terminal.seller = { ...terminal.seller, products: [] };
    expect(await terminal.run('invite', BUYER, '--again', '--reminder-days', '60,soon')).toBe(2);
    expect(await terminal.run('invite', BUYER, '--again', '--reminder-days', '60')).toBe(0);
    expect(terminal.out).toContain('ReminderDays,ParameterValue=60');
  });

  it('--again takes nothing that would change the buyer, and needs one', async () => {
    await terminal.run(...INVITE);
    for (const change of [['--name', 'X'], ['--owner', 'A'], ['--renew'], ['--product', 'viewer']])
      expect(await terminal.run('invite', BUYER, '--again', ...change)).toBe(2);
    expect(await terminal.run('invite', '--again')).toBe(2);
    expect(await terminal.run('invite', '--again', '444455556666')).toBe(1);
  });
});

function named(name: string, message: string): Error {
  return Object.assign(new Error(message), { name });
}
