import { shownGrantStatus } from '../grant-answer.ts';
import { licenseAnswer, versionListed } from '../license-answer.ts';
import { operation } from '../operation.ts';
import type { Call } from '../operation.ts';
import { FILTERED, page } from '../paging.ts';
import { existingLicense, receivedGrants } from '../visibility.ts';
import { structure } from '../shape.ts';
import { ARNS } from '../shapes.ts';
import { currentGrant } from '../state.ts';
import type { Grant } from '../state.ts';

export const listReceivedLicenses = operation({
  name: 'ListReceivedLicenses',
  input: structure([], { LicenseArns: ARNS, ...FILTERED }),
  notBuilt: ['LicenseArns'],
  run: (input, call) => {
    const received = withGrantStates(call).filter((grant) => isListed(grant, call));
    const { members, NextToken } = page(received, input, call, {
      ProductSKU: ({ license }) => license.productSku,
    });
    return { Licenses: members.map((each) => grantedLicense(each, call)), NextToken };
  },
});

/** Each license is listed once, however often it was granted: by its most alive grant, and of equally alive ones the latest. */
function withGrantStates(call: Call): readonly Grant[] {
  const byLicense = new Map<string, Grant>();
  for (const grant of receivedGrants(call)) {
    const before = byLicense.get(grant.license.arn);
    if (before === undefined || liveliness(grant) >= liveliness(before))
      byLicense.set(grant.license.arn, grant);
  }
  return [...byLicense.values()];
}

function liveliness(grant: Grant): number {
  const { status } = currentGrant(grant);
  if (status === 'ACTIVE') return 2;
  return status === 'DELETED' || status === 'REJECTED' ? 0 : 1;
}

function isListed(grant: Grant, call: Call): boolean {
  if (existingLicense(grant.license.arn, call) === undefined) return false;
  const deleted = grant.license.deletedAt !== undefined || currentGrant(grant).status === 'DELETED';
  return !deleted || call.world.switches.deletedInLists === 'listed';
}

function grantedLicense(grant: Grant, call: Call): Record<string, unknown> {
  const { operations, statusReason } = currentGrant(grant);
  // The model has a license status and a grant status for a running deletion, but no received status.
  const status = shownGrantStatus(grant, call.now);
  return {
    ...licenseAnswer(grant.license, versionListed(grant.license, call), call),
    ReceivedMetadata: {
      ReceivedStatus: status === 'PENDING_DELETE' ? 'DELETED' : status,
      ReceivedStatusReason: statusReason,
      AllowedOperations: operations,
    },
  };
}
