import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { dynamoDbWatchStore } from '../../lib/aws/dynamodb/dynamodb-watch-store.ts';
import { watcherStackOutputs } from '../../lib/seller/aws/watcher-stack-outputs.ts';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { inviteByCommand } from '../../lib/workbench/scenarios/in-process.ts';
import { startCloud, type Cloud } from '../../lib/workbench/cloud/cloud.ts';
import { REGION, SELLER_ACCOUNT } from '../../lib/workbench/scenarios/cast.ts';
import { deployWatcher } from '../../lib/workbench/scenarios/opening.ts';
import {
  Rehearsal,
  type Invitation,
  type StoryBuyer,
} from '../../lib/workbench/scenarios/rehearsal.ts';
import { TestLicenses } from '../../lib/workbench/scenarios/test-licenses.ts';
import type { Assembly } from '../../lib/workbench/cloud/templates/assembly.ts';
import type { Stack } from '../../lib/workbench/cloud/templates/stack.ts';
import type { WatchStore } from '../../lib/domain/ports.ts';
import type { Switches } from '../../lib/workbench/license-manager/switches.ts';
import { BUYER_STACK_NAME, DEFAULT_DEPLOYMENT } from '../../lib/messages/names.ts';
import { storyAssembly } from './assembly.ts';
import { seatAt } from './license-watcher.ts';

export const STAGE_START = '2027-03-01T08:50:00Z';

/** A local cloud on which the watcher stands, with the hands of a story and the eyes of the seller. */
export interface Stage extends AsyncDisposable {
  readonly assembly: Assembly;
  readonly cloud: Cloud;
  readonly watcher: Stack;
  readonly rehearsal: Rehearsal;
  readonly licenses: TestLicenses;
  /** The two tables, read with the keys of the seller's administrator. */
  readonly store: WatchStore;
  readonly buyerTemplate: string;
}

export interface StageOptions {
  readonly start?: string;
  readonly switches?: Partial<Switches>;
  /** Of other settings than the stories'. */
  readonly assembly?: Assembly;
  /** What the watcher's template shall be instead of the synthesized one. */
  readonly template?: (synthesized: string) => string;
  /** Whose hands tell the story. */
  readonly hands?: typeof Rehearsal;
}

export async function openStage(options: StageOptions = {}): Promise<Stage> {
  const { start = STAGE_START, switches, template, hands: Hands = Rehearsal } = options;
  const synthesized = options.assembly ?? (await storyAssembly());
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
    const licenses = new TestLicenses(cloud, SELLER_ACCOUNT, (accountId) => cloud.keys(accountId));
    const buyerTemplate = synthesized.template(BUYER_STACK_NAME);
    const rehearsal = new Hands({
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
    const store = dynamoDbWatchStore(new DynamoDBClient(clients), names);
    const dispose = (): PromiseLike<void> => cloud[Symbol.asyncDispose]();
    return {
      assembly,
      cloud,
      watcher,
      rehearsal,
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

/** By the command line, as a seller does it. */
export async function invite(cloud: Cloud, buyer: StoryBuyer): Promise<Invitation> {
  return inviteByCommand(buyer, await seatAt(cloud, buyer.accountId));
}

/** Has the buyer deploy its stack, whatever comes of it. */
export async function launch(
  { cloud, buyerTemplate }: Stage,
  { accountId }: StoryBuyer,
  { stackName, parameters }: Invitation,
  template = buyerTemplate,
): Promise<Stack> {
  const caller = administrator(accountId);
  const request = { stackName, parameters, template, capabilities: ['CAPABILITY_IAM'] };
  const stack = cloud.cloudFormation.createStack(caller, request);
  await cloud.until(cloud.cloudFormation.done(stack));
  return stack;
}

/** The buyer changes parameters of its stack, whatever comes of it. */
export async function updateStack(
  { cloud }: Stage,
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

/** The stack's parameters as they were given: what the template fetches from the parameter store is fetched again. */
function given({ parameters, template }: Stack): Record<string, string> {
  const own = Object.entries(parameters).filter(
    ([name]) => template.Parameters[name]?.Type === 'String',
  );
  return Object.fromEntries(own.map(([name, value]) => [name, String(value)]));
}

export async function deleteStack({ cloud }: Stage, stack: Stack): Promise<void> {
  cloud.cloudFormation.deleteStack(stack.accountId, stack.name);
  await cloud.until(cloud.cloudFormation.done(stack));
}

export function administrator(accountId: string) {
  return { kind: 'root', accountId, arn: `arn:aws:iam::${accountId}:root` } as const;
}
