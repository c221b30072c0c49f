import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { PolicyDocument, Role, ServicePrincipal, type PolicyStatement } from 'aws-cdk-lib/aws-iam';
import {
  EventSourceMapping,
  Function as LambdaFunction,
  LoggingFormat,
  type IFunction,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import {
  functionRoleName,
  functionRolePath,
  type FunctionName as FunctionName,
} from '../../messages/names.ts';
import type { Settings } from '../../messages/settings.ts';
import { allow, type Bindings } from './access.ts';
import { ARCHITECTURE, codeOf, RUNTIME } from './bundling.ts';
import { WatcherAlarm } from './watcher-alarm.ts';
import type { WorkQueue } from './work-queue.ts';

const TIMEOUT = Duration.seconds(60);

/** How a queue feeds the function. */
export interface Source {
  readonly queue: WorkQueue;
  readonly batchSize: number;
  /** At least 2. Used instead of a reserved concurrency, which young accounts with a limit of 10 cannot give. */
  readonly maxConcurrency: number;
}

export interface WatcherFunctionProps<Env> {
  readonly name: FunctionName;
  readonly settings: Settings;
  readonly environment: Bindings<Env>;
  /** In addition to those that the environment brings along. */
  readonly permissions?: readonly PolicyStatement[];
  readonly source?: Source;
  /** Default: 60 seconds. */
  readonly timeout?: Duration;
  /** In MB; the share of a CPU grows with it. */
  readonly memorySize: number;
  /** Who suffers what while it fails: one sentence, printed in the alarm's mail. */
  readonly errorImpact: string;
  readonly runbook: string;
  readonly operations: ITopic;
}

/** One of the five functions: its role with nothing more than it needs, its log, its queue, its alarm. */
export class WatcherFunction<Env extends Readonly<Record<keyof Env, string>>> extends Construct {
  readonly function: IFunction;
  readonly role: Role;

  constructor(scope: Construct, id: string, props: WatcherFunctionProps<Env>) {
    super(scope, id);
    const logGroup = new LogGroup(this, 'Logs', {
      retention: RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const bindings = Object.entries<Bindings<Env>[keyof Env]>(props.environment);
    this.role = this.#role(props, [
      ...bindings.flatMap(([, binding]) => binding.statements),
      ...(props.permissions ?? []),
      ...(props.source === undefined ? [] : [receiving(props.source.queue)]),
      // Not CreateLogGroup: a log group that a late invocation re-creates would have no retention.
      allow('WriteLogs', ['logs:CreateLogStream', 'logs:PutLogEvents'], [logGroup.logGroupArn]),
    ]);
    this.function = new LambdaFunction(this, 'Function', {
      runtime: RUNTIME,
      architecture: ARCHITECTURE,
      code: codeOf(props.name, props.settings),
      handler: 'index.handler',
      role: this.role.withoutPolicyUpdates(),
      environment: Object.fromEntries(bindings.map(([name, { value }]) => [name, value])),
      memorySize: props.memorySize,
      timeout: props.timeout ?? TIMEOUT,
      logGroup,
      loggingFormat: LoggingFormat.JSON,
    });
    if (props.source !== undefined) this.#feed(props.source);
    new WatcherAlarm(this, 'Failing', {
      metric: this.function.metricErrors(),
      threshold: 1,
      periods: 1,
      what: `${props.name} failed.`,
      errorImpact: props.errorImpact,
      runbook: props.runbook,
      logGroup,
      operations: props.operations,
    });
  }

  /** The policy is inline: neither the function nor its queue can start before the permissions are there. */
  #role(
    { name, settings: { deployment } }: WatcherFunctionProps<Env>,
    statements: readonly PolicyStatement[],
  ): Role {
    return new Role(this, 'Role', {
      roleName: functionRoleName(deployment, name),
      path: functionRolePath(deployment),
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      inlinePolicies: { Work: new PolicyDocument({ statements: [...statements] }) },
    });
  }

  #feed({ queue, batchSize, maxConcurrency }: Source): void {
    new EventSourceMapping(this, 'Source', {
      target: this.function,
      eventSourceArn: queue.queue.queueArn,
      batchSize,
      maxConcurrency,
      reportBatchItemFailures: true,
    });
  }
}

function receiving({ queue }: WorkQueue): PolicyStatement {
  return allow(
    'ReceiveWork',
    ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'],
    [queue.queueArn],
  );
}
