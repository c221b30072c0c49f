import * as z from 'zod/mini';
import {
  ADVISORY_STATUSES,
  CANCELLATION_STATUSES,
  type KeptMatter,
  MATTER_AUDIENCES,
  MATTER_STEPS,
} from '../domain/agreement/matter.ts';
import { accountId, instantText } from './primitives.ts';
import { FORMAT, parseStored } from './stored.ts';

const ofAgreement = {
  agreementId: z.string(),
  buyerAccountId: z.nullable(accountId),
  productSku: z.nullable(z.string()),
  saidBy: z.enum(['event', 'list']),
};

const storedMatter = z.object({
  matter: z.discriminatedUnion('kind', [
    z.object({
      kind: z.literal('cancellation'),
      ...ofAgreement,
      requestId: z.string(),
      status: z.enum(CANCELLATION_STATUSES),
      reason: z.nullable(z.string()),
      statusMessage: z.nullable(z.string()),
      createdAt: z.nullable(instantText),
      updatedAt: z.nullable(instantText),
    }),
    z.object({
      kind: z.literal('advisory'),
      ...ofAgreement,
      status: z.enum(ADVISORY_STATUSES),
      at: z.nullable(instantText),
    }),
  ]),
  foundAt: instantText,
  told: z.record(z.enum(MATTER_AUDIENCES), z.nullable(z.string())),
  step: z.nullable(z.enum(MATTER_STEPS)),
  stepSince: instantText,
  revision: z.number(),
}) satisfies z.ZodMiniType<KeptMatter>;

export function storeMatter(kept: KeptMatter) {
  return { format: FORMAT, ...kept };
}

export function readMatter(stored: Readonly<Record<string, unknown>>): KeptMatter {
  return parseStored(storedMatter, stored, `the item ${String(stored['record'])} of agreements`);
}
