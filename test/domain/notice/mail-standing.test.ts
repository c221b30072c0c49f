import { expect, it } from 'vitest';

import {
  mailStanding,
  type MailStanding,
  type Notice,
  NO_SUBSCRIPTION,
} from '../../../lib/domain/notice/notice.ts';
import { at } from '../../support/licenses.ts';
import { aNotice } from '../../support/records.ts';

const [first, second, third] = ['2027-01-01', '2027-02-01', '2027-03-01'].map(at);

const CASES: readonly [string, readonly Partial<Notice>[], MailStanding][] = [
  ['nothing was to be told', [], { kind: 'untried' }],
  ['what is due was not tried yet', [{ state: 'due' }], { kind: 'untried' }],
  [
    'bad news that settles does not wait for the buyer',
    [{ state: 'waiting', reason: 'held for 60 minutes' }],
    { kind: 'untried' },
  ],
  [
    'what the seller was told says nothing',
    [{ audience: 'seller', state: 'told' }],
    { kind: 'untried' },
  ],
  [
    'told, by the times of the publish',
    [
      { bornAt: second!, notBefore: third!, state: 'told' },
      { bornAt: first!, notBefore: first!, state: 'told' },
    ],
    { kind: 'told', first: first!, last: third! },
  ],
  [
    'something waits for the first confirmation',
    [
      { bornAt: second!, state: 'waiting', reason: NO_SUBSCRIPTION },
      { bornAt: first!, state: 'waiting', reason: NO_SUBSCRIPTION },
    ],
    { kind: 'unconfirmed', since: first! },
  ],
  [
    'the address was confirmed once, and is not any more',
    [
      { bornAt: first!, state: 'told' },
      { bornAt: second!, state: 'waiting', reason: NO_SUBSCRIPTION },
    ],
    { kind: 'unconfirmed', since: second! },
  ],
  [
    'a reminder did not wait for ever',
    [{ bornAt: first!, state: 'undeliverable', reason: NO_SUBSCRIPTION }],
    { kind: 'unconfirmed', since: first! },
  ],
  [
    'the topic refuses',
    [
      { bornAt: first!, state: 'told' },
      { bornAt: second!, state: 'undeliverable', reason: 'the topic is gone' },
    ],
    { kind: 'refused', since: second!, reason: 'the topic is gone' },
  ],
  [
    'the topic refused once, and was mended',
    [
      { bornAt: first!, state: 'undeliverable', reason: 'the topic is gone' },
      { bornAt: second!, notBefore: second!, state: 'told' },
    ],
    { kind: 'told', first: second!, last: second! },
  ],
  [
    'told often: the first and the last by the publish, whatever the order of their birth',
    [
      { entry: 1, bornAt: first!, notBefore: second!, state: 'told' },
      { entry: 2, bornAt: second!, notBefore: third!, state: 'told' },
      { entry: 3, bornAt: third!, notBefore: first!, state: 'told' },
    ],
    { kind: 'told', first: first!, last: third! },
  ],
  [
    'of two born together the later entry decides',
    [
      {
        entry: 5,
        bornAt: first!,
        notBefore: first!,
        state: 'undeliverable',
        reason: 'the topic is gone',
      },
      { entry: 4, bornAt: first!, notBefore: second!, state: 'told' },
    ],
    { kind: 'refused', since: first!, reason: 'the topic is gone' },
  ],
  [
    'refused since the notice was born, not since it was given up',
    [{ bornAt: first!, notBefore: third!, state: 'undeliverable', reason: 'the topic is gone' }],
    { kind: 'refused', since: first!, reason: 'the topic is gone' },
  ],
  [
    'superseded and withdrawn ones were not tried',
    [
      { bornAt: first!, notBefore: first!, state: 'told' },
      { bornAt: second!, state: 'superseded' },
      { bornAt: third!, state: 'withdrawn' },
    ],
    { kind: 'told', first: first!, last: first! },
  ],
];

it.each(CASES)('%s', (_what, notices, standing) => {
  expect(mailStanding(notices.map((each) => aNotice(each)))).toEqual(standing);
});
