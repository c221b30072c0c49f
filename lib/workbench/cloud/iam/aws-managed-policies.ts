import type { PolicyDocument } from '../authorizer.ts';

/** Policies of AWS's own that templates of ours attach, as AWS publishes them; keyed by what follows `arn:<partition>:iam::aws:policy/`. */
export const AWS_MANAGED_POLICIES: Readonly<Record<string, PolicyDocument>> = {
  'service-role/AWSLambdaBasicExecutionRole': {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Action: ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'],
        Resource: '*',
      },
    ],
  },
};
