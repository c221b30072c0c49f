import { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';

/** A variable of a function's environment together with the permission that makes it of use: neither comes without the other. */
export interface Binding {
  readonly value: string;
  readonly statements: readonly PolicyStatement[];
}

/** One variable per name of the environment that the Lambda itself declares: a forgotten one does not compile. */
export type Bindings<Env> = { readonly [Name in keyof Env]: Binding };

/** One allow statement, hand-written: what a role may do can be read in one place. */
export function allow(
  sid: string,
  actions: readonly string[],
  resources: readonly string[],
): PolicyStatement {
  return new PolicyStatement({
    sid,
    effect: Effect.ALLOW,
    actions: [...actions],
    resources: [...resources],
  });
}
