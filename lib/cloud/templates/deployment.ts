import { isDeepStrictEqual } from 'node:util';
import type { CloudClock } from '../clock.ts';
import type { CreatedResource, Properties, ResourceContext, ResourceHandler } from '../resource.ts';
import { CustomResourceFailure } from './custom-resources.ts';
import { creationOrder } from './dependencies.ts';
import { resolve } from './intrinsics.ts';
import { scopeOf, type Stack, type StackResource } from './stack.ts';
import { TemplateError, type ResourceDeclaration, type Template } from './template.ts';

/** What a deployment needs of the cloud around it. */
export interface Workshop {
  readonly clock: CloudClock;
  handlerOf(type: string, stack: Stack): ResourceHandler;
  contextOf(stack: Stack, logicalId: string, type: string): ResourceContext;
}

/** Creates all resources; on a failure removes again what was created and throws the reason. */
export async function create(stack: Stack, workshop: Workshop): Promise<void> {
  stack.status = 'CREATE_IN_PROGRESS';
  try {
    for (const id of creationOrder(stack.template.Resources)) await createOne(stack, id, workshop);
    stack.outputs = outputsOf(stack);
    finish(stack, workshop, 'CREATE_COMPLETE');
  } catch (error) {
    stack.status = 'ROLLBACK_IN_PROGRESS';
    stack.statusReason = messageOf(error);
    const failures = await removeAll(stack, [...stack.resources.keys()].reverse(), stack.template, workshop);
    finish(stack, workshop, failures.length === 0 ? 'ROLLBACK_COMPLETE' : 'ROLLBACK_FAILED', stack.statusReason);
  }
}

/** Moves the stack to another template or other parameters; on a failure moves every touched resource back. */
export async function update(
  stack: Stack,
  next: { readonly template: Template; readonly parameters: Stack['parameters'] },
  workshop: Workshop,
): Promise<void> {
  const before = { template: stack.template, parameters: stack.parameters, resources: new Map(stack.resources) };
  const replaced: StackResource[] = [];
  stack.status = 'UPDATE_IN_PROGRESS';
  stack.statusReason = '';
  stack.template = next.template;
  stack.parameters = next.parameters;
  try {
    for (const id of creationOrder(next.template.Resources)) await createOrUpdateOne(stack, id, workshop, replaced);
    stack.outputs = outputsOf(stack);
  } catch (error) {
    stack.statusReason = messageOf(error);
    await rollBack(stack, before, workshop, replaced);
    return;
  }
  stack.status = 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS';
  for (const old of replaced)
    await removeOne(stack, old, before.template.Resources[old.logicalId]?.UpdateReplacePolicy, workshop);
  const gone = [...stack.resources.keys()].filter((id) => !isDeclared(stack, id)).reverse();
  await removeAll(stack, gone, before.template, workshop);
  finish(stack, workshop, 'UPDATE_COMPLETE');
}

/** Removes all resources but those the template retains. */
export async function remove(stack: Stack, workshop: Workshop): Promise<void> {
  stack.status = 'DELETE_IN_PROGRESS';
  stack.statusReason = '';
  const order = creationOrder(stack.template.Resources).filter((id) => stack.resources.has(id));
  const failures = await removeAll(stack, order.reverse(), stack.template, workshop);
  finish(stack, workshop, failures.length === 0 ? 'DELETE_COMPLETE' : 'DELETE_FAILED', failures.join('; '));
}

async function createOne(stack: Stack, id: string, workshop: Workshop): Promise<void> {
  const declaration = declarationOf(stack, id);
  if (!isDeclared(stack, id)) return;
  const handler = workshop.handlerOf(declaration.Type, stack);
  const properties = propertiesOf(stack, id, declaration, handler);
  try {
    const created = await perform(workshop, declaration.Type, () =>
      handler.create(properties, workshop.contextOf(stack, id, declaration.Type)),
    );
    keep(stack, id, declaration.Type, properties, created, workshop, 'CREATE_COMPLETE');
  } catch (error) {
    const physicalId = error instanceof CustomResourceFailure ? error.physicalId : undefined;
    if (physicalId !== undefined) {
      stack.resources.set(id, { logicalId: id, type: declaration.Type, properties, physicalId, attributes: {} });
    }
    tell(
      stack,
      workshop,
      { logicalId: id, type: declaration.Type, physicalId: physicalId ?? '' },
      'CREATE_FAILED',
      messageOf(error),
    );
    throw new Error(`The following resource(s) failed to create: [${id}]. ${messageOf(error)}`, { cause: error });
  }
}

async function createOrUpdateOne(
  stack: Stack,
  id: string,
  workshop: Workshop,
  replaced: StackResource[],
): Promise<void> {
  const current = stack.resources.get(id);
  if (current === undefined) return createOne(stack, id, workshop);
  const declaration = declarationOf(stack, id);
  if (!isDeclared(stack, id)) return;
  const handler = workshop.handlerOf(declaration.Type, stack);
  const properties = propertiesOf(stack, id, declaration, handler);
  if (isDeepStrictEqual(properties, current.properties)) return;
  try {
    const updated = await perform(workshop, declaration.Type, () =>
      handler.update(properties, current, current.properties, workshop.contextOf(stack, id, declaration.Type)),
    );
    if (updated.physicalId !== current.physicalId) replaced.push(current);
    keep(stack, id, declaration.Type, properties, updated, workshop, 'UPDATE_COMPLETE');
  } catch (error) {
    tell(stack, workshop, current, 'UPDATE_FAILED', messageOf(error));
    throw new Error(`The following resource(s) failed to update: [${id}]. ${messageOf(error)}`, { cause: error });
  }
}

