import * as z from 'zod/mini';
import { beforeEach, describe, expect, it } from 'vitest';
import { simulate } from '../../../lambdas/send-notices/simulate.ts';
import {
  simulateAnswer,
  type SimulateAnswer,
  type SimulateRequest,
} from '../../../lib/messages/simulation-request.ts';
import type { SlackCard } from '../../../lib/mail/slack-card.ts';
import { publishedDigest, publishedNotice } from '../../../lib/messages/published-notice.ts';
import {
  aBuyer,
  anEntry,
  aNotice,
  aProduct,
  aRegistration,
  BUYER,
  CONTRACT,
  NOW,
  REGISTERED,
} from '../../support/records.ts';
import {
  BUYER_TOPIC,
  SELLER_TOPIC,
  SendNoticesFixture,
} from '../../support/send-notices-fixture.ts';

const RENEWAL: SimulateRequest = {
  format: 1,
  request: 'simulate',
  buyerAccountId: BUYER,
  productId: 'design-suite',
  selection: 'LicenseRenewed',
  to: ['seller'],
  dryRun: false,
};

let world: SendNoticesFixture;
beforeEach(async () => {
  world = await new SendNoticesFixture().registered();
  await world.record(anEntry(), [aNotice({ state: 'told' })]);
});

function asked(changes: Partial<SimulateRequest> = {}): Promise<SimulateAnswer> {
  return simulate({ ...RENEWAL, ...changes }, world.dependencies);
}

describe('a simulation', () => {
  it('goes to the seller’s topic as real notices do: one e-mail, and the notice for machines; both marked', async () => {
    const answer = z.parse(simulateAnswer, JSON.parse(JSON.stringify(await asked())));
    expect(answer).toMatchObject({
      outcome: 'simulated',
      selection: 'LicenseRenewed',
      at: NOW,
      messages: [
        {
          audience: 'seller',
          topicArn: SELLER_TOPIC,
          kind: 'digest',
          messageId: 'message-1',
          confirmedSubscriptions: 1,
        },
        {
          audience: 'seller',
          topicArn: SELLER_TOPIC,
          kind: 'notice',
          messageId: 'message-2',
          mail: null,
        },
      ],
    });
    const published = world.topics.published.map(({ topicArn, publication }) => ({
      topicArn,
      ...publication,
    }));
    expect(published).toMatchObject([
      {
        topicArn: SELLER_TOPIC,
        kind: 'digest',
        test: true,
        changes: ['LicenseRenewed'],
        buyerAccountIds: [BUYER],
      },
      {
        topicArn: SELLER_TOPIC,
        kind: 'notice',
        test: true,
        changes: ['LicenseRenewed'],
        mail: null,
      },
    ]);
    expect(published[0]?.mail?.subject).toContain('[TEST]');
    expect(z.parse(publishedDigest, published[0]?.json)).toMatchObject({
      test: true,
      notices: [{ entry: 0, hash: 'test' }],
    });
    expect(z.parse(publishedNotice, published[1]?.json)).toMatchObject({
      test: true,
      entry: 0,
      hash: 'test',
    });
  });

  it('goes onto the event bus as real ones do, marked, where the seller is told and nothing is only tried', async () => {
    const answer = await asked();
    expect(answer).toMatchObject({
      event: { detailType: 'LicenseRenewed', eventId: 'event-1', refused: null },
    });
    const single = world.topics.published.find(({ publication }) => publication.kind === 'notice');
    expect(world.bus.events).toEqual([
      { detailType: 'LicenseRenewed', detail: single?.publication.json },
    ]);
    expect(world.bus.events[0]?.detail).toMatchObject({ test: true, entry: 0, hash: 'test' });
    expect(await asked({ to: ['buyer'] })).toMatchObject({ event: null });
    expect(await asked({ dryRun: true })).toMatchObject({
      event: { eventId: null, refused: null },
    });
    expect(world.bus.events).toHaveLength(1);
    world.bus.refusal = 'AccessDeniedException: no';
    expect(await asked()).toMatchObject({
      event: { eventId: null, refused: 'AccessDeniedException: no' },
    });
  });

  it('has a card for the channel, which says that it is a test, where there is a channel', async () => {
    world.slack = true;
    await asked();
    const { card } = world.bus.events[0]?.detail as { card: SlackCard };
    expect(card.content.title).toContain(' [TEST] ');
    expect(card.content.description).toMatch(/^Nothing has changed and there is nothing to do/);
    expect(card.content.nextSteps.join(' ')).not.toContain('entry 0');
    expect(card.metadata.eventType).toBe('LicenseRenewed');
  });

  it('goes to the buyer’s own topic where the buyer is meant, and to no other', async () => {
    const answer = await asked({ to: ['buyer'], selection: 'reminder-3' });
    expect(world.topics.published.map(({ topicArn }) => topicArn)).toEqual([BUYER_TOPIC]);
    const [{ publication } = { publication: undefined }] = world.topics.published;
    expect(publication).toMatchObject({ kind: 'reminder', changes: ['Reminder'], test: true });
    expect(publication?.mail?.subject).toContain('Ends in 3 days [TEST]: ');
    expect(z.parse(publishedNotice, publication?.json)).toMatchObject({
      test: true,
      seller: 'Example Software',
    });
    expect(answer).toMatchObject({
      at: '2027-01-29T00:00:00Z',
      messages: [{ mail: publication?.mail }],
    });
  });

  it('welcomes the buyer as the first real mail does', async () => {
    await asked({ to: ['buyer'], selection: 'WatchStarted' });
    expect(world.topics.published[0]?.publication).toMatchObject({ kind: 'welcome' });
    expect(world.topics.published[0]?.publication.mail?.text).toContain('Welcome');
  });

  it('writes nothing at all', async () => {
    const { store } = world;
    const written: string[] = [];
    for (const book of [store.buyers, store.contracts, store.notices, store.ticks]) {
      for (const [name, method] of Object.entries(book)) {
        if (!/^(put|record|confirm|settle|claim|start|count)/.test(name)) continue;
        Object.assign(book, {
          [name]: (...given: unknown[]): unknown => {
            written.push(name);
            return (method as (...all: unknown[]) => unknown)(...given);
          },
        });
      }
    }
    await asked({ to: ['buyer', 'seller'] });
    expect(world.topics.published).toHaveLength(3);
    expect(written).toEqual([]);
    expect(await world.store.contracts.head(CONTRACT)).toMatchObject({ entries: 1, revision: 1 });
  });

  it('in a dry run shows what would be sent, and sends nothing', async () => {
    const answer = await asked({ dryRun: true, to: ['buyer', 'seller'] });
    expect(world.topics.published).toEqual([]);
    expect(answer).toMatchObject({
      dryRun: true,
      messages: [
        { audience: 'seller', messageId: null },
        { audience: 'seller', messageId: null },
        { audience: 'buyer', messageId: null, refused: null, confirmedSubscriptions: 1 },
      ],
    });
  });

  it('says how many hear it: nobody, where nobody confirmed', async () => {
    world.topics.confirmedSubscriptions = 0;
    expect(await asked()).toMatchObject({
      messages: [{ messageId: 'message-1', confirmedSubscriptions: 0 }, {}],
    });
  });

  it('says that a topic refuses, and does not stop at it', async () => {
    world.topics.refusal = 'the topic is gone';
    const closed = { messageId: null, refused: 'the topic is gone', confirmedSubscriptions: null };
    expect(await asked({ to: ['buyer', 'seller'] })).toMatchObject({
      messages: [{ messageId: 'message-1', refused: null }, { messageId: 'message-2' }, closed],
    });
    world.topics.standing = () => Promise.resolve({ kind: 'open', confirmedSubscriptions: 1 });
    expect(await asked({ to: ['buyer'] })).toMatchObject({
      messages: [{ messageId: null, refused: 'the topic is gone' }],
    });
  });

  it('fails where SNS does, so that nobody takes it for sent', async () => {
    world.topics.failures = ['down'];
    await expect(asked()).rejects.toThrow('SNS is down');
  });

  it('knows a buyer who is not probed', async () => {
    const buyer = aBuyer();
    await world.store.buyers.put(
      aBuyer({ registration: aRegistration({ probe: false }) }),
      buyer,
      REGISTERED,
    );
    expect(await asked({ selection: 'CheckoutRefused' })).toMatchObject({
      outcome: 'refused',
      problem: 'impossible',
    });
  });
});

