import { intrinsicOf, listOf, textOf, type Scope } from './scope.ts';
import { UnexplainedTemplate } from './template.ts';

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
