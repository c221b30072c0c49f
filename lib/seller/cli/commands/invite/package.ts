import { join } from 'node:path';
import type { Buyer } from '../../../../domain/registration/buyer.ts';
import { instant } from '../../../../domain/time.ts';
import { approvalPage } from '../../../approval/approval-page.ts';
import { UnexplainedTemplate } from '../../../approval/template.ts';
import type { LocalEndpoint } from '../../command.ts';
import type { Io, Watcher } from '../../io.ts';
import { CommandFailure } from '../../output/failure.ts';
import { mayBeWrittenOver, type OwnFile } from '../../output/overwrite.ts';
import { NOTHING_PREFILLED, type Prefilled } from './invitation.ts';
import { type Launch, launchOf } from './launch.ts';
import { letter, soldTo } from './letter.ts';
import { letterHtml } from './letter-html.ts';
import { letterText, type LetterText, wholeText } from './letter-text.ts';
import {
  type Hosting,
  openToInvited,
  hostTemplate,
  sellerTemplate,
  type SellerTemplate,
  TEMPLATE_COMMAND,
  TEMPLATE_FILE,
  unknownAccount,
} from './template.ts';

/** Where invitations are made, and where their files go. */
export interface InvitationContext {
  readonly watcher: Watcher;
  readonly local: LocalEndpoint;
  readonly destination: Destination;
  readonly io: Io;
}

export interface Preparation {
  readonly template: SellerTemplate;
  readonly hosting: Hosting;
}

/** Does all that can fail before the first invitation is stored, once for all of them. */
export async function prepare(context: InvitationContext): Promise<Preparation> {
  const { approval } = context.destination;
  if (typeof approval === 'string') await mayBeWrittenOver(approval, APPROVAL_PAGE, context.io);
  const template = await sellerTemplate(context.watcher, context.local, context.io);
  requireExplainable({ ...context, template });
  return { template, hosting: await hostTemplate(context.watcher, template.text) };
}

const APPROVAL_PAGE: OwnFile = {
  what: 'an approval page',
  mark: ': for approval</title>',
  option: '--approval',
};

export interface WrittenPackage {
  readonly buyer: Buyer;
  readonly template: SellerTemplate;
  readonly contents: InvitationPackage;
  /** Why the package of this buyer is not all that it should be. */
  readonly problem: string | null;
}

export interface WrittenPackages {
  readonly written: readonly WrittenPackage[];
  /** A problem that all packages share. */
  readonly problem: string | null;
  readonly hints: readonly string[];
}

/** Opens the links of stored invitations, and writes what the buyers are to be sent. */
export async function writePackages(
  stored: readonly { readonly buyer: Buyer; readonly prefilled: Prefilled }[],
  { template, hosting }: Preparation,
  context: InvitationContext,
): Promise<WrittenPackages> {
  // A revoked account is not let in: its letter is only looked at.
  const accounts = stored
    .filter(({ buyer }) => buyer.status !== 'revoked')
    .map(({ buyer }) => buyer.buyerAccountId);
  const access =
    hosting.url === null || accounts.length === 0
      ? undefined
      : await openToInvited(context.watcher, accounts);
  // A link is not sent if nobody can read from it.
  const templateUrl = access?.problem === null ? hosting.url : null;
  const { folder } = context.destination;
  const shared =
    folder === undefined || stored.length === 0
      ? []
      : [[join(folder, TEMPLATE_FILE), template.text] as const];
  const problem = joinedProblems([
    hosting.problem ?? access?.problem ?? null,
    await write(shared, context.io),
  ]);
  const written: WrittenPackage[] = [];
  for (const { buyer, prefilled } of stored) {
    const sent = packageFor(buyer, prefilled, { ...context, template, templateUrl });
    const unknown = access?.unknown.has(buyer.buyerAccountId) === true;
    const own = [
      unknown ? unknownAccount(buyer.buyerAccountId) : null,
      await write(sent.files, context.io),
    ];
    written.push({ buyer, template, contents: sent, problem: joinedProblems(own) });
  }
  return {
    written,
    problem,
    hints: [hosting.hint, access?.hint ?? null].filter((hint) => hint !== null),
  };
}

/** Writes files. Returns what went wrong; null: nothing. */
async function write(files: InvitationPackage['files'], io: Io): Promise<string | null> {
  for (const [path, text] of files) {
    try {
      await io.writeFile(path, text);
    } catch (error) {
      return `${path} could not be written (${String(error)}): the invitation is made; name another place and run the command again`;
    }
  }
  return null;
}

export function joinedProblems(problems: readonly (string | null)[]): string | null {
  const all = problems.filter((problem) => problem !== null);
  return all.length === 0 ? null : all.join('; ');
}

