/** One action of one allow statement in a template. */
export interface Grant {
  /** The resource's logical ID, without CDK's hash. */
  readonly resource: string;
  readonly type: string;
  /** `trust`, or the policy's name, or the property that holds the document. */
  readonly policy: string;
  readonly sid: string;
  readonly action: string;
  /** A template without this grant: its own, or what others of its grants were taken from. */
  readonly without: (template?: string) => string;
}

/** The template without these of its grants. */
export function withoutAll(template: string, grants: readonly Grant[]): string {
  return grants.reduce((left, grant) => grant.without(left), template);
}

/** Replaces a removed action, so that no policy becomes empty; it needs no permission. */
const NOTHING = 'sts:GetCallerIdentity';

type Json = Record<string, unknown>;

interface Statement {
  readonly Sid?: string;
  readonly Effect: string;
  readonly Principal?: unknown;
  Action?: string | string[];
}

/** Every action that the template allows to anyone. */
export function grantsOf(template: string): readonly Grant[] {
  return documentsOf(template).flatMap(({ id, type, policy, statements }) =>
    statements.flatMap((statement, index) =>
      statement.Effect === 'Allow'
        ? grantsIn(statement, { template, id, type, policy, index })
        : [],
    ),
  );
}

interface Place {
  readonly template: string;
  readonly id: string;
  readonly type: string;
  readonly policy: string;
  readonly index: number;
}

function grantsIn(statement: Statement, place: Place): Grant[] {
  const { template, id, type, policy, index } = place;
  return actionsOf(statement).map((action) => ({
    resource: id.replace(/[0-9A-F]{8}$/, ''),
    type,
    policy,
    sid: statement.Sid ?? `statement ${index}`,
    action,
    without: (from = template) => {
      const documents = documentsOf(from);
      const its = documents.find((each) => each.id === id && each.policy === policy);
      if (its === undefined) throw new Error(`the template has no policy ${policy} of ${id}`);
      const twin = its.statements[index]!;
      const left = actionsOf(twin).filter((each) => each !== action);
      twin.Action = left.length === 0 ? NOTHING : left;
      return JSON.stringify(documents[0]!.root);
    },
  }));
}

function actionsOf({ Action: action }: Statement): string[] {
  if (action === undefined)
    throw new Error('an allow statement without Action: NotAction allows what nobody has read');
  const actions = [action].flat();
  const wild = actions.find((each) => each.includes('*'));
  if (wild !== undefined)
    throw new Error(
      `an allow statement allows ${wild}: single actions can be tested, wildcards not`,
    );
  return actions;
}

/** All policy documents of one parse of the template; changing one changes `root`. */
function documentsOf(template: string) {
  const root = JSON.parse(template) as {
    Resources: Record<string, { Type: string; Properties?: Json }>;
  };
  return Object.entries(root.Resources).flatMap(
    ([id, { Type: type, Properties: properties = {} }]) =>
      policiesOf(properties).map(([policy, document]) => ({
        root,
        id,
        type,
        policy,
        statements: (document as { Statement: Statement[] }).Statement,
      })),
  );
}

function policiesOf(properties: Json): [string, unknown][] {
  const {
    AssumeRolePolicyDocument: trust,
    PolicyDocument: own,
    ResourcePolicy: resource,
    Policies: inline = [],
  } = properties;
  const named = (inline as Json[]).map((policy): [string, unknown] => {
    // `Fn::If` holds a policy that the buyer may switch off.
    const chosen = (policy['Fn::If'] as [string, Json, Json] | undefined)?.[1] ?? policy;
    return [String(chosen['PolicyName']), chosen['PolicyDocument']];
  });
  const others: [string, unknown][] = [
    ['trust', trust],
    ['PolicyDocument', own],
    ['ResourcePolicy', (resource as Json | undefined)?.['PolicyDocument']],
  ];
  return [...named, ...others.filter(([, document]) => document !== undefined)];
}

/** The roles of the schedules; all other grants are the functions'. */
export const SCHEDULE_ROLES = ['SweepsRole', 'ReadAgreementsScheduleRole', 'DailyDigestRole'];

/** True for roles that services assume, and for their actions before any function runs: without them a new deployment shows trouble. */
export function showsAtDeployment({ resource, policy, sid, action }: Grant): boolean {
  const ofService = policy === 'trust' && resource !== 'ReadingRole';
  return (
    ofService ||
    sid === 'ReceiveWork' ||
    action.startsWith('logs:') ||
    SCHEDULE_ROLES.includes(resource)
  );
}
