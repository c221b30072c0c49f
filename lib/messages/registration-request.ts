import * as z from 'zod/mini';
import { accountId } from './primitives.ts';

// What register-buyer is asked. Apart from the answers, which it need not parse: they would be weight in its bundle.

const format = z.literal(1);

/** The verification of a buyer stack for a buyer who has role and topic, and no such stack. */
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
