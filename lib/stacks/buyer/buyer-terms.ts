/** What the resources of a buyer's stack are made with: parameters of the buyer template, or what a seller's own stack says. */
export interface BuyerTerms {
  readonly watcherAccountId: string;
  readonly deployment: string;
  readonly externalId: string;
  /** Empty: nobody. */
  readonly noticeEmail: string;
  /** `yes` or `no`, where it is known before the deployment. */
  readonly probe: string;
  readonly shareUsage: string;
  /** Empty: none. */
  readonly permissionsBoundary: string;
}
