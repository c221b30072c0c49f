/**
 * What AWS leaves open, as named switches: each with its possible positions, the default first. The product must behave in every position.
 * Grades of evidence: A AWS's model or documentation, C a field report or someone's production code, U unknown.
 */
export const SWITCHES = {
  /** Agreements of AMI products in SearchAgreements. The model names AmiProduct (A); no capture shows one (U). */
  amiAgreements: ['listed', 'not-listed'],
  /** License Updated and Deprovisioned for AMI products: the guide speaks of "a product" (A), captures are of SaaS (C). */
  amiLicenseEvents: ['sent', 'not-sent'],
  /** `endTimeBehavior` and its type and reason: "present for every active agreement that has an end date" (A); new in 2026. */
  endTimeBehavior: ['present', 'absent'],
  /** How soon SearchAgreements shows what happened; DescribeAgreement always shows it at once. U. */
  searchIndex: ['at-once', 'ten-minutes-late'],
  /** `entitlements[].licenseArn` of a summary. "associated with the entitlement" (A); whether every product has it is U. */
  licenseArn: ['present', 'missing'],
  /** `initialAgreementId` "stays the same across all agreements in that chain" (A). */
  chain: ['kept', 'broken'],
  /** "A proposer can use any combination" (A, the client's model); the API reference lists fewer, without the newer filters (A). */
  proposerFilters: ['any-combination', 'older-combinations'],
  /** Whether a Before or After filter includes the instant itself. U. */
  timeFilters: ['exclusive', 'inclusive'],
  /** An agreement without end: null (A), or the year 9999 (C, in events). */
  noEnd: ['absent', 'year-9999'],
  /** The license of an agreement that renewed or replaced another: a new ARN (C, SaaS), or the same one amended. U for AMI and containers. */
  renewedLicense: ['new-arn', 'same-arn'],
} as const;

export type SwitchName = keyof typeof SWITCHES;
export type Switches = { [Name in SwitchName]: (typeof SWITCHES)[Name][number] };

/** Every switch in its first position, except the given ones. Throws for a switch or position that does not exist. */
export function setSwitches(given: Partial<Switches> = {}): Switches {
  for (const [name, position] of Object.entries(given)) {
    const positions = (SWITCHES as Readonly<Record<string, readonly string[] | undefined>>)[name];
    if (positions?.includes(position) !== true)
      throw new Error(
        positions === undefined
          ? `the stand-in has no switch "${name}"; its switches are ${Object.keys(SWITCHES).join(', ')}`
          : `switch ${name} has no position "${position}"; it has ${positions.join(', ')}`,
      );
  }
  const first = Object.entries(SWITCHES).map(([name, positions]) => [name, positions[0]]);
  return { ...(Object.fromEntries(first) as Switches), ...given };
}
