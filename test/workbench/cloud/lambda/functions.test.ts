import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, test } from 'vitest';
import type { Invocation } from '../../../../lib/workbench/cloud/lambda/functions.ts';
import { smallCloud, START, type SmallCloud } from '../../../support/small-cloud.ts';
import { deployFunction, smallLambda, type SmallLambda } from '../../../support/small-function.ts';

let cloud: SmallCloud;
let lambda: SmallLambda;

beforeEach(async () => {
  cloud = await smallCloud();
  lambda = smallLambda(cloud);
});
afterEach(() => cloud[Symbol.asyncDispose]());

/** What the handler answered. */
function answerOf(invocation: Invocation): Record<string, unknown> {
  if (!invocation.ok) expect.fail(JSON.stringify(invocation.error));
  return JSON.parse(invocation.payload) as Record<string, unknown>;
}

function errorOf(invocation: Invocation): { errorType: string; errorMessage: string } {
  if (invocation.ok) expect.fail(`no error: ${invocation.payload}`);
  return invocation.error;
}

describe('the environment', () => {
  it('is the template’s and Lambda’s, and nothing of the process around it', async () => {
    process.env['SECRET_OF_THE_MACHINE'] = 'x';
    const arn = await deployFunction(lambda, 'export const handler = async () => process.env;', {
      Environment: {
        Variables: {
          TABLE: 'audit',
          NODE_OPTIONS: '--enable-source-maps --max-old-space-size=100',
        },
      },
      MemorySize: 256,
      LoggingConfig: { LogGroup: 'logs-of-work', LogFormat: 'JSON', ApplicationLogLevel: 'INFO' },
    });
    const {
      AWS_ACCESS_KEY_ID: key,
      AWS_SECRET_ACCESS_KEY: secret,
      AWS_SESSION_TOKEN: token,
      ...rest
    } = answerOf(await cloud.functions.invoke(arn, {}));
    delete process.env['SECRET_OF_THE_MACHINE'];
    expect(rest).toEqual({
      TABLE: 'audit',
      NODE_OPTIONS: '--enable-source-maps --max-old-space-size=100',
      AWS_DEFAULT_REGION: 'us-east-1',
      AWS_ENDPOINT_URL: cloud.front.url,
      AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '256',
      AWS_LAMBDA_FUNCTION_NAME: 'stack-work',
      AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
      AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
      AWS_LAMBDA_LOG_FORMAT: 'JSON',
      AWS_LAMBDA_LOG_GROUP_NAME: 'logs-of-work',
      AWS_LAMBDA_LOG_LEVEL: 'INFO',
      AWS_LAMBDA_LOG_STREAM_NAME: expect.stringMatching(/^\[\$LATEST\][0-9a-f]{32}$/) as string,
      AWS_REGION: 'us-east-1',
      LAMBDA_TASK_ROOT: expect.stringMatching(/of-a-test-/) as string,
      LANG: 'en_US.UTF-8',
      TZ: ':UTC',
      _HANDLER: 'index.handler',
      _X_AMZN_TRACE_ID: expect.stringMatching(/^Root=1-.*;Lineage=[0-9a-f]{8}:1$/) as string,
    });
    expect(secret).toMatch(/^.{40}$/);
    expect(cloud.credentials.lookup(key as string, token as string)).toMatchObject({
      kind: 'role',
      arn: 'arn:aws:iam::111111111111:role/path/worker',
      sessionArn: 'arn:aws:sts::111111111111:assumed-role/worker/stack-work',
    });
  });

  it('gives the context that libraries read', async () => {
    const source = `export const handler = async (event, context) =>
      ({ ...context, remaining: context.getRemainingTimeInMillis(), event });`;
    const arn = await deployFunction(lambda, source, { Timeout: 5 });
    const { remaining, ...context } = answerOf(await cloud.functions.invoke(arn, { n: 1 }));
    expect(context).toMatchObject({
      event: { n: 1 },
      functionName: 'stack-work',
      functionVersion: '$LATEST',
      invokedFunctionArn: arn,
      memoryLimitInMB: '128',
      logGroupName: '/aws/lambda/stack-work',
      awsRequestId: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
    });
    expect(remaining).toBeGreaterThan(4000);
    expect(remaining).toBeLessThanOrEqual(5000);
  });
});

