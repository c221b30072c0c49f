import { beforeEach, describe, expect, it } from 'vitest';
import type { Filed } from '../../../../lib/seller/ledger/archive.ts';
import { operationsNotice } from '../../../../lib/mail/operations-notice.ts';
import { at, seats, USAGE } from '../../../support/licenses.ts';
import { lastMail, seats5, SUITE, TIERED, watching, SNS_FOOTER } from '../../../support/mails.ts';
import { seen } from '../../../support/observations.ts';
import { Terminal } from '../../../support/terminal.ts';
import { ToldContract, type SentMail } from '../../../support/told-contract.ts';

const OTHER = { buyerAccountId: '222233334444', name: 'Buyer Two' };

let terminal: Terminal;
let told: ToldContract;
let welcome: SentMail;
let upgrade: SentMail;
let digest: SentMail;
let singles: readonly SentMail[];

/** Two entries in one welcome mail, then a third in a mail of its own; a second buyer in the digest of the third. */
beforeEach(async () => {
  terminal = new Terminal();
  told = await new ToldContract(terminal.store).registered();
  await look(told, 1);
  await look(told, 2);
  welcome = sent((await told.sendNotices(at('2026-04-03'))).buyer);
  await look(told, 3);
  const tiered = await new ToldContract(terminal.store, {
    product: TIERED,
    buyer: OTHER,
  }).registered();
  await look(tiered, 3);
  const third = await told.sendNotices(at('2026-04-04'));
  [upgrade, digest, singles] = [sent(third.buyer), sent(third.seller), third.singles];
});

function look(contract: ToldContract, version: number): Promise<void> {
  const entitlements = [USAGE, seats(4 + version)];
  return contract.look(
    at(`2026-04-0${version}`),
    seen([seats5({ version: String(version), entitlements })]),
  );
}

function sent(mail: SentMail | undefined): SentMail {
  if (mail === undefined) throw new Error('nothing was sent');
  return mail;
}

/** As a mail program saves what SNS sends. */
function eml({ mail: { subject, text } }: SentMail, change = (file: string) => file): string {
  const headers = [
    'From: AWS Notifications <no-reply@sns.amazonaws.com>',
    `Subject: ${subject}`,
    'Content-Type: text/plain; charset=UTF-8',
  ];
  return change(`${headers.join('\n')}\n\n${text}\n${SNS_FOOTER}`).replaceAll('\n', '\r\n');
}

async function receipt(file: string): Promise<{ code: number; found: Record<string, unknown> }> {
  terminal.files.set('mail', file);
  const code = await terminal.run('verify', '--receipt', 'mail', '--json');
  return { code, found: terminal.out === '' ? {} : (terminal.json() as Record<string, unknown>) };
}

