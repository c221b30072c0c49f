import type { Notice } from '../../domain/notice/notice.ts';
import { DAY, epochMilliseconds } from '../../domain/time.ts';
import { storeNotice } from '../../messages/stored-notice.ts';
import { allEqual, setting, updating } from './expressions.ts';
import { noticeKey } from './keys.ts';
import type { Tables } from './tables.ts';
import type { TransactItem } from './writes.ts';

/** Puts a notice that is not there yet. */
export function bearing({ watch }: Tables, notice: Notice): TransactItem {
  return {
    Put: {
      TableName: watch,
      Item: { ...noticeKey(notice), ...storeNotice(notice), ...withoutUndefined(dueKey(notice)) },
      ConditionExpression: 'attribute_not_exists(#record)',
      ExpressionAttributeNames: { '#record': 'record' },
    },
  };
}

/** That a notice was told stays in the audit table for ever; what it went through is of use for a year. */
const KEPT = 400 * DAY;

/** Changes state, time and reason of a notice that still is as it was read. */
export function settling(
  { watch }: Tables,
  notice: Notice,
  { state, notBefore, reason }: Pick<Notice, 'state' | 'notBefore' | 'reason'>,
): TransactItem & { Update: object } {
  const due = dueKey({ ...notice, state });
  const isOpen = state === 'settling' || due.dueAudience !== undefined;
  // In seconds, as DynamoDB deletes by.
  const expiresAt = isOpen ? undefined : Math.floor((epochMilliseconds(notBefore) + KEPT) / 1_000);
  const change = setting({ state, notBefore, reason, ...due, expiresAt });
  const condition = allEqual({ state: notice.state, notBefore: notice.notBefore }, 'was');
  return { Update: { TableName: watch, Key: noticeKey(notice), ...updating(change, condition) } };
}

/** In the index of due notices only while something is to be sent: what settles is not. */
function dueKey({ state, audience }: Pick<Notice, 'state' | 'audience'>): {
  dueAudience: string | undefined;
} {
  return { dueAudience: state === 'waiting' || state === 'due' ? audience : undefined };
}

function withoutUndefined(attributes: Readonly<Record<string, string | undefined>>) {
  return Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== undefined));
}
