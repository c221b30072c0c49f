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

/** Gives an AWS service the credentials of a role that was passed to it. */
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
  /** The limit for each function; default 10, the limit of a new account. */
  readonly concurrency?: number;
}

export interface InvocationTraits {
  /** The request ID of the first attempt, if this is a retry. */
  readonly requestId?: string | undefined;
  /** Absent: this invocation starts the chain. */
  readonly traceHeader?: string;
}

export type Invocation = Outcome & { readonly requestId: string };

interface DeployedFunction {
  readonly configuration: FunctionConfiguration;
  readonly pool: SandboxPool;
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

  /** Throws if Lambda may not assume the function's role. */
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

  async remove(arn: string): Promise<void> {
    await this.#functions.get(arn)?.pool.close();
    this.#functions.delete(arn);
  }

  /** Ends every worker thread. */
  async close(): Promise<void> {
    for (const arn of [...this.#functions.keys()]) await this.remove(arn);
  }

  /** Finds a function by ARN, or by its name in the account. */
  find(accountId: string, nameOrArn: string): FunctionConfiguration | undefined {
    return this.all().find(
      ({ arn, name, accountId: owner }) =>
        arn === nameOrArn || (name === nameOrArn && owner === accountId),
    );
  }

  all(): FunctionConfiguration[] {
    return [...this.#functions.values()].map(({ configuration }) => configuration);
  }

  /** Counts since the function was deployed; `starts` are cold starts. */
  counts(arn: string): {
    readonly invocations: number;
    readonly errors: number;
    readonly starts: number;
  } {
    const { invocations, errors, starts } = this.#existing(arn);
    return { invocations, errors, starts };
  }

  /** The caller in the function's calls to AWS, and in the calls that Lambda makes for it (queues, destinations). */
  callerOf({ accountId, roleArn, name }: FunctionConfiguration): Caller {
    const roleName = roleArn.slice(roleArn.lastIndexOf('/') + 1);
    const partition = roleArn.split(':')[1] ?? 'aws';
    const sessionArn = `arn:${partition}:sts::${accountId}:assumed-role/${roleName}/${name}`;
    return { kind: 'role', accountId, arn: roleArn, sessionArn };
  }

  /** Invokes the function and waits for its end; holds the cloud's time meanwhile. */
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

/** The log stream of all copies of a function; AWS has one for each copy. */
function logStreamOf({ arn }: FunctionConfiguration): string {
  return `[$LATEST]${uuid(`log stream ${arn}`).replaceAll('-', '')}`;
}

/** Splits pieces of output into lines. An unfinished line waits for the next piece. */
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

/** Puts functions' lines into their log group and, if they are embedded metrics, into the sums. */
class FunctionLog {
  readonly #options: FunctionLogOptions;
  readonly lostLines = new Map<string, number>();

  constructor(options: FunctionLogOptions) {
    this.#options = options;
  }

  /** Returns a function that takes output. The role's permission to log is checked only here, at a cold start. */
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
