import {
  DescribeAgreementCommand,
  DescribeAgreementOutput$,
  GetAgreementTermsCommand,
  GetAgreementTermsOutput$,
  ListAgreementCancellationRequestsCommand,
  ListAgreementCancellationRequestsOutput$,
  MarketplaceAgreementClient,
  SearchAgreementsCommand,
  SearchAgreementsOutput$,
  type Filter,
  type ListAgreementCancellationRequestsCommandInput,
  type SearchAgreementsCommandInput,
} from '@aws-sdk/client-marketplace-agreement';
import { afterEach, beforeEach, describe, expect, it, test } from 'vitest';
import type { AgreementService } from '../../../lib/workbench/agreement-service/agreement-service.ts';
import { createAgreementService } from '../../../lib/workbench/agreement-service/agreement-service.ts';
import { DAY, type Agreement } from '../../../lib/workbench/agreement-service/agreement.ts';
import type { Purchase } from '../../../lib/workbench/agreement-service/marketplace.ts';
import { marketplaceService } from '../../../lib/workbench/cloud/stand-ins.ts';
import { throttled } from '../../../lib/workbench/cloud/faults.ts';
import {
  allow,
  BUYER,
  clientOf,
  member,
  NOON,
  openBareCloud,
  SELLER,
} from '../../support/bare-cloud.ts';
import { checkAgainst } from '../../support/published-shape.ts';

const ARN = 'arn:aws:license-manager::294406891311:license:l-9d01d15f86334a8894365cd7350556ff';
const END = NOON + 365 * DAY;
const OTHER_SELLER = '333333333333';

let bare: Awaited<ReturnType<typeof openBareCloud>>;
let service: AgreementService;
let client: MarketplaceAgreementClient;

beforeEach(async () => {
  bare = await openBareCloud(({ clock, access }) => {
    service = createAgreementService({
      now: () => clock.now(),
      schedule: (at, work) => clock.schedule(at, work),
      emit: () => undefined,
    });
    return [marketplaceService(service, access)];
  });
  client = clientAs(bare.credentials.root(SELLER));
});
afterEach(() => bare.front.close());

function clientAs(key: Parameters<typeof clientOf>[1]): MarketplaceAgreementClient {
  return new MarketplaceAgreementClient(clientOf(bare, key));
}

function buy(purchase: Partial<Purchase> = {}): Agreement {
  return service.marketplace.buy({
    proposerAccountId: SELLER,
    acceptorAccountId: BUYER,
    product: { id: 'prod-viewer', type: 'AmiProduct', code: 'viewercode', title: 'Viewer' },
    endTime: END,
    dimensions: { ReadOnly: 5, Admin: 1 },
    licenseArn: ARN,
    renewal: { enableAutoRenew: true, lockoutDays: 30 },
    ...purchase,
  });
}

const filter = (name: string, value: string): Filter => ({ name, values: [value] });
const PROPOSER = [filter('PartyType', 'Proposer'), filter('AgreementType', 'PurchaseAgreement')];

function search(
  filters: Filter[] = PROPOSER,
  more: SearchAgreementsCommandInput = {},
  as = client,
) {
  return as.send(new SearchAgreementsCommand({ catalog: 'AWSMarketplace', filters, ...more }));
}

async function found(
  filters: Filter[],
  more: SearchAgreementsCommandInput = {},
  as = client,
): Promise<(string | undefined)[]> {
  const { agreementViewSummaries = [] } = await search(filters, more, as);
  return agreementViewSummaries.map(({ agreementId }) => agreementId);
}

