import { dynamoDbWatchStore } from '../../lib/seller/aws/dynamodb-watch-store.ts';
import { watcherStackOutputs } from '../../lib/seller/aws/watcher-stack-outputs.ts';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { inviteByCommand } from '../../lib/workbench/scenarios/in-process.ts';
import { startCloud, type Cloud } from '../../lib/workbench/cloud/cloud.ts';
import { REGION, SELLER_ACCOUNT } from '../../lib/workbench/scenarios/participants.ts';
import { deployWatcher, testLicenses } from '../../lib/workbench/scenarios/deploy-watcher.ts';
import {
  ScenarioRun,
  type Invitation,
  type ScenarioBuyer,
} from '../../lib/workbench/scenarios/scenario-run.ts';
import { TestLicenses } from '../../lib/workbench/scenarios/test-licenses.ts';
import type { Assembly } from '../../lib/workbench/cloud/templates/assembly.ts';
import type { Stack } from '../../lib/workbench/cloud/templates/stack.ts';
import type { WatchStore } from '../../lib/domain/ports.ts';
import type { Switches } from '../../lib/workbench/license-manager/switches.ts';
import { BUYER_STACK_NAME, DEFAULT_DEPLOYMENT } from '../../lib/messages/names.ts';
import { scenarioAssembly } from './assembly.ts';
import { callsOfEngine } from './engines.ts';
import { seatAt } from './license-watcher.ts';

export const FIXTURE_START = '2027-03-01T08:50:00Z';

/** A local cloud with a deployed watcher, a scenario run, and the tables as the seller reads them. */
export interface WatcherFixture extends AsyncDisposable {
  readonly assembly: Assembly;
  readonly cloud: Cloud;
  readonly watcher: Stack;
  readonly run: ScenarioRun;
  readonly licenses: TestLicenses;
  /** The two tables, read with the keys of the seller's administrator. */
  readonly store: WatchStore;
  readonly buyerTemplate: string;
}

export interface FixtureOptions {
  readonly start?: string;
  readonly switches?: Partial<Switches>;
  /** The licenses have no agreements and no events about them. */
  readonly unsold?: boolean;
  /** An assembly with settings other than the scenarios'. */
  readonly assembly?: Assembly;
  /** Returns the watcher's template to use instead of the synthesized one. */
  readonly template?: (synthesized: string) => string;
  /** The class that runs the scenario. */
  readonly runClass?: typeof ScenarioRun;
}

export async function openFixture(options: FixtureOptions = {}): Promise<WatcherFixture> {
  const { start = FIXTURE_START, switches, template, runClass: Hands = ScenarioRun } = options;
  const synthesized = options.assembly ?? (await scenarioAssembly());
  const assembly: Assembly =
    template === undefined
      ? synthesized
      : { ...synthesized, template: (name) => template(synthesized.template(name)) };
  const cloud = await startCloud({
    assembly,
    region: REGION,
    start: Date.parse(start),
    ...(switches && { switches }),
  });
  try {
    const watcher = await deployWatcher(cloud, assembly);
    const licenses =
      options.unsold === true
        ? new TestLicenses(cloud, SELLER_ACCOUNT, (account) => cloud.keys(account))
        : testLicenses(cloud);
    const buyerTemplate = synthesized.template(BUYER_STACK_NAME);
    const run = new Hands({
      cloud,
      licenses,
      buyerTemplate,
      invite: (buyer) => invite(cloud, buyer),
      say: () => undefined,
    });
    const clients = {
      region: REGION,
      endpoint: cloud.url,
      credentials: cloud.keys(SELLER_ACCOUNT),
    };
    const names = await watcherStackOutputs(
      new CloudFormationClient(clients),
      DEFAULT_DEPLOYMENT,
      REGION,
    );
    const store = dynamoDbWatchStore(callsOfEngine(clients), names);
    const dispose = (): PromiseLike<void> => cloud[Symbol.asyncDispose]();
    return {
      assembly,
      cloud,
      watcher,
      run,
      licenses,
      store,
      buyerTemplate,
      [Symbol.asyncDispose]: dispose,
    };
  } catch (error) {
    await cloud[Symbol.asyncDispose]();
    throw error;
  }
}

/** Invites a buyer with the command line, as a seller does. */
export async function invite(cloud: Cloud, buyer: ScenarioBuyer): Promise<Invitation> {
  return inviteByCommand(buyer, await seatAt(cloud, buyer.accountId));
}

/** Lets the buyer deploy its stack, whatever the result. */
export async function launch(
  { cloud, buyerTemplate }: WatcherFixture,
  { accountId }: ScenarioBuyer,
  { stackName, parameters }: Invitation,
  template = buyerTemplate,
): Promise<Stack> {
  const caller = administrator(accountId);
  const request = { stackName, parameters, template, capabilities: ['CAPABILITY_IAM'] };
  const stack = cloud.cloudFormation.createStack(caller, request);
  await cloud.until(cloud.cloudFormation.done(stack));
  return stack;
}

/** Lets the buyer change its stack's parameters or template, whatever the result. */
export async function updateStack(
  { cloud }: WatcherFixture,
  stack: Stack,
  change: { readonly parameters?: Readonly<Record<string, string>>; readonly template?: string },
): Promise<void> {
  const parameters = { ...given(stack), ...change.parameters };
  cloud.cloudFormation.updateStack(administrator(stack.accountId), {
    stackName: stack.name,
    parameters,
    template: change.template,
    capabilities: ['CAPABILITY_NAMED_IAM'],
  });
  await cloud.until(cloud.cloudFormation.done(stack));
}

/** The stack's parameters as given, without those that the template fetches from the parameter store: they are fetched again. */
function given({ parameters, template }: Stack): Record<string, string> {
  const own = Object.entries(parameters).filter(
    ([name]) => template.Parameters[name]?.Type === 'String',
  );
  return Object.fromEntries(own.map(([name, value]) => [name, String(value)]));
}

export async function deleteStack({ cloud }: WatcherFixture, stack: Stack): Promise<void> {
  cloud.cloudFormation.deleteStack(stack.accountId, stack.name);
  await cloud.until(cloud.cloudFormation.done(stack));
}

export function administrator(accountId: string) {
  return { kind: 'root', accountId, arn: `arn:aws:iam::${accountId}:root` } as const;
}
