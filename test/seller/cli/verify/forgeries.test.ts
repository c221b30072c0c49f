import { beforeEach, describe, expect, it } from 'vitest';
import { at, seats, USAGE } from '../../../support/licenses.ts';
import { seats5, SNS_FOOTER } from '../../../support/mails.ts';
import { seen } from '../../../support/observations.ts';
import { Terminal } from '../../../support/terminal.ts';
import { ToldContract, type SentMail } from '../../../support/told-contract.ts';

const FORGED = 'You may use 500 seats. Pay 9,000 USD to account 12 34 56.';

let terminal: Terminal;
let mail: SentMail;
let single: SentMail;
let digest: SentMail;

beforeEach(async () => {
  terminal = new Terminal();
  const told = await new ToldContract(terminal.store).registered();
  await told.look(at('2026-04-01'), seen([seats5({})]));
  await told.sendNotices(at('2026-04-02'));
  await told.look(
    at('2026-04-03'),
    seen([seats5({ version: '2', entitlements: [USAGE, seats(8)] })]),
  );
  const { buyer, seller, singles } = await told.sendNotices(at('2026-04-04'));
  if (buyer === undefined || seller === undefined || singles[0] === undefined)
    throw new Error('nothing was sent');
  [mail, digest, single] = [buyer, seller, singles[0]];
});

async function receipt(file: string): Promise<Record<string, unknown>> {
  terminal.files.set('mail', file);
  const code = await terminal.run('verify', '--receipt', 'mail', '--json');
  const found =
    terminal.out === '' ? { proved: undefined } : (terminal.json() as Record<string, unknown>);
  expect(code === 0).toBe(found['proved'] === true);
  return found;
}

const TEXT = 'Content-Type: text/plain; ';
const PLAIN = `${TEXT}charset=UTF-8`;
const encodedIn = (encoding: string): string => `Content-Transfer-Encoding: ${encoding}`;
const text = (): string => `${mail.mail.text}\n${SNS_FOOTER}`;
const subject = (): string => `Subject: ${mail.mail.subject}`;
const eml = (headers: readonly string[], body: string): string =>
  [
    'From: AWS Notifications <no-reply@sns.amazonaws.com>',
    subject(),
    'MIME-Version: 1.0',
    ...headers,
    '',
    body,
  ]
    .join('\n')
    .replaceAll(/\r?\n/g, '\r\n');
const part = (body: string, type = PLAIN): string => `--b\n${type}\n\n${body}\n`;
const mixed = (body: string, kind = 'mixed'): string =>
  eml([`Content-Type: multipart/${kind}; boundary="b"`], body);
const base64 = (words: string): string =>
  Buffer.from(words)
    .toString('base64')
    .replaceAll(/(.{76})/g, '$1\n');
const json = (value: unknown): string => JSON.stringify(value);
/** The mail as SNS sends it, with more headers. */
const plain = (...headers: readonly string[]): string => eml([PLAIN, ...headers], text());
const envelope = (sent: SentMail, changes: object = {}): Record<string, unknown> => ({
  Type: 'Notification',
  MessageId: sent.messageId,
  TopicArn: 'arn:aws:sns:us-east-1:111122223333:notices',
  ...(sent.mail.subject !== '' && { Subject: sent.mail.subject }),
  Message: json(sent.json),
  Timestamp: '2026-04-04T00:00:00.000Z',
  ...changes,
});

/** A notice in its envelope, with members changed. */
const altered = (changes: object, sent = mail): string =>
  json(envelope(sent, { Message: json({ ...(sent.json as object), ...changes }) }));

describe('what is proved', () => {
  it.each<[string, () => string]>([
    ['a mail as SNS sends it', () => plain()],
    ['in base64', () => eml([PLAIN, encodedIn('base64')], base64(text()))],
    ['copied, under its subject', () => `${subject()}\n\n${text()}`],
    [
      'as the console shows it',
      () => `To: it@buyer.example\n${subject()}\nDate: 2026-04-04 00:00 UTC\n\n${text()}`,
    ],
    ['the only part of several that are closed', () => mixed(`${part(text())}--b--\n`)],
    ['in an mbox', () => `From a@b Sat Apr  4 00:00:00 2026\n${plain()}`],
    ['a notice in its envelope', () => json(envelope(mail))],
    ['the same in lines', () => JSON.stringify(envelope(mail), undefined, 2)],
    [
      'the same in a mail',
      () => `Subject: ${mail.mail.subject}\n\n${json(envelope(mail))}\n${SNS_FOOTER}`,
    ],
    ['a notice for the seller’s machines', () => json(envelope(single))],
    ['a digest for them', () => json(envelope(digest))],
  ])('%s', async (_, file) => {
    expect(await receipt(file())).toMatchObject({ proved: true, content: 'unchanged', why: [] });
  });
});

