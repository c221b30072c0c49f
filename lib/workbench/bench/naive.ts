import { build } from 'esbuild';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { callAws } from '../cloud/client.ts';
import { SELLER_ACCOUNT } from '../scenarios/participants.ts';
import { fingerprint } from '../scenarios/test-licenses.ts';
import { WATCHER_OUTPUTS } from '../../messages/names.ts';
import { PRICES } from '../../seller/prices.ts';
import { startAnsweringServer } from './answering-server.ts';
import { cpuShareOf, HANDSHAKE_MS } from './billed-duration.ts';
import { unitsCost } from './cost.ts';
import { DAYS_A_MONTH, TICKS_A_DAY } from './day.ts';
import { buyer, type BenchFixture } from './fixture.ts';
import { startProcess } from './invocation.ts';
import { lambdaCost } from './message-cost.ts';
import { median } from './median.ts';
import type { NaiveMessage } from './naive-watcher.ts';
import { CALL_MS, times } from './processes.ts';
import { PRODUCTS } from './settings.ts';
import { tableOf } from './stored-bytes.ts';
import { unitsOf } from './table-units.ts';

const CHECKS = 60;

/** The cost of the simplest watcher, per buyer and month. */
export interface Naive {
  readonly cpuMs: number;
  readonly calls: number;
  readonly perBuyer: number;
}

/** Runs it like the watcher, with the memory and call time of check-licenses. The fixed part of its cost is left out. */
export async function measureNaive(fixture: BenchFixture): Promise<Naive> {
  const { cloud } = fixture;
  await using resources = new AsyncDisposableStack();
  const codeDirectory = await mkdtemp(join(tmpdir(), 'license-watcher-naive-'));
  resources.defer(() => rm(codeDirectory, { recursive: true }));
  await build({
    entryPoints: [join(import.meta.dirname, 'naive-watcher.ts')],
    outfile: join(codeDirectory, 'index.mjs'),
    ...{ bundle: true, minify: true, format: 'esm', platform: 'node', target: 'node24' },
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
  });
  const server = resources.use(await startAnsweringServer({ cloud, delayMs: CALL_MS }));
  const body = JSON.stringify(await messageFor(fixture));
  const configuration = fixture.configurationOf('check-licenses');
  const { invocations } = await startProcess({
    configuration: { ...configuration, codeDirectory, handler: 'index.handler' },
    endpoint: server.url,
    events: times(CHECKS, () => ({ Records: [{ body }] })),
  }).report;
  const late = invocations.slice(CHECKS / 2);
  const cpuMs = median(late.map((each) => each.cpuMs));
  const calls = [...server.calls.values()].reduce((sum, count) => sum + count, 0) / CHECKS;
  const write = await unitsOf(
    {
      ...{ service: 'dynamodb', operation: 'UpdateItem', role: '' },
      body: JSON.stringify({
        TableName: tableOf(fixture, WATCHER_OUTPUTS.watchTableName),
        Key: stateKey(JSON.parse(body) as NaiveMessage),
      }),
    },
    cloud,
  );
  const { memoryMb } = configuration;
  // Other buyers' invocations come in between, so each invocation opens a connection to each of the three services.
  const onItsShare = (cpuMs + 3 * HANDSHAKE_MS) / cpuShareOf(memoryMb);
  const perCheck =
    lambdaCost(calls * CALL_MS + onItsShare, memoryMb) +
    PRICES.lambdaRequest +
    (1 / 10 + 2) * PRICES.sqsRequest +
    unitsCost(write);
  return { cpuMs, calls, perBuyer: perCheck * TICKS_A_DAY * DAYS_A_MONTH };
}

async function messageFor(fixture: BenchFixture): Promise<NaiveMessage> {
  const { cloud } = fixture;
  const tableName = tableOf(fixture, WATCHER_OUTPUTS.watchTableName);
  const { Item: profile } = await callAws(
    cloud,
    cloud.keys(SELLER_ACCOUNT),
    'dynamodb',
    'GetItem',
    {
      TableName: tableName,
      Key: { buyer: { S: buyer(1, PRODUCTS.safe.id).accountId }, record: { S: 'profile' } },
    },
  );
  const { externalId, registration } = profile as {
    readonly externalId: { readonly S: string };
    readonly registration: { readonly M: { readonly roleArn: { readonly S: string } } };
  };
  return {
    roleArn: registration.M.roleArn.S,
    externalId: externalId.S,
    productSku: PRODUCTS.safe.sku,
    keyFingerprint: fingerprint(SELLER_ACCOUNT),
    tableName,
  };
}

function stateKey({ roleArn }: NaiveMessage) {
  return { buyer: { S: `naive-${roleArn}` }, record: { S: 'state' } };
}
