import {
  branchesOf,
  type Condition,
  listOf,
  recordOf,
  type TemplateValues,
  textOf,
  textsOf,
} from './values.ts';
import { UnexplainedTemplate } from './template.ts';
import { quoted } from '../../domain/outside-text.ts';

/** One statement of a policy, with its references filled in. */
export interface Permission {
  readonly sid: string;
  readonly effect: 'Allow' | 'Deny';
  /** `all but these`: the statement has NotAction. */
  readonly covers: 'these' | 'all but these';
  readonly actions: readonly string[];
  /** Empty if the policy has none: a trust policy is about its role. */
  readonly resources: readonly string[];
  /** ARNs, or `*`. Null if the policy has none: an identity's policy is about that identity. */
  readonly principals: readonly string[] | null;
  readonly tests: readonly PermissionTest[];
  /** All of these must hold for the statement to exist. */
  readonly when: readonly Condition[];
}

/** An operator such as `ArnLike`, a key such as `aws:PrincipalArn`, and the values of which one must match. */
export interface PermissionTest {
  readonly operator: string;
  readonly key: string;
  readonly values: readonly string[];
}

type PolicyKind = 'identity' | 'trust' | 'resource';

const MEMBERS: Readonly<Record<PolicyKind, readonly string[]>> = {
  identity: ['Resource'],
  trust: ['Principal'],
  resource: ['Principal', 'Resource'],
};
const ALWAYS = ['Sid', 'Effect', 'Action', 'NotAction', 'Condition'];

/** The statements of a policy document. Throws for one that cannot be told in full. */
export function permissionsOf(
  document: unknown,
  kind: PolicyKind,
  values: TemplateValues,
  where: string,
  when: readonly Condition[] = [],
): readonly Permission[] {
  const { Version: version, Statement: statements, ...others } = recordOf(document, where);
  closed(others, [], where);
  if (version !== '2012-10-17')
    throw new UnexplainedTemplate(where, `its Version is ${quoted(version)}`);
  return listOf(statements, where).flatMap((each, at) =>
    branchesOf(each, values, where, when).map((branch) =>
      permission(branch.value, kind, values, `${where}.Statement.${at}`, branch.when),
    ),
  );
}

function permission(
  value: unknown,
  kind: PolicyKind,
  values: TemplateValues,
  where: string,
  when: readonly Condition[],
): Permission {
  const statement = recordOf(value, where);
  closed(statement, [...ALWAYS, ...MEMBERS[kind]], where);
  const missing = MEMBERS[kind].find((member) => statement[member] === undefined);
  if (missing !== undefined) throw new UnexplainedTemplate(where, `it has no ${missing}`);
  const { Action: action, NotAction: notAction, Effect: effect } = statement;
  if (effect !== 'Allow' && effect !== 'Deny')
    throw new UnexplainedTemplate(where, `its Effect is ${quoted(effect)}`);
  if ((action === undefined) === (notAction === undefined))
    throw new UnexplainedTemplate(where, 'expected either Action or NotAction');
  const actions = textsOf(action ?? notAction, values, where);
  // The page lists what CloudTrail may show of the role, so that list must have an end.
  if (
    kind === 'identity' &&
    effect === 'Allow' &&
    (action === undefined || actions.some((each) => each.includes('*')))
  )
    throw new UnexplainedTemplate(
      where,
      `it allows more than can be listed: ${actions.join(', ')}`,
    );
  return {
    sid: statement['Sid'] === undefined ? '' : textOf(statement['Sid'], values, where),
    effect,
    covers: action === undefined ? 'all but these' : 'these',
    actions,
    resources: kind === 'trust' ? [] : textsOf(statement['Resource'], values, where),
    principals: kind === 'identity' ? null : principalsOf(statement['Principal'], values, where),
    tests:
      statement['Condition'] === undefined ? [] : testsOf(statement['Condition'], values, where),
    when,
  };
}

function principalsOf(value: unknown, values: TemplateValues, where: string): readonly string[] {
  if (value === '*') return ['*'];
  const principals = recordOf(value, `${where}.Principal`);
  closed(principals, ['AWS'], `${where}.Principal`);
  return textsOf(principals['AWS'], values, `${where}.Principal`);
}

function testsOf(value: unknown, values: TemplateValues, where: string): readonly PermissionTest[] {
  return Object.entries(recordOf(value, `${where}.Condition`)).flatMap(([operator, keys]) =>
    Object.entries(recordOf(keys, `${where}.Condition.${operator}`)).map(([key, expected]) => ({
      operator,
      key,
      values: textsOf(expected, values, `${where}.Condition.${operator}.${key}`),
    })),
  );
}

/** Throws for the first member that the page has no words for. */
export function closed(
  value: Readonly<Record<string, unknown>>,
  known: readonly string[],
  where: string,
): void {
  const unknown = Object.keys(value).find((member) => !known.includes(member));
  if (unknown !== undefined)
    throw new UnexplainedTemplate(where, `the approval page has no words for ${unknown}`);
}
