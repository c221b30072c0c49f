import { afterEach, describe, expect, it } from 'vitest';
import * as fc from '../support/property.ts';
import { answerBody, deliverAnswer } from '../../lib/aws/cloudformation-response.ts';
import { openLoopback, type Loopback } from '../../lib/workbench/cloud/loopback.ts';
import { registrationRequest } from '../support/cloudformation-request.ts';
import type { CloudFormationAnswer } from '../../lib/messages/registration.ts';

const request = registrationRequest();
const answer: CloudFormationAnswer = {
  status: 'SUCCESS',
  reason: 'registered',
  physicalResourceId: 'license-watcher-default-111122223333',
  data: { SelfTest: 'ok', Topic: 'ok' },
};

let server: Loopback | undefined;
afterEach(() => server?.close());

interface Received {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly contentType: string | undefined;
  readonly body: string;
}

/** A bucket on loopback that answers with the given statuses in turn; 0: never. */
async function bucket(...statuses: number[]): Promise<{ url: string; received: Received[] }> {
  const received: Received[] = [];
  server = await openLoopback((message, body, response) => {
    const { method, url, headers } = message;
    received.push({ method, url, contentType: headers['content-type'], body });
    const status = statuses[received.length - 1] ?? 200;
    if (status !== 0) response.writeHead(status, { location: '/elsewhere' }).end('<Error/>');
  });
  return { url: `${server.url}/arn%3Aaws/x%7Cy?Signature=a%3D`, received };
}

describe('the delivery', () => {
  it('puts the body as it was signed for: no content type, path and query kept', async () => {
    const { url, received } = await bucket(200);
    expect(await deliverAnswer(url, request, answer, fetch)).toEqual({ kind: 'delivered' });
    expect(received).toEqual([
      {
        method: 'PUT',
        url: '/arn%3Aaws/x%7Cy?Signature=a%3D',
        contentType: '',
        body: JSON.stringify({
          Status: 'SUCCESS',
          Reason: 'registered',
          PhysicalResourceId: 'license-watcher-default-111122223333',
          StackId: request.StackId,
          RequestId: request.RequestId,
          LogicalResourceId: 'Registration',
          Data: { SelfTest: 'ok', Topic: 'ok' },
        }),
      },
    ]);
  });

  it('does not repeat what the bucket refuses', async () => {
    const { url, received } = await bucket(403);
    expect(await deliverAnswer(url, request, answer, fetch)).toEqual({
      kind: 'refused',
      reason: 'the bucket answered 403',
    });
    expect(received).toHaveLength(1);
  });

  it.each([301, 302, 303, 307, 308])('does not follow a redirect (%d)', async (status) => {
    const { url, received } = await bucket(status);
    expect((await deliverAnswer(url, request, answer, fetch)).kind).toBe('refused');
    expect(received).toHaveLength(1);
  });

  it('tries again after a failure of the bucket', async () => {
    const { url, received } = await bucket(503, 200);
    expect(await deliverAnswer(url, request, answer, fetch)).toEqual({ kind: 'delivered' });
    expect(received).toHaveLength(2);
  });

  it('gives up loudly, so that the message comes again', async () => {
    const { url, received } = await bucket(500, 500, 500);
    await expect(deliverAnswer(url, request, answer, fetch)).rejects.toThrow(
      'did not reach CloudFormation in 2 attempts',
    );
    expect(received).toHaveLength(2);
  });

  it('ends at its own time limit when the bucket is silent', async () => {
    const { url, received } = await bucket(0, 0);
    await expect(deliverAnswer(url, request, answer, fetch, 40)).rejects.toMatchObject({
      cause: { name: 'TimeoutError' },
    });
    expect(received.length).toBeGreaterThan(0);
  });
});

describe('the body', () => {
  const words = fc.string({ unit: 'binary', maxLength: 6000 });

  it('stays under 4096 bytes and valid, whatever the words, and keeps every attribute', () => {
    fc.assert(
      fc.property(words, words, words, (reason, one, two) => {
        const body = answerBody(request, {
          ...answer,
          reason,
          data: { SelfTest: one, Topic: two },
        });
        expect(Buffer.byteLength(body)).toBeLessThan(4096);
        const parsed = JSON.parse(body) as { Data: Record<string, string>; StackId: string };
        expect(Object.keys(parsed.Data)).toEqual(['SelfTest', 'Topic']);
        expect(parsed.StackId).toBe(request.StackId);
      }),
    );
  });

  it('leaves words that fit as they are', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 200 }), (reason) => {
        expect(
          (JSON.parse(answerBody(request, { ...answer, reason })) as { Reason: string }).Reason,
        ).toBe(reason);
      }),
    );
  });

  it('counts bytes, not characters', () => {
    expect(
      Buffer.byteLength(answerBody(request, { ...answer, reason: '☃'.repeat(2000) })),
    ).toBeLessThan(4096);
  });

  it('fits beside the longest physical ID that is let in', () => {
    const body = answerBody(request, {
      ...answer,
      reason: 'x'.repeat(9000),
      physicalResourceId: '"'.repeat(1024),
    });
    expect(Buffer.byteLength(body)).toBeLessThan(4096);
  });
});
