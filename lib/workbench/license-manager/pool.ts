import type { Entitlement } from './shapes.ts';
import { currentVersion } from './state.ts';
import type { Checkout, License, World } from './state.ts';
import { MINUTE } from './times.ts';

/** All grantees of a license share one pool. Provisional units return by themselves, drawn ones never do. */

/** The checkouts of a license that still hold something or, for unit None, are open. */
export function openCheckouts(license: License, now: number): readonly Checkout[] {
  for (const checkout of license.open) {
    if (now >= checkout.expiresAt) license.open.delete(checkout);
  }
  return [...license.open];
}

/** The units of one entitlement in use: those held and those drawn. */
export function consumed(license: License, name: string, now: number): number {
  const held = openCheckouts(license, now).reduce(
    (sum, { taken }) => sum + (taken.get(name) ?? 0),
    0,
  );
  return held + (license.drawn.get(name) ?? 0);
}

/** True if `units` more may be taken. No MaxCount: unlimited. */
export function hasCapacity(
  license: License,
  { Name, MaxCount, Overage }: Entitlement,
  units: number,
  now: number,
): boolean {
  return (
    MaxCount === undefined || Overage === true || consumed(license, Name, now) + units <= MaxCount
  );
}

export function take(checkout: Checkout, world: World, now: number): void {
  forgetReturned(world, now);
  world.checkouts.set(checkout.token, checkout);
  const { license } = checkout;
  if (checkout.type === 'PROVISIONAL') {
    license.open.add(checkout);
    return;
  }
  for (const [name, units] of checkout.taken)
    license.drawn.set(name, (license.drawn.get(name) ?? 0) + units);
}

export function giveBack(checkout: Checkout): void {
  checkout.returned = true;
  checkout.license.open.delete(checkout);
}

/** Milliseconds of a provisional checkout. Undefined: the license has no provisional configuration. */
export function timeToLive(license: License): number | undefined {
  const minutes =
    currentVersion(license).consumption.ProvisionalConfiguration?.MaxTimeToLiveInMinutes;
  return minutes === undefined ? undefined : minutes * MINUTE;
}

/** Forgets what ended after a day, so that a year of checks does not pile up tokens. */
function forgetReturned(world: World, now: number): void {
  for (const [token, { issuedAt, expiresAt, returned }] of world.checkouts) {
    if (now - issuedAt < 24 * 60 * MINUTE) return;
    if (returned || now >= expiresAt) world.checkouts.delete(token);
  }
}
