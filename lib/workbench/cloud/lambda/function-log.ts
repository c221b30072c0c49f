import { AccessDenied, type Access } from '../access.ts';
import type { Caller } from '../call.ts';
import type { CloudClock } from '../clock.ts';
import type { Metrics } from '../cloudwatch/metrics.ts';
import type { LogRing } from '../logs/log-ring.ts';
import type { FunctionConfiguration } from './function-configuration.ts';

export interface FunctionLogOptions {
  readonly clock: CloudClock;
  readonly access: Access;
  readonly logs: LogRing;
  readonly metrics: Metrics;
}

/** Where functions' lines go: into their log group and, if they are embedded metrics, into the sums. */
export class FunctionLog {
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
