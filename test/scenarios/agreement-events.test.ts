import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Mail } from '../../lib/workbench/cloud/mailbox.ts';
import {
  AURORA,
  OPERATIONS_EMAIL,
  SELLER_EMAIL,
  skuOf,
} from '../../lib/workbench/scenarios/participants.ts';
import { seats, type IssuedLicense } from '../../lib/workbench/scenarios/test-licenses.ts';
import { complaints, deadLetters, ledgerOf } from '../support/fixture-readings.ts';
import { openFixture, type WatcherFixture } from '../support/watcher-fixture.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const BETWEEN_TICKS = '2027-04-05T10:02:00Z';

let fixture: WatcherFixture;
let license: IssuedLicense;
beforeAll(async () => {
  fixture = await openFixture();
  const { licenses, run } = fixture;
  const term = { begin: '2027-03-01T00:00:00Z', end: '2028-03-01T00:00:00Z' };
  license = await licenses.issue(
    AURORA.accountId,
    skuOf(AURORA.productId),
    { ...term, entitlements: [seats(5)] },
    { renewal: { enableAutoRenew: true, lockoutDays: 30 } },
  );
  await run.join(AURORA);
  await run.sweep();
});
afterAll(() => fixture[Symbol.asyncDispose]());

let day = 0;
/** Two days apart; no sweep runs. */
beforeEach(async () => {
  day += 2;
  const at = new Date(Date.parse(BETWEEN_TICKS) + day * 24 * 60 * MINUTE);
  await fixture.run.at(at.toISOString());
});

interface Told {
  readonly to: string;
  readonly change: string;
  readonly seconds: number;
}

/** The mails of the next minutes, without a sweep. */
async function toldAfter(happens: () => unknown, minutes = 2): Promise<readonly Told[]> {
  const { cloud, run } = fixture;
  const at = cloud.clock.now();
  const before = run.notices().length;
  await happens();
  await cloud.clock.advanceTo(at + minutes * MINUTE);
  return run
    .notices()
    .slice(before)
    .map((mail) => ({ ...whatOf(mail), seconds: (mail.at - at) / SECOND }));
}

function whatOf({ to, attributes }: Mail): Pick<Told, 'to' | 'change'> {
  return { to, change: attributes['change']?.value ?? '' };
}

const CHANGED = '["RenewalIntentChanged"]';
const TO_BUYER = { to: AURORA.email, change: CHANGED };
const TO_SELLER = { to: SELLER_EMAIL, change: CHANGED };

async function toldBySweep(): Promise<readonly Pick<Told, 'to' | 'change'>[]> {
  const { run } = fixture;
  const before = run.notices().length;
  await run.sweep();
  return run.notices().slice(before).map(whatOf);
}

const renews = (on: boolean) =>
  fixture.licenses.agreements?.setAutoRenew(license.licenseArn, 'buyer', on);

test('seconds after AWS says that a renewal was switched off the buyer reads it, the seller with the next tick', async () => {
  const [told, ...others] = await toldAfter(() => renews(false));
  expect(told).toMatchObject(TO_BUYER);
  expect(told?.seconds).toBeLessThan(30);
  expect(others).toEqual([]);
  expect(await toldBySweep()).toEqual([TO_SELLER]);
});

test('an event that comes twice tells nothing twice', async () => {
  fixture.cloud.eventBuses.disturb({ when: () => true, copies: 2, times: 1 });
  expect(await toldAfter(() => renews(true))).toMatchObject([TO_BUYER]);
  expect(await toldBySweep()).toEqual([TO_SELLER]);
});

test('of an event that is lost the next tick tells', async () => {
  const { cloud } = fixture;
  cloud.eventBuses.disturb({ when: () => true, copies: 0, times: 1 });
  expect(await toldAfter(() => renews(false))).toEqual([]);
  expect(await toldBySweep()).toEqual([TO_BUYER, TO_SELLER]);
});

describe('a request to cancel', () => {
  const SELLERS = [OPERATIONS_EMAIL, SELLER_EMAIL];
  const request = () => fixture.licenses.agreements?.requestCancellation(license.licenseArn);
  const refuse = () => fixture.licenses.agreements?.rejectCancellation(license.licenseArn);
  const lose = (times: number) => {
    fixture.cloud.eventBuses.disturb({
      when: (event) => String(event['detail-type']).includes('Cancellation'),
      copies: 0,
      times,
    });
  };
  /** To whom, and the point of the subject. */
  const said = ({ to, subject }: Mail) => [to, subject.replace(/^.*?: | \(.*$/g, '')];
  const ledgerLength = async () => (await ledgerOf(fixture, AURORA)).length;

  /** What the next tick tells, or the first one within these minutes that tells anything. */
  async function toldByTick(minutes = 15): Promise<readonly Mail[]> {
    const { run } = fixture;
    const before = run.notices().length;
    for (let tick = 0; tick < minutes / 15 && run.notices().length === before; tick += 1)
      await run.sweep();
    return run.notices().slice(before);
  }

  test('is told with the next tick to the seller and to operations alone, once; a double of its event is not', async () => {
    const entries = await ledgerLength();
    fixture.cloud.eventBuses.disturb({ when: () => true, copies: 2, times: 1 });
    const at = fixture.cloud.clock.now();
    request();
    const told = await toldByTick();
    const by = new Date(at + 7 * 24 * 60 * MINUTE).toISOString().slice(0, 10);
    const point = `canceled by AWS on ${by} unless refused or withdrawn`;
    expect(told.map(said)).toEqual(SELLERS.map((to) => [to, point]));
    for (const mail of told) expect((mail.at - at) / MINUTE).toBeLessThan(25);
    expect(await toldByTick()).toEqual([]);
    // It is no fact of the contract.
    expect(await ledgerLength()).toBe(entries);
  });

  test('is told when it is refused, though the event of that is lost: AWS lists it within an hour', async () => {
    lose(1);
    refuse();
    const told = await toldByTick(90);
    expect(told.map(said)).toEqual(SELLERS.map((to) => [to, 'request to cancel refused']));
    expect(told[0]?.text).toContain('AWS lists it:');
  });

  test('of which the event is lost is found in the list within an hour', async () => {
    // The list was just read.
    expect(await toldByTick()).toEqual([]);
    lose(1);
    request();
    const told = await toldByTick(90);
    expect(told.map(({ to }) => to)).toEqual(SELLERS);
    expect(told[0]?.text).toContain(AURORA.accountId);
    refuse();
    expect((await toldByTick()).map(said)).toEqual(
      SELLERS.map((to) => [to, 'request to cancel refused']),
    );
  });
});

test('an advisory is told to the seller and to operations, and so is that it is resolved', async () => {
  const { agreements } = fixture.licenses;
  for (const [what, word] of [
    ['Issued', 'issued an'],
    ['Resolved', 'resolved its'],
  ] as const) {
    agreements?.advise(license.licenseArn, what);
    const { run } = fixture;
    const before = run.notices().length;
    await run.sweep();
    expect(
      run
        .notices()
        .slice(before)
        .map(({ to, subject }) => [to, subject]),
    ).toEqual(
      [OPERATIONS_EMAIL, SELLER_EMAIL].map((to) => [
        to,
        expect.stringContaining(`AWS ${word} advisory`) as string,
      ]),
    );
  }
});

test('nothing is left over', () => {
  expect(deadLetters(fixture.cloud)).toEqual([]);
  expect(complaints(fixture.cloud)).toEqual([]);
});