describe('SearchAgreements', () => {
  it('summarizes the seller’s agreements', async () => {
    const bought = buy();
    buy({ proposerAccountId: OTHER_SELLER });
    const { agreementViewSummaries, nextToken } = await search();
    expect(agreementViewSummaries).toEqual([
      {
        agreementId: bought.id,
        acceptanceTime: new Date(NOON),
        startTime: new Date(NOON),
        endTime: new Date(END),
        lastUpdateTime: new Date(NOON),
        agreementType: 'PurchaseAgreement',
        acceptor: { accountId: BUYER },
        proposer: { accountId: SELLER },
        proposalSummary: {
          resources: [{ id: 'prod-viewer', type: 'AmiProduct' }],
          offerId: bought.offer.id,
        },
        status: 'ACTIVE',
        entitlements: [{ licenseArn: ARN }],
        initialAgreementId: bought.id,
        endTimeBehaviorType: 'RENEW',
      },
    ]);
    expect(nextToken).toBeUndefined();
  });

  it('finds what changed after an instant, by the end', async () => {
    const [late, early, endless] = [
      buy({ endTime: END + DAY }),
      buy(),
      buy({ endTime: undefined }),
    ];
    await bare.clock.advanceTo(NOON + 60_000);
    service.marketplace.setAutoRenew(late.id, 'buyer', false);
    const ids = (...agreements: Agreement[]) => agreements.map(({ id }) => id);
    expect(await found(PROPOSER)).toEqual(ids(early, late, endless));
    const after = (value: string) => found([...PROPOSER, filter('AfterLastUpdateTime', value)]);
    expect(await after('2027-02-01T12:00:00Z')).toEqual(ids(late));
    expect(await after('2027-02-01T12:01:00Z')).toEqual([]);
  });

  it('answers fifty at most, page by page', async () => {
    for (let each = 0; each < 101; each += 1) buy();
    const ids: (string | undefined)[] = [];
    const sizes: number[] = [];
    let nextToken: string | undefined;
    do {
      const page = await search(PROPOSER, { nextToken });
      ids.push(...(page.agreementViewSummaries ?? []).map(({ agreementId }) => agreementId));
      sizes.push(page.agreementViewSummaries?.length ?? 0);
      ({ nextToken } = page);
    } while (nextToken !== undefined);
    expect([sizes, new Set(ids).size]).toEqual([[50, 50, 1], 101]);
    const { nextToken: token } = await search(PROPOSER, { maxResults: 1 });
    await expect(search(since('2027-02-01T12:00:00Z'), { nextToken: token })).rejects.toMatchObject(
      { reason: 'INVALID_NEXT_TOKEN' },
    );
  });

  const many = Array.from({ length: 9 }, (_, index) => filter(`Name_${'x'.repeat(index)}`, 'a'));
  const type = filter('AgreementType', 'PurchaseAgreement');
  const party = filter('PartyType', 'Proposer');
  const since = (value: string) => [...PROPOSER, filter('AfterLastUpdateTime', value)];
  test.each<[string, Filter[], string]>([
    ['no party', [type], 'MISSING_PARTY_TYPE'],
    ['no agreement type', [party], 'UNSUPPORTED_FILTERS'],
    ['another agreement type', [party, filter('AgreementType', 'Other')], 'INVALID_FILTER_VALUES'],
    ['a buyer', [filter('PartyType', 'Acceptor'), type], 'INVALID_FILTER_VALUES'],
    ['one that is not built', [...PROPOSER, filter('Status', 'ACTIVE')], 'INVALID_FILTER_NAME'],
    ['an odd name', [...PROPOSER, filter('a b', 'red')], 'INVALID_FILTER_NAME'],
    ['a filter twice', [...PROPOSER, ...PROPOSER], 'INVALID_FILTERS'],
    ['eleven filters', [...PROPOSER, ...many], 'INVALID_FILTERS'],
    ['no name', [...PROPOSER, { values: ['a'] }], 'MISSING_FILTER_NAME'],
    ['no values', [type, { name: 'PartyType' }], 'MISSING_FILTER_VALUES'],
    ['two values', [type, { name: 'PartyType', values: ['A', 'B'] }], 'INVALID_FILTER_VALUES'],
    ['milliseconds', since('2027-02-01T12:00:00.000Z'), 'INVALID_FILTER_VALUES'],
    ['no instant', since('yesterday'), 'INVALID_FILTER_VALUES'],
    ['31 February', since('2027-02-31T00:00:00Z'), 'INVALID_FILTER_VALUES'],
  ])('refuses the filters of %s', async (_name, filters, reason) => {
    await expect(search(filters)).rejects.toMatchObject({
      name: 'ValidationException',
      reason,
      $metadata: { httpStatusCode: 400 },
    });
  });

  test.each<[SearchAgreementsCommandInput, string]>([
    [{ catalog: 'AWSCatalog' }, 'INVALID_CATALOG'],
    [{ maxResults: 0 }, 'INVALID_MAX_RESULTS'],
    [{ maxResults: 51 }, 'INVALID_MAX_RESULTS'],
    [{ nextToken: 'abc' }, 'INVALID_NEXT_TOKEN'],
  ])('refuses %j', async (input, reason) => {
    await expect(search(PROPOSER, input)).rejects.toMatchObject({
      name: 'ValidationException',
      reason,
      $metadata: { httpStatusCode: 400 },
    });
  });
});

