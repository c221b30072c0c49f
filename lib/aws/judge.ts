import type { FailedObservation, TroubleCause } from '../domain/check/observation.ts';
import { type ErrorTable, type Judgement, SDK_ERRORS } from './error-table.ts';
import { cleanText } from '../domain/outside-text.ts';
import type { SignedCall } from './signed-call.ts';

/** The facts by which the table judges an error, wherever the SDK or the socket put them. */
interface Facts {
  readonly name: string;
  readonly code: string;
  readonly message: string;
  readonly status: number;
}

/** What an error thrown by a client means, by the table of its service. An error that is in no table is judged by its HTTP status. */
export function judge(table: ErrorTable, error: unknown): Judgement {
  const { name, code, message, status } = factsOf(error);
  const told = table.byMessage.find((row) => row.name === name && message.includes(row.says));
  return (
    told?.judgement ??
    row(table.rows, name) ??
    // The code first: the SDK calls a reset connection a TimeoutError, too (measured).
    row(SDK_ERRORS, code) ??
    row(SDK_ERRORS, name) ??
    byStatus(status)
  );
}

/** The observation of a check whose call failed. `doing` names the call at the start of the detail. */
export function failedObservation(
  table: ErrorTable,
  error: unknown,
  doing: string,
): FailedObservation {
  const judgement = judge(table, error);
  const detail = `${doing}: ${describe(error)}`;
  if (judgement.kind === 'blind') {
    return {
      kind: 'blind',
      cause: judgement.cause,
      detail: `${detail}; remedy: ${judgement.remedy}`,
    };
  }
  return { kind: 'trouble', cause: troubleOf(judgement), detail };
}

/** An error in one line: its name and what AWS says, made safe for a log or a ledger. */
export function describe(error: unknown): string {
  const { name, message } = factsOf(error);
  return cleanText(message === '' ? name : `${name}: ${message}`, 400);
}

/** The error's name, made safe for a log or a ledger. */
export function errorName(error: unknown): string {
  return cleanText(factsOf(error).name, 100);
}

function troubleOf(judgement: Exclude<Judgement, { kind: 'blind' }>): TroubleCause {
  switch (judgement.kind) {
    case 'retry':
    case 'trouble':
      return judgement.cause;
    case 'refused':
    case 'shape':
      return 'unexpected-answer';
  }
}

function byStatus(status: number): Judgement {
  if (status === 429) return { kind: 'retry', cause: 'throttled', mayHaveHappened: false };
  if (status >= 500) return { kind: 'retry', cause: 'aws-failing', mayHaveHappened: true };
  return { kind: 'shape', meaning: 'an answer that no AWS model declares' };
}

/** Own properties only: an error may be named `constructor`. */
function row(rows: Readonly<Record<string, Judgement>>, name: string): Judgement | undefined {
  return Object.hasOwn(rows, name) ? rows[name] : undefined;
}

function factsOf(error: unknown): Facts {
  if (typeof error !== 'object' || error === null)
    return { name: 'Error', code: '', message: String(error), status: 0 };
  const metadata = '$metadata' in error ? error.$metadata : undefined;
  const status =
    typeof metadata === 'object' && metadata !== null && 'httpStatusCode' in metadata
      ? metadata.httpStatusCode
      : 0;
  return {
    name: 'name' in error && typeof error.name === 'string' ? error.name : 'Error',
    code: 'code' in error && typeof error.code === 'string' ? error.code : '',
    message: 'message' in error && typeof error.message === 'string' ? error.message : '',
    status: typeof status === 'number' ? status : 0,
  };
}

/** Randomness and waiting, passed in. */
export interface Pacing {
  readonly random: () => number;
  readonly pause: (milliseconds: number, signal: AbortSignal) => Promise<unknown>;
}

/** Longest pause before the second attempt, in milliseconds. A throttled service gets more time to recover than a failing one. */
const LONGEST_PAUSE = { throttled: 1_000, otherwise: 200 };

/**
 * Makes a call at most twice: again after a random pause, if the error table says that it may help. It judges by the error's name, because
 * the status of License Manager's `RateLimitExceededException` is undocumented. `lostAnswers: 'leave'` does not repeat a call that may have
 * taken effect.
 */
export async function atMostTwice<T>(
  table: ErrorTable,
  call: () => Promise<T>,
  { random, pause }: Pacing,
  { signal, lostAnswers }: { signal: AbortSignal; lostAnswers: 'repeat' | 'leave' },
): Promise<T> {
  try {
    return await call();
  } catch (error) {
    const judgement = judge(table, error);
    if (judgement.kind !== 'retry' || signal.aborted) throw error;
    if (judgement.mayHaveHappened && lostAnswers === 'leave') throw error;
    await pause(
      random() * LONGEST_PAUSE[judgement.cause === 'throttled' ? 'throttled' : 'otherwise'],
      signal,
    );
    return call();
  }
}

/** A call that is made at most twice, even if the first attempt may have taken effect. */
export function twice(table: ErrorTable, call: SignedCall, pacing: Pacing): SignedCall {
  return (operation, input, signal = new AbortController().signal) =>
    atMostTwice(table, () => call(operation, input, signal), pacing, {
      signal,
      lostAnswers: 'repeat',
    });
}
