import { AwsFault } from '../fault.ts';
import { requireKnownMembers } from '../known-members.ts';
import { pageOf } from '../paging.ts';
import type { QueryInput, QueryOutput } from '../query-protocol.ts';
import type { Stack, StackResource } from './stack.ts';

/** CloudFormation's own page: a request cannot ask for another. */
const PAGE = 100;

/** What exists of the stack; AWS also lists resources that are gone, for a while. */
export function listStackResources(stack: Stack, input: QueryInput): QueryOutput {
  requireKnownMembers('cloudformation:ListStackResources', Object.keys(input), [
    'StackName',
    'NextToken',
  ]);
  const token = input['NextToken'];
  const page = pageOf(
    [...stack.resources.values()],
    PAGE,
    typeof token === 'string' ? token : undefined,
  );
  if (page === undefined)
    throw new AwsFault('ValidationError', 'NextToken is none that an earlier page gave');
  return {
    StackResourceSummaries: page.items.map((resource) => summary(stack, resource)),
    NextToken: page.next,
  };
}

function summary(stack: Stack, { logicalId, physicalId, type }: StackResource) {
  const last = stack.events.findLast((event) => event.logicalId === logicalId);
  return {
    LogicalResourceId: logicalId,
    PhysicalResourceId: physicalId,
    ResourceType: type,
    LastUpdatedTimestamp: new Date(last?.at ?? stack.createdAt).toISOString(),
    ResourceStatus: last?.status ?? 'CREATE_COMPLETE',
    ResourceStatusReason: last === undefined || last.reason === '' ? undefined : last.reason,
    DriftInformation: { StackResourceDriftStatus: 'NOT_CHECKED' },
  };
}