describe('verify --receipt', () => {
  it('proves a mail, and says when it was sent', async () => {
    terminal.files.set('mail.eml', eml(upgrade));
    expect(await terminal.run('verify', '--receipt', 'mail.eml')).toBe(0);
    const hash = (await terminal.store.contracts.head(told.contract))?.lastHash ?? '';
    expect(terminal.out).toBe(
      [
        upgrade.mail.subject,
        '  is       a notice to a buyer',
        '  entry    entry 3 of 111122223333 design-suite',
        '  ledger   has it, with the hash',
        `           ${hash}`,
        '  chain    whole from entry 1 to entry 3',
        '  content  as it was sent',
        `  sent     2026-04-04 00:00 UTC to the buyer’s topic, as SNS message ${upgrade.messageId}`,
        '',
        'Proved: subject and text are ours, and unchanged.',
        '',
      ].join('\n'),
    );
    expect(terminal.err).toBe('');
  });

  it('proves a mail that tells several entries', async () => {
    const { code, found } = await receipt(eml(welcome));
    expect({ code, found }).toMatchObject({
      code: 0,
      found: {
        proved: true,
        kind: 'buyer',
        content: 'unchanged',
        entries: [
          {
            contract: told.contract,
            from: 1,
            entry: 2,
            ledger: 'holds',
            chain: 'whole',
            finding: null,
          },
        ],
        sent: [
          { entry: 1, messageId: welcome.messageId },
          { entry: 2, messageId: welcome.messageId },
        ],
      },
    });
  });

  it('proves the digest of the seller, which names hashes by their beginning', async () => {
    const { code, found } = await receipt(eml(digest));
    expect({ code, found }).toMatchObject({
      code: 0,
      found: {
        kind: 'seller',
        content: 'unchanged',
        entries: [
          { contract: told.contract, entry: 3 },
          { contract: '222233334444#analytics', entry: 1 },
        ],
        sent: [{ audience: 'seller' }, { audience: 'seller' }],
      },
    });
    terminal.files.set(
      'mail',
      eml(digest, (file) =>
        file.replace('entry 1 [', 'entry 1 [ffff').replace(/(ffff.{8})[^\]]{4}\]/, '$1]'),
      ),
    );
    expect(await terminal.run('verify', '--receipt', 'mail')).toBe(1);
    expect(terminal.out).toContain('NOT as it was sent');
  });

  it.each([
    ['altered subject', (file: string) => file.replace(': Design Suite', ': My Suite')],
    ['altered figure', (file: string) => file.replace('7 seats', '70 seats')],
  ])('does not prove a mail with an %s, though its entry is real', async (_, change) => {
    const file = eml(upgrade, change);
    expect(file).not.toBe(eml(upgrade));
    expect(await receipt(file)).toMatchObject({
      code: 1,
      found: {
        proved: false,
        content: 'different',
        entries: [{ ledger: 'holds', chain: 'whole' }],
        sent: [],
      },
    });
    expect(terminal.err).toContain('mail is not proved');
  });

  it('says what was added to a mail', async () => {
    const { code, found } = await receipt(`${eml(upgrade)}\r\nYou may use 500 seats.\r\n`);
    expect({ code, found }).toMatchObject({ code: 1, found: { content: 'added-to', sent: [{}] } });
    expect(found['why']).toEqual([
      '1 line below the text: not sent by us; a mail gateway or a person added them',
    ]);
  });

  it('shows the entry of copied text, and asks for the subject', async () => {
    const { code, found } = await receipt(upgrade.mail.text);
    expect({ code, found }).toMatchObject({
      code: 1,
      found: { content: 'unproven', entries: [{ ledger: 'holds' }] },
    });
    expect(String(found['why'])).toContain('"Subject: ..."');
    expect((await receipt(`Subject: ${upgrade.mail.subject}\n\n${upgrade.mail.text}`)).code).toBe(
      0,
    );
  });

  it('tells a number or a hash that the ledger does not have', async () => {
    const wrong = eml(upgrade, (file) => file.replace(/, hash [0-9a-f]{8}/, ', hash 00000000'));
    expect((await receipt(wrong)).found).toMatchObject({
      proved: false,
      entries: [{ ledger: 'other-hash' }],
    });
    const beyond = eml(upgrade, (file) => file.replace(/entry 3, hash/, 'entry 9, hash'));
    expect((await receipt(beyond)).found).toMatchObject({
      proved: false,
      entries: [{ ledger: 'no-entry' }],
    });
  });

  it('tells a mail of another deployment: the same contract with another hash, or a contract that is not here', async () => {
    const elsewhere = new ToldContract(new Terminal().store, { product: SUITE });
    await elsewhere.registered();
    await elsewhere.look(at('2026-04-01'), seen([seats5({ end: '2030-01-01' })]));
    const theirs = sent((await elsewhere.sendNotices(at('2026-04-02'))).buyer);
    expect((await receipt(eml(theirs))).found).toMatchObject({
      proved: false,
      entries: [{ ledger: 'other-hash' }],
    });
    terminal = new Terminal();
    terminal.files.set('mail', eml(theirs));
    expect(await terminal.run('verify', '--receipt', 'mail')).toBe(1);
    expect(terminal.out).toMatch(/check whether another\s+--deployment/);
  });

  it('says of a test that it is one', async () => {
    const { subject, text } = lastMail(watching(SUITE, seats5({ end: '2031-01-01' })), {
      test: true,
    });
    terminal.files.set('mail', `Subject: ${subject}\n\n${text}`);
    expect(await terminal.run('verify', '--receipt', 'mail')).toBe(1);
    expect(terminal.out).toContain('  is       a test\n');
    expect(terminal.out).toMatch(/it\s+has\s+no\s+ledger\s+entry/);
  });

  it('is not led to believe that a real mail is a test', async () => {
    const { found } = await receipt(
      eml(upgrade, (file) => file.replace(': Design Suite', ' [TEST]: Design Suite')),
    );
    expect(found).toMatchObject({
      kind: 'buyer',
      content: 'different',
      entries: [{ ledger: 'holds' }],
    });
  });

  it('names the place where the chain is broken before the entry', async () => {
    terminal.archive = (whole) => ({
      ...whole,
      async *contract(contract) {
        for await (const filed of whole.contract(contract)) {
          const altered: Filed =
            filed.kind === 'entry' && filed.entry.entry === 2
              ? { ...filed, entry: { ...filed.entry, reason: 'x' } }
              : filed;
          yield altered;
        }
      },
    });
    const { code, found } = await receipt(eml(upgrade));
    expect({ code, found }).toMatchObject({
      code: 1,
      found: {
        proved: false,
        content: 'unchanged',
        entries: [{ ledger: 'holds', chain: 'broken', finding: { entry: 2 } }],
      },
    });
  });

  it('shows of a mail to operations only the entry', async () => {
    const first = await terminal.store.contracts.entry(told.contract, 1);
    const { subject, text } = operationsNotice(first!, SUITE);
    expect(await receipt(`Subject: ${subject}\n\n${text}`)).toMatchObject({
      code: 1,
      found: {
        kind: 'operations',
        content: 'unproven',
        entries: [{ ledger: 'holds', chain: 'whole' }],
      },
    });
  });

  it('compares a notice for machines with the entry', async () => {
    const single = singles.find(
      ({ json }) => (json as { contract: string }).contract === told.contract,
    );
    const notice = single?.json as Record<string, unknown>;
    expect(await receipt(JSON.stringify(notice))).toMatchObject({
      code: 1,
      found: {
        kind: 'seller',
        content: 'agrees',
        why: ['it came without its envelope, which has the message ID'],
        entries: [{ ledger: 'holds', chain: 'whole' }],
        sent: [],
      },
    });
    const altered = {
      ...notice,
      standing: 'ended',
      changes: [{ ...(notice['changes'] as object[])[0], reason: 'other' }],
    };
    const { code, found } = await receipt(JSON.stringify(altered));
    expect({ code, found }).toMatchObject({ code: 1, found: { content: 'different' } });
    expect(found['why']).toEqual([
      'entry 3: standing is "ended", the ledger has "in-force"',
      'entry 3: the ledger has no LicenseUpgraded with these values',
    ]);
    const theirs = await receipt(JSON.stringify({ ...notice, deployment: 'other' }));
    expect(String(theirs.found['why'])).toContain(
      'it is from the deployment "other", but "default" was asked',
    );
  });

  it('takes the beginning of a hash for the whole of it in a mail of ours alone, not in a notice for machines', async () => {
    const cut = (notice: object): object => ({
      ...notice,
      hash: (notice as { hash: string }).hash.slice(0, 12),
    });
    const { notices } = digest.json as { notices: object[] };
    for (const notice of [
      cut(upgrade.json as object),
      { ...(digest.json as object), notices: notices.map(cut) },
    ]) {
      const { code, found } = await receipt(JSON.stringify(notice));
      expect({ code, found }).toMatchObject({ code: 1, found: { content: 'unproven' } });
      for (const entry of found['entries'] as object[])
        expect(entry).toMatchObject({ ledger: 'other-hash' });
    }
  });

  it('says of a notice for machines that it is a test', async () => {
    const aTest = { code: 1, found: { kind: 'test', proved: false } };
    const notice = { ...(upgrade.json as object), entry: 0, hash: 'test', test: true };
    expect(await receipt(JSON.stringify(notice))).toMatchObject(aTest);
    const { notices } = digest.json as { notices: object[] };
    const told = {
      ...(digest.json as object),
      test: true,
      notices: [{ ...notices[0], entry: 0, hash: 'test' }],
    };
    expect(await receipt(JSON.stringify(told))).toMatchObject(aTest);
    expect(
      await receipt(JSON.stringify({ ...(upgrade.json as object), test: true })),
    ).toMatchObject({
      code: 1,
      found: { kind: 'buyer', content: 'different', entries: [{ ledger: 'holds' }] },
    });
  });

  it('proves by its envelope a message that tells several entries; without one it agrees', async () => {
    const envelope = {
      Type: 'Notification',
      MessageId: welcome.messageId,
      Message: JSON.stringify(welcome.json),
      Subject: welcome.mail.subject,
      Signature: 'x',
    };
    expect(await receipt(JSON.stringify(envelope))).toMatchObject({
      code: 0,
      found: { kind: 'buyer', entries: [{ entry: 2 }, { entry: 1 }] },
    });
    expect(await receipt(JSON.stringify(digest.json))).toMatchObject({
      code: 1,
      found: { content: 'agrees', entries: [{}, {}] },
    });
  });

  it('shows of a message whose fact an earlier version wrote that it agrees', async () => {
    terminal.archive = (whole) => ({
      ...whole,
      async *contract(contract) {
        for await (const filed of whole.contract(contract)) {
          if (filed.kind !== 'fact') yield filed;
          else {
            const { jsonHash, ...fact } = filed.fact;
            expect(jsonHash).toHaveLength(64);
            yield { kind: 'fact', fact };
          }
        }
      },
    });
    const envelope = {
      Type: 'Notification',
      MessageId: upgrade.messageId,
      Message: JSON.stringify(upgrade.json),
      Subject: upgrade.mail.subject,
    };
    expect(await receipt(JSON.stringify(envelope))).toMatchObject({
      code: 1,
      found: { content: 'agrees', sent: [{ messageId: upgrade.messageId }] },
    });
  });

  it.each([
    ['a mail of somebody else', 'Subject: Hello\n\nDear customer,\n', 'names no ledger entry'],
    [
      'a mail in HTML alone',
      'Subject: x\nContent-Type: text/html\n\n<p>Entry 1</p>',
      'not looked at: text/html',
    ],
    ['JSON of somebody else', '{"format": 2}', 'not a notice of format 1'],
    ['nothing', '', 'names no ledger entry'],
  ])('says what it cannot use: %s', async (_, file, words) => {
    expect((await receipt(file)).code).toBe(1);
    expect(terminal.err).toContain(words);
  });

  it('is misused with what is no mail for its size', async () => {
    terminal.files.set('film.eml', 'x'.repeat(1024 * 1024 + 1));
    expect(await terminal.run('verify', '--receipt', 'film.eml')).toBe(2);
    expect(terminal.err).toContain('film.eml has more than 1048576 bytes');
  });

  it('is misused without a file, or with an account', async () => {
    expect(await terminal.run('verify', '--receipt', 'nowhere.eml')).toBe(2);
    expect(terminal.err).toContain('--receipt is "nowhere.eml": there is no such file');
    expect(await terminal.run('verify', '111122223333', '--receipt', 'mail')).toBe(2);
  });
});
