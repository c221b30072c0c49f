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
  matter: null,
  isOfRequest: false,
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

/** As in the seller guide. */
function cancellation(changes: Record<string, unknown> = {}, of: Record<string, unknown> = {}) {
  return body({
    'detail-type': 'Agreement Cancellation Request Pending Approval - Proposer',
    resources: [],
    detail: {
      requestId: 'request-1',
      catalog: 'AWSMarketplace',
      agreement: { id: 'agmt-1', acceptorId: BUYER, productId: 'prod-1', offerId: 'offer-1' },
      agreementCancellationRequest: {
        id: 'acr-1',
        reasonCode: 'OTHER',
        reasonMessage: 'moved',
        statusCode: 'PENDING_APPROVAL',
        statusMessage: '',
        createdAt: '2025-01-01T13:12:22Z',
        updatedAt: '2025-01-01T13:12:22.123Z',
        ...of,
      },
    },
    ...changes,
  });
}

const REQUEST = {
  ...{ kind: 'cancellation', requestId: 'acr-1', agreementId: 'agmt-1', buyerAccountId: BUYER },
  ...{ productSku: 'prod-1', saidBy: 'event', status: 'PENDING_APPROVAL', reason: 'OTHER: moved' },
  ...{ statusMessage: null, createdAt: '2025-01-01T13:12:22Z', updatedAt: '2025-01-01T13:12:22Z' },
};

test.each<[string, string, object]>([
  ['as AWS documents it', cancellation(), {}],
  [
    'refused',
    cancellation({}, { statusCode: 'REJECTED', statusMessage: 'We need it' }),
    {
      status: 'REJECTED',
      statusMessage: 'We need it',
    },
  ],
  ['spelt otherwise', cancellation({}, { statusCode: ' pending-approval ' }), {}],
  ['spelt in American', cancellation({}, { statusCode: 'Canceled' }), { status: 'CANCELLED' }],
  [
    'in a word that nobody knows',
    cancellation({}, { statusCode: 'ON_HOLD' }),
    { status: 'UNKNOWN' },
  ],
  ['whose state stands in its name only', cancellation({}, { statusCode: undefined }), {}],
  [
    'withdrawn, by its name only',
    cancellation(
      { 'detail-type': 'Agreement Cancellation Request Cancelled Proposer' },
      { statusCode: undefined },
    ),
    { status: 'CANCELLED' },
  ],
  [
    'with times of another kind',
    cancellation({}, { createdAt: 'yesterday', updatedAt: 5 }),
    {
      createdAt: null,
      updatedAt: null,
    },
  ],
  [
    'with hostile words',
    cancellation({}, { reasonCode: 'a\n\u202eb', reasonMessage: 7 }),
    {
      reason: 'a b',
    },
  ],
])('a request to cancel %s', (_, text, expected) => {
  expect(readAgreementEvent(text)).toMatchObject({
    isOfRequest: true,
    matter: { ...REQUEST, ...expected },
  });
});

test('a request that does not say which it is asks for AWS’s list, and is none to tell', () => {
  expect(readAgreementEvent(cancellation({}, { id: 'a b' }))).toMatchObject({
    isOfRequest: true,
    matter: null,
  });
});

function advisory(changes: Record<string, unknown> = {}, advisory: unknown = { issuedAt: AT }) {
  return body({
    'detail-type': 'Purchase Agreement Advisory Issued - Manufacturer',
    time: '2026-07-02T14:30:00Z',
    detail: {
      requestId: 'request-1',
      agreement: { id: 'agmt-1' },
      product: { id: 'prod-1' },
      acceptor: { accountId: BUYER },
      advisory,
    },
    ...changes,
  });
}

const AT = '2026-07-02T14:28:00Z';
const ADVISORY = {
  ...{ kind: 'advisory', agreementId: 'agmt-1', buyerAccountId: BUYER, productSku: 'prod-1' },
  ...{ saidBy: 'event', status: 'ISSUED', at: AT },
};
const RESOLVED = { 'detail-type': 'Purchase Agreement Advisory Resolved - Manufacturer' };

test.each<[string, string, object]>([
  ['as AWS documents it', advisory(), {}],
  [
    'resolved',
    advisory(RESOLVED, { resolvedAt: '2026-08-02T11:13:05Z' }),
    {
      status: 'RESOLVED',
      at: '2026-08-02T11:13:05Z',
    },
  ],
  ['without a time of its own', advisory({}, null), { at: '2026-07-02T14:30:00Z' }],
  ['without any time', advisory({ time: undefined }, {}), { at: null }],
  [
    'whose name says nothing',
    advisory({ 'detail-type': 'x' }, { resolvedAt: AT }),
    {
      status: 'RESOLVED',
    },
  ],
  [
    'named without the dash',
    advisory({ 'detail-type': 'Purchase Agreement Advisory Issued Manufacturer' }),
    {},
  ],
])('an advisory %s', (_, text, expected) => {
  expect(readAgreementEvent(text)?.matter).toEqual({ ...ADVISORY, ...expected });
});
