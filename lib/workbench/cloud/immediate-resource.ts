import type { PolicyDocument } from './authorizer.ts';
import type { CreatedResource, Properties, ResourceContext, ResourceHandler } from './resource.ts';

/** A resource that is made at once, without waiting for anything. */
export interface ImmediateHandler {
  readonly type: string;
  readonly properties: readonly string[];
  create(properties: Properties, context: ResourceContext): CreatedResource;
  update(
    properties: Properties,
    current: CreatedResource,
    previous: Properties,
    context: ResourceContext,
  ): CreatedResource;
  remove(current: CreatedResource, properties: Properties, context: ResourceContext): void;
}

export function immediate(handler: ImmediateHandler): ResourceHandler {
  return {
    type: handler.type,
    properties: handler.properties,
    create: (...args) => atOnce(() => handler.create(...args)),
    update: (...args) => atOnce(() => handler.update(...args)),
    remove: (...args) =>
      atOnce(() => {
        handler.remove(...args);
      }),
  };
}

interface Policed {
  policy: PolicyDocument | undefined;
}

interface ListedPolicy {
  readonly type: string;
  /** The property that lists what the policy is put on. */
  readonly list: string;
  /** Of the generated name, at most. */
  readonly nameLength: number;
  readonly find: (id: string) => Policed | undefined;
  /** Throws where there is none. */
  readonly existing: (id: string) => Policed;
}

/** A policy on each of the queues or topics that it lists. */
export function listedPolicy({
  type,
  list,
  nameLength,
  find,
  existing,
}: ListedPolicy): ResourceHandler {
  const idsOf = (properties: Properties): readonly string[] => properties[list] as string[];
  const put = (properties: Properties, physicalId: string): CreatedResource => {
    for (const id of idsOf(properties))
      existing(id).policy = properties['PolicyDocument'] as PolicyDocument;
    return { physicalId, attributes: { Id: physicalId } };
  };
  const clear = (properties: Properties): void => {
    for (const id of idsOf(properties)) {
      const found = find(id);
      if (found !== undefined) found.policy = undefined;
    }
  };
  return immediate({
    type,
    properties: ['PolicyDocument', list],
    create: (properties, context) => put(properties, context.generatedName(nameLength)),
    update: (properties, current, previous) => {
      clear(previous);
      return put(properties, current.physicalId);
    },
    remove: (_current, properties) => {
      clear(properties);
    },
  });
}

/** A property of text; `fallback` where the template leaves it out. */
export function textProperty(properties: Properties, name: string, fallback?: string): string {
  const value = properties[name] ?? fallback;
  if (typeof value === 'string') return value;
  throw new Error(`Property ${name} must be a string, got ${JSON.stringify(value)}`);
}

/** A number, also where the template writes it as text. */
export function numberProperty(properties: Properties, name: string, fallback?: number): number {
  const value = properties[name] ?? fallback;
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof number === 'number' && Number.isFinite(number)) return number;
  throw new Error(`Property ${name} must be a number, got ${JSON.stringify(value)}`);
}

function atOnce<T>(work: () => T): Promise<T> {
  return new Promise((resolve) => {
    resolve(work());
  });
}
