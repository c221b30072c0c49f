/**
 * What AWS does not document, as named switches: each with its possible positions, the default first. The product must
 * behave in every position of every switch. Grades of evidence: A AWS's model or documentation, B an AWS sample,
 * C a field report or someone's production code, I inference, U unknown.
 */
export const SWITCHES = {
  // Checking out

  /** No license for SKU and fingerprint. U; clients in the field treat both names as "no" (C). */
  checkoutWithoutLicense: ['NoEntitlementsAllowedException', 'ResourceNotFoundException'],
  /** The license is past its end or has status EXPIRED. U; in no document or issue. */
  checkoutOfEnded: ['NoEntitlementsAllowedException', 'ResourceNotFoundException'],
  /** The validity begins later, or the status is PENDING_AVAILABLE. U. */
  checkoutBeforeBegin: ['NoEntitlementsAllowedException', 'ResourceNotFoundException'],
  /** Status SUSPENDED. U. */
  checkoutOfSuspended: ['NoEntitlementsAllowedException', 'ResourceNotFoundException'],
  /** Status DEACTIVATED. U. */
  checkoutOfDeactivated: ['NoEntitlementsAllowedException', 'ResourceNotFoundException'],
  /** Status DELETED or PENDING_DELETE. U. */
  checkoutOfDeleted: ['NoEntitlementsAllowedException', 'ResourceNotFoundException'],
  /** The grant is DISABLED or not accepted. U. */
  checkoutWithInactiveGrant: [
    'NoEntitlementsAllowedException',
    'ResourceNotFoundException',
    'AccessDeniedException',
  ],
  /** The grant's AllowedOperations lack CheckoutLicense. U. */
  checkoutNotGranted: ['AccessDeniedException', 'NoEntitlementsAllowedException'],
  /**
   * The same client token with the same parameters. "To ensure idempotency" (A) says no more. How long AWS remembers it is U: a day here.
   */
  clientTokenReplay: ['same-checkout', 'new-checkout'],
  /** The same client token with other parameters. U; the API has no IdempotentParameterMismatch (A). */
  clientTokenMismatch: ['InvalidParameterValueException', 'same-checkout', 'new-checkout'],
  /** `Value: "0"`. U; "if you specify an unlimited capability, the quantity is zero" (A) holds in both positions. */
  zeroValue: ['as-omitted', 'InvalidParameterValueException'],
  /** A counted entitlement without `Value`. U. */
  countedWithoutValue: ['InvalidParameterValueException', 'one-unit'],
  /** Several usable licenses of one SKU and fingerprint. "Currently the most recent" (C: aws/aws-sdk 506). */
  severalLicenses: ['most-recent', 'first', 'any-that-can-serve'],
  /**
   * What the answer of a successful checkout holds. AWS's samples show what was asked for (A); field code checks the list before it
   * believes it (C). Whether a success can be empty, or name something else, is U.
   */
  checkoutAnswer: [
    'as-asked',
    'EntitlementsAllowed-empty',
    'EntitlementsAllowed-other-name',
    'LicenseArn-other',
  ],
  /** Whether Marketplace's checkouts carry a SignedToken. U; no code in the field verifies it. */
  signedToken: ['absent', 'present'],

  // Checking in

  /** Check-in of an entitlement with AllowCheckIn false, or of a PERPETUAL checkout. U. `accepted` returns no unit of the latter. */
  checkInNotAllowed: ['ConflictException', 'InvalidParameterValueException', 'accepted'],
  /** Check-in of a checkout that was checked in or ran out. U. */
  checkInTwice: ['ResourceNotFoundException', 'ConflictException', 'accepted'],

  // Reading

  /** Wire format of Validity.Begin and End: no capture shows it. U. */
  validityFormat: ['iso-z', 'iso-zoneless', 'iso-offset', 'epoch-seconds'],
  /** CreateTime: "ISO 8601" in the model (A), a string of epoch seconds on the wire (B, C). */
  createTimeFormat: ['epoch-seconds', 'iso-z'],
  /** What follows License.Version "1". An unconstrained string (A); U. */
  versionAfterAmendment: ['increments', 'opaque'],
  /** Status shown past Validity.End: whether and how soon AWS says EXPIRED is U. */
  statusAfterEnd: ['EXPIRED', 'AVAILABLE'],
  /** Status shown before Validity.Begin. U. */
  statusBeforeBegin: ['AVAILABLE', 'PENDING_AVAILABLE'],
  /** How an unlimited counted entitlement is shown. U. */
  unlimitedShape: ['MaxCount-omitted', 'MaxCount-zero'],
  /** May a grantee call ListLicenseVersions? AWS lists it among the seller's permissions (A); U. */
  granteeListsVersions: ['AccessDeniedException', 'allowed'],
  /** May a grantee call GetLicenseUsage? Rancher and Grafana tell buyers to grant it (C). */
  granteeReadsUsage: ['allowed', 'AccessDeniedException'],
  /** Open unit None checkouts in GetLicenseUsage. U. */
  noneInUsage: ['zero', 'counted', 'not-listed'],
  /** How long a new license stays invisible to its grantee: 1 to 2 minutes seen (B, C). */
  newLicenseVisible: ['at-once', 'after-2-minutes'],
  /** Reads after a new version: replication lag is U. Stale: for 20 minutes some reads answer with the version before. */
  readsAfterUpdate: ['fresh', 'stale-for-20-minutes'],
  /** The list, compared with GetLicense, after a new version. U. Behind: for 20 minutes it has the version before, or only its terms. */
  listAfterUpdate: [
    'as-GetLicense',
    'version-behind-for-20-minutes',
    'terms-behind-for-20-minutes',
  ],
  /** An empty page with a NextToken is not the end of a list (C). */
  firstPage: ['full', 'empty'],
  /** Deleted licenses, and those whose grant was deleted, in the list of received ones. Readable for six months (A); whether listed is U. */
  deletedInLists: ['listed', 'not-listed'],
  /** The answer to an unknown ARN if ResourceNotFoundException is not declared (GetLicense and others). U. */
  unknownArn: [
    'InvalidParameterValueException',
    'ResourceNotFoundException',
    'AccessDeniedException',
    'ValidationException',
  ],

  // Granting, deleting

  /** A new grant passes through PENDING_WORKFLOW: seconds in the field (C), hours or days for an organization's (B). */
  grantWorkflow: ['at-once', 'one-minute'],
  /** DeleteLicense's Status (both declared, A). */
  deletion: ['DELETED', 'PENDING_DELETE'],

  // Errors

  /** Throttling: 429 by its trait (A); an SDK retries by itself only with 429 (measured). */
  throttleStatus: ['429', '400'],
  /** HTTP status of the other client errors: the trait's (A), or 400 as JSON 1.1 services commonly answer. U. */
  errorStatus: ['declared', 'always-400'],
  /** The name of IAM's denial: the field shows the first (C), the model describes the second as such (A). */
  iamDenial: ['AccessDeniedException', 'AuthorizationException'],
} as const;

export type SwitchName = keyof typeof SWITCHES;
export type Switches = { [Name in SwitchName]: (typeof SWITCHES)[Name][number] };

/** Every switch in its first position, except the given ones. Throws for a switch or position that does not exist. */
export function setSwitches(given: Partial<Switches> = {}): Switches {
  const chosen = new Map<string, string>(Object.entries(given));
  for (const [name, position] of chosen) {
    const positions = (SWITCHES as Readonly<Record<string, readonly string[] | undefined>>)[name];
    if (positions === undefined) {
      throw new Error(
        `the stand-in has no switch "${name}"; its switches are ${Object.keys(SWITCHES).join(', ')}`,
      );
    }
    if (!positions.includes(position)) {
      throw new Error(
        `switch ${name} has no position "${position}"; it has ${positions.join(', ')}`,
      );
    }
  }
  const first = Object.entries(SWITCHES).map(([name, positions]) => [name, positions[0]]);
  return { ...(Object.fromEntries(first) as Switches), ...given };
}
