import { fork, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { environmentOf } from '../cloud/lambda/environment.ts';
import type { FunctionConfiguration } from '../cloud/lambda/function-configuration.ts';

/** The time of a piece of work: wall-clock time, and CPU time including Node.js's own threads. */
export interface Spent {
  readonly wallMs: number;
  readonly cpuMs: number;
}

export interface ProcessReport {
  readonly import: Spent;
  /** In the order of the events. */
  readonly invocations: readonly (Spent & { readonly answer: unknown })[];
  readonly peakRssBytes: number;
  /** The highest heap usage, sampled every 5 ms. */
  readonly peakHeapBytes: number;
}

export interface ProcessRequest {
  readonly configuration: FunctionConfiguration;
  readonly endpoint: string;
  /** Each event is one invocation, one after the other. */
  readonly events: readonly unknown[];
  /** Options of Node.js. */
  readonly nodeOptions?: readonly string[];
}

export interface RunningProcess {
  /** Rejects if the process fails or ends without a report. */
  readonly report: Promise<ProcessReport>;
  /** Kills the process as a lost machine would: nothing inside is told. */
  readonly kill: () => void;
}

/** Runs a function's bundle in a fresh process, with Lambda's environment, against `endpoint`. Its output is thrown away. */
export function startProcess({
  configuration,
  endpoint,
  events,
  nodeOptions = [],
}: ProcessRequest): RunningProcess {
  const credentials = {
    accessKeyId: 'AKIABENCH',
    secretAccessKey: 'secret',
    sessionToken: 'token',
  };
  const child = fork(join(import.meta.dirname, 'invoked.js'), [], {
    env: environmentOf({ configuration, credentials, logStream: 'bench', endpoint }),
    execArgv: [...nodeOptions],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  const report = reportOf<ProcessReport>(child, 'the function');
  child.send({
    handlerFile: handlerFileOf(configuration),
    events,
    timeoutMs: configuration.timeoutSeconds * 1000,
  });
  return { report, kill: () => child.kill('SIGKILL') };
}

export function handlerFileOf({ codeDirectory, handler }: FunctionConfiguration): string {
  return join(codeDirectory, `${handler.split('.')[0] ?? ''}.mjs`);
}

/** What a process of ours reports of `work`; rejects if that fails, or ends without a report. */
export function reportOf<Report extends object>(
  child: ChildProcess,
  work: string,
): Promise<Report> {
  let errors = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (errors += text));
  return new Promise((resolve, reject) => {
    child.once('message', (message: Report | { readonly error: string }) => {
      if ('error' in message) reject(new Error(`${work} failed in its process: ${message.error}`));
      else resolve(message);
    });
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      const how = signal ?? String(code);
      reject(new Error(`the process of ${work} ended (${how}) without a report: ${errors}`));
    });
  });
}
