import * as z from 'zod/mini';
import { cloudFormationRequest } from './cloudformation-request.ts';
import { accountId, instantText } from './primitives.ts';

/**
 * The seller's `revoke` asks for the watch to be ended. Whoever forges it gains nothing: it is acted on only where the
 * buyer's profile already says `revoked`.
 */
const revocation = z.object({
  format: z.literal(1),
  kind: z.literal('revoked'),
  buyerAccountId: accountId,
});

/**
 * register-buyer's own, delayed: look again whether an enrolling buyer owns a license. Acted on only where the buyer's profile
 * waits for a look at that very time, and not before it: whoever forges it hurries nothing and sets nothing going.
 */
const enrolmentLook = z.object({
  format: z.literal(1),
  kind: z.literal('enrolment'),
  buyerAccountId: accountId,
  at: instantText,
});

/** A message of the registration queue. Anyone may publish to the topic that feeds it. */
export const registrationMessage = z.union([cloudFormationRequest, revocation, enrolmentLook]);

export type Revocation = z.infer<typeof revocation>;
export type EnrolmentLook = z.infer<typeof enrolmentLook>;
export type RegistrationMessage = z.infer<typeof registrationMessage>;
