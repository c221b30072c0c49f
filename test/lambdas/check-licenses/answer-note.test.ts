import { describe, expect, it } from 'vitest';
import { LONGEST_NOTE, textHash } from '../../../lib/domain/ledger/note.ts';
import { DAY, HOUR, MINUTE, plus } from '../../../lib/domain/time.ts';
import { noteRequest, type NoteRequest } from '../../../lib/messages/requests.ts';
import { FIVE_SEATS } from '../../histories/licenses-in-memory.ts';
import { SELLER_ARN, Watcher } from '../../histories/watcher.ts';
import { CALL_FAULTS, CrashingProcess } from '../../support/crashing-process.ts';
import { at } from '../../support/licenses.ts';
import { SELLER_TOPIC, BUYER_TOPIC } from '../../support/send-notices-fixture.ts';
import { verifyChain } from '../../support/verify-chain.ts';
import { sha256 } from '../../../lib/aws/text.ts';

const END = FIVE_SEATS.end!;

/** A contract that is watched since `daysBefore` days before its end. */
async function watched(daysBefore = 40, through?: CrashingProcess['through']): Promise<Watcher> {
  const start = plus(END, -daysBefore * DAY);
  const watcher = new Watcher({ start, ...(through && { through }) });
  watcher.licenses.write(FIVE_SEATS);
  await watcher.makeStack();
  await sweep(watcher);
  return watcher;
}

/** One tick with all that its messages lead to. */
async function sweep(watcher: Watcher): Promise<void> {
  const tick = watcher.now;
  await watcher.sweep();
  for (const { body } of watcher.checks.splice(0)) await watcher.check(body);
  watcher.now = plus(tick, 2 * MINUTE);
  for (const { body } of watcher.notices.splice(0)) await watcher.send(body);
  watcher.now = plus(tick, 15 * MINUTE);
}

async function sweepAt(watcher: Watcher, daysBefore: number): Promise<void> {
  watcher.now = plus(END, -daysBefore * DAY + MINUTE);
  await sweep(watcher);
}

/** An end is told when a look an hour later confirms it. */
async function lapse(watcher: Watcher): Promise<void> {
  await sweepAt(watcher, 0);
  watcher.now = plus(watcher.now, HOUR);
  await sweep(watcher);
  await sweep(watcher);
}

function told(watcher: Watcher, topic: string): string[] {
  return watcher.topics.published.flatMap(({ topicArn, publication }) => {
    const json = publication.json as {
      kind: string;
      changes: { type: string }[];
      reminder: { daysBefore: number } | null;
    };
    if (topicArn !== topic || json.kind === 'digest') return [];
    // Beside a change a reminder makes no mail more.
    if (json.changes.length > 0) return json.changes.map(({ type }) => type);
    return json.reminder === null ? [] : [`day ${json.reminder.daysBefore}`];
  });
}

const headOf = ({ store, contract }: Watcher) => store.contracts.head(contract);

