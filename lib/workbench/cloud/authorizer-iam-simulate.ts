// The only file that knows the IAM simulator (AGPL-3.0): development only, never bundled, never published.
import {
  anonymousPrincipal,
  getDenialReasons,
  runSimulation,
  type RequestAnalysis,
  type Simulation,
} from '@cloud-copilot/iam-simulate';
import type {
  AuthorizationAnswer,
  AuthorizationQuestion,
  Authorizer,
  PolicyDocument,
} from './authorizer.ts';
import type { Caller } from './call.ts';
import { requireKnownConditionKeys } from './iam/condition-keys.ts';
import type { IamRegistry } from './iam/registry.ts';
import type { NamedPolicy } from './iam/role.ts';

/** An account's administrator may do everything in that account, and in another only what the other account grants. */
const ADMINISTRATOR: NamedPolicy = {
  name: 'AdministratorAccess',
  policy: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] },
};

/** Bounds the memory of a long scenario whose questions never repeat. */
const MAX_ANSWERS = 10_000;

/**
 * Shared by all clouds of this process: an answer depends only on the question and the policies, and no policy document is ever changed.
 * A simulation takes about 0.5 ms (measured); simulations are a fifth of the main thread's work in a small scenario.
 */
const ANSWERS = new Map<string, AuthorizationAnswer>();

/** Decides from the policies in the registry and the policy of the resource. */
export class IamSimulateAuthorizer implements Authorizer {
  readonly #iam: IamRegistry;

  constructor(iam: IamRegistry) {
    this.#iam = iam;
  }

