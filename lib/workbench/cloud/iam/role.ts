import type { PolicyDocument } from '../authorizer.ts';

export interface RoleSpec {
  readonly accountId: string;
  readonly partition: string;
  /** Begins and ends with a slash. */
  readonly path: string;
  readonly name: string;
  readonly trustPolicy: PolicyDocument;
  /** 3600..43200 */
  readonly maxSessionSeconds: number;
  readonly boundaryArn: string | undefined;
}

export interface Role extends RoleSpec {
  /** The ARN with the path, as policies and `aws:PrincipalArn` name it. */
  readonly arn: string;
  /** `AROA...`; a role created again under the same name has a new one. */
  readonly roleId: string;
  readonly createdAt: number;
  /** Inline policies by name. */
  readonly inline: ReadonlyMap<string, PolicyDocument>;
  /** ARNs of attached managed policies. */
  readonly attached: ReadonlySet<string>;
}

export interface ManagedPolicy {
  readonly arn: string;
  readonly document: PolicyDocument;
}

export interface NamedPolicy {
  readonly name: string;
  readonly policy: PolicyDocument;
}
