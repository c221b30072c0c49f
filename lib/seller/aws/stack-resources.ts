import {
  type CloudFormationClient,
  paginateListStackResources,
  type StackResourceSummary,
} from '@aws-sdk/client-cloudformation';

/** A resource that exists, with the name or URL that its service knows. */
export interface StackResource {
  readonly logicalId: string;
  readonly physicalId: string;
  readonly type: string;
}

/** Throws if two pages running have the same token: the SDK would ask for the same page for ever. */
export async function* pagesThatEnd<Page extends { readonly NextToken?: string | undefined }>(
  operation: string,
  pages: AsyncIterable<Page>,
): AsyncIterable<Page> {
  let before: string | undefined;
  for await (const page of pages) {
    const { NextToken: token } = page;
    if (token !== undefined && token === before)
      throw new Error(`${operation} does not end: the same page comes again`);
    before = token;
    yield page;
  }
}

export async function stackResources(
  client: CloudFormationClient,
  stackName: string,
): Promise<readonly StackResource[]> {
  const found: StackResource[] = [];
  const pages = paginateListStackResources({ client }, { StackName: stackName });
  for await (const page of pagesThatEnd('ListStackResources', pages))
    found.push(...(page.StackResourceSummaries ?? []).flatMap(present));
  return found;
}

/** Leaves out what was deleted, which CloudFormation goes on listing for a while. */
function present(summary: StackResourceSummary): StackResource[] {
  const {
    LogicalResourceId: logicalId,
    PhysicalResourceId: physicalId,
    ResourceType: type,
  } = summary;
  if (summary.ResourceStatus === 'DELETE_COMPLETE') return [];
  return logicalId === undefined || physicalId === undefined || type === undefined
    ? []
    : [{ logicalId, physicalId, type }];
}
