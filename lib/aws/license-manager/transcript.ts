import { errorName } from '../judge.ts';
import { oneLine } from '../one-line.ts';
import { factOf } from './facts.ts';

/** One call to AWS as a person reads it afterwards: nothing in it that opens anything. */
export interface HeardCall {
  /** As IAM names it: `sts`, `license-manager`. */
  readonly service: string;
  readonly operation: string;
  readonly startedAt: string;
  readonly milliseconds: number;
  readonly requestId: string | null;
  readonly fact: string | null;
  readonly error: { readonly name: string; readonly message: string } | null;
}

/** Of the SDK's middleware what we use: its own types belong to a package that we do not depend on. */
interface Context {
  readonly clientName?: string;
  readonly commandName?: string;
}

export interface Transcript {
  /** For the `initialize` step of a client: it hears each attempt, as our clients make one per command. */
  readonly middleware: <
    Args extends { readonly input: object },
    Result extends { readonly output: object },
  >(
    next: (args: Args) => Promise<Result>,
    context: Context,
  ) => (args: Args) => Promise<Result>;
  /** What was heard since this was asked last, in the order in which it ended. */
  readonly take: () => readonly HeardCall[];
}

export const HEARING = { step: 'initialize', name: 'licenseWatcherTranscript' } as const;

const SERVICES: Readonly<Record<string, string>> = {
  STSClient: 'sts',
  LicenseManagerClient: 'license-manager',
};

/** `now`: epoch milliseconds. */
export function startTranscript(now: () => number): Transcript {
  let heard: HeardCall[] = [];
  return {
    middleware: (next, { clientName = '', commandName = '' }) => {
      const service = SERVICES[clientName] ?? clientName;
      const operation = commandName.replace(/Command$/, '');
      return async (args) => {
        const began = now();
        const note = (outcome: Pick<HeardCall, 'requestId' | 'fact' | 'error'>) =>
          heard.push({
            service,
            operation,
            startedAt: new Date(began).toISOString(),
            milliseconds: Math.round(now() - began),
            ...outcome,
          });
        try {
          const result = await next(args);
          note({
            requestId: requestIdOf(result.output),
            fact: factOf(operation, args.input, result.output),
            error: null,
          });
          return result;
        } catch (error) {
          const failure = {
            name: errorName(error),
            message: error instanceof Error ? oneLine(error.message, 400) : '',
          };
          note({ requestId: requestIdOf(error), fact: null, error: failure });
          throw error;
        }
      };
    },
    take: () => {
      const taken = heard;
      heard = [];
      return taken;
    },
  };
}

function requestIdOf(answer: unknown): string | null {
  if (typeof answer !== 'object' || answer === null || !('$metadata' in answer)) return null;
  const { $metadata: metadata } = answer;
  if (typeof metadata !== 'object' || metadata === null || !('requestId' in metadata)) return null;
  return typeof metadata.requestId === 'string' ? oneLine(metadata.requestId, 100) : null;
}