describe('a note', () => {
  it('is an entry of the chain that says what kind, by whom and the hash of its text, which lies beside it', async () => {
    const watcher = await watched();
    const before = await watcher.ledger();
    const answer = await watcher.note({ says: 'renewal-agreed', text: 'PO 4711', signed: SIGNED });
    expect(answer).toMatchObject({
      outcome: 'recorded',
      entry: 2,
      arn: SELLER_ARN,
      unproven: null,
    });
    const ledger = await watcher.ledger();
    expect(verifyChain(ledger, sha256)).toBeNull();
    expect(ledger).toHaveLength(before.length + 1);
    const { note, ...entry } = ledger.at(-1)!;
    expect(entry).toMatchObject({
      kind: 'note',
      changes: [],
      reminder: null,
      standing: 'in-force',
    });
    expect(JSON.stringify(ledger)).not.toContain('PO 4711');
    const text = await watcher.store.contracts.noteText(watcher.contract, 2);
    expect(text?.written?.text).toBe('PO 4711');
    expect(note).toMatchObject({ kind: 'note', says: 'renewal-agreed', by: { arn: SELLER_ARN } });
    expect(note?.textHash).toBe(textHash(text!.written!, sha256));
    expect((await headOf(watcher))?.note).toMatchObject({ entry: 2, says: 'renewal-agreed' });
  });

  it('counts, tells and settles nothing: what is remembered of the license is as before', async () => {
    const watcher = await watched();
    const { note: _1, lastNote: _2, ...before } = (await headOf(watcher))!;
    const published = watcher.topics.published.length;
    watcher.now = plus(watcher.now, MINUTE);
    await watcher.note({ text: 'as agreed' });
    const { note: _3, lastNote: _4, ...after } = (await headOf(watcher))!;
    expect(after).toEqual({
      ...before,
      entries: before.entries + 1,
      revision: before.revision + 1,
      lastHash: after.lastHash,
    });
    await sweep(watcher);
    expect(watcher.topics.published).toHaveLength(published);
  });

  it('leaves a reminder that is due to the next sweep', async () => {
    const watcher = await watched(31);
    watcher.now = plus(END, -30 * DAY + 10 * MINUTE);
    await watcher.note({ text: 'as agreed' });
    await sweep(watcher);
    expect(told(watcher, SELLER_TOPIC)).toContain('day 30');
    expect(told(watcher, BUYER_TOPIC)).toContain('day 30');
  });

  it('can have its text erased, which the ledger says for ever; the hash then proves nothing of it', async () => {
    const watcher = await watched();
    await watcher.note({ text: 'call Jane on 555-0100' });
    const erased = await watcher.note({ kind: 'erase', erases: 2 });
    expect(erased).toMatchObject({ outcome: 'recorded', entry: 3 });
    expect(await watcher.store.contracts.noteText(watcher.contract, 2)).toMatchObject({
      written: null,
    });
    expect((await headOf(watcher))?.note).toBeNull();
    expect(verifyChain(await watcher.ledger(), sha256)).toBeNull();
    expect(await watcher.note({ kind: 'erase', erases: 1 })).toMatchObject({ outcome: 'refused' });
  });

  it('is overtaken by another term, not by more seats', async () => {
    const watcher = await watched();
    await watcher.note({ says: 'will-not-renew' });
    watcher.licenses.write({ ...FIVE_SEATS, seats: { ReadOnly: 9 } }, watcher.licenses.newest!.arn);
    await sweep(watcher);
    expect((await headOf(watcher))?.note?.says).toBe('will-not-renew');
    watcher.licenses.write(
      { ...FIVE_SEATS, seats: { ReadOnly: 9 }, end: plus(END, 365 * DAY) },
      watcher.licenses.newest!.arn,
    );
    await sweep(watcher);
    expect((await headOf(watcher))?.note).toBeNull();
  });
});

