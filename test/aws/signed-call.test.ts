import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient, ListRulesCommand } from '@aws-sdk/client-eventbridge';
import { GetLicenseCommand, LicenseManagerClient } from '@aws-sdk/client-license-manager';
import {
  DescribeAgreementCommand,
  MarketplaceAgreementClient,
} from '@aws-sdk/client-marketplace-agreement';
import { ListTopicsCommand, SNSClient } from '@aws-sdk/client-sns';
import { ListQueuesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { Sha256 } from '@smithy/core/checksum';
import { SignatureV4 } from '@smithy/signature-v4';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { connections, type HttpCall, type Send } from '../../lib/aws/connections.ts';
import { endpointOf, regionOf, type Service } from '../../lib/aws/endpoints.ts';
import { STS_ERRORS } from '../../lib/aws/license-manager/sessions.ts';
import { judge, SDK_ERRORS } from '../../lib/aws/judge.ts';
import { signedCalls, signerOf } from '../../lib/aws/signed-call.ts';
import { CREDENTIALS } from '../support/looking.ts';
import * as fc from '../support/property.ts';
import { readQueryAnswer } from '../../lib/aws/protocols.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

describe('a signature', () => {
  const texts = fc.string({ unit: 'binary', maxLength: 40 }).map((text) => text.toWellFormed());
  const tokens = fc.stringMatching(/^[\w+/=.-]{1,40}$/);

  it('is the one that the SDK makes, whoever signs before', async () => {
    const ours = signerOf('license-manager', 'eu-central-1');
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          body: texts,
          target: tokens,
          path: fc.constantFrom('/', '/local'),
          accessKeyId: tokens,
          secretAccessKey: texts,
          token: fc.option(tokens, { nil: undefined }),
          at: fc.date({
            min: new Date('2026-01-01T00:00:00Z'),
            max: new Date('2036-01-01T00:00:00Z'),
            noInvalidDate: true,
          }),
        }),
        async ({ body, target, path, accessKeyId, secretAccessKey, token, at }) => {
          const credentials = {
            ...{ accessKeyId, secretAccessKey },
            ...(token !== undefined && { sessionToken: token }),
          };
          const headers = { host: 'host.example', 'x-amz-target': target };
          const theirs = new SignatureV4({
            ...{ service: 'license-manager', region: 'eu-central-1' },
            ...{ credentials, sha256: Sha256, applyChecksum: false },
          });
          const request = { method: 'POST', protocol: 'https:', hostname: 'host.example', path };
          const signed = await theirs.sign({ ...request, headers, body }, { signingDate: at });
          expect(ours({ path, headers, body }, credentials, at.getTime())).toEqual(signed.headers);
        },
      ),
    );
  });
});

