import type { Notice } from '../../domain/notice.ts';
import { storeNotice } from '../../schemas/stored-notice.ts';
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

/** Changes state, time and reason of a notice that still is as it was read. */
export function settling(
  { watch }: Tables,
  notice: Notice,
  { state, notBefore, reason }: Pick<Notice, 'state' | 'notBefore' | 'reason'>,
): TransactItem & { Update: object } {
  const change = setting({ state, notBefore, reason, ...dueKey({ ...notice, state }) });
  const condition = allEqual({ state: notice.state, notBefore: notice.notBefore }, 'was');
  return { Update: { TableName: watch, Key: noticeKey(notice), ...updating(change, condition) } };
}

/** In the index of due notices only while something is to be sent. */
function dueKey({ state, audience }: Pick<Notice, 'state' | 'audience'>): { dueAudience: string | undefined } {
  return { dueAudience: state === 'held' || state === 'due' ? audience : undefined };
}

function withoutUndefined(attributes: Readonly<Record<string, string | undefined>>) {
  return Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== undefined));
}
