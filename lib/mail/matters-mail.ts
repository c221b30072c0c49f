import { type Advisory, answerBy, type Cancellation } from '../domain/agreement/matter.ts';
import { cleanText } from '../domain/outside-text.ts';
import type { Instant } from '../domain/time.ts';
import type { Mail } from '../domain/ports.ts';
import * as AWS from './aws-sentences.ts';
import { counted, date, dateAndTime, dateWithDistance } from './dates.ts';
import type { MatterToTell } from './mail.ts';
import { capital } from './news/news.ts';
import { peopleLines, buyerWithAccount, productName } from './text.ts';
import { subjectOf, type Subject } from './subject.ts';

/**
 * The mail to the seller, or to operations, with what AWS says beside agreements, in AWS's name, with what to do and until when. It has no
 * proof, because it is not a fact of the ledger.
 */
export function mattersMail(told: readonly MatterToTell[], now: Instant): Mail {
  const [only, ...others] = told;
  const agreements = new Set(told.map(({ matter }) => matter.agreementId)).size;
  const subject: Subject =
    only === undefined || others.length > 0
      ? [`License Watcher: AWS says something of ${counted(agreements, 'agreement')}, ${date(now)}`]
      : [whoOf(only), ': ', pointOf(only), ...ofProduct(only)];
  const lines = [
    `What AWS says of ${counted(agreements, 'agreement')}, as of ${dateAndTime(now)}.`,
    ...told.flatMap((each) => ['', ...linesOf(each, now)]),
    '',
    'None of it stands in the audit table: what becomes of a license is told once it is seen there.',
  ];
  return { subject: subjectOf(subject), text: lines.join('\n') };
}

function whoOf({ matter, buyer }: MatterToTell): Subject[number] {
  const account = matter.buyerAccountId ?? cleanText(matter.agreementId);
  return { name: buyer?.name ?? account, or: account };
}

function ofProduct({ product }: MatterToTell): Subject {
  return product === undefined ? [] : [' (', { name: product.name, or: product.id }, ')'];
}

function linesOf(told: MatterToTell, now: Instant): readonly string[] {
  const { matter, product, buyer } = told;
  const { agreementId, buyerAccountId } = matter;
  const who = [
    buyerAccountId === null
      ? 'An account that the event does not name'
      : buyerWithAccount({ buyerAccountId, buyerName: buyer?.name ?? '' }),
    ...(product === undefined ? [] : [productName(product)]),
    `agreement ${cleanText(agreementId)}`,
  ].join(', ');
  const { said, todo } =
    matter.kind === 'cancellation' ? cancellationWords(matter, now) : advisoryWords(matter);
  const source = matter.saidBy === 'event' ? "AWS's event says:" : 'AWS lists it:';
  return [
    `* ${who}`,
    ...[
      `${source} ${said}`,
      ...(todo === null ? [] : [`To do: ${capital(todo)}`]),
      ...peopleLines(buyer ?? {}),
    ].map((text) => `  ${text}`),
  ];
}

interface Words {
  readonly said: string;
  /** Null: nothing to do. */
  readonly todo: string | null;
}

function cancellationWords(matter: Cancellation, now: Instant): Words {
  const { agreementId, requestId, createdAt, reason, status, statusMessage } = matter;
  const when = createdAt === null ? '' : ` on ${dateAndTime(createdAt)}`;
  const why = reason === null ? '' : ` (${cleanText(reason, 300)})`;
  const asked = `its seller asked${when} to cancel it${why}.`;
  const by = answerBy(matter);
  const message =
    statusMessage === null ? '' : ` The words with it: "${cleanText(statusMessage, 300)}".`;
  switch (status) {
    case 'PENDING_APPROVAL':
      return {
        said: `${asked} ${AWS.cancellationPending(by === null ? null : dateWithDistance(by, now))}`,
        todo: `if it is meant, tell the buyer what comes. If not, ${AWS.withdrawCancellation(cleanText(agreementId), cleanText(requestId))}`,
      };
    case 'APPROVED':
      return {
        said: `${asked} ${AWS.CANCELLATION_APPROVED}${message}`,
        todo: 'if it is to go on, make the buyer a new offer before the license ends.',
      };
    case 'REJECTED':
      return { said: `${asked} ${AWS.CANCELLATION_REFUSED}${message}`, todo: 'talk to the buyer.' };
    case 'CANCELLED':
      return { said: `${asked} ${AWS.CANCELLATION_WITHDRAWN}${message}`, todo: null };
    case 'VALIDATION_FAILED':
      return {
        said: `${asked} ${AWS.CANCELLATION_FAILED}${message}`,
        todo: 'mend what is said there, and ask again if it is still meant.',
      };
    case 'UNKNOWN':
      return {
        said: `${asked} How far it is stands there in a word that this version does not know.`,
        todo: `see how far it is: aws marketplace-agreement get-agreement-cancellation-request --region us-east-1 --agreement-id ${cleanText(agreementId)} --agreement-cancellation-request-id ${cleanText(requestId)}`,
      };
  }
}

function advisoryWords({ status, at }: Advisory): Words {
  const when = at === null ? '' : ` on ${dateAndTime(at)}`;
  return status === 'ISSUED'
    ? {
        said: `an advisory was issued${when}. ${AWS.ADVISORY_MEANS} ${AWS.ADVISORY_UNKNOWN}`,
        todo: 'talk to the buyer, and see in your own records whether they pay; take nothing away for this alone. You hear when it is resolved.',
      }
    : {
        said: `the advisory was resolved${when}.`,
        todo: 'give back what you withheld, if anything.',
      };
}

/** The point of a matter, for a subject. */
function pointOf({ matter }: MatterToTell): string {
  if (matter.kind === 'advisory')
    return matter.status === 'ISSUED' ? 'AWS issued an advisory' : 'AWS resolved its advisory';
  const by = answerBy(matter);
  switch (matter.status) {
    case 'PENDING_APPROVAL':
      return AWS.canceledUnless(by === null ? null : date(by));
    case 'APPROVED':
      return 'request to cancel approved';
    case 'REJECTED':
      return 'request to cancel refused';
    case 'CANCELLED':
      return 'request to cancel withdrawn';
    case 'VALIDATION_FAILED':
      return 'request to cancel failed';
    case 'UNKNOWN':
      return 'request to cancel, look how far it is';
  }
}
