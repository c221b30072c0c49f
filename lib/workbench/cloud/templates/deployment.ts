import { creationOrder } from './dependencies.ts';
import { resolve } from '../../../seller/approval/intrinsics.ts';
import {
  createOne,
  createOrUpdateOne,
  isDeclared,
  messageOf,
  moveBack,
  removeOne,
  report,
  type DeploymentContext,
} from './one-resource.ts';
import { scopeOf, type Stack, type StackResource } from './stack.ts';
import type { Template } from './template.ts';

/** Creates all resources. On a failure removes those that were created and throws the reason. */
export async function create(stack: Stack, context: DeploymentContext): Promise<void> {
  stack.status = 'CREATE_IN_PROGRESS';
  try {
    for (const id of creationOrder(stack.template.Resources)) await createOne(stack, id, context);
    stack.outputs = outputsOf(stack);
    finish(stack, context, 'CREATE_COMPLETE');
  } catch (error) {
    stack.status = 'ROLLBACK_IN_PROGRESS';
    stack.statusReason = messageOf(error);
    const failures = await removeAll(
      stack,
      [...stack.resources.keys()].reverse(),
      stack.template,
      context,
    );
    finish(
      stack,
      context,
      failures.length === 0 ? 'ROLLBACK_COMPLETE' : 'ROLLBACK_FAILED',
      stack.statusReason,
    );
  }
}

/** Moves the stack to another template or other parameters. On a failure moves every changed resource back. */
export async function update(
  stack: Stack,
  next: { readonly template: Template; readonly parameters: Stack['parameters'] },
  context: DeploymentContext,
): Promise<void> {
  const before = {
    template: stack.template,
    parameters: stack.parameters,
    resources: new Map(stack.resources),
  };
  const replaced: StackResource[] = [];
  stack.status = 'UPDATE_IN_PROGRESS';
  stack.statusReason = '';
  stack.template = next.template;
  stack.parameters = next.parameters;
  try {
    for (const id of creationOrder(next.template.Resources))
      await createOrUpdateOne(stack, id, context, replaced);
    stack.outputs = outputsOf(stack);
  } catch (error) {
    stack.statusReason = messageOf(error);
    await rollBack(stack, before, context, replaced);
    return;
  }
  stack.status = 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS';
  for (const old of replaced)
    await removeOne(
      stack,
      old,
      before.template.Resources[old.logicalId]?.UpdateReplacePolicy,
      context,
    );
  const gone = [...stack.resources.keys()].filter((id) => !isDeclared(stack, id)).reverse();
  await removeAll(stack, gone, before.template, context);
  finish(stack, context, 'UPDATE_COMPLETE');
}

/** Removes all resources except those that the template retains, and those with these logical IDs. */
export async function remove(
  stack: Stack,
  retained: readonly string[],
  context: DeploymentContext,
): Promise<void> {
  stack.status = 'DELETE_IN_PROGRESS';
  stack.statusReason = '';
  const order = creationOrder(stack.template.Resources).filter((id) => stack.resources.has(id));
  const failures = await removeAll(stack, order.reverse(), stack.template, context, retained);
  finish(
    stack,
    context,
    failures.length === 0 ? 'DELETE_COMPLETE' : 'DELETE_FAILED',
    failures.join('; '),
  );
}

async function rollBack(
  stack: Stack,
  before: Pick<Stack, 'template' | 'parameters' | 'resources'>,
  context: DeploymentContext,
  replaced: readonly StackResource[],
): Promise<void> {
  stack.status = 'UPDATE_ROLLBACK_IN_PROGRESS';
  const touched = [...stack.resources.values()]
    .filter((resource) => before.resources.get(resource.logicalId) !== resource)
    .reverse();
  const failures: string[] = [];
  for (const resource of touched) {
    const old = before.resources.get(resource.logicalId);
    try {
      if (old !== undefined && !replaced.includes(old))
        await moveBack(stack, resource, old, context);
      else await removeOne(stack, resource, undefined, context);
      if (old === undefined) stack.resources.delete(resource.logicalId);
      else stack.resources.set(old.logicalId, old);
    } catch (error) {
      failures.push(messageOf(error));
    }
  }
  stack.template = before.template;
  stack.parameters = before.parameters;
  const status = failures.length === 0 ? 'UPDATE_ROLLBACK_COMPLETE' : 'UPDATE_ROLLBACK_FAILED';
  finish(stack, context, status, [stack.statusReason, ...failures].join('; '));
}

/** Removes resources in the given order; returns those that could not be removed. */
async function removeAll(
  stack: Stack,
  ids: readonly string[],
  template: Template,
  context: DeploymentContext,
  retained: readonly string[] = [],
): Promise<string[]> {
  const failures: string[] = [];
  for (const id of ids) {
    const resource = stack.resources.get(id);
    if (resource === undefined) continue;
    const declaration = template.Resources[id];
    const policy = retained.includes(id) ? 'Retain' : declaration?.DeletionPolicy;
    const rollingBackCreation = stack.status === 'ROLLBACK_IN_PROGRESS';
    try {
      await removeOne(
        stack,
        resource,
        policy === 'RetainExceptOnCreate' && rollingBackCreation ? 'Delete' : policy,
        context,
      );
      stack.resources.delete(id);
    } catch (error) {
      report(stack, context, resource, 'DELETE_FAILED', messageOf(error));
      failures.push(`${id}: ${messageOf(error)}`);
    }
  }
  return failures;
}

function outputsOf(stack: Stack): Record<string, string> {
  const scope = scopeOf(stack);
  const present = Object.entries(stack.template.Outputs).filter(
    ([, { Condition: condition }]) => condition === undefined || scope.condition(condition),
  );
  return Object.fromEntries(
    present.map(([name, { Value: value }]) => [name, String(resolve(value, scope))]),
  );
}

function finish(stack: Stack, context: DeploymentContext, status: string, reason = ''): void {
  stack.status = status;
  stack.statusReason = reason;
  report(
    stack,
    context,
    { logicalId: stack.name, physicalId: stack.id, type: 'AWS::CloudFormation::Stack' },
    status,
    reason,
  );
}
