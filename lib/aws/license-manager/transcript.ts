import type { Call } from '../../messages/requests.ts';
import { errorName } from '../judge.ts';
import { AwsError, type SignedCall } from '../signed-call.ts';
import { cleanText } from '../../domain/outside-text.ts';
import type { Members } from '../protocols.ts';

/** One call to AWS, for a person to read afterwards. It holds no secret. */
type RecordedCall = Omit<Call, 'productId'>;

export interface Transcript {
  /** Returns a `SignedCall` that also records each call. `service` is IAM's name of the service. */
  readonly recording: (service: string, call: SignedCall) => SignedCall;
  /** Returns what was recorded since the last `take`, in the order in which the calls ended. */
  readonly take: () => readonly RecordedCall[];
}

/** `now`: epoch milliseconds. */
export function startTranscript(now: () => number): Transcript {
  let recorded: RecordedCall[] = [];
  return {
    recording: (service, call) => async (operation, input, signal) => {
      const began = now();
      const note = (outcome: Pick<RecordedCall, 'requestId' | 'fact' | 'error'>) =>
        recorded.push({
          service,
          operation,
          startedAt: new Date(began).toISOString(),
          milliseconds: Math.round(now() - began),
          ...outcome,
        });
      try {
        const answer = await call(operation, input, signal);
        const { members, requestId } = answer;
        note({
          requestId: cleanId(requestId),
          fact: factOf(operation, input, members),
          error: null,
        });
        return answer;
      } catch (error) {
        const failure = {
          name: errorName(error),
          message: error instanceof Error ? cleanText(error.message, 400) : '',
        };
        const requestId = error instanceof AwsError ? error.$metadata.requestId : null;
        note({ requestId: cleanId(requestId), fact: null, error: failure });
        throw error;
      }
    },
    take: () => {
      const taken = recorded;
      recorded = [];
      return taken;
    },
  };
}

function cleanId(requestId: string | null): string | null {
  return requestId === null ? null : cleanText(requestId, 100);
}

/**
 * What a call answered, in a few words; null if nothing is worth a word. Each word is chosen here, so that an ExternalId, a session's keys
 * or a consumption token stays out. The answers are unparsed.
 */
const FACTS: Readonly<Record<string, (input: Members, output: Members) => string | null>> = {
  AssumeRole: (_, { AssumedRoleUser }) => text(membersOf(AssumedRoleUser)['Arn']),
  ListReceivedLicenses: (_, page) => listed(page, 'license'),
  GetLicense: (_, { License }) => {
    const { Version, Status, Validity } = membersOf(License);
    const end = text(membersOf(Validity)['End']);
    return [
      `version ${text(Version) ?? '?'}`,
      text(Status) ?? '?',
      end === null ? 'no end' : `ends ${end}`,
    ].join(', ');
  },
  ListLicenseVersions: (_, page) => listed(page, 'version'),
  GetLicenseUsage: (_, { LicenseUsage }) =>
    counted(membersOf(LicenseUsage)['EntitlementUsages'], 'entitlement'),
  CheckoutLicense: ({ Entitlements }, { EntitlementsAllowed, LicenseConsumptionToken }) => {
    const asked = namesIn(Entitlements);
    const got = namesIn(EntitlementsAllowed);
    const what =
      got === asked ? got : `${got === '' ? 'nothing' : got} where ${asked} was asked for`;
    return `checked out ${what}, token ${tail(LicenseConsumptionToken)}`;
  },
  CheckInLicense: ({ LicenseConsumptionToken }) =>
    `returned token ${tail(LicenseConsumptionToken)}`,
};

export function factOf(operation: string, input: object, output: object): string | null {
  return FACTS[operation]?.(membersOf(input), membersOf(output)) ?? null;
}

/** The end of a token, which is the only handle to a checkout: the end tells two tokens apart and opens nothing. */
function tail(token: unknown): string {
  if (typeof token !== 'string') return '(none)';
  return token.length < 12 ? '(short)' : `...${cleanText(token.slice(-4), 4)}`;
}

/** An empty string is no token: it ends the list, as in `readLicenses`. */
function listed({ Licenses, NextToken }: Members, what: string): string {
  const isLast = NextToken === undefined || NextToken === null || NextToken === '';
  return `${counted(Licenses, what)}${isLast ? '' : ', more to come'}`;
}

function counted(list: unknown, what: string): string {
  const { length } = listOf(list);
  return `${length} ${what}${length === 1 ? '' : 's'}`;
}

function namesIn(list: unknown): string {
  return listOf(list)
    .map((each) => text(membersOf(each)['Name']) ?? '?')
    .join(', ');
}

function listOf(list: unknown): readonly unknown[] {
  return Array.isArray(list) ? (list as readonly unknown[]) : [];
}

function membersOf(value: unknown): Members {
  return typeof value === 'object' && value !== null ? (value as Members) : {};
}

function text(value: unknown): string | null {
  return typeof value === 'string' ? cleanText(value, 120) : null;
}
