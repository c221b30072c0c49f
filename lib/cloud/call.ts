/** Who makes a call, as IAM sees it. */
export type Caller =
  /** A role's session; `arn` is the role's, with its path, as `aws:PrincipalArn` has it. */
  | { readonly kind: 'role'; readonly accountId: string; readonly arn: string; readonly sessionArn: string }
  /** The account itself: what the command line and the story use as "an administrator of this account". */
  | { readonly kind: 'root'; readonly accountId: string; readonly arn: string }
  /** An AWS service acting for a resource: EventBridge Scheduler, SNS delivering to SQS, ... */
  | { readonly kind: 'service'; readonly service: string; readonly accountId: string; readonly sourceArn: string };

/** One HTTP request to an AWS endpoint, its signature read (not verified) and its caller known. */
export interface AwsCall {
  /** The SigV4 service name of the credential scope: `sqs`, `sns`, `sts`, `dynamodb`, `license-manager`. */
  readonly service: string;
  readonly region: string;
  readonly caller: Caller;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** What the front answers as `x-amzn-requestid`; XML answers repeat it. */
  readonly requestId?: string;
}

export interface AwsAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** One emulated endpoint. It answers errors in its protocol's form and throws only when it is itself broken. */
export interface AwsService {
  readonly name: string;
  handle(call: AwsCall): Promise<AwsAnswer>;
}
