import { isDeepStrictEqual } from 'node:util';
import type { CloudClock } from '../clock.ts';
import type { CreatedResource, Properties, ResourceContext, ResourceHandler } from '../resource.ts';
import { CustomResourceFailure } from './custom-resources.ts';
import { resolve, TemplateError } from '../../../seller/approval/intrinsics.ts';
import { scopeOf, type Stack, type StackResource } from './stack.ts';
import type { ResourceDeclaration } from './template.ts';

/** What a deployment needs from the cloud around it. */
export interface DeploymentContext {
  readonly clock: CloudClock;
  handlerOf(type: string, stack: Stack): ResourceHandler;
  contextOf(stack: Stack, logicalId: string, type: string): ResourceContext;
}

export async function createOne(
  stack: Stack,
  id: string,
  context: DeploymentContext,
): Promise<void> {
  const declaration = declarationOf(stack, id);
  if (!isDeclared(stack, id)) return;
  const handler = context.handlerOf(declaration.Type, stack);
  const properties = propertiesOf(stack, id, declaration, handler);
  try {
    const created = await perform(context, declaration.Type, () =>
      handler.put(properties, context.contextOf(stack, id, declaration.Type)),
    );
    keep(stack, id, declaration.Type, properties, created, context, 'CREATE_COMPLETE');
  } catch (error) {
    const physicalId = error instanceof CustomResourceFailure ? error.physicalId : undefined;
    if (physicalId !== undefined) {
      stack.resources.set(id, {
        logicalId: id,
        type: declaration.Type,
        properties,
        physicalId,
        attributes: {},
      });
    }
    report(
      stack,
      context,
      { logicalId: id, type: declaration.Type, physicalId: physicalId ?? '' },
      'CREATE_FAILED',
      messageOf(error),
    );
    throw new Error(`The following resource(s) failed to create: [${id}]. ${messageOf(error)}`, {
      cause: error,
    });
  }
}

export async function createOrUpdateOne(
  stack: Stack,
  id: string,
  context: DeploymentContext,
  replaced: StackResource[],
): Promise<void> {
  const current = stack.resources.get(id);
  if (current === undefined) return createOne(stack, id, context);
  const declaration = declarationOf(stack, id);
  if (!isDeclared(stack, id)) return;
  const handler = context.handlerOf(declaration.Type, stack);
  const properties = propertiesOf(stack, id, declaration, handler);
  if (isDeepStrictEqual(properties, current.properties)) return;
  try {
    const updated = await perform(context, declaration.Type, () =>
      handler.put(properties, context.contextOf(stack, id, declaration.Type), current),
    );
    if (updated.physicalId !== current.physicalId) replaced.push(current);
    keep(stack, id, declaration.Type, properties, updated, context, 'UPDATE_COMPLETE');
  } catch (error) {
    report(stack, context, current, 'UPDATE_FAILED', messageOf(error));
    throw new Error(`The following resource(s) failed to update: [${id}]. ${messageOf(error)}`, {
      cause: error,
    });
  }
}

export async function moveBack(
  stack: Stack,
  resource: StackResource,
  old: StackResource,
  context: DeploymentContext,
): Promise<void> {
  const resourceContext = context.contextOf(stack, resource.logicalId, resource.type);
  await perform(context, resource.type, () =>
    context.handlerOf(resource.type, stack).put(old.properties, resourceContext, resource),
  );
}

export async function removeOne(
  stack: Stack,
  resource: StackResource,
  policy: ResourceDeclaration['DeletionPolicy'],
  context: DeploymentContext,
): Promise<void> {
  if (policy === 'Retain' || policy === 'RetainExceptOnCreate') {
    report(stack, context, resource, 'DELETE_SKIPPED', '');
    return;
  }
  const resourceContext = context.contextOf(stack, resource.logicalId, resource.type);
  await perform(context, resource.type, () =>
    context.handlerOf(resource.type, stack).remove(resource, resourceContext),
  );
  report(stack, context, resource, 'DELETE_COMPLETE', '');
}

/** Holds the clock during `work`, except for a custom resource: time must pass while it waits for its answer. */
function perform<T>(
  { clock }: DeploymentContext,
  type: string,
  work: () => T | Promise<T>,
): Promise<T> {
  const done = Promise.resolve().then(work);
  return isCustom(type) ? done : clock.track(done);
}

export function isCustom(type: string): boolean {
  return type.startsWith('Custom::') || type === 'AWS::CloudFormation::CustomResource';
}

export function isDeclared(stack: Stack, id: string): boolean {
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
  const known = handler.properties.split(' ');
  const unknown = isCustom(declaration.Type)
    ? []
    : Object.keys(properties).filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    throw new TemplateError(
      `the local cloud does not know the property ${unknown.join(', ')} of ${declaration.Type} (${id}); it knows ${known.join(', ')}`,
    );
  }
  return properties;
}

function keep(
  stack: Stack,
  logicalId: string,
  type: string,
  properties: Properties,
  created: CreatedResource,
  context: DeploymentContext,
  status: string,
): void {
  const resource = { ...created, logicalId, type, properties };
  stack.resources.set(logicalId, resource);
  report(stack, context, resource, status, '');
}

export function report(
  stack: Stack,
  context: DeploymentContext,
  { logicalId, physicalId, type }: Pick<StackResource, 'logicalId' | 'physicalId' | 'type'>,
  status: string,
  reason: string,
): void {
  stack.events.push({ at: context.clock.now(), logicalId, physicalId, type, status, reason });
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