describe('DescribeAgreement and GetAgreementTerms', () => {
  const describe_ = (agreementId: string | undefined, as = client) =>
    as.send(new DescribeAgreementCommand({ agreementId }));
  const termsOf = async (agreementId: string, maxResults?: number, nextToken?: string) =>
    client.send(new GetAgreementTermsCommand({ agreementId, maxResults, nextToken }));

  it('tell one agreement whole', async () => {
    const bought = buy();
    const { $metadata: _metadata, ...answer } = await describe_(bought.id);
    expect(answer).toEqual({
      agreementId: bought.id,
      acceptor: { accountId: BUYER },
      proposer: { accountId: SELLER },
      startTime: new Date(NOON),
      endTime: new Date(END),
      acceptanceTime: new Date(NOON),
      agreementType: 'PurchaseAgreement',
      estimatedCharges: { currencyCode: 'USD', agreementValue: '105000.00' },
      proposalSummary: {
        resources: [{ id: 'prod-viewer', type: 'AmiProduct' }],
        offerId: bought.offer.id,
      },
      status: 'ACTIVE',
      initialAgreementId: bought.id,
      endTimeBehavior: { type: 'RENEW', renewalSummary: { offerId: bought.offer.id } },
    });
    const { acceptedTerms = [] } = await termsOf(bought.id);
    expect(acceptedTerms.find(({ renewalTerm }) => renewalTerm)?.renewalTerm).toMatchObject({
      configuration: { enableAutoRenew: true },
      lockoutPeriod: 'P30D',
    });
    expect(
      acceptedTerms.find(({ configurableUpfrontPricingTerm: term }) => term)
        ?.configurableUpfrontPricingTerm?.configuration,
    ).toEqual({
      selectorValue: 'P365D',
      dimensions: [
        { dimensionKey: 'ReadOnly', dimensionValue: 5 },
        { dimensionKey: 'Admin', dimensionValue: 1 },
      ],
    });
  });

  it('tell the quantities of a private offer as grants', async () => {
    const { id } = buy({ offerKind: 'private' });
    const { acceptedTerms = [] } = await termsOf(id);
    expect(
      acceptedTerms.find(({ fixedUpfrontPricingTerm: term }) => term)?.fixedUpfrontPricingTerm,
    ).toMatchObject({
      grants: [
        { dimensionKey: 'ReadOnly', maxQuantity: 5 },
        { dimensionKey: 'Admin', maxQuantity: 1 },
      ],
    });
  });

  it('page terms', async () => {
    const { id } = buy();
    const first = await termsOf(id, 3);
    const second = await termsOf(id, 3, first.nextToken);
    expect([first.acceptedTerms?.length, second.acceptedTerms?.length, second.nextToken]).toEqual([
      3,
      2,
      undefined,
    ]);
  });

  it('refuse strangers, unknown and odd IDs', async () => {
    const { id } = buy();
    const stranger = clientAs(bare.credentials.root(OTHER_SELLER));
    const missing = { name: 'ResourceNotFoundException', $metadata: { httpStatusCode: 404 } };
    await expect(describe_(id, stranger)).rejects.toMatchObject(missing);
    await expect(termsOf('agmt-unknown')).rejects.toMatchObject(missing);
    await expect(describe_('a b')).rejects.toMatchObject({ reason: 'INVALID_AGREEMENT_ID' });
    await expect(describe_(undefined)).rejects.toMatchObject({ reason: 'MISSING_AGREEMENT_ID' });
  });
});

