import { writeFile } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { dynamoDbReading } from '../../../seller/aws/archive.ts';
import { dynamoDbWatchStore } from '../../../seller/aws/dynamodb-watch-store.ts';
import { instant } from '../../../domain/time.ts';
import { REGISTRATION_ATTRIBUTES } from '../../../messages/registration.ts';
import type { SelfTestRequest } from '../../../messages/requests.ts';
import type { DeploymentHealth } from '../../../seller/aws/deployment-health.ts';
import { countReads, type ReadCounts, tablesOfClient } from '../../../seller/aws/tables.ts';
import type { ConnectedWatcher } from '../../../seller/cli/io.ts';
import { main } from '../../../seller/cli/main.ts';
import { CALL_MS } from '../processes.ts';
import { PRODUCTS } from '../report/lives.ts';
import { TABLES } from './store.ts';

/** A command to run against an engine that `fillStore` filled. */
export interface CommandOrder {
  readonly argv: readonly string[];
  readonly endpoint: string;
  readonly accessKeyId: string;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** What the command took. */
export interface CommandReport {
  readonly code: number;
  readonly wallMs: number;
  readonly cpuMs: number;
  readonly peakRssBytes: number;
  readonly outBytes: number;
  /** The end of what it wrote beside the data. */
  readonly err: string;
  readonly reads: ReadCounts;
  /** The number of invocations of functions. */
  readonly invocations: number;
}

/** Runs one command in this process. */
export async function giveCommand({
  argv,
  endpoint,
  accessKeyId,
  now,
}: CommandOrder): Promise<CommandReport> {
  const credentials = { accessKeyId, secretAccessKey: 'secret' };
  const client = new CloudFormationClient({ region: 'us-east-1', credentials });
  const { call, reads } = countReads(await tablesOfClient(client, endpoint));
  let [outBytes, err, invocations] = [0, '', 0];
  const store = dynamoDbWatchStore(call, TABLES);
  const watcher: ConnectedWatcher = {
    ...store,
    ...{ deployment: 'default', region: 'us-east-1', sellerAccountId: '999900001111' },
    sellerTopicArn: 'arn:aws:sns:us-east-1:999900001111:seller',
    seller: { name: 'Meridian', securityContact: null, products: [] },
    productIds: PRODUCTS.map(({ id }) => id),
    agreementsSetting: 'on',
    productCodes: [],
    time: undefined,
    ...dynamoDbReading(call, TABLES),
    reads,
    deadLetters: { list: () => Promise.resolve([]), moveBack: () => Promise.resolve() },
    templates: undefined,
    invoke: async (_, request) => {
      invocations += 1;
      await setTimeout(CALL_MS);
      return selfTest(request as SelfTestRequest);
    },
    sign: () => Promise.reject(new Error('nothing is signed here')),
    testLicenses: () => Promise.reject(new Error('no license is issued here')),
    buyerAccount: () => Promise.reject(new Error('no account of a buyer is here')),
    endWatch: () => Promise.reject(new Error('no watch is ended here')),
  };
  const [begun, cpu] = [performance.now(), process.cpuUsage()];
  const code = await main(argv, {
    stdout: (text) => (outBytes += Buffer.byteLength(text)),
    stderr: (text) => (err = `${err}${text}`.slice(-2_000)),
    ...{ colour: false, width: undefined, progress: false, env: {} },
    drained: () => Promise.resolve(),
    interrupted: new AbortController().signal,
    pause: () => Promise.resolve(),
    readFile: () => Promise.resolve(undefined),
    writeFile: (path, text) => writeFile(path, text),
    buyerTemplate: () => Promise.reject(new Error('nobody is invited here')),
    now: () => now,
    newExternalId: () => '',
    connect: () => Promise.resolve(watcher),
    readHealth: () => Promise.resolve(health(now)),
  });
  const { user, system } = process.cpuUsage(cpu);
  return {
    ...{ code, outBytes, err, invocations, reads: reads() },
    wallMs: performance.now() - begun,
    cpuMs: (user + system) / 1_000,
    peakRssBytes: process.resourceUsage().maxRSS * 1024,
  };
}

function selfTest({ buyerAccountId }: SelfTestRequest) {
  return {
    ...{ format: 1, request: 'self-test', outcome: 'tested', buyerAccountId },
    selfTest: Object.fromEntries(
      Object.values(REGISTRATION_ATTRIBUTES).map((step) => [step, 'ok']),
    ),
  };
}

/** The health of a stack that is not examined: the measurement is about its tables. */
function health(now: number): DeploymentHealth {
  const stack = {
    ...{ name: 'LicenseWatcher', status: 'CREATE_COMPLETE', statusReason: null },
    ...{ createdAt: instant(now), missingOutputs: [] },
  };
  const resources = { kind: 'failed', error: 'there is no stack' } as const;
  return { stack, resources, lastSweep: undefined, checks: undefined, topics: [] };
}
