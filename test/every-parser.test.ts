import * as z from 'zod/mini';
import { describe, expect, it } from 'vitest';
import { responseAddress } from '../lib/aws/cloudformation-response.ts';
import { readUsage } from '../lib/aws/license-manager/observe.ts';
import { parseReceived, parseTerms } from '../lib/aws/license-manager/parse-license.ts';
import { claimsIn, findSent, isTestMail } from '../lib/seller/ledger/receipt.ts';
import { parseQuantity } from '../lib/domain/license/quantity.ts';
import { parseAwsTime } from '../lib/domain/time.ts';
import { cleanText, quoted } from '../lib/domain/outside-text.ts';
import { toAscii } from '../lib/mail/subject.ts';
import { problemsOf } from '../lib/messages/problems.ts';
import { publishedNotice } from '../lib/messages/published-notice.ts';
import {
  registrationMessage,
  registrationProperties,
  stackAddress,
} from '../lib/messages/registration.ts';
import { readBuyerList } from '../lib/seller/cli/commands/invite/buyer-list.ts';
import { emailsOf, nameOf } from '../lib/seller/cli/commands/invite/invitation.ts';
import { readMailFile } from '../lib/seller/cli/commands/verify/mail-file.ts';
import { CommandFailure } from '../lib/seller/cli/output/failure.ts';
import { readNoticeFile } from '../lib/seller/cli/commands/verify/notice-file.ts';
import { accountIdOf } from '../lib/seller/cli/output/account.ts';
import { errorText } from '../lib/seller/cli/output/explain.ts';
import { momentOf, spanOption } from '../lib/seller/cli/output/moment.ts';
import { readConfig } from '../lib/stacks/settings/settings.ts';
import { sha256 } from '../lib/aws/text.ts';
import { readQueryAnswer, exactLongs } from '../lib/aws/protocols.ts';

/**
 * Whatever reads text from outside, on a long text of one character (or a few, which is where `a*b*` shows). Four times the length
 * takes four times the steps; sixteen times, where each step looks at all the others: then a megabyte takes an hour.
 */
const PRODUCT = { id: 'scanner', name: 'Scanner', contact: 'x', reminderDays: [30] };
const OF = {
  productIds: [PRODUCT.id],
  sellerAccountId: '999900001111',
  seller: { name: 'Example Software', securityContact: null, products: [PRODUCT] },
};

const LENGTH = 20_000;
const TIMES = 4;
/** Between the two, with room for a garbage collection; and the best of three tries. */
const MOST = 9;
/** What takes less is too short to be measured, and fast enough. */
const SHORT_MS = 60;

const TEXTS = [
  ...['0', '9', 'a', 'A', '=', ' ', '\t', '\n', '\r', '"', '\\', '-', '.', ',', ';', ':', '@', '/'],
  ...[
    '[',
    '{',
    '(',
    '<',
    '>',
    '*',
    '%',
    '_',
    '+',
    '?',
    '&',
    '#',
    '\0',
    '\u00a0',
    '\u0301',
    '\u200b',
    '\ud83d',
    '😀',
  ],
  ...[
    'a.',
    'a-',
    'a@',
    '\r\n',
    '=\n',
    ' \n',
    '> ',
    '* (',
    '=?',
    '":',
    '{"a":',
    '[TEST',
    'x: y\n',
    '--',
    'a\n\n',
    're:',
    '"\\"',
  ],
];
const mail = (headers: string, text: string) => readMailFile(`Subject: x\n${headers}\n\n${text}`);

/** Each line costs these something, which says nothing of their patterns: they are tried on what has none. */
const LINE_BY_LINE = new Set([
  'its subject',
  'its content type',
  'its HTML',
  'a flowed mail',
  'its parts',
]);

