import type { Operation } from './operation.ts';
import { acceptGrant, rejectGrant, createGrantVersion } from './operations/grant-versions.ts';
import { checkInLicense, extendLicenseConsumption } from './operations/open-checkouts.ts';
import { checkoutLicense } from './operations/checkout-license.ts';
import { createGrant, deleteGrant } from './operations/create-delete-grant.ts';
import { createLicenseVersion } from './operations/create-license-version.ts';
import { createLicense, deleteLicense } from './operations/create-delete-license.ts';
import { getGrant, listDistributedGrants, listReceivedGrants } from './operations/read-grants.ts';
import {
  getLicenseUsage,
  getLicense,
  listLicenseVersions,
  listLicenses,
} from './operations/read-licenses.ts';
import { listReceivedLicenses } from './operations/list-received-licenses.ts';

/** The operations of License Manager's API that the stand-in knows. */
export const OPERATIONS: readonly Operation[] = [
  acceptGrant,
  checkInLicense,
  checkoutLicense,
  createGrant,
  createGrantVersion,
  createLicense,
  createLicenseVersion,
  deleteGrant,
  deleteLicense,
  extendLicenseConsumption,
  getGrant,
  getLicense,
  getLicenseUsage,
  listDistributedGrants,
  listLicenseVersions,
  listLicenses,
  listReceivedGrants,
  listReceivedLicenses,
  rejectGrant,
];
