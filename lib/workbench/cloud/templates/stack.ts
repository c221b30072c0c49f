import type { Caller } from '../call.ts';
import type { ExistingResource } from '../resource.ts';
import { resolve, type Scope } from '../../../seller/approval/intrinsics.ts';
import type { Template } from './template.ts';

/** A resource with the properties it was last created or updated with. */
export interface StackResource extends ExistingResource {
  readonly logicalId: string;
  readonly type: string;
}

export interface StackEvent {
  readonly at: number;
  readonly logicalId: string;
  readonly physicalId: string;
  readonly type: string;
  readonly status: string;
  readonly reason: string;
}

/** One stack of one account. A deployment changes it step by step, so that a failure can be undone. */
export interface Stack {
  readonly accountId: string;
  readonly region: string;
  readonly name: string;
  readonly id: string;
  /** The caller that deploys; custom resources are published in its name. */
  readonly caller: Caller;
  readonly createdAt: number;
  status: string;
  statusReason: string;
  template: Template;
  parameters: Readonly<Record<string, unknown>>;
  readonly resources: Map<string, StackResource>;
  outputs: Readonly<Record<string, string>>;
  readonly events: StackEvent[];
}

/** The scope in which a stack's conditions, properties and outputs are resolved. */
export function scopeOf(stack: Stack): Scope {
  const { account, partition, suffix } = { account: stack.accountId, ...partitionOf(stack.region) };
  const pseudo: Record<string, string> = {
    'AWS::AccountId': account,
    'AWS::Region': stack.region,
    'AWS::Partition': partition,
    'AWS::URLSuffix': suffix,
    'AWS::StackName': stack.name,
    'AWS::StackId': stack.id,
  };
  return {
    ref: (name) => pseudo[name] ?? stack.parameters[name] ?? stack.resources.get(name)?.physicalId,
    getAtt: (logicalId, attribute) => stack.resources.get(logicalId)?.attributes[attribute],
    condition: (name) => {
      if (!Object.hasOwn(stack.template.Conditions, name))
        throw new Error(`Unresolved condition dependency ${name} in the template`);
      return resolve(stack.template.Conditions[name], scopeOf(stack)) === true;
    },
  };
}

export function partitionOf(region: string): { partition: string; suffix: string } {
  if (region.startsWith('cn-')) return { partition: 'aws-cn', suffix: 'amazonaws.com.cn' };
  if (region.startsWith('us-gov-')) return { partition: 'aws-us-gov', suffix: 'amazonaws.com' };
  return { partition: 'aws', suffix: 'amazonaws.com' };
}
