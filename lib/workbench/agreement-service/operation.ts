import { invalid, ServiceError } from './errors.ts';
import type { CancellationRequest } from './events.ts';
import type { Agreements } from './agreements.ts';

export type Body = Readonly<Record<string, unknown>>;

/** One call on its way through an operation. */
export interface Call {
  /** The account that calls. */
  readonly accountId: string;
  readonly agreements: Agreements;
  /** The requests to cancel, by their IDs. */
  readonly requests: ReadonlyMap<string, CancellationRequest>;
}

export interface Operation {
  /** The API's name: what follows the dot in X-Amz-Target. */
  readonly name: string;
  /** What IAM can read from a request, which may still turn out to be invalid. */
  readonly context: (input: Body, call: Call) => Readonly<Record<string, string | string[]>>;
  readonly perform: (input: Body, call: Call) => Body;
}

/** A text member, with the limits of the published model. */
export interface TextShape {
  readonly max: number;
  readonly pattern: RegExp;
  /** The model's ValidationExceptionReason for a value that does not fit. */
  readonly reason: string;
}

const AGREEMENT_ID: TextShape = {
  max: 64,
  pattern: /^[A-Za-z0-9_/-]+$/,
  reason: 'INVALID_AGREEMENT_ID',
};
const CATALOG: TextShape = {
  max: 64,
  pattern: /^[a-zA-Z0-9.-]+$/,
  reason: 'INVALID_CATALOG',
};
const NEXT_TOKEN: TextShape = {
  max: 8192,
  pattern: /^[a-zA-Z0-9+/=_-]*$/,
  reason: 'INVALID_NEXT_TOKEN',
};
const MOST_RESULTS = 50;

/** The value of a text member. Undefined: it is absent; `null` counts as absent, as in AWS's JSON services. */
export function textOf(input: Body, name: string, shape: TextShape): string | undefined {
  const value = input[name] ?? undefined;
  if (value === undefined) return undefined;
  if (typeof value !== 'string') throw mistyped(value, 'a String');
  const { max, pattern, reason } = shape;
  if (value === '' || value.length > max || !pattern.test(value))
    throw invalid(
      reason,
      name,
      `Value '${value}' at '${name}' failed to satisfy constraint: Member must have length from 1 to ${max} and satisfy regular expression pattern: ${pattern.source}`,
    );
  return value;
}

export function agreementIdOf(input: Body): string {
  const id = textOf(input, 'agreementId', AGREEMENT_ID);
  if (id !== undefined) return id;
  throw invalid('MISSING_AGREEMENT_ID', 'agreementId', "Value null at 'agreementId' is required");
}

/** Refuses any catalog but that of AWS Marketplace. */
export function requireCatalog(input: Body): void {
  const catalog = textOf(input, 'catalog', CATALOG) ?? 'AWSMarketplace';
  if (catalog !== 'AWSMarketplace')
    throw invalid('INVALID_CATALOG', 'catalog', `Catalog ${catalog} is not supported.`);
}

/** Refuses members that the published model does not have or that are not built here: they would silently be ignored. */
export function requireKnown(input: Body, known: readonly string[], at: string): void {
  const unknown = Object.keys(input).filter((name) => !known.includes(name));
  if (unknown.length > 0)
    throw new ServiceError(
      'SerializationException',
      `the stand-in does not know ${unknown.join(', ')} of ${at}; it knows ${known.join(', ')}`,
    );
}

/**
 * One page. A token says where to continue and belongs to its question: with other filters it is refused. Changes in the meantime shift the
 * following pages: an agreement may come twice, or not at all.
 */
export function pageOf<Member>(
  members: readonly Member[],
  input: Body,
  question: string,
): { readonly members: readonly Member[]; readonly nextToken?: string } {
  const size = sizeOf(input);
  const token = textOf(input, 'nextToken', NEXT_TOKEN);
  const from = token === undefined ? 0 : positionOf(token, question);
  const next = from + size;
  return {
    members: members.slice(from, next),
    ...(next < members.length && { nextToken: tokenOf(question, next) }),
  };
}

function sizeOf(input: Body): number {
  const size = input['maxResults'] ?? MOST_RESULTS;
  if (typeof size !== 'number') throw mistyped(size, 'an Integer');
  if (Number.isInteger(size) && size >= 1 && size <= MOST_RESULTS) return size;
  throw invalid(
    'INVALID_MAX_RESULTS',
    'maxResults',
    `Value '${size}' at 'maxResults' failed to satisfy constraint: Member must be from 1 to ${MOST_RESULTS}`,
  );
}

function tokenOf(question: string, from: number): string {
  return Buffer.from(JSON.stringify([question, from])).toString('base64url');
}

function positionOf(token: string, question: string): number {
  const refused = invalid(
    'INVALID_NEXT_TOKEN',
    'nextToken',
    `nextToken '${token}' is not of this search: pass back the one that it gave`,
  );
  try {
    const [of, from] = JSON.parse(Buffer.from(token, 'base64url').toString()) as unknown[];
    if (of === question && typeof from === 'number') return from;
  } catch {
    // The token is not one of ours.
    throw refused;
  }
  throw refused;
}

export function mistyped(value: unknown, wanted: string): ServiceError {
  const token = Array.isArray(value) ? 'list' : typeof value;
  return new ServiceError(
    'SerializationException',
    `${token.toUpperCase()}_VALUE can not be converted to ${wanted}`,
  );
}
