/**
 * The version of the buyer's template that first grants a permission. A stack older than that does not lack it by the
 * buyer's fault: it is not granted yet, so it is not asked for, and nobody is called blind.
 */
const GRANTED_SINCE = { CheckoutLicense: 1, CheckInLicense: 1, GetLicenseUsage: 1 } as const;

export type OptionalPermission = keyof typeof GRANTED_SINCE;

export function isGranted(permission: OptionalPermission, templateVersion: number): boolean {
  return templateVersion >= GRANTED_SINCE[permission];
}
