import { expect, test } from 'vitest';
import { reading } from '../../../../lib/seller/aws/deployment-health.ts';

function named(name: string): Error {
  return Object.assign(new Error('as AWS says'), { name });
}

test('what could be read', async () => {
  expect(await reading('s:Read', () => Promise.resolve(1))).toEqual({ kind: 'read', value: 1 });
});

test.each([
  'AccessDenied',
  'AccessDeniedException',
  'AuthorizationError',
  'AuthorizationErrorException',
])('%s: whoever asks may not, and needs that permission', async (name) => {
  const read = await reading('s:Read', () => Promise.reject(named(name)));
  expect(read).toEqual({ kind: 'denied', permission: 's:Read', error: `${name}: as AWS says` });
});

test.each([
  'ResourceNotFoundException',
  'NotFoundException',
  'QueueDoesNotExist',
  'AWS.SimpleQueueService.NonExistentQueue',
])('%s: it is not there', async (name) => {
  const read = await reading('s:Read', () => Promise.reject(named(name)));
  expect(read).toEqual({ kind: 'gone', error: `${name}: as AWS says` });
});

test.each(['ThrottlingException', 'TimeoutError', 'Error', 'constructor'])(
  '%s: nobody knows',
  async (name) => {
    const read = await reading('s:Read', () => Promise.reject(named(name)));
    expect(read).toEqual({ kind: 'failed', error: `${name}: as AWS says` });
  },
);
