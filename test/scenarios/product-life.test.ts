import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { BUYER_OUTPUTS, watcherStackName } from '../../lib/messages/names.ts';
import { synthesize } from '../../lib/workbench/cloud/synthesize.ts';
import type { Assembly } from '../../lib/workbench/cloud/templates/assembly.ts';
import {
  AURORA,
  BOREALIS,
  buyer,
  CUMULUS,
  SCENARIO_SETTINGS,
  skuOf,
} from '../../lib/workbench/scenarios/participants.ts';
import { gigabytes, seats, tier } from '../../lib/workbench/scenarios/test-licenses.ts';
import { scenarioAssembly } from '../support/assembly.ts';
import { deadLetters, happenings, ledgerOf } from '../support/fixture-readings.ts';
import { joined } from '../support/joined.ts';
import { licenseWatcher } from '../support/license-watcher.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import {
  invite,
  launch,
  openFixture,
  updateStack,
  type WatcherFixture,
} from '../support/watcher-fixture.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const GALE = buyer('777777777777', 'Gale Games', 'it@gale.example', 'lake');
const [viewer, suite] = SCENARIO_SETTINGS.products;
/** What a seller should not do to a product, and once what it should: another SKU without the former one, retired, taken out. */
const CHANGED = {
  ...SCENARIO_SETTINGS,
  products: [
    { ...viewer, productSku: 'prod-meridianviewernew' },
    { ...suite, retired: true },
  ],
};

let fixture: WatcherFixture;
const WATCHER = watcherStackName('default');
let [before, after]: [Assembly?, Assembly?] = [];
beforeAll(async () => {
  const [own, changed] = await Promise.all([
    scenarioAssembly(),
    synthesize(CHANGED, ROOT, temporaryDirectory()),
  ]);
  [before, after] = [own, changed];
  const asset = (key: string): string => {
    try {
      return own.asset(key);
    } catch {
      return changed.asset(key);
    }
  };
  fixture = await openFixture({ assembly: { template: (name) => own.template(name), asset } });
  await joined(fixture, AURORA, [seats(5)]);
  await joined(fixture, BOREALIS, [tier('BasicTier')]);
  await joined(fixture, CUMULUS, [gigabytes(500)]);
});
afterAll(() => fixture[Symbol.asyncDispose]());

async function deploy(assembly: Assembly | undefined): Promise<void> {
  await updateStack(fixture, fixture.watcher, { template: assembly?.template(WATCHER) ?? '' });
  const { status, statusReason } = fixture.watcher;
  expect(status, statusReason).toBe('UPDATE_COMPLETE');
}

const mailsTo = ({ email }: { readonly email: string }) => fixture.cloud.mailbox.read(email).length;

async function words(...argv: readonly string[]): Promise<string> {
  const { out, err } = await licenseWatcher(fixture.cloud, argv);
  return `${out} ${err}`.replaceAll(/\s+/g, ' ');
}

test('no buyer is told that a license is gone because the seller changed the SKU: it is trouble, with the remedy', async () => {
  const invitation = await invite(fixture.cloud, GALE);
  const told = [AURORA, BOREALIS, CUMULUS].map(mailsTo);
  await deploy(after);
  await fixture.run.sweeps(8);
  expect([AURORA, BOREALIS, CUMULUS].map(mailsTo)).toEqual(told);
  expect(happenings(await ledgerOf(fixture, AURORA))).toEqual(['WatchStarted']);
  const buyers = await words('buyers', AURORA.accountId);
  expect(buyers).toContain('no longer fit licenses that were seen before');
  expect(buyers).toContain('Add the SKU to "formerSkus"');
  expect(buyers).toContain(skuOf('viewer'));

  fixture.cloud.mailbox.autoConfirm(GALE.email);
  const stack = await launch(fixture, GALE, invitation);
  expect([stack.status, stack.outputs[BUYER_OUTPUTS.selfTest]]).toEqual([
    'CREATE_COMPLETE',
    'No license is looked at: the seller watches no product of yours. Remedy: ask the seller.',
  ]);
});

test('a retired product ends its watch with an entry; one that is taken out reads as watched nowhere', async () => {
  expect(happenings(await ledgerOf(fixture, BOREALIS))).toEqual(['WatchStarted', 'WatchEnded']);
  expect(happenings(await ledgerOf(fixture, CUMULUS))).toEqual(['WatchStarted']);
  const rows = (await licenseWatcher(fixture.cloud, ['buyers', '--json'])).out;
  const watched = (
    JSON.parse(rows) as readonly {
      account: string;
      products: readonly { lookedAt: boolean; watchEnded: string | null }[];
    }[]
  ).map(({ account, products: [one] }) => [account, one?.lookedAt, one?.watchEnded !== null]);
  expect(watched).toEqual([
    [AURORA.accountId, true, false],
    [BOREALIS.accountId, false, true],
    [CUMULUS.accountId, false, false],
    [GALE.accountId, false, false],
  ]);
  const unwatched = 'of lake are looked at by nobody: the product is no longer in cdk.json';
  expect(await words('buyers')).toContain(`2 contracts ${unwatched}`);
  expect(await words('contracts')).toContain('1 contract of lake is looked at by nobody');
  const doctor = await licenseWatcher(fixture.cloud, ['doctor']);
  expect(doctor.code).toBe(1);
  expect(doctor.out.replaceAll(/\s+/g, ' ')).toContain(`FAILURE 2 contracts ${unwatched}`);
  expect(await words('agreements')).toContain('Left out: 2 agreements of lake, suite');
  // The next Monday.
  await fixture.run.sweep('2027-03-08T12:00:00Z');
  const letter = fixture.cloud.mailbox
    .all()
    .findLast(({ subject }) => subject.startsWith('Pipeline'));
  expect(letter?.subject).toContain('NOT all watched');
  expect(letter?.text).toContain('Not in this mail: 2 contracts of lake');
});

test('put back as it was, all go on in the same ledgers, and nobody is told what was not so', async () => {
  const told = [AURORA, CUMULUS].map(mailsTo);
  await deploy(before);
  await fixture.run.sweeps(3);
  expect(
    happenings(await ledgerOf(fixture, AURORA)).filter((each) => !each.startsWith('Watch')),
  ).toEqual([]);
  expect(happenings(await ledgerOf(fixture, CUMULUS))).toEqual(['WatchStarted']);
  expect(mailsTo(CUMULUS)).toBe(told[1]);
  expect(happenings(await ledgerOf(fixture, BOREALIS))).toEqual([
    'WatchStarted',
    'WatchEnded',
    'WatchStarted',
  ]);
  expect(await words('doctor')).not.toContain('looked at by nobody');
  expect((await licenseWatcher(fixture.cloud, ['verify'])).code).toBe(0);
  expect(deadLetters(fixture.cloud)).toEqual([]);
});
