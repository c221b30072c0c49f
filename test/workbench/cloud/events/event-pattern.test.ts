import { expect, test } from 'vitest';
import { eventPattern, isMatch } from '../../../../lib/workbench/cloud/events/event-pattern.ts';

const EVENT = {
  source: 'aws.agreement-marketplace',
  'detail-type': 'Purchase Agreement Created - Proposer',
  resources: ['arn:1', 'arn:2'],
  detail: {
    agreement: { id: 'agmt-1', intent: 'NEW', value: 3 },
    note: null,
    empty: [],
    parts: [{ name: 'a', size: 1 }, { name: 'b' }],
  },
};

test.each<[string, object, boolean]>([
  ['a value of several', { source: ['aws.s3', 'aws.agreement-marketplace'] }, true],
  ['another value', { source: ['aws.agreement'] }, false],
  ['every field', { source: [{ exists: true }], 'detail-type': ['Other'] }, false],
  ['a member of an array', { resources: ['arn:2'] }, true],
  ['no member of an array', { resources: ['arn:3'] }, false],
  ['a nested field', { detail: { agreement: { intent: ['NEW'] } } }, true],
  ['a field of an object that is not there', { detail: { offer: { id: ['x'] } } }, false],
  ['what is inherited and not there', { detail: { constructor: [{ exists: true }] } }, false],
  ['the absence of a field in it', { detail: { offer: { id: [{ exists: false }] } } }, true],
  ['existence', { detail: { agreement: { id: [{ exists: true }] } } }, true],
  [
    'existence of an object, which is no leaf',
    { detail: { agreement: [{ exists: true }] } },
    false,
  ],
  ['null', { detail: { note: [null] } }, true],
  ['an empty array, which has no value', { detail: { empty: ['x'] } }, false],
  ['a number', { detail: { agreement: { value: [3] } } }, true],
  ['the same as text', { detail: { agreement: { value: ['3'] } } }, false],
  ['an object in an array, whole', { detail: { parts: { name: ['b'], size: [1] } } }, false],
  ['one of them', { detail: { parts: { name: ['a'], size: [1] } } }, true],
])('by %s', (_name, pattern, expected) => {
  expect(isMatch(eventPattern(pattern), EVENT)).toBe(expected);
});

test.each<[unknown, RegExp]>([
  [undefined, /Reason: it: an object with a field is expected/],
  [{}, /Reason: it: an object/],
  [{ source: 'aws.s3' }, /Reason: source: an object/],
  [{ source: [] }, /Reason: source: Empty arrays/],
  [{ detail: { $or: [{ a: ['b'] }] } }, /Reason: detail\.\$or: the local cloud does not know it/],
  [{ source: [{ wildcard: '*' }] }, /Reason: source: Unrecognized match type wildcard/],
  [{ source: [{ exists: true, prefix: 'a' }] }, /Unrecognized match type prefix/],
  [{ source: [{ exists: 'yes' }] }, /exists must be a boolean, got yes/],
  [{ source: [['a']] }, /Unrecognized match type 0/],
])('a pattern like %j is refused', (pattern, message) => {
  expect(() => eventPattern(pattern)).toThrow(message);
});
