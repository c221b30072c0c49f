import * as z from 'zod/mini';
import { describe, expect, it } from 'vitest';
import { sendNotices } from '../../../lambdas/send-notices/send-notices.ts';
import { MINUTE, plus } from '../../../lib/domain/time.ts';
import { StoredShapeError } from '../../../lib/messages/stored.ts';
import { publishedDigest } from '../../../lib/messages/published-notice.ts';
import { aNotice, anEntry } from '../../support/records.ts';
import { OPERATIONS_TOPIC, SendNoticesFixture } from '../../support/send-notices-fixture.ts';

describe('telling operations', () => {
  const toOperations = (entry: number) =>
    aNotice({ entry, audience: 'operations', severity: 'urgent' });

  it('is the digest’s: whoever causes notices at will fills no mailbox, and machines have all of them', async () => {
    const world = await new SendNoticesFixture().registered();
    for (let entry = 1; entry <= 3; entry += 1)
      await world.record(anEntry({ entry }), [toOperations(entry)]);
    await world.sendToBuyer();
    expect(world.topics.published).toEqual([]);
    await world.tick();
    const [published, ...others] = world.topics.published;
    expect(others).toEqual([]);
    const { mail, json } = published!.publication;
    expect(mail?.subject).toBe('License Watcher: 3 matters for operations, 2027-01-18');
    const entries = [...(mail?.text ?? '').matchAll(/, entry (\d+)/g)].map(([, entry]) => entry);
    expect(entries).toEqual(['1', '2', '3']);
    expect(z.parse(publishedDigest, json)).toMatchObject({
      audience: 'operations',
      notices: [{ entry: 1 }, { entry: 2 }, { entry: 3 }],
    });
    expect(await world.states('operations', 3)).toEqual(['1 told', '2 told', '3 told']);
  });

  it('tells 40 in a mail, the others by the next tick, and nothing more when the message comes again', async () => {
    const world = await new SendNoticesFixture().registered();
    for (let entry = 1; entry <= 45; entry += 1)
      await world.record(anEntry({ entry }), [toOperations(entry)]);
    await world.tick();
    await sendNotices({ format: 1, kind: 'tick', tick: world.now }, world.dependencies, 2);
    expect(world.topics.mails(OPERATIONS_TOPIC)).toHaveLength(1);
    expect(world.topics.mails(OPERATIONS_TOPIC)[0]?.mail?.text).toContain('5 more will follow');
    world.now = plus(world.now, 15 * MINUTE);
    await world.tick();
    expect(world.topics.mails(OPERATIONS_TOPIC)).toHaveLength(2);
    expect(
      new Set((await world.states('operations', 45)).map((state) => state.split(' ')[1])),
    ).toEqual(new Set(['told']));
  });

  it('waits for no others whose entries cannot be read, however many', async () => {
    const world = await new SendNoticesFixture().registered();
    for (let entry = 1; entry <= 50; entry += 1)
      await world.record(anEntry({ entry }), [toOperations(entry)]);
    const read = world.store.contracts.entry.bind(world.store.contracts);
    world.store.contracts.entry = (contract, entry) =>
      entry < 50 ? Promise.reject(new StoredShapeError('it is odd')) : read(contract, entry);
    await expect(world.tick()).rejects.toThrow('49 of 50 notices failed, first: it is odd');
    expect((await world.states('operations', 50)).at(-1)).toBe('50 told');
  });

  it('tells none twice because another could not be marked', async () => {
    const world = await new SendNoticesFixture().registered();
    for (let entry = 1; entry <= 3; entry += 1)
      await world.record(anEntry({ entry }), [toOperations(entry)]);
    const { notices } = world.store;
    const settle = notices.changeState.bind(notices);
    notices.changeState = (notice, next, fact) =>
      notice.entry === 1 && next.state === 'told'
        ? Promise.reject(new Error('down'))
        : settle(notice, next, fact);
    await expect(world.tick()).rejects.toThrow('1 of 3 notices failed, first: down');
    expect(await world.states('operations', 3)).toEqual(['1 due', '2 told', '3 told']);
  });

  it('keeps the seller’s digest not back where it fails', async () => {
    const world = await new SendNoticesFixture().registered();
    await world.record(anEntry(), [toOperations(1), aNotice({ audience: 'seller' })]);
    world.topics.failures.push('down');
    await expect(world.tick()).rejects.toThrow();
    expect(await world.states('seller', 1)).toEqual(['1 told']);
    expect(world.topics.mails(OPERATIONS_TOPIC)).toEqual([]);
    world.now = plus(world.now, 15 * MINUTE);
    await world.tick();
    expect(world.topics.mails(OPERATIONS_TOPIC)).toHaveLength(1);
  });

  it('says what failed of it where the seller’s digest fails, too', async () => {
    const world = await new SendNoticesFixture().registered();
    await world.record(anEntry(), [toOperations(1), aNotice({ audience: 'seller' })]);
    world.topics.failures.push('down', 'down');
    await expect(world.tick()).rejects.toThrow('2 of 2 mails of a tick failed');
  });

  it('publishes to their topic, once, and leaves no fact', async () => {
    const world = await new SendNoticesFixture().registered();
    await world.record(anEntry(), [aNotice({ audience: 'operations', severity: 'urgent' })]);
    await Promise.all([world.tick(), world.tick()]);
    await world.tick();
    expect(
      world.topics.published.map(({ topicArn, publication: { kind } }) => [topicArn, kind]),
    ).toEqual([[OPERATIONS_TOPIC, 'operations']]);
    expect(await world.states('operations', 1)).toEqual(['1 told']);
  });
});
