import { immediate, textProperty } from '../immediate-resource.ts';
import type { CreatedResource, Properties, ResourceContext, ResourceHandler } from '../resource.ts';
import type { EventBus, EventBuses } from './event-buses.ts';
import { eventPattern } from './event-pattern.ts';
import { ruleArn, targetOf, type Rule } from './rule.ts';

export function eventHandlers(buses: EventBuses): ResourceHandler[] {
  return [busHandler(buses), busPolicyHandler(buses), ruleHandler(buses)];
}

function busHandler(buses: EventBuses): ResourceHandler {
  const create = (properties: Properties, { accountId }: ResourceContext): CreatedResource => {
    const name = textProperty(properties, 'Name');
    if (!/^[.\-_A-Za-z0-9]{1,256}$/.test(name) || name === 'default')
      throw new Error(
        `Property Name must have 1 to 256 of a-z, A-Z, 0-9, ".", "-" and "_" and not be "default", got ${JSON.stringify(name)}`,
      );
    const { arn } = buses.create(accountId, name);
    return { physicalId: name, attributes: { Arn: arn, Name: name } };
  };
  return immediate({
    type: 'AWS::Events::EventBus',
    properties: ['Description', 'Name', 'Tags'],
    create,
    update: (properties, current, previous, context) =>
      properties['Name'] === previous['Name'] ? current : create(properties, context),
    remove: ({ attributes }) => {
      buses.remove(attributes['Arn'] as string);
    },
  });
}

/** One statement of a bus's policy, in either of CloudFormation's forms. */
function busPolicyHandler(buses: EventBuses): ResourceHandler {
  const busOf = (properties: Properties, { accountId }: ResourceContext): EventBus => {
    const name = textProperty(properties, 'EventBusName', 'default');
    const bus = buses.bus(accountId, name);
    if (bus?.accountId !== accountId) throw new Error(`Event bus ${name} does not exist.`);
    return bus;
  };
  const put = (properties: Properties, context: ResourceContext): CreatedResource => {
    const bus = busOf(properties, context);
    const id = textProperty(properties, 'StatementId');
    bus.statements.set(id, { ...statementOf(properties, bus), Sid: id });
    return { physicalId: `${bus.name}|${id}`, attributes: {} };
  };
  const remove = (properties: Properties, context: ResourceContext): void => {
    busOf(properties, context).statements.delete(textProperty(properties, 'StatementId'));
  };
  return immediate({
    type: 'AWS::Events::EventBusPolicy',
    properties: ['Action', 'Condition', 'EventBusName', 'Principal', 'Statement', 'StatementId'],
    create: put,
    update: (properties, _current, previous, context) => {
      remove(previous, context);
      return put(properties, context);
    },
    remove: (_current, properties, context) => {
      remove(properties, context);
    },
  });
}

/** Without a `Statement`: an action, a principal (an account or everyone), and the condition that limits everyone to an organization. */
function statementOf(properties: Properties, { arn }: EventBus): object {
  const { Statement: whole, Condition: condition } = properties as {
    readonly Statement?: object;
    readonly Condition?: { readonly Type: string; readonly Key: string; readonly Value: string };
  };
  if (whole !== undefined) return whole;
  const principal = textProperty(properties, 'Principal');
  const [, partition = ''] = arn.split(':');
  return {
    Effect: 'Allow',
    Principal: principal === '*' ? principal : { AWS: `arn:${partition}:iam::${principal}:root` },
    Action: textProperty(properties, 'Action'),
    Resource: arn,
    ...(condition && { Condition: { [condition.Type]: { [condition.Key]: condition.Value } } }),
  };
}

/** AWS::Events::Rule by a pattern. */
function ruleHandler(buses: EventBuses): ResourceHandler {
  const put = (properties: Properties, context: ResourceContext): CreatedResource => {
    const rule = ruleOf(properties, context, buses);
    buses.putRule(rule);
    const bus = rule.busArn.slice(rule.busArn.indexOf('/') + 1);
    const physicalId = bus === 'default' ? rule.name : `${bus}|${rule.name}`;
    return { physicalId, attributes: { Arn: rule.arn } };
  };
  return immediate({
    type: 'AWS::Events::Rule',
    properties: ['Description', 'EventBusName', 'EventPattern', 'Name', 'State', 'Targets'],
    create: (properties, context) => {
      const { name, arn } = ruleOf(properties, context, buses);
      if (buses.rules().some((each) => each.arn === arn))
        throw new Error(`Rule ${name} already exists in ${context.accountId}`);
      return put(properties, context);
    },
    update: (properties, _current, _previous, context) => put(properties, context),
    remove: ({ attributes }) => {
      buses.removeRule(attributes['Arn'] as string);
    },
  });
}

function ruleOf(properties: Properties, context: ResourceContext, buses: EventBuses): Rule {
  const { accountId } = context;
  const name = textProperty(properties, 'Name', context.generatedName(64));
  const busName = textProperty(properties, 'EventBusName', 'default');
  const bus = buses.bus(accountId, busName);
  if (bus?.accountId !== accountId)
    throw new Error(`rule ${name}: there is no event bus ${busName} in ${accountId}`);
  const state = textProperty(properties, 'State', 'ENABLED');
  if (state !== 'ENABLED' && state !== 'DISABLED')
    throw new Error(`rule ${name}: State must be ENABLED or DISABLED, got ${state}`);
  return {
    accountId,
    creatorAccountId: accountId,
    name,
    arn: ruleArn(bus, name),
    busArn: bus.arn,
    pattern: eventPattern(properties['EventPattern']),
    enabled: state === 'ENABLED',
    targets: ((properties['Targets'] ?? []) as Properties[]).map(targetOf),
  };
}