describe('ListAgreementCancellationRequests', () => {
  const list = (input: Partial<ListAgreementCancellationRequestsCommandInput> = {}, as = client) =>
    as.send(new ListAgreementCancellationRequestsCommand({ partyType: 'Proposer', ...input }));
  const listed = async (...given: Parameters<typeof list>) =>
    ((await list(...given)).items ?? []).map((each) => each.agreementCancellationRequestId);

  it('lists a seller’s own, by agreement and by state, page by page', async () => {
    const [one, other] = [buy(), buy()];
    const foreign = buy({ proposerAccountId: OTHER_SELLER });
    const [first, second] = [one, other].map(({ id }) =>
      service.marketplace.requestCancellation(id, 'OTHER'),
    );
    service.marketplace.requestCancellation(foreign.id);
    service.marketplace.answerCancellation(second!.id, 'REJECTED');
    expect((await list({ status: 'PENDING_APPROVAL' })).items).toEqual([
      {
        agreementCancellationRequestId: first!.id,
        agreementId: one.id,
        status: 'PENDING_APPROVAL',
        reasonCode: 'OTHER',
        agreementType: 'PurchaseAgreement',
        catalog: 'AWSMarketplace',
        createdAt: new Date(NOON),
        updatedAt: new Date(NOON),
      },
    ]);
    expect(await listed({ agreementId: other.id })).toEqual([second!.id]);
    const { nextToken } = await list({ maxResults: 1 });
    expect(await listed({ maxResults: 1, nextToken: nextToken! })).toEqual([second!.id]);
  });

  it('refuses what the model does not allow', async () => {
    for (const input of [
      { partyType: undefined },
      { partyType: 'Acceptor' },
      { catalog: 'Other' },
      { maxResults: 51 },
    ])
      await expect(list(input)).rejects.toMatchObject({ name: 'ValidationException' });
    await expect(list({ agreementId: 'a b' })).rejects.toMatchObject({
      reason: 'INVALID_AGREEMENT_ID',
    });
  });
});

describe('the published model', () => {
  test.each<[string, Partial<Purchase>]>([
    ['a renewing one', {}],
    ['a private offer', { offerKind: 'private' }],
    [
      'one without end or license',
      { endTime: undefined, licenseArn: undefined as never, renewal: undefined as never },
    ],
  ])('has every member that is answered of %s', async (_name, purchase) => {
    const { id } = buy(purchase);
    const call = async (operation: string, input: object): Promise<unknown> =>
      JSON.parse(
        (
          await service.handle({
            target: `AWSMPCommerceService_v20200301.${operation}`,
            contentType: 'application/x-amz-json-1.0',
            body: JSON.stringify(input),
            accountId: SELLER,
          })
        ).body,
      );
    checkAgainst(SearchAgreementsOutput$, await call('SearchAgreements', { filters: PROPOSER }));
    checkAgainst(DescribeAgreementOutput$, await call('DescribeAgreement', { agreementId: id }));
    checkAgainst(GetAgreementTermsOutput$, await call('GetAgreementTerms', { agreementId: id }));
    service.marketplace.requestCancellation(id);
    checkAgainst(
      ListAgreementCancellationRequestsOutput$,
      await call('ListAgreementCancellationRequests', { partyType: 'Proposer' }),
    );
    expect(() => {
      checkAgainst(DescribeAgreementOutput$, { agreementID: id });
    }).toThrow(/agreementID/);
    expect(() => {
      checkAgainst(DescribeAgreementOutput$, { endTime: '2027' });
    }).toThrow(/endTime/);
  });
});

