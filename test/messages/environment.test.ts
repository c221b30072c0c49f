import { expect, test } from 'vitest';
import { env } from '../../lambdas/check-licenses/env.ts';
import { readEnvironment } from '../../lib/messages/settings.ts';

const WHOLE = {
  WATCH_TABLE_NAME: 'watch',
  AUDIT_TABLE_NAME: 'audit',
  NOTICES_QUEUE_URL: 'https://sqs.us-east-1.amazonaws.com/1/notices',
  REGISTRATIONS_QUEUE_URL: 'https://registrations',
  CHECKS_QUEUE_URL: 'https://sqs.us-east-1.amazonaws.com/1/checks',
};

test('reads what the schema names and nothing else', () => {
  expect(readEnvironment(env, { ...WHOLE, PATH: '/bin' })).toEqual(WHOLE);
});

test('fails with the names of all that is missing, at once', () => {
  const { WATCH_TABLE_NAME, CHECKS_QUEUE_URL, REGISTRATIONS_QUEUE_URL } = WHOLE;
  expect(() =>
    readEnvironment(env, { WATCH_TABLE_NAME, CHECKS_QUEUE_URL, REGISTRATIONS_QUEUE_URL }),
  ).toThrow(
    'environment variables AUDIT_TABLE_NAME, NOTICES_QUEUE_URL are missing or malformed; expected what the watcher stack sets: deploy it again',
  );
});
