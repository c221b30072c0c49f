import { createHash } from 'node:crypto';
import type { PolicyDocument } from '../authorizer.ts';
import type { CloudClock } from '../clock.ts';
import { AwsFault } from '../fault.ts';
import type { ManagedPolicy, NamedPolicy, Role, RoleSpec } from './role.ts';

/** The AWS managed policies that our templates name, as AWS publishes them; keyed by what follows `arn:<partition>:iam::aws:policy/`. */
const AWS_MANAGED_POLICIES: Readonly<Record<string, PolicyDocument>> = {
  AWSDenyAll: {
    Version: '2012-10-17',
    Statement: [{ Sid: 'DenyAll', Effect: 'Deny', Action: '*', Resource: '*' }],
  },
};

/** The roles and policies of all accounts. Refusals are in IAM's words. */
export class IamRegistry {
  readonly #clock: CloudClock;
  readonly #roles = new Map<string, Role>();
  readonly #policies = new Map<string, ManagedPolicy>();
  readonly #organizations = new Map<string, string>();
  /** Grows with every change, so that a role that reuses the name of a deleted one has a new ID. */
  #revision = 0;

  /** A switch: how long nobody can assume a new role, in milliseconds of the cloud's time. AWS names no limit. */
  propagationMs = 0;

  constructor(clock: CloudClock) {
    this.#clock = clock;
  }

  /** Puts an account into an organization (`o-...`). Before that it is in none, and its calls have no organization keys. */
  joinOrganization(accountId: string, organizationId: string): void {
    this.#organizations.set(accountId, organizationId);
    this.#revision += 1;
  }

  organizationOf(accountId: string): string | undefined {
    return this.#organizations.get(accountId);
  }

  role(arn: string): Role | undefined {
    return this.#roles.get(arn);
  }

  /** Ignores case: role names are unique in an account whatever their case and path. */
  findRole(accountId: string, name: string): Role | undefined {
    return [...this.#roles.values()].find(
      (each) => each.accountId === accountId && each.name.toLowerCase() === name.toLowerCase(),
    );
  }

  isPropagated(role: Role): boolean {
    return this.#clock.now() >= role.createdAt + this.propagationMs;
  }

  createRole(spec: RoleSpec): Role {
    if (this.findRole(spec.accountId, spec.name) !== undefined)
      throw new AwsFault('EntityAlreadyExists', `Role with name ${spec.name} already exists.`, 409);
    this.#requireBoundary(spec.boundaryArn);
    const role: Role = {
      ...spec,
      arn: `arn:${spec.partition}:iam::${spec.accountId}:role${spec.path}${spec.name}`,
      roleId: uniqueId('AROA', `${spec.accountId}|${spec.name}|${this.#revision}`),
      createdAt: this.#clock.now(),
      inline: new Map(),
      attached: new Set(),
    };
    return this.#keep(role);
  }

  updateRole(arn: string, changes: Pick<Role, 'trustPolicy' | 'boundaryArn'>): Role {
    this.#requireBoundary(changes.boundaryArn);
    return this.#keep({ ...this.#existing(arn), ...changes });
  }

  deleteRole(arn: string): void {
    const role = this.#existing(arn);
    if (role.inline.size > 0)
      throw deleteConflict('Cannot delete entity, must delete policies first.');
    if (role.attached.size > 0)
      throw deleteConflict('Cannot delete entity, must detach all policies first.');
    this.#roles.delete(arn);
    this.#revision += 1;
  }

  putRolePolicy(roleArn: string, name: string, document: PolicyDocument): void {
    const role = this.#existing(roleArn);
    this.#keep({ ...role, inline: new Map([...role.inline, [name, document]]) });
  }

  deleteRolePolicy(roleArn: string, name: string): void {
    const role = this.#existing(roleArn);
    if (!role.inline.has(name))
      throw noSuchEntity(`The role policy with name ${name} cannot be found.`);
    this.#keep({ ...role, inline: new Map([...role.inline].filter(([each]) => each !== name)) });
  }

