import {
  textProperty,
  type Properties,
  type ResourceContext,
  type ResourceHandler,
} from '../resource.ts';
import { busName, ruleArn, targetOf, type Rule } from './rule.ts';
import type { EventBus, EventBuses } from './event-buses.ts';
import { eventPattern } from './event-pattern.ts';

export function eventHandlers(buses: EventBuses): ResourceHandler[] {
  return [busHandler(buses), busPolicyHandler(buses), ruleHandler(buses)];
}

function busHandler(buses: EventBuses): ResourceHandler {
  return {
    type: 'AWS::Events::EventBus',
    properties: 'Description Name',
    put: (properties, { accountId }, current) => {
      const name = textProperty(properties, 'Name');
      if (current?.physicalId === name) return current;
      if (!/^[.\-_A-Za-z0-9]{1,256}$/.test(name) || name === 'default')
        throw new Error(
          `Property Name must have 1 to 256 of a-z, A-Z, 0-9, ".", "-" and "_" and not be "default", got ${JSON.stringify(name)}`,
        );
      const { arn } = buses.create(accountId, name);
      return { physicalId: name, attributes: { Arn: arn, Name: name } };
    },
    remove: ({ attributes }) => {
      buses.remove(attributes['Arn'] as string);
    },
  };
}

/** AWS::Events::EventBusPolicy: one statement of a bus's policy, in CloudFormation's newer form. */
function busPolicyHandler(buses: EventBuses): ResourceHandler {
  return {
    type: 'AWS::Events::EventBusPolicy',
    properties: 'EventBusName Statement StatementId',
    put: (properties, context, current) => {
      if (current !== undefined) {
        const { properties: before } = current;
        ownBus(before, context, buses).statements.delete(textProperty(before, 'StatementId'));
      }
      const bus = ownBus(properties, context, buses);
      const id = textProperty(properties, 'StatementId');
      bus.statements.set(id, { ...(properties['Statement'] as object), Sid: id });
      return { physicalId: `${bus.name}|${id}`, attributes: {} };
    },
    remove: ({ properties }, context) => {
      ownBus(properties, context, buses).statements.delete(textProperty(properties, 'StatementId'));
    },
  };
}

function ownBus(
  properties: Properties,
  { accountId }: ResourceContext,
  buses: EventBuses,
): EventBus {
  const name = textProperty(properties, 'EventBusName', 'default');
  const bus = buses.bus(accountId, name);
  if (bus?.accountId === accountId) return bus;
  throw new Error(`there is no event bus ${name} in ${accountId}`);
}

/** AWS::Events::Rule with a pattern. */
function ruleHandler(buses: EventBuses): ResourceHandler {
  return {
    type: 'AWS::Events::Rule',
    properties: 'Description EventBusName EventPattern Name State Targets',
    put: (properties, context, current) => {
      const rule = ruleOf(properties, context, buses);
      if (current === undefined && buses.rules().some(({ arn }) => arn === rule.arn))
        throw new Error(`Rule ${rule.name} already exists in ${context.accountId}`);
      buses.putRule(rule);
      const bus = busName(rule.busArn);
      const physicalId = bus === 'default' ? rule.name : `${bus}|${rule.name}`;
      return { physicalId, attributes: { Arn: rule.arn } };
    },
    remove: ({ attributes }) => {
      buses.removeRule(attributes['Arn'] as string);
    },
  };
}

function ruleOf(properties: Properties, context: ResourceContext, buses: EventBuses): Rule {
  const { accountId } = context;
  const name = textProperty(properties, 'Name', context.generatedName(64));
  const bus = ownBus(properties, context, buses);
  const state = textProperty(properties, 'State', 'ENABLED');
  if (state !== 'ENABLED' && state !== 'DISABLED')
    throw new Error(`rule ${name}: State must be ENABLED or DISABLED, got ${state}`);
  return {
    accountId,
    name,
    arn: ruleArn(bus, name),
    busArn: bus.arn,
    pattern: eventPattern(properties['EventPattern']),
    enabled: state === 'ENABLED',
    targets: ((properties['Targets'] ?? []) as Properties[]).map(targetOf),
  };
}