/** Where the files for the buyers go. */
interface Destination {
  /** The folder for letters, pages and the template; undefined: letters and template are not written. */
  readonly folder: string | undefined;
  /** The path of the one approval page; `false`: there is none; undefined: its default name, in the folder. */
  readonly approval: string | false | undefined;
}

/** What one buyer is to be sent. */
export interface InvitationPackage {
  readonly launch: Launch;
  readonly subject: string;
  readonly letter: LetterText;
  readonly html: string;
  /** Path and text of each file for this buyer alone. */
  readonly files: readonly (readonly [path: string, text: string])[];
  readonly paths: PackagePaths;
}

interface PackagePaths {
  readonly approvalPage: string | null;
  readonly letter: string | null;
  readonly letterHtml: string | null;
  readonly template: string | null;
}

interface PackageInput extends InvitationContext {
  readonly template: SellerTemplate;
  readonly templateUrl: string | null;
}

function packageFor(buyer: Buyer, prefilled: Prefilled, of: PackageInput): InvitationPackage {
  const { watcher, local, template, templateUrl, destination, io } = of;
  const { buyerAccountId: accountId } = buyer;
  const { folder, approval } = destination;
  const launch = launchOf({ watcher, buyer, prefilled, local, templateUrl });
  const approvalFile = `license-watcher-approval-${accountId}.html`;
  const inFolder = (name: string): string | null =>
    folder === undefined ? null : join(folder, name);
  const paths: PackagePaths = {
    approvalPage: approval === false ? null : (approval ?? join(folder ?? '', approvalFile)),
    letter: inFolder(`${accountId}.txt`),
    letterHtml: inFolder(`${accountId}.html`),
    template: inFolder(TEMPLATE_FILE),
  };
  const { sha256 } = template;
  const sent = letter({
    buyer,
    emails: prefilled.emails,
    launch,
    sha256,
    approvalFile: paths.approvalPage,
    watcher,
    local,
  });
  const files: [string, string][] = [];
  if (paths.approvalPage !== null)
    files.push([paths.approvalPage, page(buyer, launch, of, instant(io.now()))]);
  const [text, asHtml] = [letterText(sent), letterHtml(sent)];
  if (paths.letter !== null) files.push([paths.letter, wholeText(text)]);
  if (paths.letterHtml !== null) files.push([paths.letterHtml, asHtml]);
  return { launch, subject: sent.subject, letter: text, html: asHtml, files, paths };
}

/** Throws if no page could be made, before anything is stored. */
function requireExplainable(of: Omit<PackageInput, 'templateUrl'>): void {
  const anybody: Buyer = {
    buyerAccountId: '000000000000',
    name: 'Anybody',
    productIds: [],
    status: 'invited',
    externalId: 'external-id',
    invitedAt: instant(0),
    registration: null,
  };
  packageFor(anybody, NOTHING_PREFILLED, { ...of, templateUrl: null });
}

function page(
  buyer: Buyer,
  launch: Launch,
  { watcher, template }: PackageInput,
  madeAt: ReturnType<typeof instant>,
) {
  try {
    return approvalPage({
      template: template.text,
      sha256: template.sha256,
      templateFile: TEMPLATE_FILE,
      buyerAccountId: buyer.buyerAccountId,
      buyerName: buyer.name,
      sellerAccountId: watcher.sellerAccountId,
      sellerName: watcher.seller.name,
      securityContact: watcher.seller.securityContact,
      products: soldTo(buyer, watcher),
      deployment: watcher.deployment,
      region: watcher.region,
      // The settings allow no Region of another partition.
      partition: 'aws',
      stackName: launch.stackName,
      parameters: launch.parameters,
      madeAt,
    });
  } catch (error) {
    if (!(error instanceof UnexplainedTemplate)) throw error;
    throw new CommandFailure(
      `the approval page cannot describe everything that the buyer template does (${error.message}): give --no-approval to invite without it; nothing was done`,
      1,
      { cause: error },
    );
  }
}

const NO_FILES: PackagePaths = {
  approvalPage: null,
  letter: null,
  letterHtml: null,
  template: null,
};

/**
 * Members are added, never renamed or removed. `launch` and `letter` are null if nothing is to be run. A member of `files` is null if that
 * file is not written. `problem` says why the command ended with 1.
 */
export function machineForm(
  buyer: Buyer,
  written: WrittenPackage | undefined,
  problem: string | null,
) {
  const { buyerAccountId, name, productIds, status, externalId } = buyer;
  return {
    account: buyerAccountId,
    name,
    products: productIds,
    status,
    externalId,
    launch: written
      ? {
          ...written.contents.launch,
          templateSha256: written.template.sha256,
          templateCommand: TEMPLATE_COMMAND,
        }
      : null,
    subject: written?.contents.subject ?? null,
    letter: written === undefined ? null : wholeText(written.contents.letter),
    letterHtml: written?.contents.html ?? null,
    files: written?.contents.paths ?? NO_FILES,
    problem,
  };
}
