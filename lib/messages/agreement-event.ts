import { AGREEMENT_EVENT_SOURCE } from './names.ts';

/** What an event about an agreement says, as far as anything follows from it. It is never recorded: AWS's own guides spell events differently. */
export interface AgreementEvent {
  /** AWS's `detail-type`, such as `Purchase Agreement Amended - Proposer`; empty: it has none. */
  readonly type: string;
  /** AWS's own: the same event comes with the same one. Null: it has none. */
  readonly requestId: string | null;
  /** Null: it names none. */
  readonly agreementId: string | null;
  readonly buyerAccountId: string | null;
}

/** Total: whatever a queue holds is an event, or nothing that concerns us (null). */
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
    // Cancellation requests name no resource, and no event has two ways.
    resourcesOf(event).find((each) => each !== undefined) ??
    null;
  const account =
    textAt(event, 'detail', 'acceptor', 'accountId') ??
    textAt(event, 'detail', 'agreement', 'acceptorId');
  return {
    type: (textAt(event, 'detail-type') ?? '').slice(0, 200),
    requestId: bounded(textAt(event, 'detail', 'requestId')),
    agreementId: bounded(agreementId),
    buyerAccountId: account !== null && /^\d{12}$/.test(account) ? account : null,
  };
}

/** IDs of agreements in their ARNs, of which AWS shows three spellings. */
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
