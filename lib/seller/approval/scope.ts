import { UnexplainedTemplate, type BuyerTemplate } from './template.ts';

/** Whose stack it will be. */
export interface Particulars {
  readonly buyerAccountId: string;
  readonly region: string;
  readonly partition: string;
  /** As the invitation fills them in; the others have their defaults. */
  readonly parameters: Readonly<Record<string, string>>;
}

/** What a template's references stand for in that stack. */
export interface Scope {
  readonly template: BuyerTemplate;
  /** By the name of a parameter, or of a pseudo parameter such as `AWS::Region`. */
  readonly values: ReadonlyMap<string, string>;
}

export function scopeOf(template: BuyerTemplate, particulars: Particulars): Scope {
  const values = new Map([
    ['AWS::AccountId', particulars.buyerAccountId],
    ['AWS::Partition', particulars.partition],
    ['AWS::Region', particulars.region],
  ]);
  for (const [name, { Default: byDefault }] of Object.entries(template.Parameters)) {
    const value = particulars.parameters[name] ?? byDefault;
    if (value === undefined)
      throw new UnexplainedTemplate(`Parameters.${name}`, 'the invitation gives it no value');
    values.set(name, value);
  }
  return { template, values };
}

/** The one intrinsic function that a value is; undefined: it is none. */
function intrinsicOf(value: unknown): readonly [name: string, argument: unknown] | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const [only, ...others] = Object.entries(value) as [string, unknown][];
  const isOne =
    only !== undefined && others.length === 0 && (only[0] === 'Ref' || only[0].startsWith('Fn::'));
  return isOne ? only : undefined;
}

/** A value as CloudFormation will make it; `<NoticeTopic>` for what is only known once the resource exists. */
export function textOf(value: unknown, scope: Scope, where: string): string {
  if (typeof value === 'string') return value;
  const [name = '', argument] = intrinsicOf(value) ?? [];
  switch (name) {
    case 'Ref':
      return reference(String(argument), scope, where);
    case 'Fn::GetAtt': {
      const [id, attribute] = listOf(argument, where).map(String);
      requireResource(id ?? '', scope, where);
      return `<${String(id)}.${String(attribute)}>`;
    }
    case 'Fn::If': {
      const [condition, then, otherwise] = listOf(argument, where);
      return textOf(conditionOf(String(condition), scope).holds ? then : otherwise, scope, where);
    }
    case 'Fn::Join': {
      const [separator, parts] = listOf(argument, where);
      return listOf(parts, where)
        .map((part) => textOf(part, scope, where))
        .join(String(separator));
    }
    default:
      throw new UnexplainedTemplate(where, `expected a text, got ${JSON.stringify(value)}`);
  }
}

/** One text or a list of them. */
export function textsOf(value: unknown, scope: Scope, where: string): readonly string[] {
  return Array.isArray(value)
    ? value.map((each) => textOf(each, scope, where))
    : [textOf(value, scope, where)];
}

export function listOf(value: unknown, where: string): readonly unknown[] {
  if (Array.isArray(value)) return value as readonly unknown[];
  throw new UnexplainedTemplate(where, `expected a list, got ${JSON.stringify(value)}`);
}

export function recordOf(value: unknown, where: string): Readonly<Record<string, unknown>> {
  if (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    intrinsicOf(value) === undefined
  )
    return value as Readonly<Record<string, unknown>>;
  throw new UnexplainedTemplate(where, `expected an object, got ${JSON.stringify(value)}`);
}

function reference(name: string, scope: Scope, where: string): string {
  const value = scope.values.get(name);
  if (value !== undefined) return value;
  requireResource(name, scope, where);
  return `<${name}>`;
}

function requireResource(id: string, { template }: Scope, where: string): void {
  if (template.Resources[id] === undefined)
    throw new UnexplainedTemplate(where, `it refers to ${id}, which the template does not have`);
}

/** On what a part of the stack depends. */
export interface Condition {
  /** `Probe is yes`. */
  readonly words: string;
  /** With the parameters of the invitation. */
  readonly holds: boolean;
}

/** What a value may be, and when. `AWS::NoValue` is left out: then there is nothing. */
interface Branch {
  readonly value: unknown;
  readonly when: readonly Condition[];
}

export function branchesOf(
  value: unknown,
  scope: Scope,
  where: string,
  when: readonly Condition[] = [],
): readonly Branch[] {
  const [name, argument] = intrinsicOf(value) ?? [];
  if (name === 'Ref' && argument === 'AWS::NoValue') return [];
  if (name !== 'Fn::If') return [{ value, when }];
  const [condition, then, otherwise] = listOf(argument, where);
  return [
    ...branchesOf(then, scope, where, [...when, conditionOf(String(condition), scope)]),
    ...branchesOf(otherwise, scope, where, [...when, conditionOf(String(condition), scope, true)]),
  ];
}

export function conditionOf(name: string, scope: Scope, negated = false): Condition {
  const where = `Conditions.${name}`;
  const definition = scope.template.Conditions[name];
  if (definition === undefined)
    throw new UnexplainedTemplate(where, 'the template does not have it');
  return told(definition, scope, where, negated);
}

function told(definition: unknown, scope: Scope, where: string, negated: boolean): Condition {
  const [name, argument] = intrinsicOf(definition) ?? [];
  if (name === 'Fn::Not') return told(listOf(argument, where)[0], scope, where, !negated);
  if (name !== 'Fn::Equals')
    throw new UnexplainedTemplate(
      where,
      `expected Fn::Equals or Fn::Not, got ${JSON.stringify(definition)}`,
    );
  const [left, right] = listOf(argument, where);
  const [kind, parameter] = intrinsicOf(left) ?? [];
  if (kind !== 'Ref' || typeof right !== 'string')
    throw new UnexplainedTemplate(
      where,
      `expected a parameter and a value, got ${JSON.stringify(argument)}`,
    );
  const value = right === '' ? 'empty' : right;
  return {
    words: `${String(parameter)} is ${negated ? 'not ' : ''}${value}`,
    holds: (textOf(left, scope, where) === right) !== negated,
  };
}
