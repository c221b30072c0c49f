import { Logger } from '@aws-lambda-powertools/logger';
import type { WatcherFunction } from '../messages/names.ts';
import type { Log, LogKeys } from './log.ts';
import type { LogMessage } from './message-codes.ts';

/** The logger of a function: JSON lines, level from Lambda's own setting (`AWS_LAMBDA_LOG_LEVEL`), INFO without one. */
export function createLogger(watcherFunction: WatcherFunction, deployment: string): Logger {
  return new Logger({ serviceName: watcherFunction, persistentKeys: { deployment } });
}

export function logWith(logger: Logger): Log {
  const line = ({ code, sentence }: LogMessage, keys: LogKeys = {}) => ({
    ...keys,
    code,
    message: sentence,
  });
  return {
    info: (message, keys) => {
      logger.info(line(message, keys));
    },
    warn: (message, keys, error) => {
      logger.warn(line(message, keys), problem(error));
    },
    error: (message, keys, error) => {
      logger.error(line(message, keys), problem(error));
    },
  };
}

/** Anything may be thrown; what is not an error is shown as far as JSON can. */
function problem(error: unknown): { error?: Error } {
  if (error === undefined) return {};
  return { error: error instanceof Error ? error : new Error(`thrown: ${JSON.stringify(error)}`) };
}