  async authorize(question: AuthorizationQuestion): Promise<AuthorizationAnswer> {
    const policies = policiesOf(question.caller, this.#iam);
    const affiliations = organizations(question, this.#iam);
    const key = keyOf(question, policies, affiliations);
    const known = ANSWERS.get(key);
    if (known !== undefined) return known;
    const answer = await decide(question, policies, affiliations);
    if (ANSWERS.size >= MAX_ANSWERS) ANSWERS.clear();
    ANSWERS.set(key, answer);
    return answer;
  }
}

/** Everything that an answer depends on. Context that no policy asks for is left out: each DynamoDB query has other leading keys. */
function keyOf(
  { resourcePolicy, context, ...question }: AuthorizationQuestion,
  { identity, boundary }: CallersPolicies,
  affiliations: Readonly<Record<string, string>>,
): string {
  const texts = [...identity.map(({ policy }) => policy), boundary?.policy, resourcePolicy].map(
    textOf,
  );
  const asked = Object.entries(context).map(([key, value]) =>
    texts.some(({ lower }) => lower.includes(key.toLowerCase())) ? [key, value] : [key],
  );
  return JSON.stringify([question, affiliations, texts.map(({ number }) => number), asked]);
}

interface PolicyText {
  /** Equal policies have the same number. */
  readonly number: number;
  readonly lower: string;
}

const TEXTS = new Map<string, PolicyText>();
const textsOf = new WeakMap<PolicyDocument, PolicyText>();
const NO_POLICY: PolicyText = { number: -1, lower: '' };

function textOf(policy: PolicyDocument | undefined): PolicyText {
  if (policy === undefined) return NO_POLICY;
  const read = textsOf.get(policy);
  if (read !== undefined) return read;
  const text = JSON.stringify(policy);
  const own = TEXTS.get(text) ?? { number: TEXTS.size, lower: text.toLowerCase() };
  TEXTS.set(text, own);
  textsOf.set(policy, own);
  return own;
}

interface CallersPolicies {
  readonly identity: readonly NamedPolicy[];
  readonly boundary: NamedPolicy | undefined;
}

function policiesOf(caller: Caller, iam: IamRegistry): CallersPolicies {
  switch (caller.kind) {
    case 'role':
      return iam.policiesOf(caller.arn);
    case 'root':
      return { identity: [ADMINISTRATOR], boundary: undefined };
    case 'service':
    case 'anonymous':
      return { identity: [], boundary: undefined };
  }
}

async function decide(
  question: AuthorizationQuestion,
  { identity, boundary }: CallersPolicies,
  affiliations: Readonly<Record<string, string>>,
): Promise<AuthorizationAnswer> {
  const { resourcePolicy } = question;
  for (const { name, policy } of [...identity, ...(boundary === undefined ? [] : [boundary])])
    requireKnownConditionKeys(policy, `policy ${name}`);
  if (resourcePolicy !== undefined)
    requireKnownConditionKeys(resourcePolicy, `policy of ${question.resource}`);
  const simulation: Simulation = {
    request: {
      principal:
        question.caller.kind === 'anonymous' ? anonymousPrincipal : principalOf(question.caller),
      action: question.action,
      resource: { resource: question.resource, accountId: question.resourceAccountId },
      contextVariables: { ...affiliations, ...contextOf(question) },
    },
    identityPolicies: [...identity],
    ...(boundary === undefined ? {} : { permissionBoundaryPolicies: [boundary] }),
    ...(resourcePolicy === undefined ? {} : { resourcePolicy }),
    serviceControlPolicies: [],
    resourceControlPolicies: [],
  };
  const result = await runSimulation(simulation, {});
  if (result.resultType !== 'single') throw unusable(question, result);
  // The library would silently leave out of every condition a key that it does not expect for this action.
  const ignored = (result.result.ignoredContextKeys ?? []).filter((key) => key in question.context);
  if (ignored.length > 0) throw unusable(question, { ignored });
  if (result.overallResult === 'Allowed') return { allowed: true, message: '' };
  return { allowed: false, message: refusalOf(question, result.result.analysis) };
}

/** For a role, the session's ARN: the library finds the role behind it by account and name, as role names are unique. */
function principalOf(caller: Caller): string {
  switch (caller.kind) {
    case 'role':
      return caller.sessionArn;
    case 'root':
      return caller.arn;
    case 'service':
      return caller.service;
    case 'anonymous':
      return 'anonymous';
  }
}

/** The organization keys of the context; absent for an account in no organization, as with AWS. */
function organizations(
  { caller, resourceAccountId }: AuthorizationQuestion,
  iam: IamRegistry,
): Record<string, string> {
  const own = iam.organizationOf(caller.accountId);
  const resources = iam.organizationOf(resourceAccountId);
  const key = caller.kind === 'service' ? 'aws:SourceOrgID' : 'aws:PrincipalOrgID';
  return {
    ...(own !== undefined && { [key]: own }),
    ...(resources !== undefined && { 'aws:ResourceOrgID': resources }),
  };
}

function contextOf({
  caller,
  context,
  resourceAccountId,
}: AuthorizationQuestion): Record<string, string | string[]> {
  const given = Object.fromEntries(
    Object.entries(context).map(([key, value]) => [
      key,
      typeof value === 'string' ? value : [...value],
    ]),
  );
  const always = { 'aws:SecureTransport': 'true', 'aws:ResourceAccount': resourceAccountId };
  if (caller.kind === 'anonymous') {
    return {
      ...always,
      'aws:PrincipalIsAWSService': 'false',
      'aws:PrincipalType': 'Anonymous',
      ...given,
    };
  }
  if (caller.kind === 'service') {
    return {
      ...always,
      'aws:PrincipalIsAWSService': 'true',
      'aws:PrincipalServiceName': caller.service,
      'aws:SourceArn': caller.sourceArn,
      'aws:SourceAccount': caller.accountId,
      ...given,
    };
  }
  return {
    ...always,
    'aws:PrincipalIsAWSService': 'false',
    'aws:PrincipalArn': caller.arn,
    'aws:PrincipalAccount': caller.accountId,
    'aws:PrincipalType': caller.kind === 'role' ? 'AssumedRole' : 'Account',
    ...given,
  };
}

function refusalOf(question: AuthorizationQuestion, analysis: RequestAnalysis): string {
  const { caller, action, resource } = question;
  const refusal = `User: ${principalOf(caller)} is not authorized to perform: ${action} on resource: ${resource}`;
  return `${refusal}${causeOf(question, analysis)}`;
}

const POLICY_NAMES = {
  identity: 'identity-based policy',
  resource: 'resource-based policy',
  pb: 'permissions boundary',
} as const;

/** AWS's wording (IAM user guide, "Troubleshoot access denied error messages"). */
function causeOf(
  { caller, action, resourceAccountId }: AuthorizationQuestion,
  analysis: RequestAnalysis,
): string {
  const nameOf = (type: keyof typeof POLICY_NAMES): string =>
    type === 'resource' && action === 'sts:AssumeRole' ? 'role trust policy' : POLICY_NAMES[type];
  const explicit = getDenialReasons(analysis).find(({ denialType }) => denialType === 'Explicit');
  if (explicit !== undefined && explicit.policyType in POLICY_NAMES) {
    const name = nameOf(explicit.policyType as keyof typeof POLICY_NAMES);
    return ` with an explicit deny in ${name.startsWith('i') ? 'an' : 'a'} ${name}`;
  }
  if (analysis.blockedBy?.includes('pb') === true)
    return ` because no ${nameOf('pb')} allows the ${action} action`;
  const own = caller.kind !== 'service' && analysis.identityAnalysis?.result !== 'Allowed';
  if (own) return ` because no ${nameOf('identity')} allows the ${action} action`;
  // AWS gives a caller from another account the same answer for a role that refuses and a role that does not exist.
  if (action === 'sts:AssumeRole' && caller.accountId !== resourceAccountId) return '';
  return ` because no ${nameOf('resource')} allows the ${action} action`;
}

/** The error for a question or policy that the library cannot decide: a defect to fix, never a refusal. */
function unusable({ action, resource }: AuthorizationQuestion, details: object): Error {
  return new Error(
    `the IAM simulator cannot decide ${action} on ${resource}: ${JSON.stringify(details)}`,
  );
}
