import { Effect, PolicyStatement, type PolicyStatementProps } from 'aws-cdk-lib/aws-iam';
import { Aws } from 'aws-cdk-lib';
import { functionRoleName, functionRolePath, type FunctionName } from '../../messages/names.ts';

/** A variable of a function's environment together with the permission that makes it useful: neither comes without the other. */
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
  conditions?: PolicyStatementProps['conditions'],
): PolicyStatement {
  return new PolicyStatement({
    sid,
    effect: Effect.ALLOW,
    actions: [...actions],
    resources: [...resources],
    ...(conditions !== undefined && { conditions }),
  });
}

/**
 * The ARN of a function's role, built from its public name and not from a reference: a policy may name it before it exists, even in another
 * account, and two resources that name each other's ARN make no circle.
 */
export function functionRoleArn(
  accountId: string,
  deployment: string,
  watcherFunction: FunctionName,
): string {
  return `arn:${Aws.PARTITION}:iam::${accountId}:role${functionRolePath(deployment)}${functionRoleName(deployment, watcherFunction)}`;
}

/** The principal that stands for everybody whom an account itself permits; conditions narrow it. */
export function accountRoot(accountId: string): string {
  return `arn:${Aws.PARTITION}:iam::${accountId}:root`;
}
