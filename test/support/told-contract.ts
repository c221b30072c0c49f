import { performCheck } from '../../lib/domain/check/perform-check.ts';
import type { Product } from '../../lib/domain/license/product.ts';
import type { Mail, WatchStore } from '../../lib/domain/ports.ts';
import type { Observation } from '../../lib/domain/check/observation.ts';
import { type Instant, MINUTE, plus } from '../../lib/domain/time.ts';
import { contractKey, type ContractKey } from '../../lib/domain/license/contract.ts';
import { sendNotices } from '../../lambdas/send-notices/send-notices.ts';
import { BUYER, QUIET_FLEET } from './contracts.ts';
import { SUITE } from './mails.ts';
import { aBuyer, aRegistration, REGISTERED } from './records.ts';
import {
  BUYER_TOPIC,
  FakeBus,
  FakeTopics,
  contractsMessage,
  OPERATIONS_TOPIC,
  SELLER_TOPIC,
  SILENT,
  NO_PIPELINE,
} from './send-notices-fixture.ts';
import { sha256 } from '../../lib/aws/text.ts';

export interface SentMail {
  readonly mail: Mail;
  readonly json: unknown;
  readonly messageId: string;
}

/** A contract that is watched and told with a store: its ledger, its facts of delivery, and what was published. */
export class ToldContract {
  readonly topics = new FakeTopics();
  readonly contract: ContractKey;
  readonly #store: WatchStore;
  readonly #product: Product;
  readonly #buyer: typeof BUYER;

  constructor(store: WatchStore, { product = SUITE, buyer = BUYER } = {}) {
    this.#store = store;
    this.#product = product;
    this.#buyer = buyer;
    this.contract = contractKey(buyer.buyerAccountId, product.id);
  }

  async registered(): Promise<this> {
    const { buyerAccountId, name } = this.#buyer;
    const registration = aRegistration({ noticeTopicArn: BUYER_TOPIC });
    const buyer = aBuyer({ buyerAccountId, name, productIds: [this.#product.id], registration });
    await this.#store.buyers.put(buyer, undefined, REGISTERED);
    return this;
  }

  /** Checks for `tick`, three minutes into it. */
  async look(tick: Instant, observation: Observation): Promise<void> {
    const head = (await this.#store.contracts.head(this.contract)) ?? null;
    const now = plus(tick, 3 * MINUTE);
    const [product, buyer] = [this.#product, this.#buyer];
    await performCheck(
      { head, observation, product, buyer, tick, fleet: QUIET_FLEET },
      { ...this.#store, sha256, now: () => now },
    );
  }

  /** Tells everything that is due; returns the mails. */
  async sendNotices(
    at: Instant,
  ): Promise<{ buyer: SentMail | undefined; seller: SentMail | undefined; singles: SentMail[] }> {
    const before = this.topics.published.length;
    const dependencies = {
      ...this.#store,
      pipeline: NO_PIPELINE,
      settings: {
        deployment: 'default',
        sellerName: 'Example Software',
        products: [this.#product],
        digest: 'each tick' as const,
        intervalMinutes: 15,
        slack: false,
      },
      topics: this.topics,
      bus: new FakeBus(),
      meter: { measure: () => undefined },
      sellerTopicArn: SELLER_TOPIC,
      operationsTopicArn: OPERATIONS_TOPIC,
      sha256,
      now: () => at,
      remainingMilliseconds: () => 55_000,
      untilNextMail: () => Promise.resolve(),
      sendCheck: () => Promise.resolve(),
      comeAgain: () => Promise.resolve(),
      log: SILENT,
    };
    await sendNotices(contractsMessage(this.contract), dependencies);
    await sendNotices({ format: 1, kind: 'tick', tick: at }, dependencies);
    const sent = this.topics.published
      .slice(before)
      .map(({ topicArn, publication: { mail, json }, messageId }) => ({
        topicArn,
        mail: mail ?? { subject: '', text: '' },
        json,
        messageId,
      }));
    const ofSeller = sent.filter(({ topicArn }) => topicArn === SELLER_TOPIC);
    return {
      buyer: sent.find(({ topicArn }) => topicArn === BUYER_TOPIC),
      seller: ofSeller.find(({ mail }) => mail.text !== ''),
      singles: ofSeller.filter(({ mail }) => mail.text === ''),
    };
  }
}
