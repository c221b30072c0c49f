import { expect, test } from 'vitest';
import { updateNotice } from '../../../lib/aws/dynamodb/notice-book.ts';
import { DAY, plus } from '../../../lib/domain/time.ts';
import { aNotice, NOW } from '../../support/records.ts';

const TABLES = {
  call: () => Promise.reject(new Error('nothing is called here')),
  watch: 'watch',
  audit: 'audit',
};

function update(state: Parameters<typeof updateNotice>[2]['state']) {
  return updateNotice(TABLES, aNotice(), { state, notBefore: NOW, reason: 'as the test says' })
    .Update as {
    readonly UpdateExpression: string;
    readonly ExpressionAttributeValues: Readonly<Record<string, unknown>>;
  };
}

test.each(['told', 'superseded', 'undeliverable', 'withdrawn'] as const)(
  'a notice that is %s is kept for 400 days, in the seconds that DynamoDB expires by',
  (state) => {
    const { ExpressionAttributeValues, UpdateExpression } = update(state);
    expect(ExpressionAttributeValues[':expiresAt']).toBe(Date.parse(plus(NOW, 400 * DAY)) / 1_000);
    expect(UpdateExpression).toMatch(/REMOVE #due, #pending/);
  },
);

test.each(['settling', 'waiting', 'due'] as const)(
  'a notice that is %s is kept until it is told',
  (state) => {
    expect(update(state).UpdateExpression).toMatch(/REMOVE .*#expiresAt/);
  },
);
