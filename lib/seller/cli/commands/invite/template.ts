import { createHash } from 'node:crypto';
import { LOCAL_TEMPLATE_FILE } from '../../../local-cloud.ts';
import {
  parseTemplate,
  templatePlace,
  type TemplatePlace,
  UnexplainedTemplate,
} from '../../../approval/template.ts';
import { TemplateNotHosted } from '../../../aws/template-bucket.ts';
import type { LocalEndpoint } from '../../command.ts';
import type { Io, Watcher } from '../../io.ts';
import { openTemplates } from '../../open-templates.ts';
import { explain } from '../../output/explain.ts';
import { CommandFailure, MEGABYTE } from '../../output/failure.ts';
import { quoted } from '../../../../domain/outside-text.ts';

/** The name of the template file that a buyer is sent. */
export const TEMPLATE_FILE = 'license-watcher-buyer.json';

/** The command that makes the template file that the launch command names. */
export const TEMPLATE_COMMAND = `npm run --silent buyer-template > ${TEMPLATE_FILE}`;

export interface SellerTemplate {
  readonly text: string;
  /** In lower-case hex, of the text as UTF-8. */
  readonly sha256: string;
}

/** Makes the template that this watcher's buyers launch. Throws if it is one for another watcher. */
export async function sellerTemplate(
  watcher: Watcher,
  local: LocalEndpoint,
  io: Io,
): Promise<SellerTemplate> {
  const text = local === undefined ? await made(io) : await templateOfLocalCloud(io);
  const place = placeIn(text);
  const source = local === undefined ? 'cdk.json makes' : `${LOCAL_TEMPLATE_FILE} is`;
  if (place.deployment !== watcher.deployment || place.region !== watcher.region) {
    throw new CommandFailure(
      `${source} a template for the deployment ${quoted(place.deployment)} in ${place.region}, but the buyer would be invited by ${quoted(watcher.deployment)} in ${watcher.region}: give --deployment and --region as in cdk.json, or change "deployment" and "region" there; nothing was done`,
    );
  }
  return { text, sha256: createHash('sha256').update(text).digest('hex') };
}

function made(io: Io): Promise<string> {
  if (io.progress) io.stderr('Making the buyer template; this takes a few seconds.\n');
  return io.buyerTemplate();
}

async function templateOfLocalCloud(io: Io): Promise<string> {
  const text = await io.readFile(LOCAL_TEMPLATE_FILE, MEGABYTE);
  if (text !== undefined) return text;
  throw new CommandFailure(
    `${LOCAL_TEMPLATE_FILE} is not in the working directory: restart the local cloud with "npm start"; nothing was done`,
  );
}

function placeIn(text: string): TemplatePlace {
  try {
    return templatePlace(parseTemplate(text));
  } catch (error) {
    if (!(error instanceof UnexplainedTemplate)) throw error;
    throw new CommandFailure(
      `the buyer template is not one of this version (${error.message}): make it with this checkout; nothing was done`,
      1,
      { cause: error },
    );
  }
}

/** The outcome of hosting the template, in words if there is something to say. */
export interface Hosting {
  /** Null: there is no link. */
  readonly url: string | null;
  /** What failed, or is not as the seller thinks. */
  readonly problem: string | null;
  /** What more could be had, although nothing failed. */
  readonly hint: string | null;
}

const BUT_STANDS = 'The invitation is made, and the AWS CLI command with the template file works.';

/** Puts the template where the links find it. A failure becomes a `problem`. */
export async function hostTemplate({ templates }: Watcher, template: string): Promise<Hosting> {
  if (templates === undefined) {
    const hint =
      'There is no link: the version of the deployed watcher stack hosts no template. Deploy this version with "npx cdk deploy" and invite again, or send the command with the file.';
    return { url: null, problem: null, hint };
  }
  try {
    return { url: (await templates.publish(template)).url, problem: null, hint: null };
  } catch (error) {
    const problem = `the template could not be hosted: ${reasonOf(error)}. ${BUT_STANDS} Run the command again for a link.`;
    return { url: null, problem, hint: null };
  }
}

/** Whether the accounts that were just invited can read the template behind their link. */
interface TemplateAccess {
  /** Accounts that AWS does not know. */
  readonly unknown: ReadonlySet<string>;
  readonly problem: string | null;
  readonly hint: string | null;
}

/** Opens the hosted template to all buyers, including those just invited. */
export async function openToInvited(
  watcher: Watcher,
  invited: readonly string[],
): Promise<TemplateAccess> {
  try {
    const { unknownAccounts = [] } = (await openTemplates(watcher, { invited })) ?? {};
    const others = unknownAccounts.filter((accountId) => !invited.includes(accountId));
    return {
      unknown: new Set(unknownAccounts),
      problem: null,
      hint: others.length === 0 ? null : closedAccounts(others),
    };
  } catch (error) {
    const problem = `the template could not be opened to the buyer, so there is no link: ${reasonOf(error)}. ${BUT_STANDS} Run the command again for a link.`;
    return { unknown: new Set(), problem, hint: null };
  }
}

export function unknownAccount(accountId: string): string {
  return `AWS knows no account ${accountId}, so nobody can accept the invitation, which was made: ask the buyer for the right number, invite that account, and revoke ${accountId}`;
}

function closedAccounts(accounts: readonly string[]): string {
  return `AWS does not know these buyers’ accounts any more: ${accounts.join(', ')}. If they are closed, revoke them.`;
}

function reasonOf(error: unknown): string {
  return error instanceof TemplateNotHosted ? error.message : explain(error).message;
}
