import type { DeliveryFact } from '../../../../domain/ports.ts';
import {
  claimsIn,
  findSent,
  isTestMail,
  type Claims,
  type ReceivedMail,
  type Sent,
} from '../../../ledger/receipt.ts';
import { counted } from '../../../../mail/dates.ts';
import type { Watcher } from '../../io.ts';
import { CommandFailure } from '../../output/failure.ts';
import { checkClaims, type CheckedClaim } from './check-claims.ts';
import { type MailFile, readMailFile } from './mail-file.ts';
import { claimsOf, differences, type NoticeFile, readNoticeFile, shown } from './notice-file.ts';
import { sha256 } from '../../../../aws/text.ts';

/** What a file is worth as a proof. */
export interface Receipt {
  readonly kind: 'buyer' | 'seller' | 'operations' | 'test';
  /** Null: it has none, or is for machines. */
  readonly subject: string | null;
  /**
   * `unchanged`: the file is what was sent, character for character, and nothing else. `added-to`: that, and more beside it. `agrees`: a
   * notice for machines that says nothing beyond the ledger, but nothing shows that it was sent so. `different`: not what was sent.
   * `unproven`: nothing is known to compare it with.
   */
  readonly content: 'unchanged' | 'added-to' | 'agrees' | 'different' | 'unproven';
  /** Why, in words. */
  readonly why: readonly string[];
  readonly examined: readonly CheckedClaim[];
  /** The facts of delivery of this very text, or of this very message. */
  readonly sent: readonly DeliveryFact[];
  /** True if all that can be shown holds. */
  readonly proved: boolean;
}

export async function receiptOf(path: string, file: string, watcher: Watcher): Promise<Receipt> {
  const bare = readNoticeFile({ subject: null, text: file });
  if (bare !== undefined) return ofNotice(bare, watcher);
  const { parts, ignored, unread } = await readMailFile(file);
  for (const part of parts) {
    const notice = readNoticeFile(part);
    if (notice !== undefined)
      return ofNotice({ ...notice, unread: unread ?? notice.unread }, watcher);
  }
  const found = parts
    .map((part) => ({ part, claims: claimsIn(part.text) }))
    .find(({ claims }) => claims !== null);
  if (found?.claims) return ofMail(found.part, found.claims, { ignored, unread }, watcher);
  const test = parts.find(isTestMail);
  if (test !== undefined) return testReceipt(test.subject, []);
  throw new CommandFailure(
    `${path} names no ledger entry with its hash, so it is not a mail from License Watcher, or not a whole one${ignored.length === 0 ? '' : ` (not looked at: ${ignored.join(', ')})`}: save the mail from your mail program as a file (.eml), or copy its text from the first line to the last, under a line "Subject: ..."`,
  );
}

async function ofMail(
  mail: ReceivedMail,
  { kind, claims }: Claims,
  { ignored, unread }: Pick<MailFile, 'ignored' | 'unread'>,
  watcher: Watcher,
): Promise<Receipt> {
  const examined = await checkClaims(claims, watcher);
  // A mail that calls itself a test and yet names a real entry is no test of ours.
  if (isTestMail(mail) && !examined.some(({ ledger }) => ledger === 'holds'))
    return testReceipt(mail.subject, examined);
  const facts = examined.flatMap((each) => each.facts);
  const sentText = findSent(mail, new Set(facts.map(({ textHash }) => textHash)), sha256);
  const sent = facts.filter(({ textHash }) => textHash === sentText?.textHash);
  const compared = contentOf(mail, kind, facts, sentText);
  const { content, why } =
    compared.content === 'unchanged' ? withUnread(compared, unread) : compared;
  const others = [...new Set(ignored)];
  return {
    kind,
    subject: mail.subject,
    content,
    why: [
      ...why,
      ...(others.length === 0
        ? []
        : [`other parts of the mail were not looked at: ${others.join(', ')}`]),
    ],
    examined,
    sent,
    proved: content === 'unchanged' && examined.every(holds),
  };
}

type Compared = Pick<Receipt, 'content' | 'why'>;

function withUnread(compared: Compared, unread: string | null): Compared {
  return unread === null
    ? compared
    : { content: 'added-to', why: [...compared.why, `the file has ${unread}: not sent by us`] };
}

