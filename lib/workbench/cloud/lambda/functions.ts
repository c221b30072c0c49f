import type { Access } from '../access.ts';
import { AccessDenied } from '../fault.ts';
import type { Caller } from '../call.ts';
import type { CloudClock } from '../clock.ts';
import type { Metrics } from '../cloudwatch/metrics.ts';
import type { SessionCredentials } from '../credentials.ts';
import type { LogRing } from '../logs/log-ring.ts';
import { uuid } from '../templates/custom-resources.ts';
import { environmentOf } from './environment.ts';
import type { FunctionConfiguration } from './function-configuration.ts';
import { nextRound } from './lineage.ts';
import { Sandbox, type Outcome } from './sandbox.ts';
import { SandboxPool, type PooledSandbox } from './sandbox-pool.ts';

/** How an AWS service takes a role that was passed to it. */
export interface RoleSessions {
  session(
    service: string,
    roleArn: string,
    sessionName: string,
    sourceArn: string,
  ): Promise<SessionCredentials>;
}

export interface FunctionsOptions {
  readonly clock: CloudClock;
  readonly endpoint: () => string;
  readonly roles: RoleSessions;
  readonly access: Access;
  readonly logs: LogRing;
  readonly metrics: Metrics;
  /** For each function; default 10, the limit of a young account. */
  readonly concurrency?: number;
}

export interface InvocationTraits {
  /** Of the first try, when this one repeats it. */
  readonly requestId?: string | undefined;
  /** Absent: nothing but the invocation began the chain. */
  readonly traceHeader?: string;
}

export type Invocation = Outcome & { readonly requestId: string };

interface DeployedFunction {
  configuration: FunctionConfiguration;
  pool: SandboxPool;
  invocations: number;
  errors: number;
  starts: number;
}

/** The functions of all accounts, run from their bundles. */
export class Functions {
  readonly #options: FunctionsOptions;
  readonly #functions = new Map<string, DeployedFunction>();
  readonly #log: FunctionLog;

  constructor(options: FunctionsOptions) {
    this.#options = options;
    this.#log = new FunctionLog(options);
  }

  /** Log lines that a role was not allowed to write, by log group: AWS loses them in silence. */
  get lostLines(): ReadonlyMap<string, number> {
    return this.#log.lostLines;
  }

