import {
  paginateListStackResources,
  type CloudFormationClient,
  type Stack,
  type StackResourceSummary,
} from '@aws-sdk/client-cloudformation';
import { instant } from '../../../domain/time.ts';
import { WATCHER_OUTPUTS } from '../../../messages/names.ts';
import type { StackFacts } from './deployment-health.ts';

export type Outputs = ReadonlyMap<string, string>;

export function outputsOf({ Outputs: outputs = [] }: Stack): Outputs {
  return new Map(
    outputs.flatMap(({ OutputKey: key, OutputValue: value }) =>
      key === undefined || value === undefined ? [] : [[key, value] as const],
    ),
  );
}

export function stackFacts(stack: Stack): StackFacts {
  const outputs = outputsOf(stack);
  return {
    name: stack.StackName ?? '',
    status: stack.StackStatus ?? 'UNKNOWN',
    statusReason: stack.StackStatusReason ?? null,
    createdAt: instant(stack.CreationTime?.getTime() ?? 0),
    missingOutputs: Object.values(WATCHER_OUTPUTS).filter((key) => !outputs.has(key)),
  };
}

/** A resource that exists, with the name or URL that its service knows. */
export interface Resource {
  readonly logicalId: string;
  readonly physicalId: string;
  readonly type: string;
}

export async function stackResources(
  client: CloudFormationClient,
  stackName: string,
): Promise<readonly Resource[]> {
  const found: Resource[] = [];
  for await (const page of paginateListStackResources({ client }, { StackName: stackName }))
    found.push(...(page.StackResourceSummaries ?? []).flatMap(present));
  return found;
}

/** CloudFormation goes on listing for a while what was deleted. */
function present(summary: StackResourceSummary): Resource[] {
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