describe('trouble', () => {
  it('of any service behind the front has the name that this one gives it', async () => {
    bare.faults.inject({ service: 'aws-marketplace', answer: throttled('aws-marketplace') });
    await expect(search()).rejects.toMatchObject({
      name: 'ThrottlingException',
      $metadata: { httpStatusCode: 429 },
    });
  });

  const [JSON_0, JSON_1] = ['application/x-amz-json-1.0', 'application/x-amz-json-1.1'];
  it.each<[string, string, string | undefined, string]>([
    ['GetAgreementEntitlements', '{}', JSON_0, 'UnknownOperationException'],
    ['SearchAgreements', '{}', JSON_1, 'UnknownOperationException'],
    ['SearchAgreements', '{', JSON_0, 'SerializationException'],
    ['SearchAgreements', '[]', JSON_0, 'SerializationException'],
    ['SearchAgreements', '{"filter":[]}', JSON_0, 'SerializationException'],
    ['SearchAgreements', '{"sort":{}}', JSON_0, 'SerializationException'],
    ['SearchAgreements', '{"filters":{}}', JSON_0, 'SerializationException'],
    [
      'SearchAgreements',
      JSON.stringify({ filters: PROPOSER, maxResults: '5' }),
      JSON_0,
      'SerializationException',
    ],
    ['DescribeAgreement', '{"agreementId":7}', JSON_0, 'SerializationException'],
  ])('%s of %s in %s is refused', async (operation, body, contentType, name) => {
    const target = `AWSMPCommerceService_v20200301.${operation}`;
    const answer = await service.handle({ target, contentType, body, accountId: SELLER });
    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.body)).toMatchObject({
      __type: `com.amazonaws.marketplaceagreement#${name}`,
    });
  });
});

describe('authorization', () => {
  const asRole = (...statement: Parameters<typeof allow>): MarketplaceAgreementClient => {
    const { role } = member(bare.iam, { name: 'reader' }, allow(...statement));
    return clientAs(bare.credentials.session(role, 'me', 900));
  };

  it('refuses a role without the permission, in IAM’s words', async () => {
    buy();
    const as = asRole('aws-marketplace:DescribeAgreement', '*');
    await expect(search(PROPOSER, {}, as)).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: `User: arn:aws:sts::${SELLER}:assumed-role/reader/me is not authorized to perform: aws-marketplace:SearchAgreements on resource: * because no identity-based policy allows the aws-marketplace:SearchAgreements action`,
    });
  });

  const condition = (party: string) => ({
    StringEquals: { 'aws-marketplace:PartyType': party },
    'ForAnyValue:StringEquals': { 'aws-marketplace:AgreementType': 'PurchaseAgreement' },
  });
  it.each([
    ['Proposer', true],
    ['Acceptor', false],
  ])('knows that the caller is %s: %s', async (party, allowed) => {
    const { id } = buy();
    const as = asRole(
      [
        'aws-marketplace:SearchAgreements',
        'aws-marketplace:DescribeAgreement',
        'aws-marketplace:GetAgreementTerms',
        'aws-marketplace:ListAgreementCancellationRequests',
      ],
      '*',
      condition(party),
    );
    const calls = [
      search(PROPOSER, {}, as),
      as.send(new DescribeAgreementCommand({ agreementId: id })),
      as.send(new GetAgreementTermsCommand({ agreementId: id })),
    ];
    const names = await Promise.all(
      calls.map((call) =>
        (call as Promise<unknown>).then(
          () => undefined,
          (error: unknown) => (error as Error).name,
        ),
      ),
    );
    expect(names).toEqual(calls.map(() => (allowed ? undefined : 'AccessDeniedException')));
  });
});