const PARSERS: Readonly<Record<string, (text: string) => unknown>> = {
  'a saved mail': readMailFile,
  'its subject': (text) => readMailFile(`Subject: ${text}\n\nx`),
  'its content type': (text) => mail(`Content-Type: text/plain; ${text}`, 'x'),
  'its quoted-printable text': (text) =>
    mail('Content-Transfer-Encoding: quoted-printable\nContent-Type: text/plain', text),
  'its base64 text': (text) =>
    mail('Content-Transfer-Encoding: base64\nContent-Type: text/plain', text),
  'its parts': (text) => mail('Content-Type: multipart/mixed; boundary=b', `--b\n\n${text}\n--b--`),
  'its HTML': (text) => mail('Content-Type: text/html', text),
  'a flowed mail': (text) => mail('Content-Type: text/plain; format=flowed; delsp=yes', text),
  'the claims of a mail': claimsIn,
  'whether a mail is a test': (text) => isTestMail({ subject: text, text }),
  'what of a mail was sent': (text) =>
    findSent({ subject: text, text }, new Set([sha256('x')]), sha256),
  'what of a copied mail was sent': (text) =>
    findSent({ subject: null, text }, new Set([sha256('x')]), sha256),
  'a notice in JSON': (text) => readNoticeFile({ subject: null, text }),
  'a member of a notice': (text) => readNoticeFile({ subject: null, text: `{"a":${text}` }),
  'a list of buyers': (text) => readBuyerList(text, 'buyers.csv', OF),
  'its account': (text) =>
    readBuyerList(`account,name,product\n"${text}",x,scanner\n`, 'buyers.csv', OF),
  'its name': (text) =>
    readBuyerList(`account,name,product\n111122223333,"${text}",scanner\n`, 'buyers.csv', OF),
  'its products': (text) =>
    readBuyerList(`account,name,product\n111122223333,x,"${text}"\n`, 'buyers.csv', OF),
  'its address': (text) =>
    readBuyerList(`account,name,product,email\n111122223333,x,scanner,"${text}"\n`, 'b', OF),
  'its days': (text) =>
    readBuyerList(
      `account,name,product,reminder-days\n111122223333,x,scanner,"${text}"\n`,
      'b',
      OF,
    ),
  'an account': accountIdOf,
  'a name': (text) => nameOf(text, 'name'),
  'an address': (text) => emailsOf([text], 'email'),
  'the domain of an address': (text) => emailsOf([`a@${text}`], 'email'),
  'an instant': (text) => momentOf(text, '--since'),
  'a length of time': (text) => spanOption(text, '--within'),
  'the words of an error': errorText,
  'a command in the words of an error': (text) => errorText(`x "npx ${text}`),
  'a name of a license': cleanText,
  'a name in a subject': toAscii,
  'a quantity': parseQuantity,
  'a fraction': (text) => parseQuantity(`1.${text}1`),
  'a time': parseAwsTime,
  'a license that was received': (text) =>
    parseReceived({ LicenseArn: text, LicenseName: text, Status: text, Version: text }),
  'a license': (text) =>
    parseTerms(
      {
        LicenseArn: `arn:aws:license-manager:${text}`,
        Version: text,
        ProductSKU: text,
        Issuer: { KeyFingerprint: text },
        Status: 'AVAILABLE',
        Validity: { Begin: '2026-01-01T00:00:00', End: text },
        Entitlements: [{ Name: text, Value: text, Unit: text, MaxCount: text }],
      },
      { status: 'AVAILABLE', receivedStatus: 'ACTIVE', allowedOperations: null },
    ),
  usage: (text) =>
    readUsage(
      {
        getUsage: () =>
          Promise.resolve({
            LicenseUsage: { EntitlementUsages: [{ Name: text, Unit: text, ConsumedValue: text }] },
          }),
      },
      ['arn'],
      new AbortController().signal,
      () => undefined,
    ),
  'an answer with long numbers': (text) => exactLongs(`{"a":1234567890123456,"b":${text}`),
  'an answer in XML': (text) => readQueryAnswer(`<Response>${text}</Response>`),
  'a registration': (text) =>
    z.safeParse(registrationMessage, { RequestType: text, StackId: text, ResponseURL: text }),
  'the properties of a registration': (text) => {
    const value = { Deployment: text, ReadingRoleArn: text, TemplateVersion: text, Probe: text };
    const parsed = z.safeParse(registrationProperties, value);
    return parsed.error && problemsOf(parsed.error, value);
  },
  'the address of an answer': (text) =>
    responseAddress(
      {
        ResponseURL: `https://cloudformation-custom-resource-response-useast1.s3.amazonaws.com/${text}`,
        StackId: text,
        LogicalResourceId: text,
        RequestId: text,
      },
      'us-east-1',
    ),
  'the ID of a stack': (text) =>
    stackAddress(`arn:aws:cloudformation:us-east-1:111122223333:stack/${text}`),
  'a published notice': (text) => {
    const value = { contract: text, hash: text, changes: [text], standing: text };
    const parsed = z.safeParse(publishedNotice, value);
    return parsed.error && problemsOf(parsed.error, value);
  },
  'the settings': (text) =>
    readConfig({
      sellerName: text,
      sellerEmail: `a@${text}`,
      region: text,
      deployment: text,
      products: [
        {
          id: text,
          name: text,
          productSku: text,
          tiers: [text],
          contact: text,
          renewalUrl: text,
          [text]: 1,
        },
      ],
    }),
};

describe.each(Object.entries(PARSERS))('%s', (name, parse) => {
  it('takes no longer by the square of its length', { timeout: 300_000 }, async () => {
    for (const text of TEXTS) {
      if (LINE_BY_LINE.has(name) && text.includes('\n')) continue;
      if ((await spent(parse, text, LENGTH)) < SHORT_MS) continue;
      let ratio = Infinity;
      for (let tries = 0; tries < 3 && ratio > MOST; tries += 1) {
        const short = await spent(parse, text, LENGTH);
        ratio = Math.min(ratio, (await spent(parse, text, TIMES * LENGTH)) / short);
      }
      expect([text, ratio < MOST]).toEqual([text, true]);
    }
  });
});

/** Milliseconds of this process. An error is an answer; that it ran out of stack is none. */
async function spent(
  parse: (text: string) => unknown,
  text: string,
  length: number,
): Promise<number> {
  const long = text.repeat(Math.ceil(length / text.length));
  const before = process.cpuUsage();
  try {
    await parse(long);
  } catch (error) {
    expect(error).toBeInstanceOf(Error);
    expect(error).not.toBeInstanceOf(RangeError);
  }
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

describe('nested a hundred thousand deep', () => {
  const deep = (open: string, close: string): string =>
    `${open.repeat(100_000)}1${close.repeat(100_000)}`;
  it.each([
    ['lists', deep('[', ']')],
    ['objects', deep('{"a":', '}')],
  ])('%s are no notice', (_, nested) => {
    const texts = [
      `{"a":${nested}}`,
      `{"Type":"Notification","MessageId":"m","Message":"x","a":${nested}}`,
    ];
    for (const text of texts)
      expect(() => readNoticeFile({ subject: null, text })).toThrow(CommandFailure);
    expect(quoted(JSON.parse(nested))).toBe('"(nested too deeply to be shown)"');
  });
});
