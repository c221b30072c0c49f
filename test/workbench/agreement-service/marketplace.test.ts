import { describe, expect, it, test } from 'vitest';
import {
  DAY,
  endTimeBehavior,
  type Renewal,
} from '../../../lib/workbench/agreement-service/agreement.ts';
import { ARN, BUYER, SELLER, standIn, START, YEAR } from './stand-in.ts';

const RENEWS: Renewal = { enableAutoRenew: true, lockoutDays: 30 };

describe('an agreement', () => {
  test.each<[string, Partial<Renewal> | undefined, object]>([
    ['renews', {}, { type: 'RENEW', renewalSummary: { offerId: expect.any(String) as string } }],
    ['has no renewal term', undefined, { type: 'EXPIRE', reasonCode: 'NO_RENEWAL_TERM' }],
    [
      'was switched off by the buyer',
      { enableAutoRenew: false },
      { type: 'EXPIRE', reasonCode: 'ACCEPTOR_RENEW_OPTED_OUT', renewalSummary: {} },
    ],
    [
      'was switched off by both',
      { enableAutoRenew: false, sellerOptedOut: true },
      { type: 'EXPIRE', reasonCode: 'PROPOSER_RENEW_OPTED_OUT', renewalSummary: {} },
    ],
  ])('that %s', (_name, renewal, expected) => {
    const { buy } = standIn();
    const bought = buy(renewal === undefined ? {} : { renewal: { ...RENEWS, ...renewal } });
    expect(endTimeBehavior(bought)).toMatchObject(expected);
  });

  it('without end has no behavior at it, nor has one that is over', () => {
    const { buy, service } = standIn();
    expect(endTimeBehavior(buy({ endTime: undefined }))).toBeUndefined();
    expect(endTimeBehavior(service.marketplace.end(buy().id, 'TERMINATED'))).toBeUndefined();
  });
});

