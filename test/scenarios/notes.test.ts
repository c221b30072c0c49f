import { afterAll, beforeAll, expect, test } from 'vitest';
import { contractKey } from '../../lib/domain/license/contract.ts';
import { noteBinding, noteRequest, type NoteRequest } from '../../lib/messages/requests.ts';
import {
  AURORA,
  REGION,
  SELLER_ACCOUNT,
  SELLER_EMAIL,
} from '../../lib/workbench/scenarios/participants.ts';
import { seats, type IssuedLicense } from '../../lib/workbench/scenarios/test-licenses.ts';
import { connect } from '../../lib/seller/cli/connect/connect.ts';
import { complaints, deadLetters } from '../support/fixture-readings.ts';
import { joined } from '../support/joined.ts';
import { licenseWatcher } from '../support/license-watcher.ts';
import { openFixture, type WatcherFixture } from '../support/watcher-fixture.ts';
import { sha256 } from '../../lib/aws/text.ts';

const END = '2027-06-01T00:00:00Z';
const { accountId: ACCOUNT, productId: PRODUCT } = AURORA;

let fixture: WatcherFixture;
let license: IssuedLicense;
beforeAll(async () => {
  fixture = await openFixture();
  const term = { begin: '2027-03-01T00:00:00Z', end: END };
  ({ license } = await joined(fixture, AURORA, [seats(5)], term));
});
afterAll(() => fixture[Symbol.asyncDispose]());

const head = () => fixture.store.contracts.head(contractKey(ACCOUNT, PRODUCT));

const flat = (text: string) => text.replaceAll(/\s+/g, ' ');

async function say(...argv: string[]): Promise<string> {
  const { code, out, err } = await licenseWatcher(fixture.cloud, argv);
  expect(code, err).toBe(0);
  return flat(`${out}${err}`);
}

const mailsTo = (address: string) =>
  fixture.cloud.mailbox.read(address).map(({ subject }) => subject);

/** Subjects of the mails that came to an address meanwhile, but for the weekly pipeline. */
async function meanwhile(address: string, happens: () => Promise<void>): Promise<string[]> {
  const before = mailsTo(address).length;
  await happens();
  return mailsTo(address)
    .slice(before)
    .filter((subject) => !subject.startsWith('Pipeline: '));
}

test('a note is signed, and shown by history, contracts and report', async () => {
  const said = await say('note', ACCOUNT, PRODUCT, '--renewal-agreed', '--text', 'PO 4711');
  expect(said).toContain(`by arn:aws:iam::${SELLER_ACCOUNT}:root: noted.`);
  expect(await say('history', ACCOUNT, PRODUCT)).toContain(
    `Noted by arn:aws:iam::${SELLER_ACCOUNT}:root: renewal agreed, with a text. Text: “PO 4711”.`,
  );
  expect(await say('contracts', ACCOUNT)).toMatch(/noted .*: renewal agreed, “PO 4711”\./);
  expect(await say('export', '--format', 'csv', '--account', ACCOUNT)).toMatch(/,note,/);
  expect(await say('verify', ACCOUNT)).toMatch(/whole/);
});

test('a snooze keeps a reminder from the seller, and none from the buyer', async () => {
  await say('snooze', ACCOUNT, PRODUCT, '--until', '2027-05-20');
  const toSeller = await meanwhile(SELLER_EMAIL, async () => {
    const toBuyer = await meanwhile(AURORA.email, () =>
      fixture.run.sweepsBefore(END, [60, 30, 14]),
    );
    // The term is three months: nothing is told above half of it.
    expect(toBuyer).toHaveLength(2);
  });
  expect(toSeller).toEqual([]);
  expect(await say('history', ACCOUNT, PRODUCT)).toContain(
    'Seller NOT TOLD: superseded; snoozed by the seller until 2027-05-20T00:00:00Z',
  );
  const woken = await meanwhile(SELLER_EMAIL, () => fixture.run.sweepsBefore(END, [7]));
  expect(woken).toHaveLength(1);
});

