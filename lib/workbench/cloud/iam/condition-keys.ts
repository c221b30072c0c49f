import type { PolicyDocument } from '../authorizer.ts';

/** Condition keys that the local cloud supplies where AWS does. */
const SUPPLIED = [
  'aws-marketplace:AgreementType',
  'aws-marketplace:PartyType',
  'aws:PrincipalAccount',
  'aws:PrincipalArn',
  'aws:PrincipalIsAWSService',
  'aws:PrincipalOrgID',
  'aws:PrincipalServiceName',
  'aws:PrincipalType',
  'aws:ResourceAccount',
  'aws:ResourceOrgID',
  'aws:SecureTransport',
  'aws:SourceAccount',
  'aws:SourceArn',
  'aws:SourceOrgID',
  'dynamodb:EnclosingOperation',
  'dynamodb:LeadingKeys',
  'events:creatorAccount',
  'sns:Endpoint',
  'sns:Protocol',
  'sts:ExternalId',
  'sts:RoleSessionName',
];

const KNOWN = new Set(SUPPLIED.map((key) => key.toLowerCase()));
const checked = new WeakSet<PolicyDocument>();

/**
 * Throws for a policy with a condition on a key that the local cloud does not supply. The key would count as absent: a `...IfExists`
 * would pass, and an Allow would fail for a reason that does not exist at AWS.
 */
export function requireKnownConditionKeys(policy: PolicyDocument, what: string): void {
  if (checked.has(policy)) return;
  const unknown = [...keysOf(policy), ...variablesOf(policy)].filter(
    (key) => !KNOWN.has(key.toLowerCase()),
  );
  if (unknown.length > 0) {
    throw new Error(
      `the ${what} has a condition on ${unknown.join(', ')}, which the local cloud does not supply; it supplies ${SUPPLIED.join(', ')}`,
    );
  }
  checked.add(policy);
}

function keysOf(policy: PolicyDocument): string[] {
  const statements = [policy['Statement'] ?? []].flat() as Readonly<Record<string, unknown>>[];
  const conditions = statements.map(
    ({ Condition: condition = {} }) => condition as Readonly<Record<string, object>>,
  );
  return conditions.flatMap((condition) =>
    Object.values(condition).flatMap((keys) => Object.keys(keys)),
  );
}

/** The variables in resources and values, such as `${aws:PrincipalAccount}`; `${*}`, `${?}` and `${$}` are escapes. */
function variablesOf(policy: PolicyDocument): string[] {
  return [...JSON.stringify(policy).matchAll(/\$\{([^},*?$]+)[^}]*\}/g)].map(
    ([, name = '']) => name,
  );
}
