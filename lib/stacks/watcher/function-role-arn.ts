import { Aws } from 'aws-cdk-lib';
import { functionRoleName, functionRolePath, type WatcherFunction } from '../../messages/names.ts';

/**
 * The ARN of a function's role, made of its public name and not of a reference: a policy may name it before it exists, in
 * another account too, and two resources that name each other's ARN make no circle.
 */
export function functionRoleArn(
  accountId: string,
  deployment: string,
  watcherFunction: WatcherFunction,
): string {
  return `arn:${Aws.PARTITION}:iam::${accountId}:role${functionRolePath(deployment)}${functionRoleName(deployment, watcherFunction)}`;
}
