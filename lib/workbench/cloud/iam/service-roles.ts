import type { Access } from '../access.ts';
import type { Credentials, SessionCredentials } from '../credentials.ts';
import type { IamRegistry } from './registry.ts';

export interface ServiceRolesOptions {
  readonly iam: IamRegistry;
  readonly access: Access;
  readonly credentials: Credentials;
}

/**
 * Ten years, where Lambda's last for hours and end with their sandbox. In a scenario of a year every function would else start anew at
 * each sweep: 65 starts in place of 5 and 12 seconds more in the three-buyers scenario (measured).
 */
const SESSION_SECONDS = 10 * 365 * 86_400;

/** How AWS services take the roles that are passed to them. They wait for a fresh role to propagate by themselves. */
export class ServiceRoles {
  readonly #options: ServiceRolesOptions;

  constructor(options: ServiceRolesOptions) {
    this.#options = options;
  }

  /**
   * Credentials of the role for a service, e.g. `lambda.amazonaws.com`, acting for `sourceArn` (the function, the schedule).
   * Throws `AccessDenied` if the trust policy does not name the service, or the role does not exist.
   */
  async session(
    service: string,
    roleArn: string,
    sessionName: string,
    sourceArn: string,
  ): Promise<SessionCredentials> {
    const { iam, access, credentials } = this.#options;
    const role = iam.role(roleArn);
    const accountId = roleArn.split(':')[4] ?? '';
    const caller = { kind: 'service', service, accountId, sourceArn } as const;
    // A trust policy that trusts nobody stands for the role that is not there: the refusal reads the same.
    const trust = role?.trustPolicy ?? { Version: '2012-10-17', Statement: [] };
    await access.require({ caller }, 'sts:AssumeRole', roleArn, accountId, trust);
    if (role === undefined)
      throw new Error(`the role ${roleArn} does not exist, and yet may be assumed`);
    return credentials.session(role, sessionName, SESSION_SECONDS);
  }
}
