import type { Access } from '../access.ts';
import type { AwsCall } from '../call.ts';
import { AwsFault, requireKnownMembers } from '../fault.ts';
import type { JsonInput, JsonOperation } from '../json-protocol.ts';
import type { Properties } from '../resource.ts';
import { policyOf, type EventBus, type EventBuses } from './event-buses.ts';
import { eventPattern } from './event-pattern.ts';
import { busName, ruleArn, targetOf, type Rule } from './rule.ts';

/** "By default, five targets per rule" (quotas of the user guide). */
const MOST_TARGETS = 5;

/** The bus and the rule that a call names; the rule need not exist. */
interface Named {
  readonly bus: EventBus;
  readonly name: string;
  readonly arn: string;
  readonly rule: Rule | undefined;
}

/**
 * EventBridge's API for the rules of a bus. A bus of another account is named by its ARN; that bus's policy decides, and sees in
 * `events:creatorAccount` whose rule it is. Error messages are those that LocalStack recorded from AWS.
 */
export function ruleOperations(
  buses: EventBuses,
  access: Access,
): Readonly<Record<string, JsonOperation>> {
  /** The rule that `member` names; throws if the caller is not allowed. */
  const named = async (
    operation: string,
    input: JsonInput,
    call: AwsCall,
    member: 'Name' | 'Rule',
    others: readonly string[] = [],
  ): Promise<Named> => {
    requireKnownMembers(operation, Object.keys(input), [member, 'EventBusName', ...others]);
    const name = textOf(input, member);
    const busName = input['EventBusName'] === undefined ? 'default' : textOf(input, 'EventBusName');
    const bus = buses.bus(call.caller.accountId, busName);
    if (bus === undefined)
      throw new AwsFault('ResourceNotFoundException', `Event bus ${busName} does not exist.`);
    const arn = ruleArn(bus, name);
    const rule = buses.rules().find((each) => each.arn === arn);
    // A rule that does not exist yet has no creator.
    const context = rule === undefined ? {} : { 'events:creatorAccount': rule.creatorAccountId };
    const action = `events:${operation}`;
    await access.require(call, action, arn, bus.accountId, policyOf(bus), context);
    return { bus, name, arn, rule };
  };
  const existing = async (...args: Parameters<typeof named>): Promise<Rule> => {
    const { rule, name, bus } = await named(...args);
    if (rule !== undefined) return rule;
    throw new AwsFault(
      'ResourceNotFoundException',
      `Rule ${name} does not exist on EventBus ${bus.name}.`,
    );
  };
  const switched = (operation: string, enabled: boolean): JsonOperation => {
    return async (input, call) => {
      buses.putRule({ ...(await existing(operation, input, call, 'Name')), enabled });
      return {};
    };
  };
  return {
    PutRule: async (input, call) => {
      const others = ['EventPattern', 'State'];
      const { bus, name, arn, rule } = await named('PutRule', input, call, 'Name', others);
      const { State: state = 'ENABLED' } = input;
      if (state !== 'ENABLED' && state !== 'DISABLED')
        throw invalid(`State must be ENABLED or DISABLED, got ${JSON.stringify(state)}`);
      const pattern = valid(() => eventPattern(JSON.parse(textOf(input, 'EventPattern'))));
      buses.putRule({
        accountId: bus.accountId,
        creatorAccountId: rule?.creatorAccountId ?? call.caller.accountId,
        name,
        arn,
        busArn: bus.arn,
        pattern,
        enabled: state === 'ENABLED',
        targets: rule?.targets ?? [],
      });
      return { RuleArn: arn };
    },
    PutTargets: async (input, call) => {
      const rule = await existing('PutTargets', input, call, 'Rule', ['Targets']);
      const given = listOf(input, 'Targets').map((each) =>
        valid(() => targetOf(each as Properties)),
      );
      const kept = rule.targets.filter(({ id }) => given.every((each) => each.id !== id));
      if (kept.length + given.length > MOST_TARGETS)
        throw new AwsFault(
          'LimitExceededException',
          'The requested resource exceeds the maximum number allowed.',
        );
      buses.putRule({ ...rule, targets: [...kept, ...given] });
      return { FailedEntryCount: 0, FailedEntries: [] };
    },
    RemoveTargets: async (input, call) => {
      const rule = await existing('RemoveTargets', input, call, 'Rule', ['Ids']);
      const ids = listOf(input, 'Ids');
      buses.putRule({ ...rule, targets: rule.targets.filter(({ id }) => !ids.includes(id)) });
      return { FailedEntryCount: 0, FailedEntries: [] };
    },
    ListTargetsByRule: async (input, call) => {
      const { targets } = await existing('ListTargetsByRule', input, call, 'Rule');
      return { Targets: targets.map(({ declared }) => declared) };
    },
    DescribeRule: async (input, call) => {
      const rule = await existing('DescribeRule', input, call, 'Name');
      return {
        Name: rule.name,
        Arn: rule.arn,
        EventPattern: JSON.stringify(rule.pattern),
        State: rule.enabled ? 'ENABLED' : 'DISABLED',
        EventBusName: busName(rule.busArn),
        CreatedBy: rule.creatorAccountId,
      };
    },
    EnableRule: switched('EnableRule', true),
    DisableRule: switched('DisableRule', false),
    DeleteRule: async (input, call) => {
      const { arn, rule } = await named('DeleteRule', input, call, 'Name');
      if (rule !== undefined && rule.targets.length > 0)
        throw invalid(`Rule can't be deleted since it has targets.`);
      buses.removeRule(arn);
      return {};
    },
  };
}

function textOf(input: JsonInput, name: string): string {
  const value = input[name];
  if (typeof value === 'string' && value !== '') return value;
  throw invalid(`${name} must be a text, got ${JSON.stringify(value)}`);
}

function listOf(input: JsonInput, name: string): readonly unknown[] {
  const value = input[name];
  if (Array.isArray(value) && value.length > 0) return value;
  throw invalid(`${name} must be a list with a member, got ${JSON.stringify(value)}`);
}

/** Refuses in a call what a template is refused for. */
function valid<T>(make: () => T): T {
  try {
    return make();
  } catch (error) {
    throw invalid((error as Error).message);
  }
}

function invalid(message: string): AwsFault {
  return new AwsFault('ValidationException', message);
}
