import type { Access } from '../access.ts';
import type { AwsCall, AwsService, Caller } from '../call.ts';
import { AwsFault, requireKnownMembers } from '../fault.ts';
import {
  queryService,
  type QueryInput,
  type QueryOperation,
  type QueryOutput,
} from '../query-protocol.ts';
import type { CloudFormation } from './cloudformation.ts';
import type { Stack, StackResource } from './stack.ts';
import type { ParameterDeclaration } from './template.ts';
import { pageOf } from '../paging.ts';

/** Returns the text of a template in S3, if the caller may read it. */
export type ReadTemplate = (url: string, caller: Caller) => Promise<string>;

const MAX_TEMPLATE_BODY_BYTES = 51_200;

/**
 * The part of CloudFormation's API that `aws cloudformation create-stack` and the command line need. A role may read stacks as its
 * policies allow. Only the administrator of an account may create and change them, because a stack creates everything in the name of
 * the caller that deploys it. `readTemplate` reads the template of a `TemplateURL`.
 */
export function cloudFormationService(
  cloudFormation: CloudFormation,
  { readTemplate, access }: { readonly readTemplate: ReadTemplate; readonly access: Access },
): AwsService {
  const operation = (
    work: (input: QueryInput, call: AwsCall) => ReturnType<QueryOperation>,
  ): QueryOperation => {
    return (input, call) => {
      if (call.caller.kind !== 'root')
        throw new AwsFault(
          'AccessDenied',
          `${call.caller.kind} callers cannot use CloudFormation here`,
          403,
        );
      return work(input, call);
    };
  };
  const look = (
    name: string,
    work: (input: QueryInput, stacks: readonly Stack[]) => Awaited<ReturnType<QueryOperation>>,
  ): QueryOperation => {
    return async (input, call) => {
      await access.require(
        call,
        `cloudformation:${name}`,
        lookedAt(cloudFormation, call, input),
        call.caller.accountId,
      );
      return work(input, described(cloudFormation, call.caller.accountId, input));
    };
  };
  return queryService({
    name: 'cloudformation',
    xmlNamespace: 'http://cloudformation.amazonaws.com/doc/2010-05-15/',
    operations: {
      CreateStack: operation(async (input, { caller }) => {
        const template = await templateOf(input, caller, readTemplate);
        const stack = cloudFormation.createStack(caller, {
          stackName: text(input, 'StackName'),
          template,
          parameters: parametersOf(input),
          capabilities: strings(input, 'Capabilities'),
        });
        return { StackId: stack.id };
      }),
      UpdateStack: operation(async (input, { caller }) => {
        const template =
          input['UsePreviousTemplate'] === 'true'
            ? undefined
            : await templateOf(input, caller, readTemplate);
        const stack = cloudFormation.updateStack(caller, {
          stackName: text(input, 'StackName'),
          template,
          parameters: {
            ...previousParameters(cloudFormation, caller.accountId, input),
            ...parametersOf(input),
          },
          capabilities: strings(input, 'Capabilities'),
        });
        return { StackId: stack.id };
      }),
      DeleteStack: operation((input, { caller }) => {
        const retained = strings(input, 'RetainResources');
        cloudFormation.deleteStack(caller.accountId, text(input, 'StackName'), retained);
        return undefined;
      }),
      DescribeStacks: look('DescribeStacks', (_input, stacks) => ({
        Stacks: stacks.map(stackXml),
      })),
      ListStackResources: look('ListStackResources', (input, [stack]) => {
        text(input, 'StackName');
        return stack === undefined ? {} : listStackResources(stack, input);
      }),
    },
  });
}

/**
 * The ARN for IAM's decision: the stack's, by name or ID, even if there is no such stack. The simulator takes no pattern for a resource,
 * so a stack without an ID gets one that no policy on a stack covers by accident.
 */
function lookedAt(
  cloudFormation: CloudFormation,
  { caller, region }: AwsCall,
  input: QueryInput,
): string {
  const name = typeof input['StackName'] === 'string' ? input['StackName'] : '(all)';
  const known = cloudFormation.find(caller.accountId, name)?.id;
  return known ?? `arn:aws:cloudformation:${region}:${caller.accountId}:stack/${name}/(none)`;
}

function described(cloudFormation: CloudFormation, accountId: string, input: QueryInput): Stack[] {
  const name = input['StackName'];
  if (name === undefined)
    return cloudFormation.stacks(accountId).filter(({ status }) => status !== 'DELETE_COMPLETE');
  const stack = cloudFormation.find(accountId, text(input, 'StackName'));
  if (stack === undefined)
    throw new AwsFault(
      'ValidationError',
      `Stack with id ${text(input, 'StackName')} does not exist`,
    );
  return [stack];
}

