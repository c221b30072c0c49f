import type { Cloud } from '../../cloud/cloud.ts';
import type { ScenarioRun, ScenarioBuyer } from '../../scenarios/scenario-run.ts';
import { removeRoleByHand } from '../../scenarios/year/actions.ts';
import type { Stack } from '../../cloud/templates/stack.ts';
import { BUYER_OUTPUTS, NOTICE_EMAILS } from '../../../messages/names.ts';

/** The current state of a buyer's account. */
export interface BuyerSituation {
  readonly account: string;
  readonly name: string;
  readonly productId: string;
  readonly otherProductIds: readonly string[];
  /** The buyer stack; undefined if there is none. */
  readonly stack: Stack | undefined;
}

interface Dependencies {
  readonly cloud: Cloud;
  readonly run: ScenarioRun;
}

export interface BuyerLever {
  readonly id: string;
  readonly title: string;
  readonly refusal: (situation: BuyerSituation) => string | null;
  readonly pull: (situation: BuyerSituation) => Promise<string>;
}

/** The actions of an administrator in the buyer's account on our stack there. */
export function buyerLevers({ cloud, run }: Dependencies): readonly BuyerLever[] {
  const removed = new Map<string, () => void>();
  return [
    {
      id: 'remove-role',
      title: 'Remove the reading role',
      refusal: ({ stack }) => {
        if (stack === undefined) return 'there is no buyer stack';
        return cloud.iam.role(roleOf(stack)) === undefined ? 'it is removed already' : null;
      },
      pull: ({ stack }) => {
        const arn = roleOf(existing(stack));
        removed.set(arn, removeRoleByHand(cloud.iam, arn));
        return Promise.resolve(
          `${arn} is gone: the watcher cannot look into the account any more.`,
        );
      },
    },
    {
      id: 'restore-role',
      title: 'Restore the reading role',
      refusal: ({ stack }) => {
        if (stack === undefined) return 'there is no buyer stack';
        if (cloud.iam.role(roleOf(stack)) !== undefined) return 'it is there';
        return removed.has(roleOf(stack))
          ? null
          : 'it was not removed here: remove the stack and launch it again';
      },
      pull: ({ stack }) => {
        const arn = roleOf(existing(stack));
        removed.get(arn)?.();
        removed.delete(arn);
        return Promise.resolve(`${arn} is there again.`);
      },
    },
    {
      id: 'remove-stack',
      title: 'Delete the buyer stack',
      refusal: ({ stack }) => (stack === undefined ? 'there is none' : null),
      pull: async ({ stack }) => {
        const { accountId, name } = existing(stack);
        // A stack whose role was removed by hand can be deleted all the same. Its restore function must go, or it would interfere later.
        removed.delete(roleOf(existing(stack)));
        cloud.cloudFormation.deleteStack(accountId, name);
        await cloud.until(cloud.cloudFormation.done(existing(stack)));
        const { status, statusReason } = existing(stack);
        if (status !== 'DELETE_COMPLETE')
          throw new Error(`the stack ${name} is ${status}: ${statusReason}`);
        return `The stack ${name} is deleted, and with it role and topic.`;
      },
    },
    {
      id: 'launch',
      title: 'Invite again and launch the stack',
      refusal: ({ stack }) => (stack === undefined ? null : 'the stack is there'),
      pull: async ({ account, name, productId, otherProductIds }) => {
        const buyer = {
          accountId: account,
          name,
          productId,
          otherProductIds,
          email: lastAddresses(cloud, account),
        };
        return launch(buyer, run);
      },
    },
  ];
}

/** Invites a buyer with the command line and launches its stack. The link in the confirmation mail is left to the mailbox's reader. */
export async function launch(buyer: ScenarioBuyer, run: ScenarioRun): Promise<string> {
  const { outputs } = await run.join(buyer, { confirms: false });
  const selfTest = (outputs[BUYER_OUTPUTS.selfTest] ?? '').replace(/\.$/, '');
  return `${buyer.name} (${buyer.accountId}) launched the stack. Its self-test says: ${selfTest}. The buyer gets no notice before the link in AWS’s mail, in the mailbox, is followed.`;
}

/** The newest stack of the account that exports a reading role. */
export function buyerStackOf(cloud: Cloud, account: string): Stack | undefined {
  return ofBuyer(cloud, account).findLast(({ status }) => status !== 'DELETE_COMPLETE');
}

function ofBuyer(cloud: Cloud, account: string): readonly Stack[] {
  return cloud.cloudFormation
    .stacks(account)
    .filter(({ outputs }) => outputs[BUYER_OUTPUTS.readingRoleArn] !== undefined);
}

function roleOf({ outputs }: Stack): string {
  return outputs[BUYER_OUTPUTS.readingRoleArn] ?? '';
}

function existing(stack: Stack | undefined): Stack {
  if (stack === undefined) throw new Error('there is no buyer stack');
  return stack;
}

/** The addresses of the newest of the buyer's stacks that had any. */
function lastAddresses(cloud: Cloud, account: string): string {
  const given = cloud.cloudFormation
    .stacks(account)
    .map(({ parameters }) => NOTICE_EMAILS.map((name) => textOf(parameters[name])));
  const last = given.findLast((addresses) => addresses.some((address) => address !== ''));
  if (last !== undefined) return last.filter((address) => address !== '').join(',');
  throw new Error(
    `no stack of ${account} ever had an address for its notices: invite it as a new buyer`,
  );
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
