import { basename } from 'node:path';
import { cleanText } from '../../../../domain/outside-text.ts';
import type { Buyer } from '../../../../domain/registration/buyer.ts';
import { LOCAL_CLOUD_FILE } from '../../../local-cloud.ts';
import { registrationTopicName } from '../../../../messages/names.ts';
import {
  confirmAgainstScanners,
  MAIL_TO_GIVEN_ADDRESS,
  mailTo,
  publishesAsLauncher,
  SCANNERS_UNSUBSCRIBE,
  TICK_AND_CREATE,
} from '../../aws-sentences.ts';
import type { LocalEndpoint } from '../../command.ts';
import type { Watcher } from '../../io.ts';
import type { Launch } from './launch.ts';
import { TEMPLATE_FILE } from './template.ts';

/** The parts of a letter, which `letter-text.ts` and `letter-html.ts` lay out. */
export type Block =
  | { readonly kind: 'paragraph' | 'heading'; readonly text: string }
  | { readonly kind: 'facts'; readonly rows: readonly (readonly [label: string, value: string])[] }
  | { readonly kind: 'step'; readonly at: number; readonly parts: readonly LetterSpan[] }
  /** The AWS CLI command, the only part that goes to standard output. */
  | { readonly kind: 'command'; readonly text: string };

export interface LetterSpan {
  readonly kind: 'words' | 'code' | 'link';
  readonly text: string;
}

/** A letter ready to be sent: as text to be pasted into a mail, or as HTML. */
export interface Letter {
  readonly subject: string;
  readonly blocks: readonly Block[];
}

interface LetterInput {
  readonly buyer: Buyer;
  readonly emails: readonly string[];
  readonly launch: Launch;
  readonly sha256: string;
  /** The path of the approval page; null: there is none. */
  readonly approvalFile: string | null;
  readonly watcher: Watcher;
  readonly local: LocalEndpoint;
}

/**
 * The letter asks a stranger to create a role for another account, as a phishing letter would. So it says who invites whom and why, that
 * nothing is urgent, and how the reader can make sure by a way that is not in the letter. Addresses stand there in full.
 */
export function letter(of: LetterInput): Letter {
  const { buyer, launch, watcher } = of;
  const { seller } = watcher;
  const account = buyer.buyerAccountId;
  const sold = soldTo(buyer, watcher);
  const products = listed(sold.map(({ name }) => name));
  const isOne = sold.length === 1;
  const whichever = isOne ? 'your license' : 'one of your licenses';
  const before = [...approval(of), ...permission(of), launchStep(of)];
  return {
    subject: `License notices for ${isOne ? products : `${sold.length} products`}, from ${seller.name}`,
    blocks: [
      paragraph(
        `${seller.name}, the seller of ${products}, invites you to License Watcher, for your AWS account ${account} (${cleanText(buyer.name)}).`,
      ),
      heading('What you gain'),
      paragraph(
        `You get an e-mail from your own AWS account before ${whichever} of ${products} ends, and when its seats, tier or end change. It says what was before, what is now, and what to do. It costs you nothing, or some cents a month where you pay for each call that is recorded. A check holds none of your seats. You can end it at any time by deleting one small stack.`,
      ),
      paragraph(
        `Your ${isOne ? 'license does' : 'licenses do'} not depend on it, and there is no deadline.`,
      ),
      heading('Is this letter from us?'),
      paragraph(
        `Do not take this letter on trust, and do not check by replying to it. Reach ${seller.name} in a way that you already knew, such as your contract or the person you bought from, and ask whether we invited this account, and whether these are ours:`,
      ),
      {
        kind: 'facts',
        rows: [
          ['Our AWS account', watcher.sellerAccountId],
          ['Template (SHA-256)', of.sha256],
        ],
      },
      paragraph(
        `We ask for no password, no key and no payment. Everything happens in your own AWS account${launch.link === null ? '' : `: the link below leads to https://${watcher.region}.console.aws.amazon.com and nowhere else`}.`,
      ),
      heading('What to do'),
      ...before.map((parts, at) => ({ kind: 'step', at: at + 1, parts }) as const),
      ...(launch.link === null
        ? []
        : [
            paragraph(
              `Or do the same with the AWS CLI, in the folder of the attached ${TEMPLATE_FILE}:`,
            ),
          ]),
      { kind: 'command', text: launch.command },
      { kind: 'step', at: before.length + 1, parts: confirmation(of) },
      paragraph(
        'After about two minutes the stack is complete. Its output SelfTest says "ok", or what is missing and what to do.',
      ),
      heading('Questions'),
      {
        kind: 'facts',
        rows: [
          ...(sold.length === 0 ? [] : [['About the product', contactsOf(sold)] as const]),
          ['About security', seller.securityContact ?? contactsOf(sold)],
        ],
      },
      paragraph(`${seller.name}, AWS account ${watcher.sellerAccountId}`),
    ],
  };
}

