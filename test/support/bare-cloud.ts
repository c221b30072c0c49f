import { Access } from '../../lib/workbench/cloud/access.ts';
import { IamSimulateAuthorizer } from '../../lib/workbench/cloud/authorizer-iam-simulate.ts';
import type { PolicyDocument } from '../../lib/workbench/cloud/authorizer.ts';
import type { AwsService } from '../../lib/workbench/cloud/call.ts';
import { CloudClock } from '../../lib/workbench/cloud/clock.ts';
import { Credentials, type AccessKey } from '../../lib/workbench/cloud/credentials.ts';
import { Faults } from '../../lib/workbench/cloud/faults.ts';
import { startFront, type Front, type PlainRoute } from '../../lib/workbench/cloud/front.ts';
import { IamRegistry } from '../../lib/workbench/cloud/iam/registry.ts';
import type { Role, RoleSpec } from '../../lib/workbench/cloud/iam/role.ts';
import type {
  ExistingResource,
  Properties,
  ResourceContext,
  ResourceHandler,
} from '../../lib/workbench/cloud/resource.ts';
import { stsService } from '../../lib/workbench/cloud/sts/service.ts';

export const NOON = Date.UTC(2027, 1, 1, 12);
export const SELLER = '111111111111';
export const BUYER = '222222222222';
export const REGION = 'us-east-1';

/** The local cloud with nothing in it: time, identities, authorization. */
export function bareCloud() {
  const clock = new CloudClock(NOON);
  const credentials = new Credentials(clock);
  const iam = new IamRegistry(clock);
  const authorizer = new IamSimulateAuthorizer(iam);
  const access = new Access(authorizer);
  return { region: REGION, clock, credentials, iam, authorizer, access, faults: new Faults() };
}
export type BareCloud = ReturnType<typeof bareCloud>;

/** A bare cloud with a front, STS and `services`. */
export async function openBareCloud(
  services: (bare: BareCloud) => readonly AwsService[] = () => [],
  routes: readonly PlainRoute[] = [],
): Promise<BareCloud & { readonly front: Front }> {
  const bare = bareCloud();
  const { clock, credentials, faults } = bare;
  const front = await startFront({
    region: bare.region,
    services: [stsService(bare), ...services(bare)],
    credentials,
    clock,
    faults,
    routes,
  });
  return { ...bare, front };
}

/** The settings of an SDK client that tries each call once. */
export function clientOf(
  { front }: { readonly front: Front },
  key: AccessKey & { readonly sessionToken?: string },
) {
  const { accessKeyId, secretAccessKey, sessionToken } = key;
  const credentials = {
    accessKeyId,
    secretAccessKey,
    ...(sessionToken !== undefined && { sessionToken }),
  };
  return { endpoint: front.url, region: REGION, credentials, maxAttempts: 1 };
}

export function allow(
  action: string | string[],
  resource: string | string[],
  condition?: object,
): PolicyDocument {
  return policy({
    Effect: 'Allow',
    Action: action,
    Resource: resource,
    ...(condition && { Condition: condition }),
  });
}

export function trust(principal: object, condition?: object): PolicyDocument {
  return policy({
    Effect: 'Allow',
    Principal: principal,
    Action: 'sts:AssumeRole',
    ...(condition && { Condition: condition }),
  });
}

export function policy(...statements: object[]): PolicyDocument {
  return { Version: '2012-10-17', Statement: statements };
}

function role(spec: Partial<RoleSpec> & { readonly name: string }): RoleSpec {
  return {
    accountId: SELLER,
    partition: 'aws',
    path: '/',
    trustPolicy: trust({ Service: 'lambda.amazonaws.com' }),
    maxSessionSeconds: 3600,
    boundaryArn: undefined,
    ...spec,
  };
}

/** A role with one inline policy, and the caller of its session. */
export function member(
  iam: IamRegistry,
  spec: Partial<RoleSpec> & { readonly name: string },
  document?: PolicyDocument,
) {
  const created: Role = iam.createRole(role(spec));
  if (document !== undefined) iam.putRolePolicy(created.arn, 'inline', document);
  const sessionArn = `arn:aws:sts::${created.accountId}:assumed-role/${created.name}/session`;
  const caller = {
    kind: 'role',
    accountId: created.accountId,
    arn: created.arn,
    sessionArn,
  } as const;
  return { role: created, caller };
}

/** The context of a resource; each asset's key is its directory. */
export function resourceContext(logicalId: string, accountId = SELLER): ResourceContext {
  return {
    accountId,
    region: REGION,
    partition: 'aws',
    stackName: 'stack',
    stackId: `arn:aws:cloudformation:${REGION}:${accountId}:stack/stack/1`,
    logicalId,
    resourceType: '',
    asset: (key) => key,
    generatedName: (maxLength) => `stack-${logicalId}`.slice(0, maxLength),
  };
}

/** Creates a resource with its handler, or changes `current`. */
export async function putResource(
  handler: ResourceHandler,
  properties: Properties,
  context: ResourceContext,
  current?: ExistingResource,
): Promise<ExistingResource> {
  return { ...(await handler.put(properties, context, current)), properties };
}
