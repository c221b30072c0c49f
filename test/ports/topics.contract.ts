import { describe, expect, it } from 'vitest';
import type { Topics } from '../../lib/domain/ports.ts';

/** A topic, and what happens to it at its owner's. */
export interface OwnedTopic {
  readonly topics: Topics;
  readonly topicArn: string;
  /** The link in the mail is not followed yet. */
  subscribe(address: string): Promise<void>;
  confirm(address: string): Promise<void>;
  /** By the link below a mail. */
  leave(address: string): Promise<void>;
  /** The topic's policy lets us publish and count, as before, and not list. */
  forbidListing(): void;
  remove(): void;
}

const READER = 'reader@buyer.example';
const OTHER = 'other@buyer.example';

/** What every implementation of `Topics` promises of a buyer's topic. */
export function topicsContract(open: () => Promise<OwnedTopic>): void {
  describe('the subscriptions of a topic', () => {
    it('are none where nobody subscribed', async () => {
      expect(await list(await open())).toEqual({
        kind: 'listed',
        subscriptions: [],
        complete: true,
      });
    });

    it('are listed address by address, with what became of each', async () => {
      const topic = await open();
      await topic.subscribe(READER);
      await topic.subscribe(OTHER);
      expect(await states(topic)).toEqual([
        ['email', READER, 'pending'],
        ['email', OTHER, 'pending'],
      ]);
      await topic.confirm(READER);
      await topic.confirm(OTHER);
      await topic.leave(OTHER);
      expect(await states(topic)).toEqual([
        ['email', READER, 'confirmed'],
        ['email', OTHER, 'deleted'],
      ]);
      expect(await topic.topics.standing(topic.topicArn)).toEqual({
        kind: 'open',
        confirmedSubscriptions: 1,
      });
    });

    it('are listed to the last, however many', async () => {
      const topic = await open();
      for (let each = 0; each < 250; each += 1) await topic.subscribe(`r-${each}@buyer.example`);
      expect(await states(topic)).toHaveLength(250);
    });

    it('are counted where the topic does not let them be listed, which is not to say that it is closed', async () => {
      const topic = await open();
      await topic.subscribe(READER);
      topic.forbidListing();
      expect(await list(topic)).toEqual({ kind: 'counted', confirmed: 0 });
      await topic.confirm(READER);
      expect(await list(topic)).toEqual({ kind: 'counted', confirmed: 1 });
    });

    it('are gone with it', async () => {
      const topic = await open();
      topic.remove();
      expect(await list(topic)).toEqual({ kind: 'closed', reason: 'the topic is gone' });
    });
  });
}

function list({ topics, topicArn }: OwnedTopic): ReturnType<Topics['readers']> {
  return topics.readers(topicArn);
}

async function states(topic: OwnedTopic): Promise<string[][]> {
  const answer = await list(topic);
  if (answer.kind !== 'listed') return expect.fail(`not listed: ${answer.kind}`);
  expect(answer.complete).toBe(true);
  return answer.subscriptions.map(({ protocol, endpoint, state }) => [protocol, endpoint, state]);
}
