import * as z from 'zod/mini';

/** `arn:aws:cloudformation:<region>:<account>:stack/<name>/<unique id>` */
const STACK_ID =
  /^arn:(?<partition>aws[a-z-]{0,12}):cloudformation:(?<region>[a-z0-9-]{1,32}):(?<accountId>\d{12}):stack\/(?<stackName>[A-Za-z][A-Za-z0-9-]{0,127})\/[A-Za-z0-9-]{1,64}$/;

/**
 * What CloudFormation sends for a custom resource (source: user guide, "Custom resource request objects"). Its IDs are
 * held to CloudFormation's own alphabet, because they become part of an address and of our records.
 */
export const cloudFormationRequest = z.object({
  RequestType: z.enum(['Create', 'Update', 'Delete']),
  ResponseURL: z.string().check(z.maxLength(8192)),
  StackId: z.string().check(z.regex(STACK_ID, 'expected the ARN of a CloudFormation stack')),
  RequestId: z
    .string()
    .check(z.regex(/^[A-Za-z0-9-]{1,128}$/, 'expected a CloudFormation request ID')),
  LogicalResourceId: z.string().check(z.regex(/^[A-Za-z0-9]{1,255}$/, 'expected a logical ID')),
  ResourceType: z.string().check(z.maxLength(128)),
  /** Absent in a Create. In the Delete that follows a Create nobody answered, CloudFormation's own choice. */
  PhysicalResourceId: z.optional(
    z.string().check(z.regex(/^[\x20-\x7e]{1,1024}$/, 'expected at most 1024 ASCII characters')),
  ),
  /** Parsed apart from the rest, so that a wrong property is answered and not just dropped. */
  ResourceProperties: z.record(z.string(), z.unknown()),
});

export type CloudFormationRequest = z.infer<typeof cloudFormationRequest>;

export interface StackAddress {
  readonly partition: string;
  readonly region: string;
  readonly accountId: string;
  readonly stackName: string;
}

/** What a stack's ID is made of; undefined: it is none. */
export function stackAddress(stackId: string): StackAddress | undefined {
  const found = STACK_ID.exec(stackId)?.groups as StackAddress | undefined;
  return found === undefined ? undefined : { ...found };
}
