import { afterAll, beforeAll, expect } from 'vitest';
import type { Cloud } from '../../lib/workbench/cloud/cloud.ts';
import { LogRing, type LogLine } from '../../lib/workbench/cloud/logs/log-ring.ts';
import type { ScenarioBuyer } from '../../lib/workbench/scenarios/scenario-run.ts';
import { setSwitches, type Switches } from '../../lib/workbench/license-manager/switches.ts';
import { licenseWatcher } from './license-watcher.ts';
import { openFixture, type WatcherFixture } from './watcher-fixture.ts';

/** One test's part of a shared fixture: new buyers, and only the logs and calls since the test began. */
export interface FixtureWithBuyers extends WatcherFixture {
  readonly aurora: ScenarioBuyer;
  readonly borealis: ScenarioBuyer;
  readonly cumulus: ScenarioBuyer;
}

/**
 * One fixture for all tests of a file, because opening one costs more CPU than most tests. Call it at the top of the file. The function
 * that it returns begins a test's part; at the end of the part its buyers leave, and what that leads to is told.
 */
export function sharedFixture(): (switches?: Partial<Switches>) => FixtureWithBuyers {
  let fixture: WatcherFixture;
  let uses = 0;
  beforeAll(async () => (fixture = await openFixture()));
  afterAll(() => fixture[Symbol.asyncDispose]());
  return (switches) => {
    uses += 1;
    Object.assign(fixture.cloud.licenseManager.switches, setSwitches(switches));
    return withBuyers(fixture, uses);
  };
}

function withBuyers(fixture: WatcherFixture, number: number): FixtureWithBuyers {
  const buyer = (role: number, name: string, productId: string): ScenarioBuyer => {
    const accountId = String(700_000_000_000 + number * 10 + role);
    return { accountId, name, email: `it@${accountId}.example`, productId };
  };
  const aurora = buyer(1, 'Aurora Labs', 'viewer');
  const borealis = buyer(2, 'Borealis Bank', 'suite');
  const cumulus = buyer(3, 'Cumulus Foods', 'lake');
  const end = (): Promise<void> => everybodyLeaves(fixture, [aurora, borealis, cumulus]);
  return {
    ...fixture,
    cloud: fromNowOn(fixture.cloud),
    aurora,
    borealis,
    cumulus,
    [Symbol.asyncDispose]: end,
  };
}

async function everybodyLeaves(
  { cloud, store, run }: WatcherFixture,
  buyers: readonly ScenarioBuyer[],
): Promise<void> {
  cloud.iam.propagationMs = 0;
  for (const queue of cloud.queues.all()) queue.purge();
  for (const { accountId } of buyers) {
    const status = (await store.buyers.find(accountId))?.status;
    if (status !== 'active' && status !== 'invited') continue;
    expect(await licenseWatcher(cloud, ['revoke', accountId])).toMatchObject({ code: 0 });
  }
  await cloud.clock.settled();
  // Tell the seller now, not in the next test.
  await run.sweep();
}

function fromNowOn(cloud: Cloud): Cloud {
  const callsBefore = new Map(cloud.calls());
  const calls = (): ReadonlyMap<string, number> => {
    const grown = [...cloud.calls()].map(
      ([name, count]) => [name, count - (callsBefore.get(name) ?? 0)] as const,
    );
    return new Map(grown.filter(([, count]) => count > 0));
  };
  return { ...cloud, logs: new LaterLines(cloud.logs), calls };
}

/** The lines logged after its creation. */
class LaterLines extends LogRing {
  readonly #logs: LogRing;
  readonly #last: ReadonlyMap<string, LogLine | undefined>;

  constructor(logs: LogRing) {
    super();
    this.#logs = logs;
    this.#last = new Map(logs.groups().map((group) => [group, logs.lines(group).at(-1)]));
  }

  override lines(group: string): readonly LogLine[] {
    const lines = this.#logs.lines(group);
    const last = this.#last.get(group);
    return last === undefined ? lines : lines.slice(lines.indexOf(last) + 1);
  }

  override groups(): string[] {
    return this.#logs.groups();
  }
}