describe('the calendar', () => {
  it('tells of the end, the deadlines, and renews into a chain with a new license', async () => {
    const { buy, clock, sent, service, types } = standIn();
    service.marketplace.provision = ({ id }) => {
      service.marketplace.provisioned(id, `${ARN}-${id}`);
      return Promise.resolve();
    };
    const bought = buy({ renewal: RENEWS });
    await clock.advanceTo(START + YEAR - 1);
    expect(sent.map(({ at, event }) => [(START + YEAR - at) / DAY, event.detailType])).toEqual([
      [365, 'Purchase Agreement Created - Proposer'],
      [expect.closeTo(365, 2), 'License Updated - Manufacturer'],
      ...[180, 120, 90, 60, 30].map((days) => [days, 'Purchase Agreement Ending - Proposer']),
      [30, 'Purchase Agreement Renewal Upcoming - Proposer'],
    ]);
    types();
    await clock.advanceTo(START + YEAR + DAY);
    expect(types()).toEqual([
      'Purchase Agreement Ended - Proposer',
      'Purchase Agreement Created - Proposer',
      'License Updated - Manufacturer',
    ]);
    const [old, next] = service.agreements();
    expect([old?.id, old?.status]).toEqual([bought.id, 'RENEWED']);
    expect(next).toMatchObject({
      status: 'ACTIVE',
      startTime: START + YEAR,
      endTime: START + 2 * YEAR,
      initialAgreementId: bought.id,
      previousAgreementId: bought.id,
      licenseArn: `${ARN}-${next?.id}`,
      offer: bought.offer,
    });
    expect(sent.at(-2)?.event.detail).toMatchObject({
      agreement: { id: next?.id, intent: 'RENEW', previousAgreementId: bought.id },
      product: { id: 'prod-viewer', title: 'Viewer' },
    });
    service.marketplace.setAutoRenew(next!.id, 'buyer', false);
    await clock.advanceTo(START + 2 * YEAR + DAY);
    expect(service.agreements().map(({ status }) => status)).toEqual(['RENEWED', 'EXPIRED']);
    expect(types().slice(-2)).toEqual([
      'Purchase Agreement Ended - Proposer',
      'License Deprovisioned - Manufacturer',
    ]);
  });

  it('passes a private offer into the public one', async () => {
    const { buy, clock, service, sent } = standIn();
    const open = buy().offer;
    const bought = buy({
      renewal: RENEWS,
      offerKind: 'private',
      passesIntoPublic: true,
      licenseArn: ARN,
    });
    expect([bought.offer.id === open.id, endTimeBehavior(bought)]).toEqual([
      false,
      { type: 'REPLACE' },
    ]);
    await clock.advanceTo(START + YEAR);
    const next = service.agreements().at(-1);
    expect(next).toMatchObject({ offer: open, initialAgreementId: bought.id, status: 'ACTIVE' });
    expect(service.agreements().find(({ id }) => id === bought.id)?.status).toBe('REPLACED');
    expect(
      sent.findLast(({ event }) => event.detailType.includes('Created'))?.event.detail,
    ).toMatchObject({ agreement: { intent: 'REPLACE' } });
    expect(endTimeBehavior(next!)).toMatchObject({ type: 'RENEW' });
  });

  it('says nothing of an upcoming renewal where renewal is off, and follows a moved end', async () => {
    const { buy, clock, service, types } = standIn();
    const { id } = buy({ renewal: { ...RENEWS, enableAutoRenew: false } });
    service.marketplace.amend(id, { endTime: START + 45 * DAY });
    await clock.advanceTo(START + 44 * DAY);
    expect(types()).toEqual([
      'Purchase Agreement Created - Proposer',
      'Purchase Agreement Amended - Proposer',
      'License Updated - Manufacturer',
      'License Updated - Manufacturer',
      'Purchase Agreement Ending - Proposer',
    ]);
    await clock.advanceTo(START + 45 * DAY);
    expect(service.agreements()[0]?.status).toBe('EXPIRED');
  });

  it('approves a cancellation request after seven days, unless somebody answers', async () => {
    const { buy, clock, service, sent, types, get } = standIn();
    const [one, other] = [buy(), buy()];
    const [, rejected] = [one, other].map(({ id }) =>
      service.marketplace.requestCancellation(id, 'OTHER', 'moved'),
    );
    types();
    service.marketplace.answerCancellation(rejected!.id, 'REJECTED');
    await clock.advanceTo(START + 7 * DAY - 1);
    expect([get(one.id).status, get(other.id).status]).toEqual(['ACTIVE', 'ACTIVE']);
    await clock.advanceTo(START + 8 * DAY);
    expect([get(one.id).status, get(other.id).status]).toEqual(['CANCELLED', 'ACTIVE']);
    expect(types().filter((type) => !type.startsWith('License Updated'))).toEqual([
      'Agreement Cancellation Request Rejected - Proposer',
      'Agreement Cancellation Request Approved - Proposer',
      'Purchase Agreement Ended - Proposer',
      'License Deprovisioned - Manufacturer',
    ]);
    const [pending] = sent.filter(({ event }) => event.detailType.includes('Pending'));
    expect(pending?.event).toMatchObject({
      resources: [],
      detail: {
        agreement: {
          id: one.id,
          acceptorId: BUYER,
          productId: 'prod-viewer',
          offerId: one.offer.id,
        },
        agreementCancellationRequest: {
          reasonCode: 'OTHER',
          reasonMessage: 'moved',
          statusCode: 'PENDING_APPROVAL',
        },
      },
    });
    expect(() => {
      service.marketplace.answerCancellation(rejected!.id, 'APPROVED');
    }).toThrow(/waits for an answer/);
  });
});

describe('renewal', () => {
  test.each([
    ['buyer', 'ACCEPTOR'],
    ['seller', 'PROPOSER'],
  ] as const)('is switched off and on by the %s', async (party, disabledBy) => {
    const { buy, clock, service, sent } = standIn();
    const { id } = buy({ renewal: RENEWS });
    await clock.advanceTo(START + DAY);
    const off = service.marketplace.setAutoRenew(id, party, false);
    expect(endTimeBehavior(off)?.reasonCode).toBe(`${disabledBy}_RENEW_OPTED_OUT`);
    expect(off.lastUpdateTime).toBe(START + DAY);
    expect(sent.at(-1)?.event.detail).toMatchObject({
      agreement: { id, intent: 'AMEND', autoRenewalEnabled: false },
      renewalSummary: { disabledBy, lockoutStartTime: '2027-12-02T00:00:00Z' },
    });
    const on = service.marketplace.setAutoRenew(id, party, true);
    expect(endTimeBehavior(on)?.type).toBe('RENEW');
    expect(sent.at(-1)?.event.detail).toMatchObject({
      agreement: { autoRenewalEnabled: true },
      renewalSummary: { disabledBy: null },
    });
  });

  it('cannot be changed after the decision deadline, nor where there is no renewal term', async () => {
    const { buy, clock, service } = standIn();
    const [renewing, plain] = [buy({ renewal: RENEWS }), buy()];
    await clock.advanceTo(START + YEAR - 30 * DAY);
    expect(() => service.marketplace.setAutoRenew(renewing.id, 'buyer', false)).toThrow(
      /decision deadline of agreement .* was 2027-12-02T00:00:00.000Z/,
    );
    expect(() => service.marketplace.setAutoRenew(plain.id, 'seller', false)).toThrow(
      /no renewal term/,
    );
  });
});

