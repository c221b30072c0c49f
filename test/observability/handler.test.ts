import type { Context, SQSEvent } from 'aws-lambda';
import * as z from 'zod/mini';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { lambdaHandler, createObservability } from '../../lib/observability/handler.ts';
import * as MESSAGES from '../../lib/observability/message-codes.ts';
import { eachRecord, type ReceivedMessage } from '../../lib/observability/events.ts';
import { METRICS } from '../../lib/messages/names.ts';

type Line = Readonly<Record<string, unknown>>;

let written: string[];
beforeEach(() => {
  written = [];
  const write = (chunk: string | Uint8Array): boolean => {
    written.push(String(chunk));
    return true;
  };
  vi.spyOn(process.stdout, 'write').mockImplementation(write);
  vi.spyOn(process.stderr, 'write').mockImplementation(write);
});
afterEach(() => {
  vi.restoreAllMocks();
});

const lines = (): Line[] =>
  written.flatMap((text) => text.trim().split('\n')).map((text) => JSON.parse(text) as Line);
const codes = () => lines().flatMap(({ code }) => (code === undefined ? [] : [code]));
const metrics = () => lines().filter((line) => '_aws' in line);

function context(milliseconds = 60_000): Context {
  return {
    functionName: 'default-send-notices',
    awsRequestId: 'request-1',
    memoryLimitInMB: '256',
    invokedFunctionArn: 'arn:aws:lambda:us-east-1:999988887777:function:default-send-notices',
    getRemainingTimeInMillis: () => milliseconds,
  } as Context;
}

describe('the handler', () => {
  it('says that it started and completed, with the request, and writes the metrics with one dimension', async () => {
    const observability = createObservability('send-notices', 'default');
    const handler = lambdaHandler(observability, () => {
      observability.meter.measure(METRICS.noticesFailed, 1);
      observability.meter.measure(METRICS.noticesFailed, 1);
      return Promise.resolve('done');
    });
    expect(await handler({}, context())).toBe('done');
    expect(codes()).toEqual(['STARTED', 'COMPLETED']);
    expect(lines()[0]).toMatchObject({
      service: 'send-notices',
      deployment: 'default',
      function_request_id: 'request-1',
    });
    const [metric, ...more] = metrics();
    expect(more).toEqual([]);
    expect(metric).toMatchObject({
      deployment: 'default',
      NoticesFailed: [1, 1],
      _aws: {
        CloudWatchMetrics: [
          {
            Namespace: 'LicenseWatcher',
            Dimensions: [['deployment']],
            Metrics: [{ Name: 'NoticesFailed', Unit: 'Count' }],
          },
        ],
      },
    });
  });

  it('keeps its one dimension in later invocations, and writes no metric where none was measured', async () => {
    const observability = createObservability('send-notices', 'default');
    const handler = lambdaHandler(observability, (count: boolean) => {
      if (count) observability.meter.measure(METRICS.lastSeenAgeHours, 3.5);
      return Promise.resolve();
    });
    await handler(true, context());
    await handler(false, context());
    expect(metrics()).toHaveLength(1);
    await handler(true, context());
    expect(metrics()).toHaveLength(2);
    expect(metrics()[1]).toEqual({ ...metrics()[0], _aws: expect.anything() as unknown });
    expect(metrics()[1]).toMatchObject({
      _aws: { CloudWatchMetrics: [{ Dimensions: [['deployment']] }] },
    });
  });

  it('writes what is measured of a product with the product as second dimension, and nothing of it again', () => {
    const { meter } = createObservability('check-licenses', 'default');
    meter.measure(METRICS.rangesDone, 1);
    meter.measure(METRICS.usedPercent, 80, 'viewer');
    meter.measure(METRICS.usedPercent, 10, 'lake');
    meter.publish();
    meter.publish();
    expect(metrics()).toMatchObject([
      { deployment: 'default', RangesDone: 1 },
      { deployment: 'default', product: 'viewer', UsedPercent: 80 },
      { deployment: 'default', product: 'lake', UsedPercent: 10 },
    ]);
    expect(metrics()[0]).not.toHaveProperty('product');
    expect(metrics()[1]).toMatchObject({
      _aws: {
        CloudWatchMetrics: [
          {
            Dimensions: [['deployment', 'product']],
            Metrics: [{ Name: 'UsedPercent', Unit: 'Percent' }],
          },
        ],
      },
    });
  });

  it('hands a failure to Lambda, says it, and still writes the metrics', async () => {
    const observability = createObservability('send-notices', 'default');
    const handler = lambdaHandler(observability, () => {
      observability.meter.measure(METRICS.noticesFailed, 1);
      return Promise.reject(new Error('the table is gone'));
    });
    await expect(handler({}, context())).rejects.toThrow('the table is gone');
    expect(codes()).toEqual(['STARTED', 'FAILED']);
    expect(lines()[1]).toMatchObject({ error: { message: 'the table is gone' } });
    expect(metrics()).toHaveLength(1);
  });

  it('aborts before Lambda would, in time to say so', async () => {
    const observability = createObservability('send-notices', 'default');
    let aborted = false;
    const handler = lambdaHandler(
      observability,
      (_event, _context, signal) =>
        new Promise(() => {
          signal.addEventListener('abort', () => (aborted = true));
        }),
    );
    await expect(handler({}, context(501))).rejects.toThrow('aborted');
    expect(aborted).toBe(true);
    expect(codes()).toEqual(['STARTED', 'FAILED']);
  });

  it('names in each line the invocation it is of, and whether that was the first', async () => {
    const observability = createObservability('send-notices', 'default');
    const handler = lambdaHandler(observability, () => Promise.resolve());
    await handler({}, context());
    await handler({}, { ...context(), awsRequestId: 'request-2' });
    expect(lines().map(({ function_request_id: of, cold_start: first }) => [of, first])).toEqual([
      ['request-1', true],
      ['request-1', true],
      ['request-2', false],
      ['request-2', false],
    ]);
    for (const line of lines())
      expect(line).toMatchObject({
        level: 'INFO',
        timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/) as string,
        function_name: 'default-send-notices',
        function_memory_size: '256',
      });
  });

  it('writes from the level on that Lambda is set to', () => {
    vi.stubEnv('AWS_LAMBDA_LOG_LEVEL', 'WARN');
    const { log } = createObservability('send-notices', 'default');
    vi.unstubAllEnvs();
    log.info(MESSAGES.started);
    log.warn(MESSAGES.checkNotStarted, { buyerAccountId: '111122223333' });
    expect(lines()).toMatchObject([
      { level: 'WARN', code: 'CHECK_NOT_STARTED', buyerAccountId: '111122223333' },
    ]);
  });

  it('shows of an error what it carries, and what caused it', () => {
    const { log } = createObservability('send-notices', 'default');
    const cause = Object.assign(new Error('slow down'), { $metadata: { httpStatusCode: 429 } });
    log.error(MESSAGES.failed, {}, new Error('not written', { cause }));
    log.error(MESSAGES.failed, {}, 'thrown text');
    expect(lines()).toMatchObject([
      {
        error: {
          name: 'Error',
          message: 'not written',
          stack: expect.stringContaining('handler.test.ts') as string,
          cause: { message: 'slow down', $metadata: { httpStatusCode: 429 } },
        },
      },
      { error: { message: 'thrown: "thrown text"' } },
    ]);
  });

  it('writes at most a hundred values of a metric in a line, as CloudWatch takes them', () => {
    const { meter } = createObservability('check-licenses', 'default');
    for (let n = 0; n < 230; n += 1) meter.measure(METRICS.checksFailed, n);
    meter.measure(METRICS.rangesDone, 2);
    meter.publish();
    meter.publish();
    expect(metrics().map(({ ChecksFailed: values }) => (values as number[]).length)).toEqual([
      100, 100, 30,
    ]);
    expect(metrics().flatMap(({ ChecksFailed: values }) => values)).toEqual(
      Array.from({ length: 230 }, (_, n) => n),
    );
    expect(metrics().map(({ RangesDone: values }) => values)).toEqual([2, undefined, undefined]);
  });
});

