import { textProperty, wholeProperty, type Properties } from '../resource.ts';
import type { EventPattern } from './event-pattern.ts';
import { targetInput, type TargetInput } from './target-input.ts';

export interface Rule {
  /** The account of the bus. */
  readonly accountId: string;
  readonly name: string;
  readonly arn: string;
  readonly busArn: string;
  readonly pattern: EventPattern;
  readonly enabled: boolean;
  readonly targets: readonly Target[];
}

export interface Target {
  readonly id: string;
  readonly arn: string;
  /** The role that calls an API destination. */
  readonly roleArn: string | undefined;
  readonly input: TargetInput;
  readonly deadLetterArn: string | undefined;
  readonly retry: RetryPolicy;
}

interface RetryPolicy {
  readonly attempts: number;
  readonly ageSeconds: number;
}

const PROPERTIES = ['Arn', 'DeadLetterConfig', 'Id', 'InputPath', 'RetryPolicy', 'RoleArn'];
const KINDS = /^arn:[^:]+:(?:sns:|sqs:|events:[^:]*:[^:]*:api-destination\/)/;

/** The bus's name, taken from its ARN. */
export function busName(busArn: string): string {
  return busArn.slice(busArn.indexOf('/') + 1);
}

/** The ARN of a rule, which belongs to the account of its bus. */
export function ruleArn(
  { arn, name: busName }: { readonly arn: string; readonly name: string },
  name: string,
): string {
  const scope = arn.slice(0, arn.indexOf(':event-bus/'));
  return `${scope}:rule/${busName === 'default' ? '' : `${busName}/`}${name}`;
}

/** Reads a rule's target from a template. Refuses by name anything that the local cloud does not know. */
export function targetOf(target: Properties): Target {
  const unknown = Object.keys(target).find((each) => !PROPERTIES.includes(each));
  if (unknown !== undefined)
    throw new Error(
      `the local cloud does not know Targets.${unknown}; it knows ${PROPERTIES.join(', ')}`,
    );
  const arn = textProperty(target, 'Arn');
  if (!KINDS.test(arn))
    throw new Error(
      `the local cloud brings events to queues, topics and API destinations only, got ${arn}`,
    );
  const id = textProperty(target, 'Id');
  const roleArn = roleOf(target, arn);
  const { Arn: deadLetterArn } = (target['DeadLetterConfig'] ?? {}) as { readonly Arn?: string };
  return {
    id,
    arn,
    roleArn,
    input: targetInput(target),
    deadLetterArn,
    retry: retryOf(target),
  };
}

/** "For targets that use resource-based policies, do not specify a RoleArn" (user guide); an API destination has no policy and needs one. */
function roleOf(target: Properties, arn: string): string | undefined {
  const isCalled = arn.split(':')[2] === 'events';
  if (isCalled === (target['RoleArn'] !== undefined))
    return isCalled ? textProperty(target, 'RoleArn') : undefined;
  throw new Error(
    isCalled
      ? `RoleArn is required for target ${arn}.`
      : `RoleArn is not for target ${arn}: its policy decides.`,
  );
}

/** "By default, EventBridge retries sending the event for 24 hours and up to 185 times" (user guide). */
function retryOf(target: Properties): RetryPolicy {
  const policy = (target['RetryPolicy'] ?? {}) as Properties;
  return {
    attempts: wholeProperty(policy, 'MaximumRetryAttempts', [0, 185], 185),
    ageSeconds: wholeProperty(policy, 'MaximumEventAgeInSeconds', [60, 86_400], 86_400),
  };
}
