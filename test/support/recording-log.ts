import type { Log, LogKeys } from '../../lib/observability/handler.ts';
import type { LogMessage } from '../../lib/observability/message-codes.ts';

/** A log line as a test compares it: its code and its variable parts. */
export type LoggedLine = Readonly<Record<string, unknown>> & { readonly code: string };

/** A log that keeps every line in `lines`, whatever its level. */
export function recordingLog(lines: LoggedLine[]): Log {
  const line = ({ code }: LogMessage, keys: LogKeys = {}, error?: unknown): void =>
    void lines.push({ code, ...keys, ...(error !== undefined && { error }) });
  return { info: line, warn: line, error: line };
}
