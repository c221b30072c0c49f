import * as z from 'zod/mini';
import { cloudFormationRequest } from './cloudformation-request.ts';
import { accountId } from './primitives.ts';

/**
 * The seller's `revoke` asks for the watch to be ended. Whoever forges it gains nothing: it is acted on only where the
 * buyer's profile already says `revoked`.
 */
export const revocation = z.object({ format: z.literal(1), kind: z.literal('revoked'), buyerAccountId: accountId });

/** A message of the registration queue. Anyone may publish to the topic that feeds it. */
export const registrationMessage = z.union([cloudFormationRequest, revocation]);

export type Revocation = z.infer<typeof revocation>;
export type RegistrationMessage = z.infer<typeof registrationMessage>;
