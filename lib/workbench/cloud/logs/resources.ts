import { immediate, textProperty } from '../immediate-resource.ts';
import type { CreatedResource, Properties, ResourceContext, ResourceHandler } from '../resource.ts';

/** Log groups are made but bound nothing: functions log into the group they name, whether or not a template made it. */
export function logGroupHandler(): ResourceHandler {
  const create = (properties: Properties, context: ResourceContext): CreatedResource => {
    const name = textProperty(properties, 'LogGroupName', context.generatedName(512));
    const { partition, region, accountId } = context;
    return {
      physicalId: name,
      // With the `:*` that CloudFormation's Arn of a log group has.
      attributes: { Arn: `arn:${partition}:logs:${region}:${accountId}:log-group:${name}:*` },
    };
  };
  return immediate({
    type: 'AWS::Logs::LogGroup',
    properties: ['LogGroupClass', 'LogGroupName', 'RetentionInDays', 'Tags'],
    create,
    update: (properties, _current, _previous, context) => create(properties, context),
    remove: () => undefined,
  });
}
