import { refuse } from './errors.ts';
import type { Call } from './operation.ts';
import type {
  ConsumptionConfiguration,
  Entitlement,
  LicenseMetadata,
  LicenseStatus,
} from './shapes.ts';
import type { LicenseVersion } from './state.ts';
import { readTime } from './times.ts';

/** The input that CreateLicense and CreateLicenseVersion have in common. */
export interface TermsInput {
  readonly LicenseName: string;
  readonly ProductName: string;
  readonly Issuer: { readonly Name: string; readonly SignKey?: string | undefined };
  readonly Validity: { readonly Begin: string; readonly End?: string | undefined };
  readonly Entitlements: readonly Entitlement[];
  readonly ConsumptionConfiguration: ConsumptionConfiguration;
  readonly LicenseMetadata?: LicenseMetadata | undefined;
}

/**
 * Reads the terms of a license. It is inference that AWS enforces the model's sentences ("Use only if the unit is None"), and under which
 * error: ValidationException is the one that both operations declare.
 */
export function licenseVersion(
  input: TermsInput,
  { status, version, now }: { status: LicenseStatus; version: string; now: number },
): LicenseVersion {
  const begin = readTime(input.Validity.Begin, 'validity.begin');
  const end =
    input.Validity.End === undefined ? undefined : readTime(input.Validity.End, 'validity.end');
  if (end !== undefined && end <= begin) {
    refuse(
      'ValidationException',
      `Validity ends (${input.Validity.End ?? ''}) before it begins (${input.Validity.Begin})`,
    );
  }
  checkEntitlements(input.Entitlements);
  checkConsumption(input.ConsumptionConfiguration);
  return {
    version,
    licenseName: input.LicenseName,
    productName: input.ProductName,
    issuer: { name: input.Issuer.Name, signKey: input.Issuer.SignKey },
    status,
    begin,
    end,
    entitlements: input.Entitlements,
    consumption: input.ConsumptionConfiguration,
    metadata: input.LicenseMetadata,
    since: now,
  };
}

/** The next version. The first is "1", as for grants (C); the following ones depend on a switch. */
export function nextVersion(versions: readonly LicenseVersion[], { world }: Call): string {
  return world.switches.versionAfterAmendment === 'opaque'
    ? world.ids('version').slice(0, 12)
    : String(versions.length + 1);
}

function checkEntitlements(entitlements: readonly Entitlement[]): void {
  const names = new Set<string>();
  for (const { Name, Unit, Value, MaxCount } of entitlements) {
    if (names.has(Name)) refuse('ValidationException', `Entitlement '${Name}' is given twice`);
    names.add(Name);
    if (Unit === 'None' && MaxCount !== undefined) {
      refuse(
        'ValidationException',
        `Entitlement '${Name}' has unit None: it has a Value, not a MaxCount`,
      );
    }
    if (Unit !== 'None' && Value !== undefined) {
      refuse(
        'ValidationException',
        `Entitlement '${Name}' has unit ${Unit}: it has a MaxCount, not a Value`,
      );
    }
    if (MaxCount !== undefined && MaxCount < 0) {
      refuse(
        'ValidationException',
        `MaxCount of entitlement '${Name}' is ${MaxCount}: it must not be negative`,
      );
    }
  }
}

function checkConsumption({
  ProvisionalConfiguration,
  BorrowConfiguration,
}: ConsumptionConfiguration): void {
  for (const configuration of [ProvisionalConfiguration, BorrowConfiguration]) {
    if (configuration !== undefined && configuration.MaxTimeToLiveInMinutes < 1) {
      refuse(
        'ValidationException',
        `MaxTimeToLiveInMinutes is ${configuration.MaxTimeToLiveInMinutes}: it must be at least 1`,
      );
    }
  }
}
