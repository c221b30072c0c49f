import type { Command } from 'commander';
import { AGREEMENT_LIVES } from '../../../../domain/agreement/agreement.ts';
import { contractOf } from '../../../../domain/license/contract.ts';
import { allQuoted, cleanText, quoted } from '../../../../domain/outside-text.ts';
import { instant } from '../../../../domain/time.ts';
import type { DeployedProduct } from '../../../../messages/requests.ts';
import { reading } from '../../../aws/deployment-health.ts';
import {
  FREE_PRODUCTS,
  METER_USAGE,
  METERING_REGION,
  REGISTER_USAGE,
  RETURNS_BY_ITSELF,
  TIERS_AT_ONCE,
  TRUSTED_CODES,
} from '../../aws-sentences.ts';
import type { AddCommand, LocalEndpoint } from '../../command.ts';
import { deployedProducts } from '../../deployed-products.ts';
import type { Io, Watcher } from '../../io.ts';
import { misuse } from '../../output/failure.ts';
import { timeText } from '../../output/moment.ts';
import { fact, wrapped } from '../../output/text.ts';
import { scannedBuyers } from '../../scanned-buyers.ts';
import { findingLines, sum } from '../doctor/finding-lines.ts';
import type { PreflightFinding, SeenContract } from './facts.ts';
import { judgeProduct } from './judge.ts';

export const addPreflight: AddCommand = (program, { io, withWatcher }) => {
  program
    .command('preflight')
    .description('Whether the watcher fits your products, and what they must do themselves.')
    .argument('[product]', 'only this one of cdk.json')
    .option('--json', 'print JSON')
    .addHelpText('after', HELP)
    .action((product: string | undefined, { json }: { json?: boolean }, command: Command) =>
      withWatcher(command, (watcher, local) =>
        preflight(product, json ?? false, watcher, local, io),
      ),
    );
};

const OWN_CALLS: readonly (readonly [call: string, rule: string])[] = [
  ['Tiers', TIERS_AT_ONCE],
  ['ExtendLicenseConsumption', RETURNS_BY_ITSELF],
  ['RegisterUsage', REGISTER_USAGE],
  ['MeterUsage', METER_USAGE],
  ['Region', METERING_REGION],
  ['Product codes', TRUSTED_CODES],
  ['Free products', FREE_PRODUCTS],
];

const HELP = `
For each product that the watcher was deployed with, it checks whether the SKU
is a product ID and is named in an agreement; whether the fingerprint is that of
real purchases; whether names and units of the licenses seen match tiers and
dimensions in cdk.json; what the grants allow; and what can be tried without
holding a seat. Then it lists the calls that your product must make itself; the
watcher never makes them.

It reads the watch table and asks the function check-licenses for its settings;
it changes nothing and looks at no buyer. Run it after the deployment, and again
when the first licenses were seen.

In JSON: at, deployment, region, ready, products (for each id, name, productSku,
findings; for each finding area, level, what, detail, remedy, runbook), and own
(call, rule). Members are added, never renamed or removed.

Exit codes: 0 no failure, with or without warnings; 1 a failure.

Examples:
  $ license-watcher preflight
  $ license-watcher preflight scanner --json`;

interface Judged {
  readonly product: DeployedProduct;
  readonly findings: readonly PreflightFinding[];
}

async function preflight(
  productId: string | undefined,
  json: boolean,
  watcher: Watcher,
  local: LocalEndpoint,
  io: Io,
): Promise<void> {
  const all = await deployedProducts(watcher);
  const products = all.filter(({ id }) => productId === undefined || id === productId);
  if (products.length === 0)
    throw misuse(
      `the product is ${quoted(productId)}; this watcher was deployed with ${allQuoted(all.map(({ id }) => id))}: name one of these`,
    );
  const judged = await judgedProducts(products, watcher, local, io);
  const findings = judged.flatMap((each) => each.findings);
  if (json) io.printJson(machineForm(judged, watcher, io));
  else print(judged, watcher, io);
  sum(findings, io);
}

async function judgedProducts(
  products: readonly DeployedProduct[],
  watcher: Watcher,
  local: LocalEndpoint,
  io: Io,
): Promise<readonly Judged[]> {
  const { agreements, agreementsSetting, productCodes } = watcher;
  const kept = await reading('dynamodb:Query', () => agreements.reading());
  const known = await agreementsBySku(watcher);
  const contracts = await contractsByProduct(watcher, io);
  return products.map((product) => {
    const skus = [product.productSku, ...product.formerSkus];
    const ofProduct = skus.map((sku) => known.get(sku) ?? { all: 0, goOn: 0 });
    const findings = judgeProduct({
      product,
      isProductCode: productCodes.includes(product.id),
      agreementsSetting,
      reading: kept,
      agreements: {
        all: ofProduct.reduce((total, each) => total + each.all, 0),
        goOn: ofProduct.reduce((total, each) => total + each.goOn, 0),
      },
      contracts: contracts.get(product.id) ?? [],
      local: local !== undefined,
    });
    return { product, findings };
  });
}

async function agreementsBySku({
  agreements,
  agreementsSetting,
}: Watcher): Promise<ReadonlyMap<string, { all: number; goOn: number }>> {
  const known = new Map<string, { all: number; goOn: number }>();
  if (agreementsSetting === 'off') return known;
  for await (const { agreement } of agreements.all()) {
    const counts = known.get(agreement.productSku) ?? { all: 0, goOn: 0 };
    known.set(agreement.productSku, counts);
    counts.all += 1;
    if (AGREEMENT_LIVES[agreement.status] === 'goes-on') counts.goOn += 1;
  }
  return known;
}

async function contractsByProduct(
  watcher: Watcher,
  io: Io,
): Promise<ReadonlyMap<string, readonly SeenContract[]>> {
  const contracts = new Map<string, SeenContract[]>();
  for (const { buyerAccountId, buyer, heads } of await scannedBuyers({}, watcher, io)) {
    const who = `${buyerAccountId} (${cleanText(buyer?.name ?? 'unknown')})`;
    for (const head of heads) {
      if (head.state.length === 0 || head.watchEnded !== null) continue;
      const { productId } = contractOf(head.contract);
      contracts.set(productId, [...(contracts.get(productId) ?? []), { who, head }]);
    }
  }
  return contracts;
}

function print(judged: readonly Judged[], { deployment, region }: Watcher, io: Io): void {
  const at = timeText(instant(io.now()));
  io.stdout(`Watcher ${quoted(deployment)} in ${region}, ${at}\n`);
  for (const { product, findings } of judged)
    io.stdout(
      `\n${[...wrapped(`${product.id} (${cleanText(product.name)})`).map(io.bold), ...findings.flatMap((each) => findingLines(each, io))].join('\n')}\n`,
    );
  io.stdout(
    `\n${[
      io.bold('Your product’s own calls: the watcher never makes them'),
      ...OWN_CALLS.flatMap(([call, rule]) => fact(call, rule, OWN_WIDTH)),
    ].join('\n')}\n`,
  );
}

const OWN_WIDTH = Math.max(...OWN_CALLS.map(([call]) => call.length)) + 2;

/** Members are added, never renamed or removed. */
function machineForm(judged: readonly Judged[], { deployment, region }: Watcher, io: Io) {
  return {
    at: instant(io.now()),
    deployment,
    region,
    ready: !judged.some(({ findings }) => findings.some(({ level }) => level === 'failure')),
    products: judged.map(({ product, findings }) => ({
      id: product.id,
      name: product.name,
      productSku: product.productSku,
      findings,
    })),
    own: OWN_CALLS.map(([call, rule]) => ({ call, rule })),
  };
}