describe('where a service is', () => {
  const clients: Readonly<Record<Service, () => Promise<string>>> = {
    'aws-marketplace': () =>
      hostOf(
        new MarketplaceAgreementClient({ credentials: CREDENTIALS }),
        new DescribeAgreementCommand({ agreementId: 'a' }),
      ),
    dynamodb: () =>
      hostOf(new DynamoDBClient({ credentials: CREDENTIALS }), new ListTablesCommand({})),
    'license-manager': () =>
      hostOf(
        new LicenseManagerClient({ credentials: CREDENTIALS }),
        new GetLicenseCommand({ LicenseArn: 'a' }),
      ),
    events: () =>
      hostOf(new EventBridgeClient({ credentials: CREDENTIALS }), new ListRulesCommand({})),
    sns: () => hostOf(new SNSClient({ credentials: CREDENTIALS }), new ListTopicsCommand({})),
    sqs: () => hostOf(new SQSClient({ credentials: CREDENTIALS }), new ListQueuesCommand({})),
    sts: () =>
      hostOf(new STSClient({ credentials: CREDENTIALS }), new GetCallerIdentityCommand({})),
  };

  /** Whom an SDK client would have asked. */
  async function hostOf(
    client: { send: (command: never) => Promise<unknown>; config: object },
    command: object,
  ): Promise<string> {
    let asked = '';
    const { config } = client as { config: { requestHandler: unknown } };
    config.requestHandler = {
      handle: ({
        protocol,
        hostname,
        port,
      }: {
        protocol: string;
        hostname: string;
        port?: number;
      }) => {
        asked = `${protocol}//${hostname}${port === undefined ? '' : `:${port}`}`;
        return Promise.reject(new Error('not sent'));
      },
    };
    await expect(client.send(command as never)).rejects.toThrow('not sent');
    return asked;
  }

  const REGIONS = ['us-east-1', 'eu-central-1', 'cn-north-1', 'us-gov-west-1', 'eusc-de-east-1'];
  const SWITCHES = [
    {},
    { AWS_USE_FIPS_ENDPOINT: 'true' },
    { AWS_USE_DUALSTACK_ENDPOINT: 'true', AWS_USE_FIPS_ENDPOINT: 'false' },
    { AWS_USE_DUALSTACK_ENDPOINT: 'true', AWS_USE_FIPS_ENDPOINT: 'true' },
    { AWS_ENDPOINT_URL: 'http://127.0.0.1:4000' },
    {
      AWS_ENDPOINT_URL: 'http://127.0.0.1:4000',
      AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true',
    },
    {
      AWS_ENDPOINT_URL: 'http://127.0.0.1:4000',
      AWS_ENDPOINT_URL_MARKETPLACE_AGREEMENT: 'http://127.0.0.1:4007',
      AWS_ENDPOINT_URL_DYNAMODB: 'http://127.0.0.1:4006',
      AWS_ENDPOINT_URL_LICENSE_MANAGER: 'http://127.0.0.1:4001',
      AWS_ENDPOINT_URL_EVENTBRIDGE: 'http://127.0.0.1:4002',
      AWS_ENDPOINT_URL_SNS: 'http://127.0.0.1:4003',
      AWS_ENDPOINT_URL_SQS: 'http://127.0.0.1:4004',
      AWS_ENDPOINT_URL_STS: 'http://127.0.0.1:4005',
    },
  ];

  it.each(SWITCHES)('is where the SDK’s client finds it: %j', async (switches) => {
    const nowhere = { AWS_CONFIG_FILE: '/none', AWS_SHARED_CREDENTIALS_FILE: '/none' };
    for (const AWS_REGION of REGIONS) {
      const environment = { AWS_REGION, ...nowhere, ...switches };
      for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
      for (const [service, asked] of Object.entries(clients))
        expect(
          endpointOf(service as Service, AWS_REGION, environment).origin,
          `${service} in ${AWS_REGION}`,
        ).toBe(await asked());
    }
  });

  it('needs a Region', () => {
    expect(() => regionOf({})).toThrow('AWS_REGION is not set; expected what Lambda sets');
  });
});