describe('time', () => {
  it('is the cloud’s for dates and the machine’s for timers', async () => {
    const source = `const loaded = new Date().toISOString();
      export const handler = async () => {
        const before = performance.now();
        await new Promise((resolve) => setTimeout(resolve, 20));
        return { loaded, now: Date.now(), date: new Date().toISOString(), text: Date(), given: new Date(5).getTime(),
          real: performance.now() - before, same: new Date() instanceof Date, parsed: Date.UTC(2020, 0) };
      };`;
    const arn = await deployFunction(lambda, source);
    const iso = new Date(START).toISOString();
    const first = answerOf(await cloud.functions.invoke(arn, {}));
    expect(first).toMatchObject({
      loaded: iso,
      now: START,
      date: iso,
      given: 5,
      same: true,
      parsed: 1577836800000,
    });
    expect(first['text']).toBe(new Date(START).toString());
    expect(first['real']).toBeGreaterThan(10);
    await cloud.advance(3600);
    const second = answerOf(await cloud.functions.invoke(arn, {}));
    expect(second).toMatchObject({ loaded: iso, now: START + 3_600_000 });
    expect(cloud.functions.counts(arn)).toEqual({ invocations: 2, errors: 0, starts: 1 });
  });

  it('reaches the SDK: calls are signed by it and answered by the cloud', async () => {
    const sdk = pathToFileURL(
      `${process.cwd()}/node_modules/@aws-sdk/client-sns/dist-cjs/index.js`,
    ).href;
    const source = `import sns from '${sdk}';
      const client = new sns.SNSClient({});
      let signed;
      client.middlewareStack.add((next) => async (args) => { signed = args.request.headers; return next(args); },
        { step: 'finalizeRequest', priority: 'low', name: 'see' });
      export const handler = async (event) => {
        const error = await client.send(new sns.PublishCommand(event)).catch((thrown) => thrown);
        return { date: signed['x-amz-date'], error: error.name, offset: client.config.systemClockOffset };
      };`;
    const arn = await deployFunction(lambda, source);
    await cloud.advance(3 * 86_400);
    const event = { TopicArn: 'arn:aws:sns:us-east-1:111111111111:nowhere', Message: 'x' };
    expect(answerOf(await cloud.functions.invoke(arn, event))).toEqual({
      date: '20270304T000000Z',
      error: 'NotFoundException',
      offset: 0,
    });
  });
});

describe('the network', () => {
  const SOURCE = `import https from 'node:https';
    const reason = (error) => String(error.cause ?? error);
    export const handler = async ({ url, by, body }) => by === 'fetch'
      ? fetch(url, { method: 'PUT', body, redirect: 'error' }).then(async (r) => ({ status: r.status, text: await r.text() }), (e) => ({ error: reason(e) }))
      : new Promise((resolve) => https.get(url, () => resolve({})).on('error', (e) => resolve({ error: reason(e) })));`;

  test.each(['fetch', 'https'])('refuses a foreign host by name (%s)', async (by) => {
    const arn = await deployFunction(lambda, SOURCE);
    const answer = answerOf(
      await cloud.functions.invoke(arn, { by, url: 'https://example.com/x', body: '' }),
    );
    expect(answer['error']).toContain('the local cloud has no way to example.com');
  });

  test.each([
    'https://cloudformation-custom-resource-response-useast1.s3.amazonaws.com/arn%3Aaws/x%7C1?Signature=a%2Fb',
    'https://cloudformation-custom-resource-response-useast1.s3.us-east-1.amazonaws.com/arn%3Aaws/x%7C1?Signature=a%2Fb',
  ])('leads %s to the front, path and host kept', async (url) => {
    const arn = await deployFunction(lambda, SOURCE);
    const answer = answerOf(
      await cloud.functions.invoke(arn, { by: 'fetch', url, body: '{"a":1}' }),
    );
    expect(answer['status']).toBe(200);
    expect(JSON.parse(answer['text'] as string)).toEqual({
      method: 'PUT',
      path: '/arn%3Aaws/x%7C1?Signature=a%2Fb',
      host: new URL(url).host,
      body: '{"a":1}',
    });
  });

  test.each([
    'https://cloudformation-custom-resource-response-useast1.s3.amazonaws.com.evil.example/x',
    'https://evil-cloudformation-custom-resource-response-useast1.s3.amazonaws.com/x',
  ])('does not take %s for CloudFormation’s bucket', async (url) => {
    const arn = await deployFunction(lambda, SOURCE);
    const answer = answerOf(await cloud.functions.invoke(arn, { by: 'fetch', url, body: '' }));
    expect(answer['error']).toContain('has no way to');
  });
});

