import type { Operation } from './operation.ts';
import { acceptGrant, createGrantVersion } from './operations/grant-versions.ts';
import { checkInLicense } from './operations/check-in-license.ts';
import { checkoutLicense } from './operations/checkout-license.ts';
import { createGrant, deleteGrant } from './operations/create-delete-grant.ts';
import { createLicenseVersion } from './operations/create-license-version.ts';
import { createLicense, deleteLicense } from './operations/create-delete-license.ts';
import { listDistributedGrants } from './operations/list-distributed-grants.ts';
import {
  getLicenseUsage,
  getLicense,
  listLicenseVersions,
  listLicenses,
} from './operations/read-licenses.ts';
import { listReceivedLicenses } from './operations/list-received-licenses.ts';

/** The operations of License Manager's API that the watcher, its commands and the scenarios call. */
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
  getLicense,
  getLicenseUsage,
  listDistributedGrants,
  listLicenseVersions,
  listLicenses,
  listReceivedLicenses,
];