describe('records of a queue', () => {
  const schema = z.object({ n: z.number() });
  const event = (...bodies: string[]) =>
    ({
      Records: bodies.map((body, index) => ({
        messageId: `m-${index}`,
        receiptHandle: `receipt-${index}`,
        body,
        attributes: { ApproximateReceiveCount: '2' },
      })),
    }) as SQSEvent;

  it('are worked off each alone: malformed and failing ones come back and what is to come again, neighbours do not', async () => {
    const observability = createObservability('send-notices', 'default');
    const done: number[] = [];
    const response = await eachRecord(
      event('{"n":0}', 'not json', '{"n":"two"}', '{"n":3}', '{"n":4}'),
      schema,
      { ...observability, failures: METRICS.noticesFailed },
      new AbortController().signal,
      ({ body: { n } }) => {
        if (n === 3) return Promise.reject(new Error('three'));
        done.push(n);
        return Promise.resolve(n === 4 ? 'again' : 'done');
      },
    );
    expect(done).toEqual([0, 4]);
    expect(response.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier)).toEqual([
      'm-1',
      'm-2',
      'm-3',
      'm-4',
    ]);
    expect(lines().map(({ code, messageId, problem }) => [code, messageId, problem])).toEqual([
      ['MESSAGE_MALFORMED', 'm-1', 'the body is not JSON'],
      ['MESSAGE_MALFORMED', 'm-2', 'n: expected number, got "two"'],
      ['MESSAGE_FAILED', 'm-3', undefined],
    ]);
    observability.meter.publish();
    expect(metrics()[0]).toMatchObject({ NoticesFailed: [1, 1, 1] });
  });

  it('are not started after the end of the invocation', async () => {
    const observability = createObservability('send-notices', 'default');
    const ending = new AbortController();
    const started: number[] = [];
    const response = await eachRecord(
      event('{"n":0}', '{"n":1}'),
      schema,
      { ...observability, failures: METRICS.noticesFailed },
      ending.signal,
      ({ body: { n } }) => {
        started.push(n);
        ending.abort();
        return Promise.resolve('done');
      },
    );
    expect(started).toEqual([0]);
    expect(response.batchItemFailures).toEqual([{ itemIdentifier: 'm-1' }]);
  });

  it('tell how often they came', async () => {
    const received: ReceivedMessage<unknown>[] = [];
    await eachRecord(
      event('{"n":0}'),
      schema,
      { ...createObservability('send-notices', 'default'), failures: METRICS.noticesFailed },
      new AbortController().signal,
      (each) => {
        received.push(each);
        return Promise.resolve('done');
      },
    );
    expect(received).toEqual([
      { messageId: 'm-0', body: { n: 0 }, receiveCount: 2, receiptHandle: 'receipt-0' },
    ]);
  });
});

describe('the messages of the log', () => {
  it('have codes that are told apart and sentences that end', () => {
    const all = Object.values(MESSAGES);
    expect(new Set(all.map(({ code }) => code)).size).toBe(all.length);
    for (const { code, sentence } of all) {
      expect(code).toMatch(/^[A-Z][A-Z_]+$/);
      expect(sentence).toMatch(/^[A-Z].*\.$/);
    }
  });
});
