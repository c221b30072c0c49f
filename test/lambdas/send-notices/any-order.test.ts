import * as fc from '../../support/property.ts';
import * as z from 'zod/mini';
import { describe, expect, it } from 'vitest';
import { HOUR, MINUTE, plus } from '../../../lib/domain/time.ts';
import { runs } from '../../support/arbitrary.ts';
import { publishedDigest, publishedNotice } from '../../../lib/messages/published-notice.ts';
import { aNotice, anEntry, anExpiry, CONTRACT } from '../../support/records.ts';
import {
  BUYER_TOPIC,
  SELLER_TOPIC,
  SendNoticesFixture,
} from '../../support/send-notices-fixture.ts';

describe('any order of messages, redeliveries and crashes', () => {
  const step = fc.oneof(
    { weight: 3, arbitrary: fc.record({ do: fc.constant('tell' as const) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('digest' as const) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('both' as const) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('confirm' as const) }) },
    {
      weight: 1,
      arbitrary: fc.record({
        do: fc.constant('wait' as const),
        minutes: fc.integer({ min: 1, max: 90 }),
      }),
    },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('down' as const) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('lost' as const) }) },
  );

  it('tells every entry to everybody, exactly once unless an answer was lost', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 25 }),
        fc.boolean(),
        async (steps, confirmed) => {
          const world = await new SendNoticesFixture().registered();
          world.topics.confirmedSubscriptions = confirmed ? 1 : 0;
          for (const entry of [1, 2, 3, 4]) {
            const kind = entry === 1 ? 'welcome' : 'change';
            const sealed = entry === 1 ? anEntry() : anExpiry(entry);
            await world.record(sealed, [
              aNotice({ entry, kind }),
              aNotice({ entry, audience: 'seller' }),
            ]);
          }
          for (const each of steps) {
            // A failed send is delivered again by its queue, or driven by the next sweep: both are among the steps.
            const swallow = () => undefined;
            if (each.do === 'tell') await world.sendToBuyer().catch(swallow);
            if (each.do === 'digest') await world.tick().catch(swallow);
            if (each.do === 'both')
              await Promise.allSettled([world.sendToBuyer(), world.tick(), world.sendToBuyer()]);
            if (each.do === 'confirm') world.topics.confirmedSubscriptions = 1;
            if (each.do === 'wait') world.now = plus(world.now, each.minutes * MINUTE);
            if (each.do === 'down' || each.do === 'lost') world.topics.failures.push(each.do);
          }
          const lost = steps.filter(({ do: what }) => what === 'lost').length;
          world.topics.confirmedSubscriptions = 1;
          world.topics.failures = [];
          world.now = plus(world.now, 2 * HOUR);
          await world.sendToBuyer();
          await world.tick();
          for (const topicArn of [BUYER_TOPIC, SELLER_TOPIC]) {
            const told = publishedTo(world, topicArn);
            for (const entry of [1, 2, 3, 4]) {
              const times = told.filter((each) => each === entry).length;
              expect(times).toBeGreaterThanOrEqual(1);
              expect(times).toBeLessThanOrEqual(1 + lost);
            }
          }
          expect(await world.store.notices.pending(CONTRACT)).toEqual([]);
        },
      ),
      runs(150),
    );
  });
});

/** Numbers of the entries that the e-mails of a topic told, repeats included. */

function publishedTo(world: SendNoticesFixture, topicArn: string): number[] {
  return world.topics.mails(topicArn).flatMap(({ json, kind }) => {
    if (kind === 'digest') return z.parse(publishedDigest, json).notices.map(({ entry }) => entry);
    const { entry, folded } = z.parse(publishedNotice, json);
    return [...folded.map((each) => each.entry), entry];
  });
}
