import { refuse } from './errors.ts';
import type { Call } from './operation.ts';
import { hasCapacity } from './pool.ts';
import type { Entitlement, EntitlementData } from './shapes.ts';
import { currentVersion } from './state.ts';
import type { License } from './state.ts';

/** What a checkout gets in the answer, and takes from the pool. */
export interface Allowance {
  readonly allowed: readonly EntitlementData[];
  readonly taken: ReadonlyMap<string, number>;
}

/**
 * What a license gives for the requested entitlements. For names with unit None, the answer holds those on the license (A: send all tiers,
 * get the one owned). Counted names are all or nothing. A name with another unit than the license's counts as not on it (C). Undefined:
 * nothing.
 */
export function allowance(
  license: License,
  requested: readonly EntitlementData[],
  call: Call,
): Allowance | undefined {
  const allowed: EntitlementData[] = [];
  const taken = new Map<string, number>();
  for (const request of requested) {
    const entitlement = currentVersion(license).entitlements.find(
      ({ Name, Unit }) => Name === request.Name && Unit === request.Unit,
    );
    if (request.Unit === 'None') {
      checkNoneValue(request, call);
      if (entitlement === undefined) continue;
      allowed.push({ Name: request.Name, Value: entitlement.Value, Unit: 'None' });
      taken.set(request.Name, 0);
      continue;
    }
    const units = unitsOf(request, entitlement, call);
    // The same name twice in one request draws twice.
    const sum = units + (taken.get(request.Name) ?? 0);
    if (entitlement === undefined || !hasCapacity(license, entitlement, sum, call.now))
      return undefined;
    allowed.push({ Name: request.Name, Value: String(units), Unit: request.Unit });
    taken.set(request.Name, sum);
  }
  return allowed.length === 0 ? undefined : { allowed, taken };
}

function checkNoneValue({ Name, Value }: EntitlementData, { world }: Call): void {
  if (Value === '0' && world.switches.zeroValue === 'InvalidParameterValueException') {
    refuse(
      'InvalidParameterValueException',
      `Entitlement '${Name}' has unit None: Value '0' is not valid for it`,
    );
  }
}

function unitsOf(
  { Name, Value }: EntitlementData,
  entitlement: Entitlement | undefined,
  { world }: Call,
): number {
  const { zeroValue, countedWithoutValue } = world.switches;
  const unlimited = entitlement !== undefined && entitlement.MaxCount === undefined;
  if (Value !== undefined && !/^\d{1,15}$/.test(Value)) {
    refuse(
      'InvalidParameterValueException',
      `Value '${Value}' of entitlement '${Name}' is not a whole number`,
    );
  }
  const units = Number(Value ?? 0);
  if (units > 0 || unlimited) return units;
  if (Value !== undefined && zeroValue === 'InvalidParameterValueException') {
    refuse(
      'InvalidParameterValueException',
      `Value '0' of entitlement '${Name}' is not valid: ask for at least 1`,
    );
  }
  if (countedWithoutValue === 'one-unit') return 1;
  return refuse(
    'InvalidParameterValueException',
    `Entitlement '${Name}' is counted: its Value says how many`,
  );
}
