export interface EntitlementTerms {
  readonly Name: string;
  readonly Unit: string;
  readonly Value?: string;
  readonly MaxCount?: number;
  readonly Overage?: boolean;
  readonly AllowCheckIn?: boolean;
}

/** The members of CreateLicense that change in a license's life. */
export interface Terms {
  readonly begin: string;
  readonly end: string | undefined;
  readonly entitlements: readonly EntitlementTerms[];
}

export interface IssuedLicense {
  readonly licenseArn: string;
  readonly grantArn: string;
  readonly productSku: string;
  readonly buyerAccountId: string;
  readonly grantStatus: 'PENDING_ACCEPT' | 'ACTIVE' | 'DISABLED';
  readonly terms: Terms;
}
