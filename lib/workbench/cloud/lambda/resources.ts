import type { ResourceHandler } from '../resource.ts';
import type { AsynchronousInvocations } from './asynchronous-invocations.ts';
import { eventInvokeConfigHandler } from './event-invoke-config-resource.ts';
import {
  eventSourceMappingHandler,
  type MappingSurroundings,
} from './event-source-mapping-resource.ts';
import { functionHandler } from './function-resource.ts';
import { permissionHandler } from './permission-resource.ts';

export function lambdaHandlers(
  surroundings: MappingSurroundings,
  asynchronous: AsynchronousInvocations,
): ResourceHandler[] {
  const { functions } = surroundings;
  return [
    functionHandler(functions),
    eventSourceMappingHandler(surroundings),
    eventInvokeConfigHandler(functions, asynchronous),
    permissionHandler(functions),
  ];
}
