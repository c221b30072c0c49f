import type { PolicyDocument } from '../authorizer.ts';
import { AwsFault } from '../fault.ts';
import { requireKnownConditionKeys } from '../iam/condition-keys.ts';

export interface BucketPolicy {
  /** The policy as S3 returns it: accounts are the ARNs of their roots. */
  readonly text: string;
  readonly document: PolicyDocument;
  readonly isPublic: boolean;
}

const MOST_BYTES = 20_480;

/** The policy as S3 accepts it. Throws the fault with which S3 would refuse it. */
export function acceptedPolicy(
  text: string,
  bucketArn: string,
  isAccount: (accountId: string) => boolean,
): BucketPolicy {
  const given = parse(text);
  if (Buffer.byteLength(JSON.stringify(given)) > MOST_BYTES)
    throw new AwsFault('PolicyTooLarge', 'Policy exceeds the maximum allowed document size.');
  const statements = statementsOf(given).map((statement) => {
    requireResources(statement, bucketArn);
    return { ...statement, Principal: acceptedPrincipal(statement.Principal, isAccount) };
  });
  const document = { ...given, Statement: statements };
  requireDecidable(document);
  return { text: JSON.stringify(document), document, isPublic: isPublic(statements) };
}

function parse(text: string): PolicyDocument {
  let policy: unknown;
  try {
    policy = JSON.parse(text);
  } catch {
    throw malformed("Policies must be valid JSON and the first byte must be '{'");
  }
  if (typeof policy !== 'object' || policy === null || Array.isArray(policy))
    throw malformed("Policies must be valid JSON and the first byte must be '{'");
  if (statementsOf(policy as PolicyDocument).length === 0)
    throw malformed('Missing required field Statement');
  return policy as PolicyDocument;
}

function requireResources({ Resource: resource }: Statement, bucketArn: string): void {
  if (resource === undefined) throw malformed('Missing required field Resource');
  for (const each of listOf(resource))
    if (each !== bucketArn && !each.startsWith(`${bucketArn}/`))
      throw malformed('Policy has invalid resource', each);
}

function acceptedPrincipal(
  principal: Statement['Principal'],
  isAccount: (accountId: string) => boolean,
): NonNullable<Statement['Principal']> {
  if (principal === undefined) throw malformed('Missing required field Principal');
  if (principal === '*') return principal;
  const accounts = typeof principal === 'object' ? principal['AWS'] : undefined;
  const others =
    typeof principal === 'object' ? Object.keys(principal).filter((kind) => kind !== 'AWS') : ['?'];
  if (accounts === undefined || others.length > 0)
    throw new AwsFault(
      'NotImplemented',
      'the local cloud knows "*" and AWS accounts as principals of bucket policies',
      501,
    );
  // AWS answers an empty list with an internal error (seen in 2020, never documented).
  if (listOf(accounts).length === 0)
    throw new AwsFault('InternalError', 'We encountered an internal error. Please try again.', 500);
  const accepted = listOf(accounts).map((each) => {
    if (each === '*') return each;
    const accountId = /^(?:arn:[^:]+:iam::)?(\d{12})(?::root)?$/.exec(each)?.[1];
    if (accountId === undefined || !isAccount(accountId))
      throw malformed('Invalid principal in policy', `"AWS" : "${each}"`);
    return `arn:aws:iam::${accountId}:root`;
  });
  return { AWS: accepted.length === 1 ? (accepted[0] ?? '') : accepted };
}

/** Refuses a condition that the local cloud could not decide later: here its author sees it. */
function requireDecidable(document: PolicyDocument): void {
  try {
    requireKnownConditionKeys(document, 'bucket policy');
  } catch (cause) {
    throw new AwsFault(
      'NotImplemented',
      cause instanceof Error ? cause.message : String(cause),
      501,
    );
  }
}

function malformed(message: string, detail?: string): AwsFault {
  return new AwsFault(
    'MalformedPolicy',
    message,
    400,
    detail === undefined ? {} : { Detail: detail },
  );
}

/** A condition on one of these, with a fixed value, makes a statement for everyone not public (S3 user guide, "The meaning of public"). */
const LIMITING = new Set(['aws:sourcearn', 'aws:sourceaccount', 'aws:principalorgid']);
const LIMITING_OPERATORS = new Set(['StringEquals', 'StringLike', 'ArnEquals', 'ArnLike']);

/** True if any statement is public. */
function isPublic(statements: readonly Statement[]): boolean {
  return statements.some(
    (statement) =>
      statement.Effect === 'Allow' && isForEveryone(statement) && !isLimited(statement),
  );
}

function isForEveryone({ Principal: principal = {} }: Statement): boolean {
  if (typeof principal === 'string') return principal === '*';
  return listOf(principal['AWS'] ?? []).includes('*');
}

function isLimited({ Condition: condition = {} }: Statement): boolean {
  return Object.entries(condition).some(
    ([operator, keys]) =>
      LIMITING_OPERATORS.has(operator) &&
      Object.entries(keys).some(
        ([key, values]) =>
          LIMITING.has(key.toLowerCase()) && listOf(values).every((value) => !/[*?]/.test(value)),
      ),
  );
}

type Texts = string | readonly string[];

/** The parts of a policy's statement that S3 itself checks. */
interface Statement {
  readonly Effect?: string;
  readonly Principal?: string | Readonly<Record<string, Texts>>;
  readonly Resource?: Texts;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, Texts>>>>;
}

function statementsOf(policy: PolicyDocument): readonly Statement[] {
  return [policy['Statement'] ?? []].flat();
}

function listOf(value: Texts): readonly string[] {
  return typeof value === 'string' ? [value] : value;
}