describe('a snooze', () => {
  it('silences reminders to the seller until its day, and none to the buyer', async () => {
    const watcher = await watched();
    await watcher.note({ kind: 'snooze', until: plus(END, -10 * DAY) });
    for (const day of [30, 14, 7]) await sweepAt(watcher, day);
    expect(told(watcher, SELLER_TOPIC)).toEqual(['WatchStarted', 'day 7']);
    expect(told(watcher, BUYER_TOPIC)).toEqual(['WatchStarted', 'day 30', 'day 14', 'day 7']);
  });

  it('silences what was due and not sent yet, and says so of the notice', async () => {
    const watcher = await watched();
    watcher.now = plus(END, -30 * DAY + MINUTE);
    await watcher.sweep();
    for (const { body } of watcher.checks.splice(0)) await watcher.check(body);
    await watcher.note({ kind: 'snooze' });
    for (const { body } of watcher.notices.splice(0)) await watcher.send(body);
    await sweep(watcher);
    const key = { contract: watcher.contract, entry: 2, audience: 'seller' } as const;
    expect(await watcher.store.notices.find(key)).toMatchObject({
      state: 'superseded',
      reason: 'snoozed by the seller until something changes (entry 3)',
    });
  });

  it('silences no end, and is over with it', async () => {
    const watcher = await watched();
    await watcher.note({ kind: 'snooze', until: plus(END, 100 * DAY) });
    await lapse(watcher);
    expect(told(watcher, SELLER_TOPIC)).toContain('LicenseExpired');
    expect((await headOf(watcher))?.quiet).toBeNull();
    const ended = (await watcher.ledger()).find(({ endsQuiet }) => endsQuiet !== undefined);
    expect(ended?.changes.map(({ type }) => type)).toEqual(['LicenseExpired']);
    expect(ended?.endsQuiet).toMatchObject({ kind: 'snoozed', entry: 2 });
  });

  it.each(['SUSPENDED', 'DEACTIVATED'] as const)('silences no %s', async (status) => {
    const watcher = await watched();
    await watcher.note({ kind: 'snooze' });
    watcher.licenses.write({ ...FIVE_SEATS, status }, watcher.licenses.newest!.arn);
    await sweep(watcher);
    watcher.now = plus(watcher.now, HOUR);
    await sweep(watcher);
    await sweep(watcher);
    expect(told(watcher, SELLER_TOPIC)).toHaveLength(2);
    expect((await headOf(watcher))?.quiet).toBeNull();
  });

  it('goes on while bad news settles that turns out to be none', async () => {
    const watcher = await watched();
    await watcher.note({ kind: 'snooze' });
    const { arn } = watcher.licenses.newest!;
    watcher.licenses.write({ ...FIVE_SEATS, status: 'SUSPENDED' }, arn);
    await sweep(watcher);
    watcher.licenses.write({ ...FIVE_SEATS, status: 'AVAILABLE' }, arn);
    await sweep(watcher);
    await sweep(watcher);
    expect((await headOf(watcher))?.quiet).toMatchObject({ kind: 'snoozed', entry: 2 });
    expect(told(watcher, SELLER_TOPIC)).toEqual(['WatchStarted']);
  });

  it('is over when the end moves: of the new one reminders come', async () => {
    const watcher = await watched();
    await watcher.note({ kind: 'snooze', until: plus(END, 100 * DAY) });
    const { arn } = watcher.licenses.newest!;
    watcher.licenses.write({ ...FIVE_SEATS, end: plus(END, 20 * DAY) }, arn);
    await sweep(watcher);
    expect((await headOf(watcher))?.quiet).toBeNull();
    await sweepAt(watcher, 10);
    expect(told(watcher, SELLER_TOPIC)).toEqual(['WatchStarted', 'LicenseRenewed', 'day 30']);
  });

  it('keeps back from the seller no end that has passed unseen', async () => {
    const watcher = await watched();
    await watcher.note({ kind: 'snooze', until: plus(END, 100 * DAY) });
    watcher.roleStands = false;
    await sweepAt(watcher, 5);
    for (const day of [4, 3, 2, -1]) await sweepAt(watcher, day);
    expect(told(watcher, SELLER_TOPIC)).toContain('day -1');
    expect(told(watcher, SELLER_TOPIC)).not.toContain('day 3');
  });

  it('can be taken back', async () => {
    const watcher = await watched();
    await watcher.note({ kind: 'snooze' });
    expect(await watcher.note({ kind: 'resume' })).toMatchObject({ outcome: 'recorded' });
    await sweepAt(watcher, 30);
    expect(told(watcher, SELLER_TOPIC)).toContain('day 30');
    expect(await watcher.note({ kind: 'resume' })).toMatchObject({ outcome: 'refused' });
  });
});

describe('a dismissal', () => {
  it('silences what is still to be told of a lapsed contract, until a renewal brings it back', async () => {
    const watcher = await watched();
    await lapse(watcher);
    expect(await watcher.note({ kind: 'dismiss', says: 'will-not-renew' })).toMatchObject({
      outcome: 'recorded',
    });
    await sweepAt(watcher, -1);
    expect(told(watcher, SELLER_TOPIC)).not.toContain('day -1');
    expect((await headOf(watcher))?.quiet?.kind).toBe('dismissed');
    const begin = watcher.now;
    watcher.licenses.write({ ...FIVE_SEATS, begin, end: plus(begin, 365 * DAY) });
    await sweep(watcher);
    expect(told(watcher, SELLER_TOPIC)).toContain('LicenseRenewed');
    expect(await headOf(watcher)).toMatchObject({ quiet: null, note: null });
  });

  it.each<[string, (watcher: Watcher) => Promise<void>, RegExp]>([
    ['in force', () => Promise.resolve(), /it is in-force, and only what has lapsed/],
    ['at its end, which settles', (watcher) => sweepAt(watcher, 0), /still to be confirmed/],
    [
      'not to be seen',
      async (watcher) => {
        await lapse(watcher);
        watcher.roleStands = false;
        for (let n = 0; n < 4; n += 1) await sweep(watcher);
      },
      /nobody can see it/,
    ],
  ])('is refused of a contract that is %s', async (_, happens, words) => {
    const watcher = await watched();
    await happens(watcher);
    const entries = (await headOf(watcher))?.entries;
    const answer = await watcher.note({ kind: 'dismiss' });
    expect(answer).toMatchObject({
      outcome: 'refused',
      words: expect.stringMatching(words) as string,
    });
    expect((await headOf(watcher))?.entries).toBe(entries);
  });
});