describe('a call', () => {
  const NOW = Date.parse('2026-03-01T12:00:00Z');

  /** STS that answers so, and what it was asked. */
  function calling(
    service: Service,
    answer: Partial<Awaited<ReturnType<ReturnType<typeof connections>>>>,
    credentials: Parameters<ReturnType<typeof signedCalls>> = [CREDENTIALS],
  ) {
    const asked: HttpCall[] = [];
    const environment: Record<string, string | undefined> = { AWS_REGION: 'us-east-1' };
    const call = signedCalls(service, {
      environment,
      send: (each) => {
        asked.push(each);
        return Promise.resolve({ status: 200, headers: {}, text: '{}', ...answer });
      },
      now: () => NOW,
    })(...credentials);
    return { call, asked, environment };
  }

  it.each([
    ['a little', '2026-03-01T12:03:59Z', '20260301T120000Z'],
    ['much', '2026-03-01T13:00:00Z', '20260301T130000Z'],
    ['much, backwards', '2026-02-28T12:00:00Z', '20260228T120000Z'],
    ['nobody knows how much', 'nonsense', '20260301T120000Z'],
  ])(
    'after an answer whose clock differs %s is signed with the right time',
    async (_, date, signedAt) => {
      for (const status of [200, 403]) {
        const { call, asked } = calling('license-manager', {
          status,
          headers: { date: new Date(date).toString() },
        });
        await call('GetLicense', {}).catch(() => undefined);
        await call('GetLicense', {}).catch(() => undefined);
        expect(asked.map(({ headers }) => headers['x-amz-date'])).toEqual([
          '20260301T120000Z',
          signedAt,
        ]);
      }
    },
  );

  it('is signed with the credentials that Lambda sets, each time anew', async () => {
    const { call, asked, environment } = calling('sqs', {}, []);
    await expect(call('SendMessage', {})).rejects.toMatchObject({
      name: 'CredentialsProviderError',
    });
    Object.assign(environment, { AWS_ACCESS_KEY_ID: 'key', AWS_SECRET_ACCESS_KEY: 'secret' });
    await call('SendMessage', {});
    Object.assign(environment, { AWS_ACCESS_KEY_ID: 'another', AWS_SESSION_TOKEN: 'token' });
    await call('SendMessage', {});
    expect(asked.map(({ headers }) => headers['authorization'])).toEqual([
      expect.stringContaining('Credential=key/'),
      expect.stringContaining('Credential=another/'),
    ]);
    expect(asked.map(({ headers }) => headers['x-amz-security-token'])).toEqual([
      undefined,
      'token',
    ]);
  });

  it('passes the trace of the invocation on, by which Lambda ends what goes round', async () => {
    const { call, asked, environment } = calling('sqs', {});
    await call('SendMessage', {});
    environment['_X_AMZN_TRACE_ID'] = 'Root=1-2';
    await call('SendMessage', {});
    expect(asked.map(({ headers }) => headers['x-amzn-trace-id'])).toEqual([undefined, 'Root=1-2']);
  });

  it.each([
    [
      'in a header',
      'license-manager',
      { headers: { 'x-amzn-errortype': 'RateLimitExceededException:http://internal' }, text: '{}' },
      'RateLimitExceededException',
      'HTTP 400',
    ],
    [
      'with a namespace',
      'license-manager',
      { text: '{"__type":"com.amazonaws.x#ValidationException","message":"no"}' },
      'ValidationException',
      'no',
    ],
    [
      'as a code',
      'events',
      { text: '{"code":"AccessDeniedException","Message":"no"}' },
      'AccessDeniedException',
      'no',
    ],
    [
      'in XML',
      'sts',
      {
        text: '<?xml version="1.0"?>\n<ErrorResponse xmlns="x"><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>a &lt;b&gt; &amp;amp; &#39;c&#x27;</Message></Error></ErrorResponse>',
      },
      'AccessDenied',
      "a <b> &amp; 'c'",
    ],
    ['nowhere', 'sts', { text: '<html><body>Bad<br></html>' }, 'UnknownError', 'HTTP 400'],
    ['nowhere, in JSON', 'license-manager', { text: 'null' }, 'UnknownError', 'HTTP 400'],
  ] as const)('throws what AWS names %s', async (_, service, answer, name, message) => {
    const { call } = calling(service, { status: 400, headers: {}, ...answer });
    await expect(call('GetLicense', {})).rejects.toMatchObject({
      name,
      message,
      $metadata: { httpStatusCode: 400 },
    });
  });

  it('of an answer without members has none', async () => {
    expect(
      (await calling('license-manager', { text: '' }).call('CheckInLicense', {})).members,
    ).toEqual({});
    const text = '<AssumeRoleResponse><AssumeRoleResult/></AssumeRoleResponse>';
    expect((await calling('sts', { text }).call('AssumeRole', {})).members).toEqual({});
  });

  it.each([
    ['nothing', ''],
    ['a page', '<html><body>Sign in<br></body></html>'],
    ['another operation’s', '<ListTopicsResponse><ListTopicsResult/></ListTopicsResponse>'],
    ['half of it', '<ListSubscriptionsByTopicResponse>'],
  ])('is not answered by %s', async (_, text) => {
    await expect(calling('sns', { text }).call('ListSubscriptionsByTopic', {})).rejects.toThrow(
      'what came back has no ListSubscriptionsByTopicResult',
    );
  });

  it.each([
    ['dynamodb', 'Query'],
    ['aws-marketplace', 'SearchAgreements'],
    ['license-manager', 'ListReceivedLicenses'],
    ['sqs', 'SendMessage'],
  ] as const)(
    'of %s is not answered by what is no object: nothing is there',
    async (service, operation) => {
      for (const text of ['', 'null', '[]', '"no"', '<html></html>'])
        await expect(calling(service, { text }).call(operation, {}), text).rejects.toThrow();
      expect((await calling(service, { text: '{}' }).call(operation, {})).members).toEqual({});
    },
  );

  it('leaves numbers as exact as they are written', async () => {
    const text =
      '{"a":9223372036854775807,"b":"9223372036854775807 \\" 1","c":-1234567890123456,"d":1.5,"e":7}';
    expect((await calling('license-manager', { text }).call('GetLicense', {})).members).toEqual({
      ...{ a: '9223372036854775807', b: '9223372036854775807 " 1' },
      ...{ c: '-1234567890123456', d: 1.5, e: 7 },
    });
  });
});

