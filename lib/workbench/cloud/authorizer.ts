import type { Caller } from './call.ts';

/** A policy document as templates hold it, intrinsics resolved. */
export type PolicyDocument = Readonly<Record<string, unknown>>;

export interface AuthorizationQuestion {
  readonly caller: Caller;
  /** `sqs:SendMessage` */
  readonly action: string;
  /** The resource's ARN, or `*` for an action without resource-level permission. */
  readonly resource: string;
  /** The account that owns the resource. */
  readonly resourceAccountId: string;
  /** The trust, topic, queue or table policy; undefined if the resource has none. */
  readonly resourcePolicy: PolicyDocument | undefined;
  /** Condition keys, apart from those that follow from the caller (`aws:PrincipalArn`, `aws:SourceArn`, `aws:SourceAccount`, ...). */
  readonly context: Readonly<Record<string, string | readonly string[]>>;
}

export interface AuthorizationAnswer {
  readonly allowed: boolean;
  /** In AWS's words: "User: ... is not authorized to perform: ... because no identity-based policy allows ...". */
  readonly message: string;
}

/** Decides every call by the synthesized policies. */
export interface Authorizer {
  authorize(question: AuthorizationQuestion): Promise<AuthorizationAnswer>;
}
