import * as z from 'zod/mini';
import {
  DescribeStacksCommand,
  type CloudFormationClient,
  type Stack,
} from '@aws-sdk/client-cloudformation';
import {
  productOutput,
  TEMPLATE_ACCESSES,
  WATCHER_OUTPUTS,
  watcherStackName,
  type TemplateAccess,
} from '../../messages/names.ts';
import { stackAddress } from '../../messages/registration.ts';

/** The seller as it presents itself to buyers. */
export interface SellerProfile {
  readonly name: string;
  /** Null: the contacts of the products are asked. */
  readonly securityContact: string | null;
  readonly products: readonly SoldProduct[];
}

const soldProduct = z.object({
  id: z.string(),
  name: z.string(),
  contact: z.string(),
  /** Undefined: the deployed stack is of a version that does not say. */
  reminderDays: z.optional(z.array(z.number())),
});

type SoldProduct = z.infer<typeof soldProduct>;

export interface WatcherStackOutputs {
  readonly sellerAccountId: string;
  readonly partition: string;
  readonly watchTableName: string;
  readonly auditTableName: string;
  readonly registrationTopicArn: string;
  readonly sellerTopicArn: string;
  readonly seller: SellerProfile;
  readonly productIds: readonly string[];
  /** Those of them whose SKU looks like a product code. */
  readonly productCodes: readonly string[];
  /** `on`, `off`, or the role that reads the agreements. */
  readonly agreementsSetting: string;
  /** Names of the functions that are asked directly. */
  readonly functions: {
    readonly checks: string;
    readonly notices: string;
    readonly registrations: string;
  };
  /** Undefined: the stack's version hosts no template. */
  readonly templates: { readonly bucket: string; readonly access: TemplateAccess } | undefined;
}

/** No watcher of that name is deployed there, or not one that the command line can use. */
export class WatcherNotFound extends Error {
  override readonly name = 'WatcherNotFound';
}

/** Finds a deployed watcher by the name of its stack, in the Region and account of `client`. */
export async function watcherStackOutputs(
  client: Pick<CloudFormationClient, 'send'>,
  deployment: string,
  region: string,
): Promise<WatcherStackOutputs> {
  const stackName = watcherStackName(deployment);
  const stack = await describeWatcherStack(client, deployment, region);
  const address = stackAddress(stack.StackId ?? '');
  if (address === undefined)
    throw new WatcherNotFound(`CloudFormation gave ${stackName} the ID ${String(stack.StackId)}`);
  const outputs = new Map(
    stack.Outputs?.map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue]),
  );
  const output = (key: string): string => {
    const value = outputs.get(key);
    if (value !== undefined) return value;
    throw new WatcherNotFound(
      `stack ${stackName} in ${region} is ${stack.StackStatus ?? 'in no known state'} and has no output ${key}: finish its deployment, or deploy this version with "npx cdk deploy"`,
    );
  };
  const contact = output(WATCHER_OUTPUTS.securityContact);
  const productIds = output(WATCHER_OUTPUTS.products)
    .split(',')
    .filter((id) => id !== '');
  return {
    sellerAccountId: address.accountId,
    partition: address.partition,
    watchTableName: output(WATCHER_OUTPUTS.watchTableName),
    auditTableName: output(WATCHER_OUTPUTS.auditTableName),
    registrationTopicArn: output(WATCHER_OUTPUTS.registrationTopicArn),
    sellerTopicArn: output(WATCHER_OUTPUTS.sellerTopicArn),
    seller: {
      name: output(WATCHER_OUTPUTS.sellerName),
      securityContact: contact === 'none' ? null : contact,
      products: productIds.map((_, at) => soldProduct.parse(JSON.parse(output(productOutput(at))))),
    },
    productIds,
    productCodes: (outputs.get(WATCHER_OUTPUTS.productCodes) ?? 'none')
      .split(',')
      .filter((id) => id !== 'none'),
    // A version without this output read no agreements.
    agreementsSetting: outputs.get(WATCHER_OUTPUTS.agreements) ?? 'off',
    functions: {
      checks: output(WATCHER_OUTPUTS.checkFunctionName),
      notices: output(WATCHER_OUTPUTS.noticeFunctionName),
      registrations: output(WATCHER_OUTPUTS.registrationFunctionName),
    },
    templates: templatesOf(outputs),
  };
}

function templatesOf(
  outputs: ReadonlyMap<string | undefined, string | undefined>,
): WatcherStackOutputs['templates'] {
  const bucket = outputs.get(WATCHER_OUTPUTS.templateBucketName);
  const access = TEMPLATE_ACCESSES.find(
    (each) => each === outputs.get(WATCHER_OUTPUTS.templateAccess),
  );
  return bucket === undefined || access === undefined ? undefined : { bucket, access };
}

/** Throws `WatcherNotFound` if there is no such stack. */
export async function describeWatcherStack(
  client: Pick<CloudFormationClient, 'send'>,
  deployment: string,
  region: string,
): Promise<Stack> {
  const stackName = watcherStackName(deployment);
  try {
    const { Stacks: [stack] = [] } = await client.send(
      new DescribeStacksCommand({ StackName: stackName }),
    );
    if (stack !== undefined) return stack;
  } catch (error) {
    // CloudFormation has no error of its own for this: "Stack with id X does not exist" (botocore 1.45 models none).
    const absent =
      error instanceof Error &&
      error.name === 'ValidationError' &&
      error.message.includes('does not exist');
    if (!absent) throw error;
  }
  throw new WatcherNotFound(
    `no stack ${stackName} in ${region} of this account: deploy it with "npx cdk deploy", or say where it is with --deployment, --region and --profile`,
  );
}
