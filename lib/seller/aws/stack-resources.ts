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

export async function stackResources(
  client: CloudFormationClient,
  stackName: string,
): Promise<readonly StackResource[]> {
  const found: StackResource[] = [];
  for await (const page of paginateListStackResources({ client }, { StackName: stackName }))
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
