import * as z from 'zod/mini';
import { accountId } from './primitives.ts';

// Requests to register-buyer. Apart from the answers, which it need not parse: they would add weight to its bundle.

const format = z.literal(1);

/** Verify a buyer as a buyer stack's registration does, if the buyer has role and topic but no such stack. */
const registerRequest = z.object({
  format,
  request: z.literal('register'),
  buyerAccountId: accountId,
  roleArn: z.string().check(z.maxLength(512)),
  noticeTopicArn: z.string().check(z.maxLength(512)),
  probe: z.boolean(),
  shareUsage: z.boolean(),
});

/** Try all permissions of a registered buyer, one by one, and change nothing. */
const selfTestRequest = z.object({
  format,
  request: z.literal('self-test'),
  buyerAccountId: accountId,
});

export const registrationRequest = z.discriminatedUnion('request', [
  registerRequest,
  selfTestRequest,
]);

export type RegisterRequest = z.infer<typeof registerRequest>;
export type SelfTestRequest = z.infer<typeof selfTestRequest>;
