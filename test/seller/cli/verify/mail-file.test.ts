import { describe, expect, it } from 'vitest';
import { readMailFile } from '../../../../lib/seller/cli/commands/verify/mail-file.ts';

const TEXT = 'Größe: 5 -> 8 seats\n  = 100 % more\n';
const BASE64 = Buffer.from(TEXT).toString('base64');
const QUOTED = 'Gr=C3=B6=C3=9Fe: 5 -> 8=20\nseats\n  =3D 100 =\n% more\n'.replace(
  '8=20\nseats',
  '8 =\nseats',
);

function mail(headers: readonly string[], body: string): string {
  return [...headers, '', body].join('\n').replaceAll('\n', '\r\n');
}

async function only(file: string) {
  const { parts } = await readMailFile(file);
  expect(parts).toHaveLength(1);
  const [{ subject, text } = { subject: null, text: '' }] = parts;
  return { subject, text: text.replaceAll('\r\n', '\n') };
}

describe('a saved mail', () => {
  it.each([
    ['plain', ['Content-Type: text/plain; charset=UTF-8'], TEXT],
    [
      'base64',
      ['Content-Type: text/plain; charset=UTF-8', 'Content-Transfer-Encoding: base64'],
      BASE64,
    ],
    ['base64 in lines', ['Content-Transfer-Encoding: BASE64'], BASE64.replace(/(.{20})/g, '$1\n')],
    ['quoted-printable', ['content-transfer-encoding: Quoted-Printable'], QUOTED],
    ['without a type', [], TEXT],
    ['of a type nobody can read', ['Content-Type: ;;;'], TEXT],
  ])('is read: %s', async (_, headers, body) => {
    expect(
      await only(mail(['Received: from a by b', 'Subject: Suite: 8 seats', ...headers], body)),
    ).toEqual({
      subject: 'Suite: 8 seats',
      text: TEXT,
    });
  });

  it('in another charset is turned into text', async () => {
    const body = Buffer.from('Gr\u00f6\u00dfe', 'latin1').toString('base64');
    const headers = [
      'Subject: x',
      'Content-Type: text/plain; charset=iso-8859-1',
      'Content-Transfer-Encoding: base64',
    ];
    expect((await only(mail(headers, body))).text.trim()).toBe('Größe');
  });

  it.each([
    ['folded', 'Subject: Suite: license suspended,\n seen 2026-06-01'],
    [
      'in words of base64',
      `Subject: =?UTF-8?B?${Buffer.from('Suite: license suspended, ').toString('base64')}?=\n =?utf-8?b?${Buffer.from('seen 2026-06-01').toString('base64')}?=`,
    ],
    ['in quoted words', 'SUBJECT: =?us-ascii?Q?Suite=3A_license_suspended=2C?= seen 2026-06-01'],
    ['given twice', 'Subject: Suite: license suspended, seen 2026-06-01\nSubject: other'],
  ])('has its subject: %s', async (_, header) => {
    expect((await only(mail(['X-A: b', ...header.split('\n')], TEXT))).subject).toBe(
      'Suite: license suspended, seen 2026-06-01',
    );
  });

  it('in several parts has its plain text, and names what was not looked at', async () => {
    const parts = ['text/plain; charset="utf-8"', 'text/html'].map(
      (type) => `--b=1\nContent-Type: ${type}\n\n${TEXT}`,
    );
    const file = mail(
      ['Subject: s', 'Content-Type: multipart/alternative;\n boundary="b=1"'],
      `see below\n${parts.join('\n')}\n--b=1--\n`,
    );
    const { parts: found, ignored } = await readMailFile(file);
    expect(found.map(({ subject, text }) => [subject, text.trim().replaceAll('\r', '')])).toEqual([
      ['s', TEXT.trim()],
    ]);
    expect(ignored).toEqual(['text/html']);
  });

  it('forwarded as an attachment keeps its own subject', async () => {
    const inner = `Subject: inner\n\n${TEXT}`;
    const file = `Subject: outer\nContent-Type: multipart/mixed; boundary=x\n\n--x\n\nlook\n--x\nContent-Type: message/rfc822\n\n${inner}\n--x--`;
    expect((await readMailFile(file)).parts.map(({ subject }) => subject)).toEqual([
      'outer',
      'inner',
    ]);
  });

  it('in an mbox has a line above it', async () => {
    expect(await only(`From a@b Mon Jun  1 00:00:00 2026\nSubject: s\n\n${TEXT}`)).toEqual({
      subject: 's',
      text: TEXT,
    });
  });

  it('that is bottomless ends', async () => {
    let file = 'Content-Type: message/rfc822\n\n'.repeat(100);
    file += 'Subject: s\n\nx';
    expect((await readMailFile(file)).parts).toEqual([]);
  });
});

describe('copied text', () => {
  it('is taken as it is', async () => {
    expect(await readMailFile(`\ufeff${TEXT}`)).toEqual({
      parts: [{ subject: null, text: TEXT }],
      ignored: [],
      unread: null,
    });
    expect(await readMailFile('Note: a line with a colon\n\nmore')).toMatchObject({
      parts: [{ subject: null }],
    });
  });

  it('may have its subject above it', async () => {
    expect(await only(`To: me\nDate: today\nSubject: s\n\n${TEXT}`)).toEqual({
      subject: 's',
      text: TEXT,
    });
  });
});
