import { TemplateNotHosted } from '../../../aws/template-bucket.ts';
import { explain } from '../../output/explain.ts';
import type { Watcher } from '../../io.ts';
import { openTemplates } from '../../open-templates.ts';

/** What became of it, in words where there is something to say. */
export interface Hosting {
  /** Null: there is no link. */
  readonly url: string | null;
  /** Something failed, or is not as the seller thinks. */
  readonly problem: string | null;
  /** Nothing failed, but more could be had. */
  readonly hint: string | null;
}

const BUT_STANDS = 'The invitation stands, and the AWS CLI command with the template’s file works.';

/** Puts the template where links find it. */
export async function publish({ templates }: Watcher, template: string): Promise<Hosting> {
  if (templates === undefined) {
    const hint =
      'No link: the deployed watcher stack is of a version that hosts no template. Deploy this version with "npx cdk deploy" and invite again, or send the command with the file.';
    return { url: null, problem: null, hint };
  }
  try {
    return { url: (await templates.publish(template)).url, problem: null, hint: null };
  } catch (error) {
    const problem = `the template could not be hosted: ${reasonOf(error)}. ${BUT_STANDS} Give the command again for a link.`;
    return { url: null, problem, hint: null };
  }
}

/** What the accounts just invited find behind their link. */
export interface Doors {
  /** Of these: such as AWS does not know. */
  readonly unknown: ReadonlySet<string>;
  readonly problem: string | null;
  readonly hint: string | null;
}

/** Opens what is hosted to all buyers, those just invited among them. */
export async function openDoors(watcher: Watcher, invited: readonly string[]): Promise<Doors> {
  try {
    const { unknownAccounts = [] } = (await openTemplates(watcher, { invited })) ?? {};
    const others = unknownAccounts.filter((accountId) => !invited.includes(accountId));
    return {
      unknown: new Set(unknownAccounts),
      problem: null,
      hint: others.length === 0 ? null : closedAccounts(others),
    };
  } catch (error) {
    const problem = `the template could not be opened to the buyer, so there is no link: ${reasonOf(error)}. ${BUT_STANDS} Give the command again for a link.`;
    return { unknown: new Set(), problem, hint: null };
  }
}

export function unknownAccount(accountId: string): string {
  return `AWS knows no account ${accountId}, so nobody can accept the invitation, which stands: ask the buyer for the number, invite that one, and revoke ${accountId}`;
}

function closedAccounts(accounts: readonly string[]): string {
  return `AWS does not know these buyers’ accounts any more: ${accounts.join(', ')}. If they are closed, revoke them.`;
}

function reasonOf(error: unknown): string {
  return error instanceof TemplateNotHosted ? error.message : explain(error).message;
}
