import { immediate, textProperty } from '../immediate-resource.ts';
import type { CreatedResource, Properties, ResourceContext, ResourceHandler } from '../resource.ts';
import { parseScheduleExpression } from './expression.ts';
import type { Schedules } from './schedules.ts';

interface Target {
  readonly Arn?: string;
  readonly RoleArn?: string;
  readonly Input?: string;
  readonly RetryPolicy?: { readonly MaximumEventAgeInSeconds?: number; readonly MaximumRetryAttempts?: number };
  readonly DeadLetterConfig?: { readonly Arn?: string };
}

const TARGET_MEMBERS = new Set(['Arn', 'RoleArn', 'Input', 'RetryPolicy', 'DeadLetterConfig']);

export function scheduleHandlers(schedules: Schedules, now: () => number): ResourceHandler[] {
  const put = (properties: Properties, context: ResourceContext, createdAt: number): CreatedResource => {
    const name = textProperty(properties, 'Name', context.generatedName(64));
    const { partition, region, accountId } = context;
    const group = textProperty(properties, 'GroupName', 'default');
    const arn = `arn:${partition}:scheduler:${region}:${accountId}:schedule/${group}/${name}`;
    const target = targetOf(properties['Target']);
    schedules.put({
      arn,
      accountId,
      expression: parseScheduleExpression(textProperty(properties, 'ScheduleExpression')),
      enabled: textProperty(properties, 'State', 'ENABLED') === 'ENABLED',
      targetArn: target.Arn,
      roleArn: target.RoleArn,
      input: target.Input ?? '{}',
      deadLetterArn: target.DeadLetterConfig?.Arn,
      createdAt,
    });
    return { physicalId: name, attributes: { Arn: arn } };
  };
  return [
    immediate({
      type: 'AWS::Scheduler::Schedule',
      properties: ['Description', 'FlexibleTimeWindow', 'GroupName', 'Name', 'ScheduleExpression', 'State', 'Target'],
      create: (properties, context) => {
        assertNoWindow(properties['FlexibleTimeWindow']);
        return put(properties, context, now());
      },
      update: (properties, current, _previous, context) => {
        assertNoWindow(properties['FlexibleTimeWindow']);
        return put(properties, context, schedules.get(current.attributes['Arn'] as string)?.createdAt ?? now());
      },
      remove: ({ attributes }) => {
        schedules.remove(attributes['Arn'] as string);
      },
    }),
  ];
}

function targetOf(value: unknown): Target & { readonly Arn: string; readonly RoleArn: string } {
  const target = (value ?? {}) as Target;
  const unknown = Object.keys(target).find((name) => !TARGET_MEMBERS.has(name));
  if (unknown !== undefined) throw new Error(`the local cloud does not know ${unknown} of a schedule's Target`);
  const { Arn: arn, RoleArn: roleArn } = target;
  if (arn === undefined || roleArn === undefined) throw new Error("a schedule's Target needs Arn and RoleArn");
  return { ...target, Arn: arn, RoleArn: roleArn };
}

function assertNoWindow(window: unknown): void {
  const mode = (window as { Mode?: string } | undefined)?.Mode;
  if (mode !== 'OFF') throw new Error(`FlexibleTimeWindow.Mode must be OFF here, got ${JSON.stringify(mode)}`);
}
