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
  /** The sender of a request without a signature, which only S3 accepts. It belongs to no account. */
  | { readonly kind: 'anonymous'; readonly accountId: ''; readonly arn: '' };

/** One HTTP request to an AWS endpoint, its signature read (not verified). */
export interface AwsRequest {
  /** The SigV4 service name of the credential scope: `sqs`, `sns`, `sts`, `dynamodb`, `license-manager`. */
  readonly service: string;
  readonly region: string;
  /** Usually `POST`; REST services find the operation by method and path. */
  readonly method: string;
  /** Path and query as they came, without the host. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** The `x-amzn-requestid` of the front's answer; XML answers repeat it. */
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
  /** Names the operation where neither header nor body does (REST); empty for a request that is no operation. */
  operationOf?(request: AwsRequest): string;
  /** Puts a refusal of the front into the service's form; default: the form follows from the request. */
  refuse?(request: AwsRequest, fault: AwsFault): AwsAnswer;
}
