import { shownGrantStatus, setGrantStatus } from './grant-answer.ts';
import type { Call } from './operation.ts';
import { MARKETPLACE_ACCOUNT } from './state.ts';
import type { Grant } from './state.ts';

/** The grantee's other active grants of Marketplace licenses for the same product. */
export function rivals(grant: Grant, { world, now }: Call): readonly Grant[] {
  if (grant.license.issuerAccountId !== MARKETPLACE_ACCOUNT) return [];
  return (world.grantsByGrantee.get(grant.granteeAccountId) ?? []).filter(
    (other) =>
      other !== grant &&
      other.license.issuerAccountId === MARKETPLACE_ACCOUNT &&
      other.license.productSku === grant.license.productSku &&
      shownGrantStatus(other, now) === 'ACTIVE',
  );
}

/** "This action will also replace their previously activated grants with this activated grant" (A). */
export function disableOthers(grant: Grant, call: Call): void {
  for (const other of rivals(grant, call)) {
    setGrantStatus(other, { status: 'DISABLED', statusReason: `Replaced by ${grant.arn}` });
  }
}