  attach(roleArn: string, policyArn: string): void {
    const role = this.#existing(roleArn);
    this.#document(policyArn);
    this.#keep({ ...role, attached: new Set([...role.attached, policyArn]) });
  }

  createPolicy(policy: ManagedPolicy): void {
    if (this.#policies.has(policy.arn)) {
      const name = policy.arn.slice(policy.arn.lastIndexOf('/') + 1);
      throw new AwsFault(
        'EntityAlreadyExists',
        `A policy called ${name} already exists. Duplicate names are not allowed.`,
        409,
      );
    }
    this.#policies.set(policy.arn, policy);
    this.#revision += 1;
  }

  setPolicyDocument(arn: string, document: PolicyDocument): void {
    if (!this.#policies.has(arn)) throw noSuchPolicy(arn);
    this.#policies.set(arn, { arn, document });
    this.#revision += 1;
  }

  deletePolicy(arn: string): void {
    if (
      [...this.#roles.values()].some((role) => role.attached.has(arn) || role.boundaryArn === arn)
    )
      throw deleteConflict('Cannot delete a policy attached to entities.');
    if (!this.#policies.delete(arn)) throw noSuchPolicy(arn);
    this.#revision += 1;
  }

  /** Throws if there is no such policy. */
  requirePolicy(arn: string): void {
    this.#document(arn);
  }

  /** The policies that decide for a role's sessions; none once the role is gone. */
  policiesOf(roleArn: string): {
    identity: readonly NamedPolicy[];
    boundary: NamedPolicy | undefined;
  } {
    const role = this.#roles.get(roleArn);
    if (role === undefined) return { identity: [], boundary: undefined };
    const named = (arn: string): NamedPolicy => ({ name: arn, policy: this.#document(arn) });
    return {
      identity: [
        ...[...role.inline].map(([name, policy]) => ({ name, policy })),
        ...[...role.attached].map(named),
      ],
      boundary: role.boundaryArn === undefined ? undefined : named(role.boundaryArn),
    };
  }

  #existing(arn: string): Role {
    const role = this.#roles.get(arn);
    if (role === undefined) throw noSuchRole(arn.slice(arn.lastIndexOf('/') + 1));
    return role;
  }

  #keep(role: Role): Role {
    this.#roles.set(role.arn, role);
    this.#revision += 1;
    return role;
  }

  #requireBoundary(arn: string | undefined): void {
    if (arn !== undefined) this.#document(arn);
  }

  #document(arn: string): PolicyDocument {
    const awsManaged = /^arn:[^:]+:iam::aws:policy\/(.+)$/.exec(arn)?.[1];
    const document =
      awsManaged === undefined
        ? this.#policies.get(arn)?.document
        : AWS_MANAGED_POLICIES[awsManaged];
    if (document === undefined) throw noSuchPolicy(arn);
    return document;
  }
}

function uniqueId(prefix: string, seed: string): string {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  const digest = createHash('sha256').update(seed).digest().subarray(0, 17);
  return prefix + [...digest].map((byte) => letters[byte % 32]).join('');
}

function noSuchEntity(message: string): AwsFault {
  return new AwsFault('NoSuchEntity', message, 404);
}

function noSuchRole(name: string): AwsFault {
  return noSuchEntity(`The role with name ${name} cannot be found.`);
}

function noSuchPolicy(arn: string): AwsFault {
  const known = Object.keys(AWS_MANAGED_POLICIES).join(', ');
  const hint = arn.includes(':iam::aws:')
    ? ` (of AWS's own policies the local cloud knows ${known})`
    : '';
  return noSuchEntity(`Policy ${arn} does not exist or is not attachable.${hint}`);
}

function deleteConflict(message: string): AwsFault {
  return new AwsFault('DeleteConflict', message, 409);
}
