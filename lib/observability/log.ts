import type { METRICS } from '../messages/names.ts';
import type { LogMessage } from './message-codes.ts';

export type LogKeys = Readonly<
  Record<string, string | number | boolean | null | readonly string[]>
>;

/** What a work function may say. Identifiers go into keys; whole objects and text of buyers that was not cleaned do not. */
export interface Log {
  info(message: LogMessage, keys?: LogKeys): void;
  warn(message: LogMessage, keys?: LogKeys, error?: unknown): void;
  error(message: LogMessage, keys?: LogKeys, error?: unknown): void;
}

export type Metric = (typeof METRICS)[keyof typeof METRICS];

/** What a work function may count. Values of one metric within an invocation are published together when it ends. */
export interface Meter {
  measure(metric: Metric, value: number): void;
}
