import { oneLine } from '../one-line.ts';

type Members = Readonly<Record<string, unknown>>;

/**
 * What a call answered, in a few words; null: nothing worth one. Each word is chosen here: whatever is not, an ExternalId, a
 * session's keys, a consumption token, stays out. The SDK passes on what stands in the JSON, whatever its types say.
 */
const FACTS: Readonly<Record<string, (input: Members, output: Members) => string | null>> = {
  AssumeRole: (_, { AssumedRoleUser }) => text(membersOf(AssumedRoleUser)['Arn']),
  ListReceivedLicenses: (_, { Licenses, NextToken }) =>
    `${counted(Licenses, 'license')}${NextToken === undefined || NextToken === null || NextToken === '' ? '' : ', more to come'}`,
  GetLicense: (_, { License }) => {
    const { Version, Status, Validity } = membersOf(License);
    const end = text(membersOf(Validity)['End']);
    return [
      `version ${text(Version) ?? '?'}`,
      text(Status) ?? '?',
      end === null ? 'no end' : `ends ${end}`,
    ].join(', ');
  },
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

/** A token is the one handle to a checkout: its end tells two apart and opens nothing. */
function tail(token: unknown): string {
  if (typeof token !== 'string') return '(none)';
  return token.length < 12 ? '(short)' : `...${oneLine(token.slice(-4), 4)}`;
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
  return typeof value === 'string' ? oneLine(value, 120) : null;
}
