import {
  type Advisory,
  type Cancellation,
  CANCELLATION_STATUSES,
  type CancellationStatus,
  type Matter,
} from '../domain/agreement/matter.ts';
import { cleanText } from '../domain/outside-text.ts';
import { AwsTimeError, type Instant, parseAwsTime } from '../domain/time.ts';
import { AGREEMENT_EVENT_SOURCE } from './names.ts';

/** What an event about an agreement says, as far as the watcher uses it. AWS's own guides spell events differently. */
export interface AgreementEvent {
  /** AWS's `detail-type`, such as `Purchase Agreement Amended - Proposer`; empty: it has none. */
  readonly type: string;
  /** AWS's own ID: a repeated event has the same one. Null: it has none. */
  readonly requestId: string | null;
  /** Null: it names none. */
  readonly agreementId: string | null;
  readonly buyerAccountId: string | null;
  /** What the seller must act on. It is told as what AWS says, and never recorded as a fact. Null: nothing. */
  readonly matter: Matter | null;
  /** True if the event is about a request to cancel, whether or not that can be read. */
  readonly isOfRequest: boolean;
}

/** Reads any message of the queue; null if it is not an event that concerns us. */
export function readAgreementEvent(body: string): AgreementEvent | null {
  let event: unknown;
  try {
    event = JSON.parse(body);
  } catch {
    return null;
  }
  if (textAt(event, 'source') !== AGREEMENT_EVENT_SOURCE) return null;
  const agreementId =
    textAt(event, 'detail', 'agreement', 'id') ??
    // Events about cancellation requests name no resource, and no event has both.
    resourcesOf(event).find((each) => each !== undefined) ??
    null;
  const account =
    textAt(event, 'detail', 'acceptor', 'accountId') ??
    textAt(event, 'detail', 'agreement', 'acceptorId');
  const said = {
    type: (textAt(event, 'detail-type') ?? '').slice(0, 200),
    requestId: bounded(textAt(event, 'detail', 'requestId')),
    agreementId: bounded(agreementId),
    buyerAccountId: account !== null && /^\d{12}$/.test(account) ? account : null,
  };
  return {
    ...said,
    matter: cancellationOf(event, said) ?? advisoryOf(event, said),
    isOfRequest:
      /cancell?ation\W*request/i.test(said.type) ||
      at(at(event, 'detail'), 'agreementCancellationRequest') !== undefined,
  };
}

type Said = Pick<AgreementEvent, 'type' | 'agreementId' | 'buyerAccountId'>;

function cancellationOf(event: unknown, said: Said): Cancellation | null {
  const { agreementId, buyerAccountId, type } = said;
  const of = (name: string) => textAt(event, 'detail', 'agreementCancellationRequest', name);
  const requestId = bounded(of('id'));
  if (requestId === null || agreementId === null) return null;
  const reasons = [of('reasonCode'), of('reasonMessage')].flatMap((each) => clean(each) ?? []);
  return {
    kind: 'cancellation',
    ...{ requestId, agreementId, buyerAccountId, productSku: productOf(event), saidBy: 'event' },
    status: statusOf(
      of('statusCode') ??
        /request\W+(.*?)(?:\W*(?:proposer|acceptor|manufacturer))?$/i.exec(type)?.[1] ??
        '',
    ),
    reason: reasons.length === 0 ? null : reasons.join(': '),
    statusMessage: clean(of('statusMessage')),
    createdAt: timeOf(of('createdAt')),
    updatedAt: timeOf(of('updatedAt')),
  };
}

/** AWS's status, however the event spells it. */
function statusOf(word: string): CancellationStatus {
  const spelt = word
    .slice(0, 100)
    .toUpperCase()
    .replaceAll(/[^A-Z]+/g, '_')
    .replaceAll(/^_|_$/g, '')
    .replace('CANCELED', 'CANCELLED');
  return CANCELLATION_STATUSES.find((each) => each === spelt) ?? 'UNKNOWN';
}

function advisoryOf(event: unknown, { type, agreementId, buyerAccountId }: Said): Advisory | null {
  const issuedAt = textAt(event, 'detail', 'advisory', 'issuedAt');
  const resolvedAt = textAt(event, 'detail', 'advisory', 'resolvedAt');
  const [, verb] = /advisory\W*(issued|resolved)/i.exec(type) ?? [];
  if (agreementId === null || (verb ?? issuedAt ?? resolvedAt) === null) return null;
  const isResolved = verb === undefined ? resolvedAt !== null : /resolved/i.test(verb);
  return {
    kind: 'advisory',
    ...{ agreementId, buyerAccountId, productSku: productOf(event), saidBy: 'event' },
    status: isResolved ? 'RESOLVED' : 'ISSUED',
    at: timeOf((isResolved ? resolvedAt : issuedAt) ?? textAt(event, 'time')),
  };
}

function productOf(event: unknown): string | null {
  return bounded(
    textAt(event, 'detail', 'agreement', 'productId') ?? textAt(event, 'detail', 'product', 'id'),
  );
}

function timeOf(text: string | null): Instant | null {
  try {
    return text === null ? null : parseAwsTime(text);
  } catch (error) {
    // The time is in an unknown form. The rest is told all the same.
    if (error instanceof AwsTimeError) return null;
    throw error;
  }
}

function clean(text: string | null): string | null {
  return text === null ? null : cleanText(text, 300) || null;
}

/** The IDs of agreements from their ARNs, of which AWS shows three spellings. */
function resourcesOf(event: unknown): readonly (string | undefined)[] {
  const resources = at(event, 'resources');
  if (!Array.isArray(resources)) return [];
  return resources.map((each) =>
    typeof each === 'string' ? /agreement[:/]([\w-]{1,64})$/.exec(each)?.[1] : undefined,
  );
}

function bounded(id: string | null): string | null {
  return id !== null && /^[\w-]{1,100}$/.test(id) ? id : null;
}

function textAt(value: unknown, ...path: readonly string[]): string | null {
  const found = path.reduce(at, value);
  return typeof found === 'string' ? found : null;
}

function at(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined;
}
