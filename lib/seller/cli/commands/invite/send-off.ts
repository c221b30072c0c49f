import { join } from 'node:path';
import { approvalPage } from '../../../approval/approval-page.ts';
import { UnexplainedTemplate } from '../../../approval/template.ts';
import type { Buyer } from '../../../../domain/registration/buyer.ts';
import { instant } from '../../../../domain/time.ts';
import type { LocalEndpoint } from '../../command.ts';
import { CommandFailure } from '../../output/failure.ts';
import type { Io, Watcher } from '../../io.ts';
import { TEMPLATE_FILE, type SellerTemplate } from './buyer-template.ts';
import { launch, type Launch } from './launch.ts';
import { letter, whole, type Letter } from './letter.ts';

/** Where the files for the buyers go. Undefined: not written. */
export interface Destination {
  /** A folder for letters, pages and the template. */
  readonly folder: string | undefined;
  /** Of one approval page: a path, `false` for none; undefined: its default name, in the folder. */
  readonly approval: string | false | undefined;
}

/** What one buyer is to be sent. */
export interface SendOff {
  readonly order: Launch;
  readonly letter: Letter;
  /** Path and text of what is to be written for this buyer alone. */
  readonly files: readonly (readonly [path: string, text: string])[];
  readonly paths: SendOffPaths;
}

export interface SendOffPaths {
  readonly approvalPage: string | null;
  readonly letter: string | null;
  readonly template: string | null;
}

export interface SendOffOrder {
  readonly watcher: Watcher;
  readonly local: LocalEndpoint;
  readonly template: SellerTemplate;
  readonly templateUrl: string | null;
  readonly destination: Destination;
  readonly io: Io;
}

export function sendOff(buyer: Buyer, email: string | undefined, of: SendOffOrder): SendOff {
  const { watcher, local, template, templateUrl, destination, io } = of;
  const { buyerAccountId: accountId } = buyer;
  const { folder, approval } = destination;
  const order = launch({ watcher, buyer, email, local, templateUrl });
  const approvalFile = `license-watcher-approval-${accountId}.html`;
  const inFolder = (name: string): string | null =>
    folder === undefined ? null : join(folder, name);
  const paths: SendOffPaths = {
    approvalPage: approval === false ? null : (approval ?? join(folder ?? '', approvalFile)),
    letter: inFolder(`${accountId}.txt`),
    template: inFolder(TEMPLATE_FILE),
  };
  const { sha256 } = template;
  const text = letter({
    accountId,
    email,
    order,
    sha256,
    approvalFile: paths.approvalPage,
    watcher,
    local,
  });
  const files: [string, string][] = [];
  if (paths.approvalPage !== null)
    files.push([paths.approvalPage, page(buyer, order, of, instant(io.now()))]);
  if (paths.letter !== null) files.push([paths.letter, whole(text)]);
  return { order, letter: text, files, paths };
}

/** Throws where no page could be made, before anything is stored. */
export function requireTellable(of: Omit<SendOffOrder, 'templateUrl'>): void {
  const anybody: Buyer = {
    buyerAccountId: '000000000000',
    name: 'Anybody',
    productIds: [],
    status: 'invited',
    externalId: 'external-id',
    invitedAt: instant(0),
    registration: null,
  };
  sendOff(anybody, undefined, { ...of, templateUrl: null });
}

function page(
  buyer: Buyer,
  order: Launch,
  { watcher, template }: SendOffOrder,
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
      deployment: watcher.deployment,
      region: watcher.region,
      // The settings allow no Region of another partition.
      partition: 'aws',
      stackName: order.stackName,
      parameters: order.parameters,
      madeAt,
    });
  } catch (error) {
    if (!(error instanceof UnexplainedTemplate)) throw error;
    throw new CommandFailure(
      `the approval page cannot tell all that the buyer template does (${error.message}): give --no-approval to invite without it; nothing was done`,
      1,
      { cause: error },
    );
  }
}
