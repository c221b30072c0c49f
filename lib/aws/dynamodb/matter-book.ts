import * as z from 'zod/mini';
import {
  ADVISORY_STATUSES,
  CANCELLATION_STATUSES,
  type KeptMatter,
  MATTER_AUDIENCES,
  MATTER_STEPS,
  matterId,
  type MatterStep,
} from '../../domain/agreement/matter.ts';
import type { MatterBook } from '../../domain/ports.ts';
import { DAY } from '../../domain/time.ts';
import { AGREEMENTS } from '../../messages/names.ts';
import { accountId, instantText } from '../../messages/primitives.ts';
import { FORMAT, parseStored } from '../../messages/stored.ts';
import type { WatchKey } from './keys.ts';
import {
  type Attributes,
  dueItems,
  eachReadable,
  expiryOf,
  get,
  putting,
  type Tables,
  transact,
} from './table-access.ts';

/** How long a matter is kept: until long after its last event can be late. */
const KEPT = 400 * DAY;

export function dynamoDbMatterBook(tables: Tables): MatterBook {
  return {
    find: async (id) => {
      const stored = await get(tables, tables.watch, keyOf(id));
      return stored && readMatter(stored);
    },

    put: (kept, previous) => {
      const id = matterId(kept.matter);
      const item = {
        ...keyOf(id),
        ...{ format: FORMAT, ...kept },
        ...(kept.step !== null && { due: dueKey(kept.step), notBefore: kept.stepSince }),
        expiresAt: expiryOf(kept.foundAt, KEPT),
      };
      const put = putting(tables.watch, item, { revision: previous?.revision });
      return transact(tables, [put], `writing ${id} of agreements`);
    },

    waiting: (step) => eachReadable(tables, dueItems(tables, dueKey(step)), readMatter),
  };
}

/** Matters lie beside the progress of the reading of agreements: there are few of them. */
function keyOf(id: string): WatchKey {
  return { buyer: AGREEMENTS, record: id };
}

/** A key of the index of what is due; no notice and no agreement has such a key. */
function dueKey(step: MatterStep): string {
  return `due#matter#${step}`;
}

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

function readMatter(stored: Attributes): KeptMatter {
  return parseStored(storedMatter, stored, `the item ${String(stored['record'])} of agreements`);
}
