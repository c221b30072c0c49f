import type { Properties, ResourceContext, ResourceHandler } from '../resource.ts';
import { apiDestinationOf, connectionOf, type ApiDestinations } from './api-destinations.ts';

export function apiDestinationHandlers(destinations: ApiDestinations): ResourceHandler[] {
  return [
    named({
      type: 'AWS::Events::Connection',
      properties: 'AuthParameters AuthorizationType Description Name',
      of: connectionOf,
      exists: (arn) => destinations.connection(arn) !== undefined,
      keep: (connection) => {
        destinations.putConnection(connection);
      },
      remove: (arn) => {
        destinations.removeConnection(arn);
      },
    }),
    named({
      type: 'AWS::Events::ApiDestination',
      properties:
        'ConnectionArn Description HttpMethod InvocationEndpoint InvocationRateLimitPerSecond Name',
      of: (properties, context) => apiDestinationOf(properties, context, destinations),
      exists: (arn) => destinations.byArn(arn) !== undefined,
      keep: (destination) => {
        destinations.put(destination);
      },
      remove: (arn) => {
        destinations.remove(arn);
      },
    }),
  ];
}

interface Named<T> {
  readonly type: string;
  readonly properties: string;
  readonly of: (properties: Properties, context: ResourceContext) => T;
  readonly exists: (arn: string) => boolean;
  readonly keep: (thing: T) => void;
  readonly remove: (arn: string) => void;
}

/** A handler for a resource with a name, which `Ref` returns: a new name makes a new resource. */
function named<T extends { readonly name: string; readonly arn: string }>(
  kind: Named<T>,
): ResourceHandler {
  return {
    type: kind.type,
    properties: kind.properties,
    put: (properties, context, current) => {
      const thing = kind.of(properties, context);
      if (thing.name !== current?.physicalId && kind.exists(thing.arn))
        throw new Error(`${thing.arn} already exists`);
      kind.keep(thing);
      return { physicalId: thing.name, attributes: { Arn: thing.arn } };
    },
    remove: ({ attributes }) => {
      kind.remove(attributes['Arn'] as string);
    },
  };
}
