import type { CloudClock } from '../clock.ts';
import { uuid } from '../templates/custom-resources.ts';
import type { Destinations } from './destinations.ts';
import type { FunctionConfiguration } from './function-configuration.ts';
import type { Functions, Invocation } from './functions.ts';

/** AWS::Lambda::EventInvokeConfig. */
export interface EventInvokeSettings {
  /** 60..21600 */
  readonly maximumEventAgeSeconds: number;
  /** 0..2 */
  readonly maximumRetryAttempts: number;
  readonly onFailureArn: string | undefined;
}

export const DEFAULT_EVENT_INVOKE: EventInvokeSettings = {
  maximumEventAgeSeconds: 21_600,
  maximumRetryAttempts: 2,
  onFailureArn: undefined,
};

/** "Lambda waits one minute between the first two attempts, and two minutes between the second and third" (developer guide). */
const BACKOFF_MS = [60_000, 120_000];

interface AsyncEvent {
  readonly functionArn: string;
  readonly payload: unknown;
  readonly requestId: string;
  readonly acceptedAt: number;
  attempts: number;
  last?: Invocation;
}

/** Lambda's own queue of asynchronous events: it tries, retries, and sends events that failed for good to their destination. */
export class AsynchronousInvocations {
  readonly #clock: CloudClock;
  readonly #functions: Functions;
  readonly #destinations: Destinations;
  readonly #settings = new Map<string, EventInvokeSettings>();
  #accepted = 0;

  constructor(clock: CloudClock, functions: Functions, destinations: Destinations) {
    this.#clock = clock;
    this.#functions = functions;
    this.#destinations = destinations;
  }

  /** Sets a function's settings; `undefined` restores Lambda's defaults. */
  configure(functionArn: string, settings: EventInvokeSettings | undefined): void {
    if (settings === undefined) this.#settings.delete(functionArn);
    else this.#settings.set(functionArn, settings);
  }

  /** Accepts the event (202 at AWS). Returns the request ID that all attempts share. */
  accept(functionArn: string, payload: unknown): string {
    const requestId = uuid(`asynchronous event ${(this.#accepted += 1)} ${functionArn}`);
    const event = { functionArn, payload, requestId, acceptedAt: this.#clock.now(), attempts: 0 };
    this.#clock.run(() => this.#attempt(event));
    return requestId;
  }

  async #attempt(event: AsyncEvent): Promise<void> {
    const target = this.#functions.all().find(({ arn }) => arn === event.functionArn);
    if (target === undefined) return;
    const settings = this.#settings.get(event.functionArn) ?? DEFAULT_EVENT_INVOKE;
    if (this.#clock.now() - event.acceptedAt > settings.maximumEventAgeSeconds * 1000)
      return this.#giveUp(event, target, settings, 'EventAgeExceeded');
    event.attempts += 1;
    event.last = await this.#functions.invoke(target.arn, event.payload, {
      requestId: event.requestId,
    });
    if (event.last.ok) return;
    if (event.attempts > settings.maximumRetryAttempts)
      return this.#giveUp(event, target, settings, 'RetriesExhausted');
    this.#clock.schedule(this.#clock.now() + (BACKOFF_MS[event.attempts - 1] ?? 0), () =>
      this.#attempt(event),
    );
  }

  async #giveUp(
    event: AsyncEvent,
    target: FunctionConfiguration,
    settings: EventInvokeSettings,
    condition: 'RetriesExhausted' | 'EventAgeExceeded',
  ): Promise<void> {
    if (settings.onFailureArn !== undefined)
      await this.#destinations.send(settings.onFailureArn, target, this.#record(event, condition));
  }

  /** The record of a failed event (developer guide, "Capturing records of Lambda asynchronous invocations"). */
  #record(
    { requestId, functionArn, attempts, payload, last }: AsyncEvent,
    condition: string,
  ): object {
    return {
      version: '1.0',
      timestamp: new Date(this.#clock.now()).toISOString(),
      requestContext: {
        requestId,
        functionArn: `${functionArn}:$LATEST`,
        condition,
        approximateInvokeCount: attempts,
      },
      requestPayload: payload,
      responseContext: {
        statusCode: 200,
        executedVersion: '$LATEST',
        ...(last !== undefined && { functionError: 'Unhandled' }),
      },
      responsePayload: last?.ok === false ? last.error : null,
    };
  }
}