describe('what cannot be', () => {
  it.each<[string, Partial<NoteRequest>, RegExp]>([
    [
      'a snooze in the past',
      { kind: 'snooze', until: at('2020-01-01') },
      /name a time in the future/,
    ],
    ['an unknown buyer', { buyerAccountId: '999999999999', text: 'x' }, /never invited/],
    ['a product that the buyer has not', { productId: 'other', text: 'x' }, /name one of these/],
    ['a text that is not there', { kind: 'erase', erases: 77 }, /no text that could be erased/],
  ])('is refused, and nothing is written: %s', async (_, request, words) => {
    const watcher = await watched();
    const before = await headOf(watcher);
    const answer = await watcher.note(request);
    expect(answer).toMatchObject({
      outcome: 'refused',
      words: expect.stringMatching(words) as string,
    });
    expect(await headOf(watcher)).toEqual(before);
  });

  it('is refused before the first look: there is no ledger', async () => {
    const watcher = new Watcher({ start: at('2026-11-01') });
    await watcher.makeStack();
    expect(await watcher.note({ text: 'x' })).toMatchObject({
      outcome: 'refused',
      words: expect.stringContaining('the first look begins') as string,
    });
    expect(await headOf(watcher)).toBeUndefined();
  });

  it.each([
    ['10,000 characters', 'x'.repeat(10_000)],
    ['one more than it may have', 'x'.repeat(LONGEST_NOTE + 1)],
    ['a line break', 'two\nlines'],
    ['an escape', 'red \u001b[31m'],
    ['text that turns direction', 'ab\u202ecd'],
    ['half a character', 'a\ud800'],
    ['blanks alone', '   '],
  ])('never comes so far: a text of %s', (_, text) => {
    const request = { ...REQUEST, text };
    expect(noteRequest.safeParse(request).success).toBe(false);
    expect(noteRequest.safeParse({ ...request, text: 'x'.repeat(LONGEST_NOTE) }).success).toBe(
      true,
    );
  });
});

it('ends the same, whichever call fails or kills, before or after its effect, if it is asked again', async () => {
  const steps: Partial<NoteRequest>[] = [
    { requestId: 'request-a', kind: 'snooze', says: 'renewal-agreed', text: 'PO 4711' },
    { requestId: 'request-b', kind: 'erase', erases: 2 },
  ];
  const undisturbed = await said(steps, new CrashingProcess(0, 'dies before'));
  expect(undisturbed.calls).toBeGreaterThan(8);
  for (const fault of CALL_FAULTS)
    for (let call = 1; call <= undisturbed.calls; call += 1) {
      const disturbed = await said(steps, new CrashingProcess(call, fault));
      const where = `${fault} call ${call}, ${disturbed.struck ?? 'nothing'}`;
      expect(disturbed.struck, where).not.toBeNull();
      expect(disturbed.ledger, where).toEqual(undisturbed.ledger);
      expect(disturbed.head, where).toEqual(undisturbed.head);
      expect(disturbed.text, where).toMatchObject({ written: null });
    }
});

async function said(steps: readonly Partial<NoteRequest>[], crashing: CrashingProcess) {
  const watcher = await watched(40, crashing.through);
  crashing.isCounting = true;
  for (const step of steps)
    while (
      (await crashing.run(async () => {
        await watcher.note({ ...step, signed: SIGNED });
        return true;
      })) !== 'done'
    );
  const { lastHash: _, ...head } = (await headOf(watcher))!;
  return {
    ledger: (await watcher.ledger()).map(({ entry, kind, note }) => ({
      ...{ entry, kind },
      note: note && { ...note, textHash: null },
    })),
    head,
    text: await watcher.store.contracts.noteText(watcher.contract, 2),
    calls: crashing.calls,
    struck: crashing.struck,
  };
}

const SIGNED: NonNullable<NoteRequest['signed']> = {
  accessKeyId: 'AKIAEXAMPLE012345678',
  signedAt: at('2026-11-01'),
  signature: '0'.repeat(64),
  sessionToken: null,
};
const REQUEST: NoteRequest = {
  ...{ format: 1, request: 'note', buyerAccountId: '111122223333', productId: 'example' },
  ...{ requestId: 'request-1', kind: 'note', says: null, text: null, until: null, erases: null },
  ...{ claimedBy: 'somebody', signed: null },
};
