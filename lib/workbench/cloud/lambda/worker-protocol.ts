/** The messages between a function's worker thread and the cloud. They are plain data, because they are cloned on the way. */

/** The data that the worker gets at its start. */
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

/** The handler's second argument, without its functions. */
export interface InvocationContext {
  readonly awsRequestId: string;
  readonly functionName: string;
  readonly functionVersion: string;
  readonly invokedFunctionArn: string;
  /** Megabytes, as text, as at AWS. */
  readonly memoryLimitInMB: string;
  readonly logGroupName: string;
  readonly logStreamName: string;
}

export interface InvokeMessage {
  /** The event in JSON. */
  readonly event: string;
  readonly context: InvocationContext;
  readonly timeoutMs: number;
  /** The value for `_X_AMZN_TRACE_ID`. */
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
