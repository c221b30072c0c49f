import * as z from 'zod/mini';
import {
  type Agreement,
  AGREEMENT_STATUSES,
  adjustmentDeadline,
  END_TIME_BEHAVIORS,
  END_TIME_REASONS,
} from '../domain/agreement/agreement.ts';
import type { AgreementFacts } from '../domain/agreement/agreement-facts.ts';
import { endSaidOf } from '../domain/agreement/forecast.ts';
import {
  AGREEMENT_STEPS,
  AGREEMENT_TROUBLES,
  type AgreementReading,
  type KeptAgreement,
} from '../domain/agreement/kept-agreement.ts';
import type { RenewalIntent } from '../domain/agreement/renewal-intent.ts';
import { contractKey } from '../domain/license/contract.ts';
import { accountId, instantText } from './primitives.ts';
import { storedQuantity } from './stored-entry.ts';
import { FORMAT, parseStored } from './stored.ts';

const storedQuantities = z.array(
  z.object({ name: z.string(), quantity: z.nullable(storedQuantity) }),
);

const storedIncrease = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('none') }),
  z.object({ kind: z.literal('fixed'), percent: storedQuantity }),
  z.object({
    kind: z.literal('range'),
    least: storedQuantity,
    most: storedQuantity,
    otherwise: z.nullable(storedQuantity),
  }),
  z.object({ kind: z.literal('unknown') }),
]);

const storedTerms = z.nullable(
  z.object({
    renewal: z.nullable(
      z.object({
        wished: z.nullable(z.boolean()),
        lockoutDays: z.nullable(z.number()),
        adjustmentDays: z.nullable(z.number()),
        priceIncrease: storedIncrease,
        maxRenewals: z.nullable(z.number()),
      }),
    ),
    quantities: storedQuantities,
  }),
);

/** What was told about an agreement. Its intent is only compared and put into words, so it is kept as it was written. */
export const storedFacts = z.object({
  agreementId: z.string(),
  initialAgreementId: z.nullable(z.string()),
  status: z.enum(AGREEMENT_STATUSES),
  start: z.nullable(instantText),
  end: z.nullable(instantText),
  decideBy: z.nullable(instantText),
  quantities: z.nullable(storedQuantities),
  intent: z.pipe(
    z.looseObject({ kind: z.enum(['renews', 'replaced', 'expires', 'no-end', 'unknown']) }),
    z.transform((intent) => intent as unknown as RenewalIntent),
  ),
}) satisfies z.ZodMiniType<AgreementFacts>;

export const storedDisagreement = z.object({
  what: z.enum(['end', 'quantity', 'status']),
  license: z.string(),
  agreement: z.string(),
});

const storedAgreement = z.object({
  agreementId: z.string(),
  initialAgreementId: z.nullable(z.string()),
  buyerAccountId: accountId,
  productId: z.string(),
  productSku: z.string(),
  status: z.enum(AGREEMENT_STATUSES),
  start: z.nullable(instantText),
  end: z.nullable(instantText),
  updatedAt: z.nullable(instantText),
  endTimeBehavior: z.nullable(
    z.object({ type: z.enum(END_TIME_BEHAVIORS), reason: z.nullable(z.enum(END_TIME_REASONS)) }),
  ),
  offerId: z.nullable(z.string()),
  renewalOfferId: z.nullable(z.string()),
  licenseArns: z.array(z.string()),
  terms: storedTerms,
}) satisfies z.ZodMiniType<Agreement>;

const storedKept = z.object({
  foundAt: instantText,
  told: z.nullable(storedFacts),
  step: z.nullable(z.enum(AGREEMENT_STEPS)),
  stepSince: instantText,
  revision: z.number(),
});

/** The item's attributes, with computed ones that people look for: the deadlines, and what AWS says happens at the end. */
export function storeAgreement({ agreement, ...rest }: KeptAgreement) {
  const { end, ...others } = agreement;
  return {
    format: FORMAT,
    contract: contractKey(agreement.buyerAccountId, agreement.productId),
    ...others,
    // `end` is also the key of an index, which takes no null.
    ...(end !== null && { end }),
    ...endSaidOf(agreement),
    adjustBy: adjustmentDeadline(agreement),
    ...rest,
  };
}

export function readAgreement(stored: Readonly<Record<string, unknown>>): KeptAgreement {
  const what = `the agreement ${String(stored['agreementId'])} of ${String(stored['contract'])}`;
  return {
    agreement: parseStored(storedAgreement, { end: null, ...stored }, what),
    ...parseStored(storedKept, stored, what),
  };
}

/** A function, so that a bundle that reads none leaves it out. */
function storedReading(): z.ZodMiniType<AgreementReading> {
  const count = z.object({
    kept: z.number(),
    otherProducts: z.number(),
    otherSellers: z.number(),
    unreadable: z.number(),
    example: z.nullable(z.string()),
  });
  const trouble = z.nullable(
    z.object({ cause: z.enum(AGREEMENT_TROUBLES), detail: z.string(), since: instantText }),
  );
  return z.object({
    upTo: z.nullable(instantText),
    fullAt: z.nullable(instantText),
    readAt: z.nullable(instantText),
    eventAt: z.nullable(instantText),
    isFilterTaken: z.boolean(),
    found: count,
    unfinished: z.nullable(
      z.object({ startedAt: instantText, token: z.nullable(z.string()), found: count }),
    ),
    trouble,
    requests: z.object({ askedAt: z.nullable(instantText), trouble }),
    revision: z.number(),
  });
}

export function storeReading(reading: AgreementReading) {
  return { format: FORMAT, ...reading };
}

export function readReading(stored: Readonly<Record<string, unknown>>): AgreementReading {
  return parseStored(storedReading(), stored, 'how far the reading of agreements has come');
}