function stackXml(stack: Stack) {
  return {
    StackId: stack.id,
    StackName: stack.name,
    Description: stack.template.Description,
    CreationTime: new Date(stack.createdAt).toISOString(),
    StackStatus: stack.status,
    StackStatusReason: stack.statusReason === '' ? undefined : stack.statusReason,
    Parameters: Object.entries(stack.parameters).map(([name, value]) => ({
      ParameterKey: name,
      ParameterValue: stack.template.Parameters[name]?.NoEcho === true ? '****' : String(value),
    })),
    Outputs: Object.entries(stack.outputs).map(([name, value]) => ({
      OutputKey: name,
      OutputValue: value,
      Description: stack.template.Outputs[name]?.Description,
    })),
  };
}

function templateBody(input: QueryInput): string | undefined {
  const body = input['TemplateBody'];
  if (typeof body !== 'string') return undefined;
  if (Buffer.byteLength(body) <= MAX_TEMPLATE_BODY_BYTES) return body;
  throw new AwsFault(
    'ValidationError',
    `1 validation error detected: Value at 'templateBody' failed to satisfy constraint: Member must have length less than or equal to ${MAX_TEMPLATE_BODY_BYTES}`,
  );
}

async function templateOf(input: QueryInput, caller: Caller, read: ReadTemplate): Promise<string> {
  const [body, url] = [templateBody(input), input['TemplateURL']];
  if (body !== undefined && url !== undefined)
    throw new AwsFault(
      'ValidationError',
      'Only one of Template URL or Template Body may be specified.',
    );
  if (body !== undefined) return body;
  if (typeof url === 'string' && url !== '') return read(url, caller);
  throw new AwsFault('ValidationError', 'Either Template URL or Template Body must be specified.');
}

function parametersOf(input: QueryInput): Record<string, string> {
  const given = list(input, 'Parameters') as readonly Readonly<Record<string, string>>[];
  return Object.fromEntries(
    given
      .filter((each) => each['UsePreviousValue'] !== 'true')
      .map(({ ParameterKey: name = '', ParameterValue: value = '' }) => [name, value]),
  );
}

/** The parameters that an update keeps: those with UsePreviousValue. */
function previousParameters(
  cloudFormation: CloudFormation,
  accountId: string,
  input: QueryInput,
): Record<string, string> {
  const stack = cloudFormation.find(accountId, text(input, 'StackName'));
  const given = list(input, 'Parameters') as readonly Readonly<Record<string, string>>[];
  return Object.fromEntries(
    given
      .filter((each) => each['UsePreviousValue'] === 'true')
      .map(({ ParameterKey: name = '' }) => [
        name,
        written(stack?.parameters[name], stack?.template.Parameters[name]),
      ]),
  );
}

function written(value: unknown, declaration: ParameterDeclaration | undefined): string {
  return declaration?.Type === 'CommaDelimitedList' ? (value as string[]).join(',') : String(value);
}

function text(input: QueryInput, name: string): string {
  const value = input[name];
  if (typeof value === 'string' && value !== '') return value;
  throw new AwsFault(
    'ValidationError',
    `1 validation error detected: Value null at '${name}' failed to satisfy constraint: Member must not be null`,
  );
}

function list(input: QueryInput, name: string): readonly unknown[] {
  const value = input[name];
  return Array.isArray(value) ? (value as readonly unknown[]) : [];
}

function strings(input: QueryInput, name: string): string[] {
  return list(input, name).map(String);
}

/** CloudFormation's page size: a request cannot ask for another. */
const PAGE = 100;

/** The stack's existing resources; AWS also lists deleted ones for a while. */
function listStackResources(stack: Stack, input: QueryInput): QueryOutput {
  requireKnownMembers('cloudformation:ListStackResources', Object.keys(input), [
    'StackName',
    'NextToken',
  ]);
  const refusal = new AwsFault('ValidationError', 'NextToken is none that an earlier page gave');
  const page = pageOf([...stack.resources.values()], PAGE, input['NextToken'], refusal);
  return {
    StackResourceSummaries: page.items.map((resource) => summary(stack, resource)),
    NextToken: page.next,
  };
}

function summary(stack: Stack, { logicalId, physicalId, type }: StackResource) {
  const last = stack.events.findLast((event) => event.logicalId === logicalId);
  return {
    LogicalResourceId: logicalId,
    PhysicalResourceId: physicalId,
    ResourceType: type,
    LastUpdatedTimestamp: new Date(last?.at ?? stack.createdAt).toISOString(),
    ResourceStatus: last?.status ?? 'CREATE_COMPLETE',
    ResourceStatusReason: last === undefined || last.reason === '' ? undefined : last.reason,
    DriftInformation: { StackResourceDriftStatus: 'NOT_CHECKED' },
  };
}
