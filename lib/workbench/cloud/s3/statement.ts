import type { PolicyDocument } from '../authorizer.ts';

type Texts = string | readonly string[];

/** One statement of a policy, as far as S3 looks at it itself. */
export interface Statement {
  readonly Effect?: string;
  readonly Principal?: string | Readonly<Record<string, Texts>>;
  readonly Resource?: Texts;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, Texts>>>>;
}

export function statementsOf(policy: PolicyDocument): readonly Statement[] {
  return [policy['Statement'] ?? []].flat();
}

export function listOf(value: Texts): readonly string[] {
  return typeof value === 'string' ? [value] : value;
}
