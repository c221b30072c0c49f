import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CHROMIUM } from '../../lib/workbench/chromium.ts';
import { SELLER_EMAIL } from '../../lib/workbench/scenarios/participants.ts';
import { noticeLine } from '../../lib/workbench/scenarios/notices.ts';
import { SCENARIOS } from '../../lib/workbench/scenarios/scenarios.ts';
import { AURORA, HALO } from '../../lib/workbench/scenarios/year/participants.ts';
import { CHANGE_TYPES } from '../../lib/domain/check/changes.ts';
import type { SealedEntry } from '../../lib/domain/ledger/ledger.ts';
import { verifyChain } from '../support/verify-chain.ts';
import * as MESSAGES from '../../lib/observability/message-codes.ts';
import { SparseScenarioRun } from '../support/sparse-scenario-run.ts';
import { licenseWatcher } from '../support/license-watcher.ts';
import { OpenedReport } from '../seller/report/support/opened.ts';
import { openFixture, type WatcherFixture } from '../support/watcher-fixture.ts';
import { deadLetters, ledgerOf, logged } from '../support/fixture-readings.ts';
import { sha256 } from '../../lib/aws/text.ts';

/** 14 months take most of a minute on two idle cores. */
const RUN_MS = 600_000;

const scenario = SCENARIOS['year']!;

/** Told once; every test looks at its end. */
let fixture: WatcherFixture;
let ledgers: readonly (readonly SealedEntry[])[];
beforeAll(async () => {
  fixture = await openFixture({ start: scenario.start, runClass: SparseScenarioRun });
  await scenario.script(fixture.run);
  ledgers = await Promise.all(scenario.buyers.map((buyer) => ledgerOf(fixture, buyer)));
}, RUN_MS);
afterAll(() => fixture[Symbol.asyncDispose]());

/**
 * `vitest run test/scenarios/year.test.ts --update` writes the list anew. Before that, hold each difference against what the
 * scripts say beside their steps: either the product is wrong, or they are.
 */
test('exactly the expected notices reach anyone', async () => {
  // Within a minute the order of recipients is the machine's.
  const told = fixture.run.notices().map(noticeLine).toSorted();
  await expect(`${told.join('\n')}\n`).toMatchFileSnapshot(
    `../../lib/workbench/scenarios/${scenario.notices}`,
  );
});

test('every chain is whole', () => {
  expect(ledgers.map((ledger) => verifyChain(ledger, sha256))).toEqual(
    scenario.buyers.map(() => null),
  );
});

test('every kind of change occurs', () => {
  const types = new Set(ledgers.flat().flatMap(({ changes }) => changes.map(({ type }) => type)));
  expect([...types].toSorted()).toEqual(CHANGE_TYPES.toSorted());
});

test('nobody reads the same twice', () => {
  const proofs = fixture.run
    .notices()
    .map(({ to, subject, text }) => [to, subject, ...hashesIn(text)].join(' '));
  expect(proofs.filter((proof, index) => proofs.indexOf(proof) !== index)).toEqual([]);
});

test('no entry is told to a buyer in two mails', () => {
  for (const { email } of scenario.buyers) {
    const hashes = fixture.cloud.mailbox.read(email).flatMap(({ text }) => hashesIn(text));
    expect(hashes.length).toBeGreaterThan(0);
    expect(hashes).toEqual([...new Set(hashes)]);
  }
});

test('no mail of one buyer reaches another', () => {
  for (const buyer of scenario.buyers) {
    const mails = fixture.cloud.mailbox.read(buyer.email);
    expect(new Set(mails.map(({ attributes }) => attributes['buyerAccountId']?.value))).toEqual(
      new Set([buyer.accountId]),
    );
    const others = scenario.buyers
      .filter((other) => other !== buyer)
      .flatMap(({ accountId, name }) => [accountId, name]);
    const foreign = mails.flatMap(({ subject, text }) =>
      others.filter((word) => `${subject}\n${text}`.includes(word)),
    );
    expect(foreign).toEqual([]);
  }
});

test('the seller gets one mail a tick at most, but for the weekly pipeline', () => {
  const minutes = fixture.cloud.mailbox
    .read(SELLER_EMAIL)
    .filter(({ subject }) => !subject.startsWith('Pipeline: '))
    .map(({ at }) => Math.floor(at / (15 * 60_000)));
  expect(minutes).toEqual([...new Set(minutes)]);
});

test('what nobody was told of did happen', () => {
  const { cloud } = fixture;
  const [forged, ...others] = logged(cloud, 'register-buyer', MESSAGES.farewellDoubted);
  expect(forged).toMatchObject({ buyerAccountId: AURORA.accountId });
  expect(others).toEqual([]);

  const failed = logged(cloud, 'check-licenses', MESSAGES.checkFailed);
  const accountsWith = (cause: string): readonly unknown[] =>
    [
      ...new Set(
        failed
          .filter((record) => record['cause'] === cause)
          .map((record) => record['buyerAccountId']),
      ),
    ].sort();
  const everybody = scenario.buyers.map(({ accountId }) => accountId).toSorted();
  // License Manager failed for all who were there in May, STS for all who were there in October.
  expect(accountsWith('aws-failing')).toEqual(
    everybody.filter((accountId) => accountId !== HALO.accountId),
  );
  expect(accountsWith('role-missing-or-untrusting')).toEqual(everybody);
});

test.skipIf(!existsSync(CHROMIUM))('its report is printed on six pages at most', async () => {
  const { out } = await licenseWatcher(fixture.cloud, ['report', '-o', '-']);
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
  try {
    await using report = await OpenedReport.open(browser, out);
    const pages = await report.printedPages();
    expect(pages).toBeGreaterThan(2);
    expect(pages).toBeLessThanOrEqual(6);
  } finally {
    await browser.close();
  }
});

test('nothing is left over: no seat, no dead letter, nothing on its way', async () => {
  const { cloud } = fixture;
  await cloud.clock.settled();
  expect(cloud.licenseManager.seatsHeld()).toBe(0);
  expect(cloud.licenseManager.openCheckouts()).toEqual([]);
  expect(deadLetters(cloud)).toEqual([]);
  expect(cloud.topics.failures).toEqual([]);
  expect(cloud.schedules.failures).toEqual([]);
  expect(cloud.queues.all().flatMap((queue) => queue.peek().map(({ body }) => body))).toEqual([]);
});

/** The hashes of the ledger entries that a mail tells of. */
function hashesIn(text: string): readonly string[] {
  return text.match(/\b[0-9a-f]{64}\b/g) ?? [];
}
