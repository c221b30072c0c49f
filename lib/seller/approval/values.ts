import { resolve, type Scope, TemplateError } from './intrinsics.ts';
import { UnexplainedTemplate, type BuyerTemplate } from './template.ts';
import { quoted } from '../../domain/outside-text.ts';

/** Whose stack it will be, where, and with which parameters. */
export interface Particulars {
  readonly buyerAccountId: string;
  readonly region: string;
  readonly partition: string;
  /** As the invitation fills them in. All others have their defaults. */
  readonly parameters: Readonly<Record<string, string>>;
}

/** What the template's references stand for in that stack. */
export interface TemplateValues {
  readonly template: BuyerTemplate;
  /** Values by the name of a parameter, or of a pseudo parameter such as `AWS::Region`. */
  readonly texts: ReadonlyMap<string, string>;
}

export function templateValues(template: BuyerTemplate, particulars: Particulars): TemplateValues {
  const texts = new Map([
    ['AWS::AccountId', particulars.buyerAccountId],
    ['AWS::Partition', particulars.partition],
    ['AWS::Region', particulars.region],
  ]);
  for (const [name, { Default: byDefault }] of Object.entries(template.Parameters)) {
    const value = particulars.parameters[name] ?? byDefault;
    if (value === undefined)
      throw new UnexplainedTemplate(`Parameters.${name}`, 'the invitation gives it no value');
    texts.set(name, value);
  }
  return { template, texts };
}

/** The intrinsic function that a value consists of; undefined: it is none. */
function intrinsicOf(value: unknown): readonly [name: string, argument: unknown] | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const [only, ...others] = Object.entries(value) as [string, unknown][];
  const isOne =
    only !== undefined && others.length === 0 && (only[0] === 'Ref' || only[0].startsWith('Fn::'));
  return isOne ? only : undefined;
}

/** A value as CloudFormation will make it, with `<NoticeTopic>` for what is known only once the resource exists. */
export function textOf(value: unknown, values: TemplateValues, where: string): string {
  const text = resolved(value, values, where);
  if (typeof text === 'string') return text;
  throw new UnexplainedTemplate(where, `expected a text, got ${quoted(value)}`);
}

function resolved(value: unknown, { template, texts }: TemplateValues, where: string): unknown {
  const scope: Scope = {
    ref: (name) => texts.get(name) ?? (template.Resources[name] && `<${name}>`),
    getAtt: (id, attribute) => template.Resources[id] && `<${id}.${attribute}>`,
    condition: (name) => resolve(template.Conditions[name], scope) === true,
  };
  try {
    return resolve(value, scope);
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    throw new UnexplainedTemplate(where, error.message);
  }
}

/** Reads one text or a list of them. */
export function textsOf(value: unknown, values: TemplateValues, where: string): readonly string[] {
  return Array.isArray(value)
    ? value.map((each) => textOf(each, values, where))
    : [textOf(value, values, where)];
}

export function listOf(value: unknown, where: string): readonly unknown[] {
  if (Array.isArray(value)) return value as readonly unknown[];
  throw new UnexplainedTemplate(where, `expected a list, got ${quoted(value)}`);
}

export function recordOf(value: unknown, where: string): Readonly<Record<string, unknown>> {
  if (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    intrinsicOf(value) === undefined
  )
    return value as Readonly<Record<string, unknown>>;
  throw new UnexplainedTemplate(where, `expected an object, got ${quoted(value)}`);
}

/** A condition that a part of the stack depends on. */
export interface Condition {
  /** `Probe is yes`. */
  readonly words: string;
  /** True with the parameters of the invitation. */
  readonly holds: boolean;
}

/** A possible value, and when it holds. There is no branch for `AWS::NoValue`, because then there is nothing. */
interface Branch {
  readonly value: unknown;
  readonly when: readonly Condition[];
}

export function branchesOf(
  value: unknown,
  values: TemplateValues,
  where: string,
  when: readonly Condition[] = [],
): readonly Branch[] {
  const [name, argument] = intrinsicOf(value) ?? [];
  if (name === 'Ref' && argument === 'AWS::NoValue') return [];
  if (name !== 'Fn::If') return [{ value, when }];
  const [condition, then, otherwise] = listOf(argument, where);
  return [
    ...branchesOf(then, values, where, [...when, conditionOf(String(condition), values)]),
    ...branchesOf(otherwise, values, where, [
      ...when,
      conditionOf(String(condition), values, true),
    ]),
  ];
}

export function conditionOf(name: string, values: TemplateValues, negated = false): Condition {
  const where = `Conditions.${name}`;
  const definition = values.template.Conditions[name];
  if (definition === undefined)
    throw new UnexplainedTemplate(where, 'the template does not have it');
  return {
    words: conditionInWords(definition, where, negated),
    holds: (resolved({ Condition: name }, values, where) === true) !== negated,
  };
}

function conditionInWords(definition: unknown, where: string, negated: boolean): string {
  const [name, argument] = intrinsicOf(definition) ?? [];
  if (name === 'Fn::Not') return conditionInWords(listOf(argument, where)[0], where, !negated);
  if (name !== 'Fn::Equals')
    throw new UnexplainedTemplate(
      where,
      `expected Fn::Equals or Fn::Not, got ${quoted(definition)}`,
    );
  const [left, right] = listOf(argument, where);
  const [kind, parameter] = intrinsicOf(left) ?? [];
  if (kind !== 'Ref' || typeof right !== 'string')
    throw new UnexplainedTemplate(
      where,
      `expected a parameter and a value, got ${quoted(argument)}`,
    );
  const value = right === '' ? 'empty' : right;
  return `${String(parameter)} is ${negated ? 'not ' : ''}${value}`;
}
