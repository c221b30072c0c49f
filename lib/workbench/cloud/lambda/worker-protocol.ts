/** What goes between a function's worker thread and the cloud around it. All plain data: it is cloned on its way. */

/** Given to the worker at its start. */
export interface WorkerStart {
  /** The bundle's file. */
  readonly handlerFile: string;
  /** The name of the exported handler. */
  readonly handlerName: string;
  /** The function's whole environment. */
  readonly environment: Readonly<Record<string, string>>;
  /** See `CloudClock.shared`. */
  readonly clock: SharedArrayBuffer;
  /** The front's address: `http://127.0.0.1:4566`. */
  readonly endpoint: string;
}

/** What the handler gets as its second argument, functions apart. */
export interface InvocationContext {
  readonly awsRequestId: string;
  readonly functionName: string;
  readonly functionVersion: string;
  readonly invokedFunctionArn: string;
  /** Megabytes, as text, as AWS has it. */
  readonly memoryLimitInMB: string;
  readonly logGroupName: string;
  readonly logStreamName: string;
}

export interface InvokeMessage {
  /** The event in JSON. */
  readonly event: string;
  readonly context: InvocationContext;
  readonly timeoutMs: number;
  /** What the runtime puts into `_X_AMZN_TRACE_ID`. */
  readonly traceHeader: string;
}

/** A thrown error as Lambda hands it on. */
export interface FunctionErrorPayload {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace?: readonly string[];
}

export type WorkerMessage =
  | { readonly kind: 'ready' }
  | { readonly kind: 'init-failed'; readonly error: FunctionErrorPayload }
  | { readonly kind: 'output'; readonly text: string }
  /** `payload`: the handler's answer in JSON. */
  | { readonly kind: 'done'; readonly payload: string }
  | { readonly kind: 'failed'; readonly error: FunctionErrorPayload };
