import type { AwsFault } from './fault.ts';

/** Who makes a call, as IAM sees it. */
export type Caller =
  /** A role's session; `arn` is the role's, with its path, as `aws:PrincipalArn` has it. */
  | {
      readonly kind: 'role';
      readonly accountId: string;
      readonly arn: string;
      readonly sessionArn: string;
    }
  /** The account itself: what the command line and the scenario use as "an administrator of this account". */
  | { readonly kind: 'root'; readonly accountId: string; readonly arn: string }
  /** An AWS service acting for a resource: EventBridge Scheduler, SNS delivering to SQS, ... */
  | {
      readonly kind: 'service';
      readonly service: string;
      readonly accountId: string;
      readonly sourceArn: string;
    }
  /** Nobody that AWS knows: a request without a signature, which only S3 takes. In no account. */
  | { readonly kind: 'anonymous'; readonly accountId: ''; readonly arn: '' };

/** One HTTP request to an AWS endpoint, its signature read (not verified). */
export interface AwsRequest {
  /** The SigV4 service name of the credential scope: `sqs`, `sns`, `sts`, `dynamodb`, `license-manager`. */
  readonly service: string;
  readonly region: string;
  /** `POST`; REST services tell their operations by it and by the path. */
  readonly method: string;
  /** Path and query as they came, host apart. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** What the front answers as `x-amzn-requestid`; XML answers repeat it. */
  readonly requestId?: string;
}

/** A request whose caller is known. */
export interface AwsCall extends AwsRequest {
  readonly caller: Caller;
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
  /** Where neither header nor body names the operation (REST); empty for a request that is none. */
  operationOf?(request: AwsRequest): string;
  /** What the front refuses before the service sees it, in the service's form; default: by what the request looks like. */
  refuse?(request: AwsRequest, fault: AwsFault): AwsAnswer;
}