async function rollBack(
  stack: Stack,
  before: Pick<Stack, 'template' | 'parameters' | 'resources'>,
  workshop: Workshop,
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
      if (old !== undefined && !replaced.includes(old)) await moveBack(stack, resource, old, workshop);
      else await removeOne(stack, resource, undefined, workshop);
      if (old === undefined) stack.resources.delete(resource.logicalId);
      else stack.resources.set(old.logicalId, old);
    } catch (error) {
      failures.push(messageOf(error));
    }
  }
  stack.template = before.template;
  stack.parameters = before.parameters;
  const status = failures.length === 0 ? 'UPDATE_ROLLBACK_COMPLETE' : 'UPDATE_ROLLBACK_FAILED';
  finish(stack, workshop, status, [stack.statusReason, ...failures].join('; '));
}

async function moveBack(stack: Stack, resource: StackResource, old: StackResource, workshop: Workshop): Promise<void> {
  const context = workshop.contextOf(stack, resource.logicalId, resource.type);
  await perform(workshop, resource.type, () =>
    workshop.handlerOf(resource.type, stack).update(old.properties, resource, resource.properties, context),
  );
}

/** Removes in the given order; answers with what could not be removed. */
async function removeAll(
  stack: Stack,
  ids: readonly string[],
  template: Template,
  workshop: Workshop,
): Promise<string[]> {
  const failures: string[] = [];
  for (const id of ids) {
    const resource = stack.resources.get(id);
    if (resource === undefined) continue;
    const declaration = template.Resources[id];
    const policy = declaration?.DeletionPolicy;
    const rollingBackCreation = stack.status === 'ROLLBACK_IN_PROGRESS';
    try {
      await removeOne(
        stack,
        resource,
        policy === 'RetainExceptOnCreate' && rollingBackCreation ? 'Delete' : policy,
        workshop,
      );
      stack.resources.delete(id);
    } catch (error) {
      tell(stack, workshop, resource, 'DELETE_FAILED', messageOf(error));
      failures.push(`${id}: ${messageOf(error)}`);
    }
  }
  return failures;
}

async function removeOne(
  stack: Stack,
  resource: StackResource,
  policy: ResourceDeclaration['DeletionPolicy'],
  workshop: Workshop,
): Promise<void> {
  if (policy === 'Retain' || policy === 'RetainExceptOnCreate') {
    tell(stack, workshop, resource, 'DELETE_SKIPPED', '');
    return;
  }
  const context = workshop.contextOf(stack, resource.logicalId, resource.type);
  await perform(workshop, resource.type, () =>
    workshop.handlerOf(resource.type, stack).remove(resource, resource.properties, context),
  );
  tell(stack, workshop, resource, 'DELETE_COMPLETE', '');
}

/** A custom resource waits for somebody's answer, for which time must be able to pass; all else holds the clock. */
function perform<T>(workshop: Workshop, type: string, work: () => Promise<T>): Promise<T> {
  return isCustom(type) ? work() : workshop.clock.track(work());
}

export function isCustom(type: string): boolean {
  return type.startsWith('Custom::') || type === 'AWS::CloudFormation::CustomResource';
}

function isDeclared(stack: Stack, id: string): boolean {
  const declaration = stack.template.Resources[id];
  if (declaration === undefined) return false;
  return declaration.Condition === undefined || scopeOf(stack).condition(declaration.Condition);
}

function declarationOf(stack: Stack, id: string): ResourceDeclaration {
  const declaration = stack.template.Resources[id];
  if (declaration === undefined) throw new TemplateError(`the template has no resource ${id}`);
  return declaration;
}

function propertiesOf(
  stack: Stack,
  id: string,
  declaration: ResourceDeclaration,
  handler: ResourceHandler,
): Properties {
  const properties = (resolve(declaration.Properties ?? {}, scopeOf(stack)) ?? {}) as Properties;
  const unknown = isCustom(declaration.Type)
    ? []
    : Object.keys(properties).filter((name) => !handler.properties.includes(name));
  if (unknown.length > 0) {
    throw new TemplateError(
      `the local cloud does not know the property ${unknown.join(', ')} of ${declaration.Type} (${id}); it knows ${handler.properties.join(', ')}`,
    );
  }
  return properties;
}

function outputsOf(stack: Stack): Record<string, string> {
  const scope = scopeOf(stack);
  const present = Object.entries(stack.template.Outputs).filter(
    ([, { Condition: condition }]) => condition === undefined || scope.condition(condition),
  );
  return Object.fromEntries(present.map(([name, { Value: value }]) => [name, String(resolve(value, scope))]));
}

function keep(
  stack: Stack,
  logicalId: string,
  type: string,
  properties: Properties,
  created: CreatedResource,
  workshop: Workshop,
  status: string,
): void {
  const resource = { ...created, logicalId, type, properties };
  stack.resources.set(logicalId, resource);
  tell(stack, workshop, resource, status, '');
}

function finish(stack: Stack, workshop: Workshop, status: string, reason = ''): void {
  stack.status = status;
  stack.statusReason = reason;
  tell(
    stack,
    workshop,
    { logicalId: stack.name, physicalId: stack.id, type: 'AWS::CloudFormation::Stack' },
    status,
    reason,
  );
}

function tell(
  stack: Stack,
  workshop: Workshop,
  { logicalId, physicalId, type }: Pick<StackResource, 'logicalId' | 'physicalId' | 'type'>,
  status: string,
  reason: string,
): void {
  stack.events.push({ at: workshop.clock.now(), logicalId, physicalId, type, status, reason });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