describe('events', () => {
  it('have the form of those that were captured', async () => {
    const { buy, clock, service, sent } = standIn();
    const { id, offer } = buy({ endTime: undefined, startTime: START + 11 });
    service.marketplace.end(id, 'CANCELLED');
    await clock.advanceTo(START + 62_000);
    const parties = {
      acceptor: { accountId: BUYER },
      proposer: { accountId: SELLER },
      offer: { id: offer.id },
    };
    const common = {
      requestId: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
      catalog: 'AWSMarketplace',
      ...parties,
    };
    const license = {
      ...common,
      agreement: { id },
      product: { id: 'prod-viewer', code: 'viewercode' },
      license: { arn: ARN },
    };
    const resources = [`arn:aws:aws-marketplace::aws:agreement:${id}`];
    const source = 'aws.agreement-marketplace';
    expect(sent).toEqual([
      {
        accountId: SELLER,
        at: START,
        event: {
          source,
          resources,
          detailType: 'Purchase Agreement Created - Proposer',
          detail: {
            ...common,
            agreement: {
              id,
              intent: 'NEW',
              status: 'ACTIVE',
              acceptanceTime: '2027-01-01T00:00:00Z',
              startTime: '2027-01-01T00:00:00.011Z',
              endTime: '9999-01-01T00:00:00Z',
            },
            resaleAuthorization: { id: null },
          },
        },
      },
      {
        accountId: SELLER,
        at: START,
        event: {
          source,
          resources,
          detailType: 'Purchase Agreement Ended - Proposer',
          detail: {
            ...common,
            agreement: { id, status: 'CANCELLED' },
            resaleAuthorization: { id: null },
          },
        },
      },
      {
        accountId: SELLER,
        at: START + 31_000,
        event: {
          source,
          resources,
          detailType: 'License Deprovisioned - Manufacturer',
          detail: license,
        },
      },
      {
        accountId: SELLER,
        at: START + 61_000,
        event: { source, resources, detailType: 'License Updated - Manufacturer', detail: license },
      },
    ]);
    expect(new Set(sent.map(({ event }) => event.detail['requestId'])).size).toBe(4);
  });

  it('tell of an advisory, issued and resolved', () => {
    const { buy, service, types } = standIn();
    const { id } = buy();
    types();
    service.marketplace.advise(id, 'Issued');
    expect(service.marketplace.isAdvised(id)).toBe(true);
    service.marketplace.advise(id, 'Resolved');
    expect(types()).toEqual([
      'Purchase Agreement Advisory Issued - Manufacturer',
      'Purchase Agreement Advisory Resolved - Manufacturer',
    ]);
  });
});

describe('a replacement', () => {
  it('ends the old agreement and keeps the chain', async () => {
    const { buy, service, get } = standIn();
    const { id } = buy();
    const next = await service.marketplace.replace(id, {
      endTime: START + 2 * YEAR,
      licenseArn: ARN,
    });
    expect(get(id).status).toBe('REPLACED');
    expect(next).toMatchObject({ licenseArn: ARN, intent: 'REPLACE', initialAgreementId: id });
  });

  it('is of something that runs', () => {
    const { buy, service } = standIn();
    const { id } = buy();
    service.marketplace.end(id, 'CANCELLED');
    expect(() => service.marketplace.amend(id, {})).toThrow(
      `agreement ${id} is CANCELLED, no longer ACTIVE`,
    );
    expect(() => service.marketplace.end('agmt-x', 'CANCELLED')).toThrow(
      'there is no agreement agmt-x',
    );
  });
});
