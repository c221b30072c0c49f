import type { Properties } from '../resource.ts';
import type { EventMessage } from './event-message.ts';

/** Makes the text that a target gets of an event. */
export type TargetInput = (event: EventMessage) => string;

/** The event, or the part of it at the target's `InputPath`: a path in dot notation. `Input` and `InputTransformer` are not built. */
export function targetInput({ InputPath: path = '$' }: Properties): TargetInput {
  if (typeof path !== 'string' || !/^\$(\.[\w-]+)*$/.test(path))
    throw new Error(
      `the local cloud knows JSON paths like $.detail.card (no wildcards, no brackets), got ${JSON.stringify(path)}`,
    );
  const [, ...steps] = path.split('.');
  return (event) => {
    const found = steps.reduce<unknown>(
      (value, step) =>
        typeof value === 'object' && value !== null && Object.hasOwn(value, step)
          ? (value as Readonly<Record<string, unknown>>)[step]
          : undefined,
      event,
    );
    if (found === undefined || found === null)
      throw new Error(
        `the local cloud does not know what EventBridge makes of the InputPath ${path}, which finds ${String(found)}`,
      );
    return JSON.stringify(found);
  };
}