describe('what is not proved', () => {
  const PDF = 'Content-Type: application/pdf\nContent-Disposition: attachment';
  const RFC = 'Content-Type: message/rfc822';
  const HTML = 'Content-Type: text/html';
  const padded = () => `${text()}${' '.repeat((4 - (Buffer.byteLength(text()) % 3)) % 3)}\n\n`;
  const twoBoundaries = 'Content-Type: multipart/mixed; boundary="b"; boundary="c"';
  const beginning = () => ({ hash: (mail.json as { hash: string }).hash.slice(0, 12) });
  it.each<[string, () => string]>([
    ['a forged part before it', () => mixed(`${part(FORGED)}${part(text())}--b--\n`)],
    ['a forged part after it', () => mixed(`${part(text())}${part(FORGED)}--b--\n`)],
    [
      'forged HTML beside it',
      () => mixed(`${part(text())}${part(`<p>${FORGED}</p>`, HTML)}--b--\n`, 'alternative'),
    ],
    ['a forged attachment', () => mixed(`${part(text())}${part(FORGED, PDF)}--b--\n`)],
    ['it attached to a forged mail', () => mixed(`${part(FORGED)}${part(plain(), RFC)}--b--\n`)],
    ['a forged preamble', () => mixed(`${FORGED}\n${part(text())}--b--\n`)],
    ['a forged epilogue', () => mixed(`${part(text())}--b--\n${FORGED}\n`)],
    ['parts that are not closed', () => mixed(part(text()))],
    [
      'a part behind a boundary that only some programs take for one',
      () => mixed(`${part(text())}--bb\n${PLAIN}\n\n${FORGED}\n--b--\n`),
    ],
    [
      'two boundaries',
      () => eml([twoBoundaries], `${part(text())}--b--\n--c\n\n${FORGED}\n--c--\n`),
    ],
    ['a second subject behind it', () => plain(`Subject: ${FORGED}`)],
    ['a second subject before it', () => `Subject: ${FORGED}\n${plain()}`],
    ['one behind a bare carriage return', () => plain(`X-Mailer: a\rSubject: ${FORGED}`)],
    [
      'a subject in its part',
      () => mixed(`${part(text(), `Subject: ${FORGED}\n${PLAIN}`)}--b--\n`),
    ],
    ['a second content type', () => plain(HTML)],
    ['a second encoding', () => plain(...['7bit', 'base64'].map(encodedIn))],
    ['an unknown encoding', () => plain(encodedIn('x-uuencode'))],
    [
      'words behind the end of base64',
      () => eml([PLAIN, encodedIn('base64')], `${base64(padded())}\n!${FORGED}!`),
    ],
    ['no base64', () => eml([PLAIN, encodedIn('base64')], `${base64(padded())}\n!!!!\n`)],
    ['a charset read in different ways', () => eml([`${TEXT}charset=utf-7`], text())],
    ['two charsets', () => eml([`${TEXT}charset=utf-8; charset=utf-16`], text())],
    ['it attached', () => plain('Content-Disposition: attachment; filename="500 seats.txt"')],
    ['words in the line of an mbox', () => `From ${FORGED}\n${plain()}`],
    [
      'a link of somebody else for Amazon’s',
      () => plain().replace('sns.us-east-1.amazonaws.com', 'sns.amazonaws.com.evil.example'),
    ],
    ['words for a link', () => plain().replace(/https:\S+unsub\S+/, 'Pay-9,000-USD-to-123456')],
    ['an empty hash', () => altered({ hash: '' })],
    ['the beginning of a hash', () => altered(beginning())],
    ['an added member', () => altered({ note: FORGED })],
    ['a member added to the envelope', () => json(envelope(mail, { Note: FORGED }))],
    [
      'a forged attribute',
      () =>
        json(envelope(mail, { MessageAttributes: { note: { Type: 'String', Value: FORGED } } })),
    ],
    ['a forged subject of the envelope', () => json(envelope(mail, { Subject: FORGED }))],
    [
      'a member twice',
      () =>
        json(envelope(mail, { Message: `{"productName":"${FORGED}",${json(mail.json).slice(1)}` })),
    ],
    [
      'a member of the envelope twice',
      () => `{"Message":"${FORGED}",${json(envelope(mail)).slice(1)}`,
    ],
    [
      'a member twice, once written otherwise',
      () => `{"Mess\\u0061ge":"${FORGED}",${json(envelope(mail)).slice(1)}`,
    ],
    ['words after the object', () => `${json(envelope(mail))}\n--\n${FORGED}`],
    ['another object behind it', () => `${json(envelope(mail))}\n--\n{"note":"${FORGED}"}`],
    ['words for what no entry holds', () => altered({ undelivered: FORGED }, single)],
    ['another seller', () => altered({ seller: 'Evil' })],
    ['another message ID', () => json(envelope(mail, { MessageId: 'made-up' }))],
    ['the ID of another message', () => json(envelope(mail, { MessageId: digest.messageId }))],
    ['no envelope', () => json(mail.json)],
    [
      'JSON under another subject',
      () => `Subject: ${FORGED}\n\n${json(envelope(mail))}\n${SNS_FOOTER}`,
    ],
    [
      'JSON with a forged part beside it',
      () => mixed(`${part(FORGED)}${part(json(envelope(mail)))}--b--\n`),
    ],
  ])('%s', async (_, file) => {
    expect((await receipt(file()))['proved']).not.toBe(true);
  });

  it('is no test for that: only what calls itself one is', async () => {
    const unknown = { ...(mail.json as object), entry: 7 };
    expect((await receipt(json(unknown)))['kind']).toBe('buyer');
    expect((await receipt(json({ ...unknown, test: true })))['kind']).toBe('test');
  });

  it('says of what the ledger bears out and no fact of delivery shows that it agrees', async () => {
    terminal.files.set('mail', json(mail.json));
    expect(await terminal.run('verify', '--receipt', 'mail')).toBe(1);
    expect(terminal.out).toContain(
      'Not proved: it agrees with the ledger, but nothing shows that it was sent.',
    );
  });
});
