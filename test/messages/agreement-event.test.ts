import { expect, test } from 'vitest';
import { readAgreementEvent } from '../../lib/messages/agreement-event.ts';

const BUYER = '111122223333';

function body(changes: Record<string, unknown> = {}): string {
  return JSON.stringify({
    source: 'aws.agreement-marketplace',
    'detail-type': 'Purchase Agreement Amended - Proposer',
    resources: ['arn:aws:aws-marketplace::aws:agreement:agmt-1'],
    detail: {
      requestId: 'request-1',
      agreement: { id: 'agmt-1' },
      acceptor: { accountId: BUYER },
    },
    ...changes,
  });
}

const SAID = {
  type: 'Purchase Agreement Amended - Proposer',
  requestId: 'request-1',
  agreementId: 'agmt-1',
  buyerAccountId: BUYER,
};

test.each<[string, Record<string, unknown>, object]>([
  ['as AWS documents it', {}, {}],
  [
    'its name without the dash',
    { 'detail-type': 'Purchase Agreement Amended Proposer' },
    { type: 'Purchase Agreement Amended Proposer' },
  ],
  ['no name', { 'detail-type': undefined }, { type: '' }],
  [
    'an agreement that stands in its ARN only',
    { detail: { requestId: 'request-1', acceptor: { accountId: BUYER } } },
    {},
  ],
  [
    'an ARN spelt with a slash',
    {
      resources: ['arn:aws:aws-marketplace:us-east-1:123456789012:agreement/agmt-1'],
      detail: { requestId: 'request-1', acceptor: { accountId: BUYER } },
    },
    {},
  ],
  [
    'the acceptor inside the agreement, as a cancellation request has it',
    {
      resources: [],
      detail: { requestId: 'request-1', agreement: { id: 'agmt-1', acceptorId: BUYER } },
    },
    {},
  ],
  ['no detail', { detail: null }, { requestId: null, buyerAccountId: null }],
  [
    'an account that is none',
    { detail: { agreement: { id: 'agmt-1' }, acceptor: { accountId: '1111-2222-3333' } } },
    { requestId: null, buyerAccountId: null },
  ],
  [
    'text that is no ID',
    { detail: { requestId: 'a\nb', agreement: { id: '<b>' }, acceptor: { accountId: BUYER } } },
    { requestId: null, agreementId: null },
  ],
  [
    'members of other kinds',
    { resources: { 0: 'x' }, detail: { requestId: 7, agreement: [], acceptor: 'x' } },
    { requestId: null, agreementId: null, buyerAccountId: null },
  ],
  [
    'a prototype for a member',
    {
      detail: JSON.parse(`{"__proto__":{"requestId":"x"},"agreement":{"id":"agmt-1"}}`) as unknown,
    },
    { requestId: null, buyerAccountId: null },
  ],
  ['a name without end', { 'detail-type': 'x'.repeat(300_000) }, { type: 'x'.repeat(200) }],
])('an event with %s', (_, changes, expected) => {
  expect(readAgreementEvent(body(changes))).toEqual({ ...SAID, ...expected });
});

test.each([
  ['no JSON', '{'],
  ['null', 'null'],
  ['a text', '"aws.agreement-marketplace"'],
  ['a list', '[]'],
  ['somebody else’s event', body({ source: 'aws.license-manager' })],
  ['a source that only begins alike', body({ source: 'aws.agreement-marketplace.example' })],
  ['a source of another kind', body({ source: ['aws.agreement-marketplace'] })],
])('%s is none', (_, text) => {
  expect(readAgreementEvent(text)).toBeNull();
});
