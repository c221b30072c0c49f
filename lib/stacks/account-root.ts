import { Aws } from 'aws-cdk-lib';

/** The principal that stands for everybody in an account whom that account itself permits; conditions narrow it. */
export function accountRoot(accountId: string): string {
  return `arn:${Aws.PARTITION}:iam::${accountId}:root`;
}
