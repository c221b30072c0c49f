import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { startScenarioRun, deployWatcher } from '../scenarios/deploy-watcher.ts';
import { startCloud, type Cloud } from '../cloud/cloud.ts';
import type { FunctionConfiguration } from '../cloud/lambda/function-configuration.ts';
import { REGION } from '../scenarios/participants.ts';
import type { ScenarioRun, ScenarioBuyer } from '../scenarios/scenario-run.ts';
import { seats, type IssuedLicense, type TestLicenses } from '../scenarios/test-licenses.ts';
import { synthesize } from '../cloud/synthesize.ts';
import type { Stack } from '../cloud/templates/stack.ts';
import { functionRoleName, watcherStackName, type FunctionName } from '../../messages/names.ts';
import { CallLog } from './call-log.ts';
import { BENCH_SETTINGS, FURTHER, PRODUCTS } from './settings.ts';

const DAY = 24 * 60 * 60_000;

/**
 * A local cloud with a watcher. Its time begins at the machine's time, or `ago` milliseconds earlier, so that processes outside of it find
 * the licenses in force.
 */
export interface BenchFixture extends AsyncDisposable {
  readonly cloud: Cloud;
  readonly calls: CallLog;
  readonly watcher: Stack;
  /** The watcher stack's synthesized template. */
  readonly template: string;
  readonly run: ScenarioRun;
  readonly licenses: TestLicenses;
  readonly configurationOf: (name: FunctionName) => FunctionConfiguration;
  /** Buys a license with five seats for each product and deploys the buyer stack. Returns the license for the first product. */
  readonly join: (
    buyer: ScenarioBuyer,
    options?: { readonly confirms?: boolean },
  ) => Promise<IssuedLicense>;
}

export async function prepareBenchFixture(root: string, ago = 0): Promise<BenchFixture> {
  await using resources = new AsyncDisposableStack();
  const directory = await mkdtemp(`${tmpdir()}/license-watcher-bench-`);
  resources.defer(() => rm(directory, { recursive: true }));
  const assembly = await synthesize(BENCH_SETTINGS, root, directory);
  const start = Date.now() - ago;
  const cloud = resources.use(await startCloud({ assembly, region: REGION, start }));
  const calls = new CallLog(cloud.faults);
  const watcher = await deployWatcher(cloud, assembly);
  const run = startScenarioRun({
    cloud,
    assembly,
    externalIdPrefix: 'bench',
    say: () => undefined,
  });
  const { licenses } = run;
  const join: BenchFixture['join'] = async (buyer, options) => {
    const [license] = await Promise.all(
      [buyer.productId, ...(buyer.otherProductIds ?? [])].map((productId) => {
        const begin = cloud.clock.now() - 30 * DAY;
        return licenses.issue(buyer.accountId, skuOf(productId), {
          begin: new Date(begin).toISOString(),
          // The end is far from every reminder.
          end: new Date(begin + 365 * DAY).toISOString(),
          entitlements: [seats(5)],
        });
      }),
    );
    await run.join(buyer, options);
    if (license === undefined) throw new Error('a buyer buys a product at least');
    return license;
  };
  const owned = resources.move();
  return {
    ...{ cloud, calls, watcher, run, licenses, join },
    template: assembly.template(watcherStackName('default')),
    configurationOf: (name) => configurationOf(cloud, name),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** A buyer of the bench: 1 is the first. */
export function buyer(
  ordinal: number,
  productId: string,
  otherProductIds: readonly string[] = [],
): ScenarioBuyer {
  const accountId = String(500_000_000_000 + ordinal);
  return {
    accountId,
    name: `Buyer ${ordinal}`,
    email: `buyer-${ordinal}@buyer.example`,
    productId,
    otherProductIds,
  };
}

/** True if a call names a buyer of the bench. */
export function isOfBuyer(body: string): boolean {
  return /(?<!\d)500000\d{6}(?!\d)/.test(body);
}

function skuOf(productId: string): string {
  const found = [...Object.values(PRODUCTS), ...FURTHER].find(({ id }) => id === productId);
  if (found === undefined) throw new Error(`the bench sells no ${productId}`);
  return found.sku;
}

/** Finds a function by its role, because CloudFormation generates the names of functions. */
function configurationOf(cloud: Cloud, name: FunctionName): FunctionConfiguration {
  const role = `/${functionRoleName('default', name)}`;
  const found = cloud.functions.all().find(({ roleArn }) => roleArn.endsWith(role));
  if (found === undefined) throw new Error(`no function of the watcher stack has the role ${role}`);
  return found;
}
