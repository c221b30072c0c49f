import { createHash } from 'node:crypto';
import type { Caller } from '../call.ts';
import type { CloudClock } from '../clock.ts';
import { AwsFault } from '../fault.ts';
import type { ResourceContext, ResourceHandler } from '../resource.ts';
import { type CustomResources, uuid } from './custom-resources.ts';
import { create, remove, update } from './deployment.ts';
import { creationOrder } from './dependencies.ts';
import { isCustom, type DeploymentContext } from './one-resource.ts';
import { parameterValues, assertRules, parseTemplate, type Template } from './template.ts';
import { partitionOf, scopeOf, type Stack } from './stack.ts';
import { TemplateError } from '../../../seller/approval/intrinsics.ts';

export interface CloudFormationOptions {
  readonly clock: CloudClock;
  readonly region: string;
  readonly handlers: readonly ResourceHandler[];
  readonly customResources: CustomResources;
  /** The directory of an asset, by S3 key. */
  readonly asset: (s3Key: string) => string;
  /** The SSM parameters of every account, which `cdk bootstrap` leaves behind. */
  readonly ssm: Readonly<Record<string, string>>;
}

export interface StackRequest {
  readonly stackName: string;
  readonly template: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly capabilities: readonly string[];
}

/** The stacks of all accounts. An operation is refused at once or runs in the background until `done` resolves, whatever its result. */
export class CloudFormation {
  readonly #options: CloudFormationOptions;
  readonly #handlers: ReadonlyMap<string, ResourceHandler>;
  readonly #stacks = new Map<string, Stack>();
  readonly #running = new Map<Stack, Promise<void>>();
  #created = 0;

  constructor(options: CloudFormationOptions) {
    this.#options = options;
    this.#handlers = new Map(options.handlers.map((handler) => [handler.type, handler]));
  }

  /** The resource types that it can create, without custom resources. */
  get types(): string[] {
    return [...this.#handlers.keys()].sort();
  }

  createStack(caller: Caller, request: StackRequest): Stack {
    const existing = this.find(caller.accountId, request.stackName);
    if (existing !== undefined)
      throw new AwsFault('AlreadyExistsException', `Stack [${request.stackName}] already exists`);
    this.#created += 1;
    const id = uuid(`${caller.accountId}|${request.stackName}|${this.#created}`);
    const { region, clock } = this.#options;
    const stack: Stack = {
      accountId: caller.accountId,
      region,
      name: request.stackName,
      id: `arn:${partitionOf(region).partition}:cloudformation:${region}:${caller.accountId}:stack/${request.stackName}/${id}`,
      caller,
      createdAt: clock.now(),
      status: 'REVIEW_IN_PROGRESS',
      statusReason: '',
      ...this.#accepted(request),
      resources: new Map(),
      outputs: {},
      events: [],
    };
    asRefusal(() => {
      assertRules(stack.template.Rules, scopeOf(stack));
    });
    this.#stacks.set(stack.id, stack);
    this.#start(stack, create(stack, this.#deploymentContext()));
    return stack;
  }

  updateStack(
    caller: Caller,
    request: Omit<StackRequest, 'template'> & { readonly template: string | undefined },
  ): Stack {
    const stack = this.#existing(caller.accountId, request.stackName);
    if (
      this.#running.has(stack) ||
      !/^(CREATE|UPDATE|UPDATE_ROLLBACK)_COMPLETE$/.test(stack.status)
    ) {
      throw new AwsFault(
        'ValidationError',
        `Stack:${stack.id} is in ${stack.status} state and can not be updated.`,
      );
    }
    const template = request.template ?? JSON.stringify(stack.template);
    const next = this.#accepted({ ...request, template });
    asRefusal(() => {
      assertRules(next.template.Rules, scopeOf({ ...stack, ...next }));
    });
    this.#start(stack, update(stack, next, this.#deploymentContext()));
    return stack;
  }

  /** Deleting a stack that does not exist succeeds, as it does with AWS. `retained`: logical IDs that a second try leaves alone. */
  deleteStack(
    accountId: string,
    stackName: string,
    retained: readonly string[] = [],
  ): Stack | undefined {
    const stack = this.find(accountId, stackName);
    if (stack === undefined) return undefined;
    if (this.#running.has(stack)) {
      throw new AwsFault(
        'ValidationError',
        `Stack [${stack.id}] is in ${stack.status} state and cannot be deleted while an operation runs`,
      );
    }
    if (retained.length > 0 && stack.status !== 'DELETE_FAILED') {
      throw new AwsFault(
        'ValidationError',
        `Invalid operation on stack [${stack.id}]. When you delete a stack, specify which resources to retain only when the stack is in the DELETE_FAILED state.`,
      );
    }
    this.#start(stack, remove(stack, retained, this.#deploymentContext()));
    return stack;
  }

  /** Finds a stack by name or ID (a deleted stack only by its ID, as with AWS). */
  find(accountId: string, nameOrId: string): Stack | undefined {
    return this.stacks(accountId).find(
      ({ id, name, status }) =>
        id === nameOrId || (name === nameOrId && status !== 'DELETE_COMPLETE'),
    );
  }

  stacks(accountId: string): Stack[] {
    return [...this.#stacks.values()].filter((stack) => stack.accountId === accountId);
  }

  /** Resolves when no operation on the stack runs; its `status` then has the result. */
  async done(stack: Stack): Promise<void> {
    await this.#running.get(stack);
  }

  #existing(accountId: string, stackName: string): Stack {
    const stack = this.find(accountId, stackName);
    if (stack === undefined)
      throw new AwsFault('ValidationError', `Stack [${stackName}] does not exist`);
    return stack;
  }

  #accepted(request: StackRequest): {
    template: Template;
    parameters: Readonly<Record<string, unknown>>;
  } {
    return asRefusal(() => {
      const template = parseTemplate(request.template);
      for (const { Type: type } of Object.values(template.Resources)) this.#assertKnown(type);
      creationOrder(template.Resources);
      assertCapabilities(template, request.capabilities);
      return {
        template,
        parameters: parameterValues(template.Parameters, request.parameters, this.#options.ssm),
      };
    });
  }

  #assertKnown(type: string): void {
    if (isCustom(type) || this.#handlers.has(type)) return;
    throw new TemplateError(
      `the local cloud does not know the resource type ${type}; it knows ${this.types.join(', ')}, Custom::*`,
    );
  }

  #start(stack: Stack, operation: Promise<void>): void {
    const running = operation.finally(() => this.#running.delete(stack));
    this.#running.set(stack, running);
    running.catch((error: unknown) => {
      stack.status = 'FAILED';
      stack.statusReason = `the local cloud itself failed: ${String(error)}`;
    });
  }

  #deploymentContext(): DeploymentContext {
    return {
      clock: this.#options.clock,
      handlerOf: (type, stack) =>
        this.#handlers.get(type) ?? this.#options.customResources.handler(type, stack.caller),
      contextOf: (stack, logicalId, type) => this.#context(stack, logicalId, type),
    };
  }

