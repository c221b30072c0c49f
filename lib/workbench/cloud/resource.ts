import type { PolicyDocument } from './authorizer.ts';

/** The resource that is deployed, its stack, account and Region. */
export interface ResourceContext {
  readonly accountId: string;
  readonly region: string;
  readonly partition: string;
  readonly stackName: string;
  readonly stackId: string;
  readonly logicalId: string;
  /** `AWS::SQS::Queue`, `Custom::Something` */
  readonly resourceType: string;
  /** Directory of an asset's content, by the S3 key its template names. Throws for an unknown key. */
  asset(s3Key: string): string;
  /** The name CloudFormation would generate: `<stack>-<logical id>-<12 characters>`, stable for this resource, cut to `maxLength`. */
  generatedName(maxLength: number): string;
}

export type Properties = Readonly<Record<string, unknown>>;

/** The values of `Ref` and `Fn::GetAtt` for a created resource. */
export interface CreatedResource {
  readonly physicalId: string;
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** A resource as it was last created or changed. */
export interface ExistingResource extends CreatedResource {
  readonly properties: Properties;
}

/** Creates, changes and removes resources of one CloudFormation type. It lives beside the service it belongs to. */
export interface ResourceHandler {
  /** `AWS::SQS::Queue` */
  readonly type: string;
  /** Every property that it honors or deliberately ignores, separated by spaces; any other in a template is refused by name. */
  readonly properties: string;
  /** Creates or changes a resource. Returns a new physical ID where CloudFormation would replace it: the old one is then removed. */
  put(
    properties: Properties,
    context: ResourceContext,
    current?: ExistingResource,
  ): CreatedResource | Promise<CreatedResource>;
  remove(current: ExistingResource, context: ResourceContext): void | Promise<void>;
}

/** An ARN such as `arn:aws:sqs:us-east-1:111111111111:<resource>`. */
export function arnIn(
  { partition, region, accountId }: ResourceContext,
  service: string,
  resource: string,
): string {
  return `arn:${partition}:${service}:${region}:${accountId}:${resource}`;
}

interface ListedPolicy {
  readonly type: string;
  /** The property that lists the queues or topics. */
  readonly list: string;
  /** The maximum length of the generated name. */
  readonly nameLength: number;
  readonly find: (id: string) => { policy: PolicyDocument | undefined } | undefined;
}

/** A handler that puts a policy on each of the queues or topics that it lists. */
export function listedPolicy({ type, list, nameLength, find }: ListedPolicy): ResourceHandler {
  const setAll = (properties: Properties, policy: PolicyDocument | undefined): void => {
    for (const id of properties[list] as readonly string[]) {
      const found = find(id);
      if (found !== undefined) found.policy = policy;
      else if (policy !== undefined) throw new Error(`there is no ${id} to put a policy on`);
    }
  };
  return {
    type,
    properties: `PolicyDocument ${list}`,
    put: (properties, context, current) => {
      if (current !== undefined) setAll(current.properties, undefined);
      setAll(properties, properties['PolicyDocument'] as PolicyDocument);
      const physicalId = current?.physicalId ?? context.generatedName(nameLength);
      return { physicalId, attributes: { Id: physicalId } };
    },
    remove: ({ properties }) => {
      setAll(properties, undefined);
    },
  };
}

/** A text property; `fallback` if the template leaves it out. */
export function textProperty(properties: Properties, name: string, fallback?: string): string {
  const value = properties[name] ?? fallback;
  if (typeof value === 'string') return value;
  throw new Error(`Property ${name} must be a string, got ${JSON.stringify(value)}`);
}

/** A whole number within bounds; the template may write it as text. */
export function wholeProperty(
  properties: Properties,
  name: string,
  [least, most]: readonly [number, number],
  fallback?: number,
): number {
  const value = properties[name] ?? fallback;
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof number === 'number' && Number.isInteger(number) && number >= least && number <= most)
    return number;
  throw new Error(
    `${name} must be a whole number from ${least} to ${most}, got ${JSON.stringify(value)}`,
  );
}
