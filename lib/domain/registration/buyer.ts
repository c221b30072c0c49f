import type { Instant } from '../time.ts';

/**
 * An invitation and the buyer it became. `invited` -> `active` -> `left` -> `active`; `revoked` from anywhere. Where enrolment is
 * open: `enrolling` -> `active`, or gone.
 */
export interface Buyer {
  readonly buyerAccountId: string;
  /** The seller's alias for the account. */
  readonly name: string;
  readonly productIds: readonly string[];
  readonly status: 'invited' | 'enrolling' | 'active' | 'left' | 'revoked';
  readonly externalId: string;
  readonly invitedAt: Instant;
  /** Known once registered. */
  readonly registration: Registration | null;
  /** Where nobody invited it: its ExternalId is its stack's own. */
  readonly enrolment?: Enrolment | undefined;
}

export interface Enrolment {
  readonly since: Instant;
  /** When the next look for a license is due. Means nothing once the buyer is active. */
  readonly nextLook: Instant;
}

/** What the buyer's stack told us, or the seller for a buyer without one; after we verified it. */
export interface Registration {
  /** Null: no stack of ours; the seller registered role and topic by command. No farewell will come. */
  readonly stackId: string | null;
  readonly roleArn: string;
  readonly noticeTopicArn: string;
  /** The version of the buyer template: a permission younger than it is "not granted yet", never blind. */
  readonly templateVersion: number;
  readonly probe: boolean;
  readonly shareUsage: boolean;
  readonly registeredAt: Instant;
  /** The self-test's words, as the buyer's stack outputs show them, or would. */
  readonly selfTest: string;
}