it('reads lists, empty elements and what is not well-formed', () => {
  expect(
    readQueryAnswer(
      '<R><!-- no --><L><member><A>1</A><B/></member><member><A> 2 </A></member></L><E></E><M><entry><key>k</key><value>v</value></entry></M></R>',
    ),
  ).toEqual({
    R: { L: [{ A: '1', B: '' }, { A: ' 2 ' }], E: '', M: [{ key: 'k', value: 'v' }] },
  });
  expect(readQueryAnswer('</a><b>1')).toEqual({ b: '1' });
  expect(readQueryAnswer('')).toBe('');
});

describe('connections', () => {
  let server: Server;
  let url: URL;
  let sockets = new Set<unknown>();
  /** What becomes of the next answers. */
  let behaves: 'well' | 'silent' | 'breaks off' | 'stops' | 'in parts' = 'well';
  beforeAll(async () => {
    server = createServer((request, response) => {
      sockets.add(request.socket);
      request.resume().on('end', () => {
        if (behaves === 'silent') return;
        if (behaves === 'in parts') {
          const euro = Buffer.from('€');
          response.write(euro.subarray(0, 1));
          response.end(euro.subarray(1));
          return;
        }
        response.writeHead(200, { 'content-length': '10' });
        response.write('12345');
        if (behaves === 'well') response.end('67890');
        if (behaves === 'breaks off') setImmediate(() => request.socket.destroy());
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  });
  afterAll(() => {
    server.close();
    server.closeAllConnections();
  });
  afterEach(() => {
    behaves = 'well';
    sockets = new Set();
  });

  const [send, unhurried] = [100, 60_000].map((requestTimeout) =>
    connections({ connectionTimeout: 1_000, requestTimeout }),
  ) as [Send, Send];
  const asked = (signal?: AbortSignal, by = send) => by({ url, headers: {}, body: 'body', signal });

  it('are kept for the next call', async () => {
    for (let n = 0; n < 3; n += 1)
      expect(await asked()).toMatchObject({ status: 200, text: '1234567890' });
    expect(sockets.size).toBe(1);
  });

  it('take an answer in parts, cut within a character', async () => {
    behaves = 'in parts';
    expect(await asked()).toMatchObject({ status: 200, text: '€' });
  });

  it.each(['silent', 'stops'] as const)(
    'are waited for so long where the other side is %s',
    async (how) => {
      behaves = how;
      const error: unknown = await asked().catch((thrown: unknown) => thrown);
      expect(judge(STS_ERRORS, error)).toEqual(SDK_ERRORS['TimeoutError']);
    },
  );

  it.each(['silent', 'stops'] as const)(
    'are given up with whoever called, where the other side is %s',
    async (how) => {
      behaves = how;
      const gaveUp = new AbortController();
      const answer = asked(gaveUp.signal, unhurried).catch((thrown: unknown) => thrown);
      await vi.waitUntil(() => sockets.size === 1);
      gaveUp.abort();
      expect(judge(STS_ERRORS, await answer)).toEqual(SDK_ERRORS['AbortError']);
      expect(
        judge(STS_ERRORS, await asked(gaveUp.signal, unhurried).catch((thrown: unknown) => thrown)),
      ).toEqual(SDK_ERRORS['AbortError']);
      expect(sockets.size).toBe(1);
    },
  );

  it('that break off in the middle of an answer have lost it', async () => {
    behaves = 'breaks off';
    expect(judge(STS_ERRORS, await asked().catch((thrown: unknown) => thrown))).toEqual(
      SDK_ERRORS['ECONNRESET'],
    );
  });

  it('that cannot be made in time are not waited for', async () => {
    // A name that nobody resolves: the connection is never there.
    const never = connections(
      { connectionTimeout: 30, requestTimeout: 60_000 },
      { lookup: () => undefined },
    );
    const error: unknown = await never({
      url: new URL('http://silent.example/'),
      headers: {},
      body: '',
      signal: undefined,
    }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      name: 'TimeoutError',
      message: 'no connection to silent.example within 30 ms',
    });
  });
});