test('the end is told though it is snoozed, and ends that', async () => {
  await say('snooze', ACCOUNT, PRODUCT);
  const told = await meanwhile(SELLER_EMAIL, async () => {
    await fixture.run.sweepsBefore(END, [0]);
    await fixture.run.sweeps(5);
  });
  expect(told).toHaveLength(1);
  expect(flat(fixture.cloud.mailbox.read(SELLER_EMAIL).at(-1)?.text ?? '')).toContain(
    'This ends your snooze (entry',
  );
  expect((await head())?.quiet).toBeNull();
});

test('what has lapsed is dismissed off the lists, and a renewal brings it back', async () => {
  await say('dismiss', ACCOUNT, PRODUCT, '--will-not-renew');
  expect(await say('contracts')).toMatch(/Dismissed: 1; --dismissed shows them/);
  expect(await say('contracts', '--dismissed')).toContain('dismissed until something changes');
  expect(await meanwhile(SELLER_EMAIL, () => fixture.run.sweepsBefore(END, [-1]))).toEqual([]);
  await fixture.licenses.amend(license, { end: '2028-06-01T00:00:00Z' });
  const told = await meanwhile(SELLER_EMAIL, () => fixture.run.sweep());
  expect(told).toHaveLength(1);
  expect(flat(fixture.cloud.mailbox.read(SELLER_EMAIL).at(-1)?.text ?? '')).toContain(
    'You had dismissed it',
  );
  expect(await say('contracts')).toContain('in-force');
});

test('the text is erased, and the ledger is whole', async () => {
  expect(await say('note', ACCOUNT, PRODUCT, '--erase', '2')).toContain(
    'the text of entry 2 is erased',
  );
  expect(await say('history', ACCOUNT, PRODUCT)).toContain('its text is erased');
  expect(await say('verify', ACCOUNT)).toMatch(/whole/);
});

test('a signature for another request, or made long ago, is of no use', async () => {
  const { cloud } = fixture;
  const credentials = cloud.keys(SELLER_ACCOUNT);
  const watcher = await connect({
    ...{ deployment: 'default', region: REGION, profile: undefined },
    local: { endpoint: cloud.url, credentials },
  });
  const asked: NoteRequest = {
    ...{ format: 1, request: 'note', buyerAccountId: ACCOUNT, productId: PRODUCT },
    ...{ requestId: 'request-0001', kind: 'note', says: 'will-not-renew', text: null },
    ...{ until: null, erases: null, claimedBy: 'mallory', signed: null },
  };
  const invoke = (request: NoteRequest) => watcher.invoke('checks', noteRequest.parse(request));
  const sign = (request: NoteRequest, at = cloud.clock.now()) =>
    watcher.sign(noteBinding(request, watcher, sha256), at);
  const before = await head();
  const otherText = await sign({ ...asked, says: 'renewal-agreed' });
  const longAgo = await sign(asked, cloud.clock.now() - 10 * 60_000);
  const other = noteBinding(asked, { ...watcher, deployment: 'staging' }, sha256);
  const elsewhere = await watcher.sign(other, cloud.clock.now());
  for (const signed of [otherText, longAgo, elsewhere])
    expect(await invoke({ ...asked, signed })).toMatchObject({
      outcome: 'refused',
      words: expect.stringContaining(
        'the signature that came with the request is not good',
      ) as string,
    });
  expect(await head()).toEqual(before);
  const good = { ...asked, signed: await sign(asked) };
  const recorded = await invoke(good);
  expect(recorded).toMatchObject({
    outcome: 'recorded',
    arn: `arn:aws:iam::${SELLER_ACCOUNT}:root`,
  });
  expect(await invoke(good), 'seen again, it is not recorded again').toEqual(recorded);
  expect(await invoke({ ...asked, requestId: 'request-0002' })).toMatchObject({
    ...{ outcome: 'recorded', arn: null },
    unproven: 'no signed identity came with the request',
  });
});

test('nothing was given up, and no permission was missing', () => {
  expect(deadLetters(fixture.cloud)).toEqual([]);
  expect(complaints(fixture.cloud)).toEqual([]);
});