describe('failures', () => {
  const SOURCE = `export const handler = async ({ how }) => {
    if (how === 'throw') throw new RangeError('too far');
    if (how === 'hang') await new Promise(() => setInterval(() => {}, 1000));
    if (how === 'spin') for (;;);
    if (how === 'exit') process.exit(3);
    if (how === 'reject') { void Promise.reject(new Error('nobody listens')); await new Promise((r) => setTimeout(r, 500)); }
    if (how === 'memory') { const all = []; for (;;) all.push(new Array(100_000).fill(Math.random())); }
    return 'fine';
  };`;

  test.each([
    ['throw', 'RangeError', /^too far$/],
    ['hang', 'Sandbox.Timedout', /Task timed out after 1\.00 seconds/],
    ['spin', 'Sandbox.Timedout', /Task timed out after 1\.00 seconds/],
    ['exit', 'Runtime.ExitError', /exit status 3/],
    ['reject', 'Error', /nobody listens/],
    ['memory', 'Runtime.ExitError', /signal: killed/],
  ])(
    'is the function’s own (%s), and the next invocation is fine',
    async (how, errorType, message) => {
      const timeout = ['hang', 'spin'].includes(how) ? 1 : 20;
      const arn = await deployFunction(lambda, SOURCE, { Timeout: timeout });
      const error = errorOf(await cloud.functions.invoke(arn, { how }));
      expect(error.errorType).toBe(errorType);
      expect(error.errorMessage).toMatch(message);
      expect(await cloud.functions.invoke(arn, {})).toMatchObject({ ok: true, payload: '"fine"' });
      expect(cloud.functions.counts(arn)).toEqual({
        invocations: 2,
        errors: 1,
        starts: how === 'throw' ? 1 : 2,
      });
    },
  );

  test.each([
    ['throws while loading', `throw new TypeError('WATCH_TABLE_NAME is missing');`, 'TypeError'],
    ['does not export the handler', 'export const other = 1;', 'Runtime.HandlerNotFound'],
  ])('says so when the bundle %s', async (_name, source, errorType) => {
    const arn = await deployFunction(lambda, source);
    expect(errorOf(await cloud.functions.invoke(arn, {})).errorType).toBe(errorType);
  });

  it('refuses a role that Lambda may not take, and code that is no asset', async () => {
    await expect(deployFunction(lambda, '', { Code: { ZipFile: 'x' } })).rejects.toThrow(
      /Code\.S3Key/,
    );
    await expect(deployFunction(lambda, '', { Timeout: 901 })).rejects.toThrow(
      /Timeout.*1 to 900.*901/,
    );
  });
});