function contentOf(
  { subject }: ReceivedMail,
  kind: Claims['kind'],
  facts: readonly DeliveryFact[],
  sent: Sent | null,
): Compared {
  if (sent !== null) {
    const added = [
      ...(sent.subject ? ['words before the subject'] : []),
      ...(sent.linesAbove > 0 ? [`${counted(sent.linesAbove, 'line')} above the text`] : []),
      ...(sent.linesBelow > 0 ? [`${counted(sent.linesBelow, 'line')} below the text`] : []),
    ];
    return added.length === 0
      ? { content: 'unchanged', why: [] }
      : {
          content: 'added-to',
          why: [`${added.join(', ')}: not sent by us; a mail gateway or a person added them`],
        };
  }
  if (kind === 'operations') {
    return {
      content: 'unproven',
      why: ['the ledger keeps no hash of the text of mails to operations'],
    };
  }
  if (facts.length === 0)
    return { content: 'unproven', why: ['the ledger has no fact of its delivery'] };
  if (subject === null) {
    return {
      content: 'unproven',
      why: [
        'the hash of the text covers the subject: write it into the first line of the file, "Subject: ..."',
      ],
    };
  }
  return {
    content: 'different',
    why: [
      'subject or text do not match the hash in the ledger: somebody altered them, or a mail program changed the line breaks (then save the mail as .eml), or it is the first copy of a mail that was sent twice, of which the ledger knows only the second',
    ],
  };
}

async function ofNotice(file: NoticeFile, watcher: Watcher): Promise<Receipt> {
  const { notice } = file;
  const { kind, claims } = claimsOf(notice);
  const examined = await checkClaims(claims, watcher);
  if (notice.test === true && !examined.some(({ ledger }) => ledger === 'holds'))
    return testReceipt(null, examined);
  const held = examined.map((each) => (each.ledger === 'holds' ? each.entry : null));
  const otherwise = [
    ...(notice.deployment === watcher.deployment
      ? []
      : [
          `it is from the deployment ${shown(notice.deployment)}, but ${shown(watcher.deployment)} was asked`,
        ]),
    ...(notice.test === true ? ['it calls itself a test, yet names an entry of the ledger'] : []),
    ...differences(notice, held),
  ];
  const facts = examined.flatMap((each) => each.facts);
  const sent = facts.filter((fact) => hashAsSent(fact, file) !== null);
  const { content, why }: Compared = held.every((entry) => entry === null)
    ? { content: 'unproven', why: otherwise }
    : otherwise.length > 0
      ? { content: 'different', why: otherwise }
      : withUnread(asSent(file, sent), file.unread);
  return {
    kind,
    subject: null,
    content,
    why,
    examined,
    sent,
    proved: content === 'unchanged' && examined.every(holds),
  };
}

/** The hash of the message that the envelope names. Null: not this fact's message. Undefined: the fact, of an earlier version, has none. */
function hashAsSent(
  { messageId, jsonHash, single }: DeliveryFact,
  { sent }: NoticeFile,
): string | null | undefined {
  if (sent?.messageId === messageId) return jsonHash;
  return single !== undefined && sent?.messageId === single.messageId ? single.jsonHash : null;
}

/** The body's hash alone covers what the ledger does not seal (severity, the seller's name, what is asked of the seller, ...). */
function asSent(file: NoticeFile, facts: readonly DeliveryFact[]): Compared {
  const { sent } = file;
  if (sent === null)
    return { content: 'agrees', why: ['it came without its envelope, which has the message ID'] };
  if (facts.length === 0)
    return { content: 'agrees', why: ['no fact of delivery has its message ID'] };
  const hashes = facts.map((fact) => hashAsSent(fact, file));
  if (hashes.includes(sha256(`${sent.subject}\n${sent.body}`)))
    return { content: 'unchanged', why: [] };
  return hashes.includes(undefined)
    ? {
        content: 'agrees',
        why: ['the fact of its delivery, of an earlier version, has no hash of it'],
      }
    : { content: 'different', why: ['it is not what was sent under its message ID'] };
}

function testReceipt(subject: string | null, examined: readonly CheckedClaim[]): Receipt {
  const why = [
    'it calls itself a test: nothing happened, it has no ledger entry, and it proves nothing',
  ];
  return {
    kind: 'test',
    subject,
    content: 'unproven',
    why,
    examined,
    sent: [],
    proved: false,
  };
}

function holds({ ledger, chain }: CheckedClaim): boolean {
  return ledger === 'holds' && chain === 'whole';
}