  #context(stack: Stack, logicalId: string, resourceType: string): ResourceContext {
    return {
      accountId: stack.accountId,
      region: stack.region,
      partition: partitionOf(stack.region).partition,
      stackName: stack.name,
      stackId: stack.id,
      logicalId,
      resourceType,
      asset: this.#options.asset,
      generatedName: (maxLength) => generatedName(stack, logicalId, maxLength),
    };
  }
}

function asRefusal<T>(check: () => T): T {
  try {
    return check();
  } catch (error) {
    if (error instanceof TemplateError) throw new AwsFault('ValidationError', error.message);
    throw error;
  }
}

function assertCapabilities(template: Template, capabilities: readonly string[]): void {
  const iam = Object.values(template.Resources).filter(({ Type: type }) =>
    /^AWS::IAM::(Role|Policy|ManagedPolicy)$/.test(type),
  );
  if (iam.length === 0 || capabilities.includes('CAPABILITY_NAMED_IAM')) return;
  const named = iam.some(
    ({ Type: type, Properties: properties }) =>
      type === 'AWS::IAM::Role' && properties?.['RoleName'] !== undefined,
  );
  if (!named && capabilities.includes('CAPABILITY_IAM')) return;
  throw new AwsFault(
    'InsufficientCapabilitiesException',
    `Requires capabilities : [${named ? 'CAPABILITY_NAMED_IAM' : 'CAPABILITY_IAM'}]`,
  );
}

/** `<stack>-<logical id>-<12 characters>`; the parts may be cut, the suffix never. */
function generatedName(stack: Stack, logicalId: string, maxLength: number): string {
  const suffix = createHash('sha256')
    .update(`${stack.id}|${logicalId}`)
    .digest('base64url')
    .replace(/[^A-Za-z0-9]/g, '')
    .slice(0, 12);
  const length = maxLength - suffix.length - 2;
  const stackPart = stack.name.slice(
    0,
    Math.max(length - logicalId.length, Math.floor(length / 2)),
  );
  return `${stackPart}-${logicalId.slice(0, length - stackPart.length)}-${suffix}`;
}
