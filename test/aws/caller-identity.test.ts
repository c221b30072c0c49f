import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { identify } from '../../lib/aws/caller-identity.ts';
import type { Fetch } from '../../lib/aws/cloudformation-response.ts';
import { signedIdentity } from '../../lib/messages/requests.ts';
import { at } from '../support/licenses.ts';

const NOW = at('2027-03-01T12:00');
const BINDING = createHash('sha256').update('what is asked').digest('hex');
const SIGNED = {
  accessKeyId: 'ASIAEXAMPLE012345678',
  signedAt: at('2027-03-01T11:58'),
  signature: 'a'.repeat(64),
  sessionToken: 'IQo+/b3==&x=1',
};
const ARN = 'arn:aws:sts::999900001111:assumed-role/Admin/jane@example.com';

function answering(status: number, body: string, region = 'us-east-1') {
  const sent: { readonly url: URL; readonly init: RequestInit }[] = [];
  const fetch: Fetch = (url, init) => {
    sent.push({ url: new URL(url), init });
    return Promise.resolve(new Response(body, { status }));
  };
  const limit = new AbortController().signal;
  return {
    sent,
    asked: (signed = SIGNED) => identify(signed, BINDING, { region, now: NOW, fetch, limit }),
  };
}

const said = (arn: string) =>
  `<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>${arn}</Arn></GetCallerIdentityResult></GetCallerIdentityResponse>`;

it('sends nothing but GetCallerIdentity to STS of our Region, with what was asked', async () => {
  const { sent, asked } = answering(200, said(ARN));
  expect(await asked()).toEqual({ kind: 'proven', arn: ARN });
  const [{ url, init }] = sent as [(typeof sent)[number]];
  expect(url.origin).toBe('https://sts.us-east-1.amazonaws.com');
  expect(Object.fromEntries(url.searchParams)).toEqual({
    Action: 'GetCallerIdentity',
    Version: '2011-06-15',
    'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
    'X-Amz-Credential': 'ASIAEXAMPLE012345678/20270301/us-east-1/sts/aws4_request',
    'X-Amz-Date': '20270301T115800Z',
    'X-Amz-Expires': '300',
    'X-Amz-SignedHeaders': 'host;x-license-watcher-request',
    'X-Amz-Security-Token': SIGNED.sessionToken,
    'X-Amz-Signature': SIGNED.signature,
  });
  expect(init).toMatchObject({
    headers: { 'x-license-watcher-request': BINDING },
    redirect: 'manual',
  });
});

it.each([
  ['us-gov-west-1', 'sts.us-gov-west-1.amazonaws.com'],
  ['cn-north-1', 'sts.cn-north-1.amazonaws.com.cn'],
])('asks the STS of the partition: %s', async (region, host) => {
  const { sent, asked } = answering(200, said(ARN), region);
  await asked();
  expect(sent[0]?.url.host).toBe(host);
});

it.each([
  [
    'a signature that is not good',
    403,
    '<Error><Code>SignatureDoesNotMatch</Code></Error>',
    'refused',
  ],
  ['a redirect', 302, '', 'refused'],
  ['an answer without an ARN', 200, '<html>', 'refused'],
  ['an ARN that is none', 200, said('arn:aws:iam::1:user/<b>'), 'refused'],
  ['STS that throttles', 400, '<Error><Code>Throttling</Code></Error>', 'unknown'],
  ['STS that fails', 500, '', 'unknown'],
])('believes nobody for %s', async (_, status, body, kind) => {
  expect((await answering(status, body).asked()).kind).toBe(kind);
});

it.each([at('2027-03-01T11:54'), at('2027-03-01T12:06'), at('2027-02-31T11:58')])(
  'asks nobody about what was signed at %s',
  async (signedAt) => {
    const { sent, asked } = answering(200, said(ARN));
    expect((await asked({ ...SIGNED, signedAt })).kind).toBe('refused');
    expect(sent).toEqual([]);
  },
);

it('is unknown where STS cannot be reached', async () => {
  const fetch: Fetch = () => Promise.reject(new Error('ECONNRESET'));
  const limit = new AbortController().signal;
  const found = await identify(SIGNED, BINDING, { region: 'us-east-1', now: NOW, fetch, limit });
  expect(found).toMatchObject({ kind: 'unknown' });
});

it.each([
  ['accessKeyId', 'ASIA/20270301/us-east-1/s3/aws4_request&x='],
  ['signature', `${'a'.repeat(64)}&Action=AssumeRole`],
  ['sessionToken', 'with blank'],
  ['signedAt', '20270301T115800Z'],
])('takes no %s of another form', (name, value) => {
  expect(signedIdentity.safeParse({ ...SIGNED, [name]: value }).success).toBe(false);
});