/** Names and contacts of the products that the buyer is watched for. A product that is no longer sold is called by its ID. */
export function soldTo(
  { productIds }: Pick<Buyer, 'productIds'>,
  { seller }: Pick<Watcher, 'seller'>,
): readonly { readonly name: string; readonly contact: string | null }[] {
  return productIds.map(
    (id) =>
      seller.products.find((product) => product.id === id) ?? {
        name: cleanText(id),
        contact: null,
      },
  );
}

function contactsOf(sold: ReturnType<typeof soldTo>): string {
  const contacts = [...new Set(sold.flatMap(({ contact }) => contact ?? []))];
  return contacts.join('; ') || 'whoever sent you this letter';
}

/** `A, B and C`. */
function listed(names: readonly string[]): string {
  const [last = '', ...others] = names.toReversed();
  return others.length === 0 ? last : `${others.toReversed().join(', ')} and ${last}`;
}

function paragraph(text: string): Block {
  return { kind: 'paragraph', text };
}

function heading(text: string): Block {
  return { kind: 'heading', text };
}

function words(text: string): LetterSpan {
  return { kind: 'words', text };
}

function code(text: string): LetterSpan {
  return { kind: 'code', text };
}

type Step = readonly LetterSpan[];

function approval({ approvalFile }: LetterInput): readonly Step[] {
  if (approvalFile === null) return [];
  return [
    [
      words(
        `Give the attached ${basename(approvalFile)} to your security team: what the stack may do, what leaves your account, how to watch us, how to leave.`,
      ),
    ],
  ];
}

/** Empty on the local cloud, where the buyers' own keys may do everything. */
function permission({ watcher, local }: LetterInput): readonly Step[] {
  const { region, sellerAccountId, deployment } = watcher;
  // The settings allow no Region of another partition.
  const topicArn = `arn:aws:sns:${region}:${sellerAccountId}:${registrationTopicName(deployment)}`;
  return local === undefined ? [[words(publishesAsLauncher(topicArn))]] : [];
}

function launchStep(of: LetterInput): Step {
  const { buyer, launch, local, sha256, watcher } = of;
  const account = buyer.buyerAccountId;
  if (local !== undefined) return inLocalCloud(account, launch);
  const isYours = 'It is for your account alone; please do not pass it on.';
  if (launch.link !== null)
    return [
      words(`Signed in to account ${account}, open this link, ${TICK_AND_CREATE}. ${isYours}`),
      { kind: 'link', text: launch.link },
      ...fingerprint(sha256, fingerprintCommand(launch.templateUrl ?? '', watcher)),
    ];
  return [
    words(
      `Run the command below with the AWS CLI in account ${account}, in the folder of the attached ${TEMPLATE_FILE}. ${isYours} It creates one CloudFormation stack.`,
    ),
    ...fingerprint(sha256, `sha256sum ${TEMPLATE_FILE}`),
  ];
}

function inLocalCloud(account: string, { urlCommand }: Launch): Step {
  return [
    words(
      `Run this with the keys of ${account}: ${LOCAL_CLOUD_FILE} has those of the accounts that "npm start" names; for any other, launch with "New buyer" in the console of the local cloud. AWS’s console is not here, so there is no link.`,
    ),
    ...(urlCommand === null ? [] : [code(urlCommand), words('Or with the template file:')]),
  ];
}

function fingerprint(sha256: string, command: string): Step {
  return [
    words('The SHA-256 of the template, and the command that shows it:'),
    code(`${sha256}\n${command}`),
  ];
}

/** The command by which a buyer sees that the hosted template is the one that was approved. */
function fingerprintCommand(templateUrl: string, watcher: Watcher): string {
  if (watcher.templates?.access === 'public') return `curl -s ${templateUrl} | sha256sum`;
  const { hostname, pathname } = new URL(templateUrl);
  return `aws s3 cp s3://${hostname.split('.s3.')[0] ?? ''}${pathname} - | sha256sum`;
}

function confirmation({ emails, local, watcher }: LetterInput): Step {
  const mail = words(emails.length === 0 ? MAIL_TO_GIVEN_ADDRESS : mailTo(emails));
  if (local !== undefined) return [mail];
  return [
    mail,
    words(SCANNERS_UNSUBSCRIBE),
    code(confirmAgainstScanners(watcher.region).join('\n')),
  ];
}