describe('a simulation is refused', () => {
  it.each([
    ['not-invited', null],
    ['revoked', aBuyer({ status: 'revoked' })],
    ['left', aBuyer({ status: 'left' })],
    ['not-registered', aBuyer({ status: 'invited', registration: null })],
    ['not-registered', aBuyer({ status: 'enrolling', enrolment: { since: NOW, lookedAt: NOW } })],
    ['unknown-product', aBuyer({ productIds: ['another'] })],
  ] as const)(
    'for a buyer: %s; the topic that is still known gets nothing',
    async (problem, buyer) => {
      const stranger = new SendNoticesFixture();
      if (buyer !== null) await stranger.registered(buyer);
      await stranger.record(anEntry(), []);
      const answer = await simulate({ ...RENEWAL, to: ['buyer', 'seller'] }, stranger.dependencies);
      expect(answer).toMatchObject({ outcome: 'refused', problem, possible: [] });
      expect(stranger.topics.published).toEqual([]);
    },
  );

  it.each([
    ['was never seen', { watchStarted: null }],
    ['is not watched any more', { watchEnded: NOW }],
  ])('for a contract that %s', async (_why, head) => {
    await world.move(head);
    expect(await asked()).toMatchObject({ outcome: 'refused', problem: 'not-seen' });
    expect(world.topics.published).toEqual([]);
  });

  it('for a product that is retired, whose buyers are told nothing', async () => {
    const settings = { ...world.dependencies.settings, products: [aProduct({ retired: true })] };
    const answer = await simulate(RENEWAL, { ...world.dependencies, settings });
    expect(answer).toMatchObject({ outcome: 'refused', problem: 'unknown-product' });
  });

  it('for what cannot happen, and for what nobody knows, with what can', async () => {
    const impossible = await asked({ selection: 'AgreementEnded' });
    expect(impossible).toMatchObject({ outcome: 'refused', problem: 'impossible' });
    expect('possible' in impossible ? impossible.possible : []).toContain('LicenseRenewed');
    const unknown = await asked({ selection: 'LicenseMelted' });
    expect(unknown).toMatchObject({ outcome: 'refused', problem: 'unknown-selection' });
    expect('possible' in unknown ? unknown.possible : []).toContain('reminder-30');
    expect(world.topics.published).toEqual([]);
  });
});
