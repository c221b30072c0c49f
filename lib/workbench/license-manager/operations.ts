import type { Operation } from './operation.ts';
import { acceptGrant, rejectGrant } from './operations/answer-grant.ts';
import { checkInLicense } from './operations/check-in-license.ts';
import { checkoutLicense } from './operations/checkout-license.ts';
import { createGrantVersion } from './operations/create-grant-version.ts';
import { createGrant } from './operations/create-grant.ts';
import { createLicenseVersion } from './operations/create-license-version.ts';
import { createLicense } from './operations/create-license.ts';
import { deleteGrant } from './operations/delete-grant.ts';
import { deleteLicense } from './operations/delete-license.ts';
import { extendLicenseConsumption } from './operations/extend-license-consumption.ts';
import { getGrant, listDistributedGrants, listReceivedGrants } from './operations/read-grants.ts';
import { getLicenseUsage } from './operations/get-license-usage.ts';
import { getLicense, listLicenseVersions, listLicenses } from './operations/read-licenses.ts';
import { listReceivedLicenses } from './operations/list-received-licenses.ts';

/** What the stand-in knows of License Manager's API. */
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