describe('warm copies', () => {
  it('runs at most its concurrency at once, the others after', async () => {
    const source = `export const handler = async () => new Promise((r) => setTimeout(() => r(globalThis.n = (globalThis.n ?? 0) + 1), 30));`;
    const arn = await deployFunction(lambda, source);
    const answers = await Promise.all(
      Array.from({ length: 14 }, () => cloud.functions.invoke(arn, {})),
    );
    expect(answers.every(({ ok }) => ok)).toBe(true);
    expect(cloud.functions.counts(arn).starts).toBe(10);
  });

  it('starts anew when its credentials would end', async () => {
    const arn = await deployFunction(lambda, 'export const handler = async () => process.env.V;');
    await cloud.functions.invoke(arn, {});
    await cloud.advance(12 * 3600 - 600);
    await cloud.functions.invoke(arn, {});
    expect(cloud.functions.counts(arn).starts).toBe(2);
  });

  it('holds the cloud’s time while it runs', async () => {
    const arn = await deployFunction(
      lambda,
      'export const handler = () => new Promise((r) => setTimeout(() => r(Date.now()), 50));',
    );
    const invocation = cloud.functions.invoke(arn, {});
    await cloud.advance(3600);
    expect(await invocation).toMatchObject({ payload: String(START) });
  });
});

describe('logs', () => {
  const SOURCE = `export const handler = async () => {
    console.log('one'); process.stdout.write('two '); process.stdout.write('halves\\n'); console.error('three');
    console.log(JSON.stringify({ _aws: { Timestamp: 1, CloudWatchMetrics: [{ Namespace: 'Watcher', Dimensions: [['service']],
      Metrics: [{ Name: 'Checks', Unit: 'Count' }, { Name: 'Latency' }] }] }, service: 'check', Checks: 3, Latency: [1, 2] }));
  };`;

  it('keeps lines by log group and adds up embedded metrics', async () => {
    const arn = await deployFunction(lambda, SOURCE, { LoggingConfig: { LogGroup: 'group' } });
    await cloud.functions.invoke(arn, {});
    await cloud.functions.invoke(arn, {});
    const lines = cloud.logs.lines('group');
    expect(lines.slice(0, 3).map(({ text }) => text)).toEqual(['one', 'two halves', 'three']);
    expect(lines[0]?.at).toBe(START);
    expect(cloud.metrics.sum('Watcher', 'Checks')).toBe(6);
    expect(cloud.metrics.sum('Watcher', 'Checks', { service: 'other' })).toBe(0);
    expect(cloud.metrics.sum('Watcher', 'Latency')).toBe(6);
  });

  test.each(['logs:CreateLogStream', 'logs:PutLogEvents'])(
    'loses the lines of a role without %s',
    async (action) => {
      cloud.deny = (question) => question.action === action;
      const arn = await deployFunction(lambda, SOURCE, { LoggingConfig: { LogGroup: 'group' } });
      await cloud.functions.invoke(arn, {});
      expect(cloud.logs.lines('group')).toEqual([]);
      expect(cloud.metrics.all()).toEqual([]);
      expect(cloud.functions.lostLines.get('group')).toBe(4);
    },
  );
});

it('imports nothing into the worker but Node.js', () => {
  for (const file of ['worker-entry', 'worker-network', 'worker-protocol']) {
    const source = readFileSync(
      new URL(`../../../../lib/workbench/cloud/lambda/${file}.ts`, import.meta.url),
      'utf8',
    );
    const imports = [...source.matchAll(/from '([^']+)'/g)].map(([, name]) => name);
    expect(imports.filter((name) => !/^node:|^\.\/worker-/.test(name ?? ''))).toEqual([]);
  }
});

it('runs its new code once a deployment changed it, under the same name', async () => {
  const before = await deployFunction(
    lambda,
    "export const handler = async () => ({ code: 'old' });",
  );
  expect(answerOf(await cloud.functions.invoke(before, {}))).toEqual({ code: 'old' });
  const after = await deployFunction(
    lambda,
    "export const handler = async () => ({ code: 'new' });",
    {},
    { physicalId: 'stack-work', attributes: { Arn: before }, properties: {} },
  );
  expect(after).toBe(before);
  expect(answerOf(await cloud.functions.invoke(after, {}))).toEqual({ code: 'new' });
});