  /** Throws if Lambda may not take the function's role. */
  async create(configuration: FunctionConfiguration): Promise<void> {
    if (this.#functions.has(configuration.arn))
      throw new Error(`Function already exist: ${configuration.name}`);
    await this.#session(configuration);
    const created: DeployedFunction = {
      configuration,
      pool: this.#pool(() => created),
      invocations: 0,
      errors: 0,
      starts: 0,
    };
    this.#functions.set(configuration.arn, created);
  }

  async update(configuration: FunctionConfiguration): Promise<void> {
    await this.#session(configuration);
    const existing = this.#existing(configuration.arn);
    await existing.pool.retire();
    existing.configuration = configuration;
    existing.pool = this.#pool(() => existing);
  }

  async remove(arn: string): Promise<void> {
    await this.#functions.get(arn)?.pool.close();
    this.#functions.delete(arn);
  }

  /** Ends every worker thread. */
  async close(): Promise<void> {
    for (const arn of [...this.#functions.keys()]) await this.remove(arn);
  }

  /** By ARN, or by name in the account. */
  find(accountId: string, nameOrArn: string): FunctionConfiguration | undefined {
    return this.all().find(
      ({ arn, name, accountId: owner }) =>
        arn === nameOrArn || (name === nameOrArn && owner === accountId),
    );
  }

  all(): FunctionConfiguration[] {
    return [...this.#functions.values()].map(({ configuration }) => configuration);
  }

  /** Since it was deployed; `starts` are cold ones. */
  counts(arn: string): {
    readonly invocations: number;
    readonly errors: number;
    readonly starts: number;
  } {
    const { invocations, errors, starts } = this.#existing(arn);
    return { invocations, errors, starts };
  }

  /** Who the function is when it calls AWS; Lambda's own calls for it (queues, destinations) are made as this too. */
  callerOf({ accountId, roleArn, name }: FunctionConfiguration): Caller {
    const roleName = roleArn.slice(roleArn.lastIndexOf('/') + 1);
    const partition = roleArn.split(':')[1] ?? 'aws';
    const sessionArn = `arn:${partition}:sts::${accountId}:assumed-role/${roleName}/${name}`;
    return { kind: 'role', accountId, arn: roleArn, sessionArn };
  }

  /** Invokes and waits for the end; holds the cloud's time meanwhile. */
  async invoke(
    arn: string,
    event: unknown,
    { requestId, traceHeader = nextRound([], arn) }: InvocationTraits = {},
  ): Promise<Invocation> {
    const deployed = this.#existing(arn);
    const { configuration } = deployed;
    deployed.invocations += 1;
    const id = requestId ?? uuid(`invocation ${arn} ${deployed.invocations}`);
    const message = {
      event: JSON.stringify(event),
      timeoutMs: configuration.timeoutSeconds * 1000,
      traceHeader,
      context: {
        awsRequestId: id,
        functionName: configuration.name,
        functionVersion: '$LATEST',
        invokedFunctionArn: arn,
        memoryLimitInMB: String(configuration.memoryMb),
        logGroupName: configuration.logGroup,
        logStreamName: logStreamOf(configuration),
      },
    };
    const outcome = await this.#options.clock.track(deployed.pool.invoke(message));
    if (!outcome.ok) deployed.errors += 1;
    return { ...outcome, requestId: id };
  }

  #pool(deployed: () => DeployedFunction): SandboxPool {
    const { clock, concurrency = 10 } = this.#options;
    return new SandboxPool({
      concurrency,
      now: () => clock.now(),
      start: () => this.#start(deployed()),
    });
  }

  async #start(deployed: DeployedFunction): Promise<PooledSandbox> {
    const { configuration } = deployed;
    deployed.starts += 1;
    const { clock, endpoint } = this.#options;
    const credentials = await this.#session(configuration);
    const logStream = logStreamOf(configuration);
    const environment = environmentOf({
      configuration,
      credentials,
      logStream,
      endpoint: endpoint(),
    });
    const onOutput = lineSplitter(
      await this.#log.lineTaker(configuration, this.callerOf(configuration), logStream),
    );
    const sandbox = new Sandbox({
      configuration,
      environment,
      clock: clock.shared,
      endpoint: endpoint(),
      onOutput,
    });
    return { sandbox, expiration: credentials.expiration };
  }

  #session({ roleArn, name, arn }: FunctionConfiguration): Promise<SessionCredentials> {
    return this.#options.roles.session('lambda.amazonaws.com', roleArn, name, arn);
  }

  #existing(arn: string): DeployedFunction {
    const found = this.#functions.get(arn);
    if (found === undefined) throw new Error(`Function not found: ${arn}`);
    return found;
  }
}

/** One stream for all copies of a function: AWS has one for each. */
function logStreamOf({ arn }: FunctionConfiguration): string {
  return `[$LATEST]${uuid(`log stream ${arn}`).replaceAll('-', '')}`;
}

/** Makes lines of pieces of output. What a function leaves unfinished waits for its next piece. */
function lineSplitter(onLine: (line: string) => void): (piece: string) => void {
  let rest = '';
  return (piece) => {
    const lines = (rest + piece).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (line.trim() !== '') onLine(line);
  };
}

interface FunctionLogOptions {
  readonly clock: CloudClock;
  readonly access: Access;
  readonly logs: LogRing;
  readonly metrics: Metrics;
}

/** Where functions' lines go: into their log group and, if they are embedded metrics, into the sums. */
class FunctionLog {
  readonly #options: FunctionLogOptions;
  readonly lostLines = new Map<string, number>();

  constructor(options: FunctionLogOptions) {
    this.#options = options;
  }

  /** Whether the function's role may log is asked once, at a cold start. */
  async lineTaker(
    configuration: FunctionConfiguration,
    caller: Caller,
    logStream: string,
  ): Promise<(text: string) => void> {
    const { clock, logs, metrics } = this.#options;
    const { logGroup } = configuration;
    if (!(await this.#mayLog(configuration, caller, logStream)))
      return () => this.lostLines.set(logGroup, (this.lostLines.get(logGroup) ?? 0) + 1);
    return (text) => {
      logs.append(logGroup, { at: clock.now(), logStream, text });
      metrics.readLine(text);
    };
  }

  async #mayLog(
    configuration: FunctionConfiguration,
    caller: Caller,
    logStream: string,
  ): Promise<boolean> {
    const { accountId, region, logGroup, arn } = configuration;
    const partition = arn.split(':')[1] ?? 'aws';
    const resource = `arn:${partition}:logs:${region}:${accountId}:log-group:${logGroup}:log-stream:${logStream}`;
    try {
      for (const action of ['logs:CreateLogStream', 'logs:PutLogEvents'])
        await this.#options.access.require({ caller }, action, resource, accountId);
      return true;
    } catch (error) {
      if (error instanceof AccessDenied) return false;
      throw error;
    }
  }
}
