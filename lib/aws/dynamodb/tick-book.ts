import * as z from 'zod/mini';
import type { Fleet } from '../../domain/check/decision.ts';
import { worstOf } from '../../domain/check/blindness.ts';
import type {
  FailedOwner,
  SellerMail,
  TickBook,
  ToldOfBuyer,
  ToldTicks,
} from '../../domain/ports.ts';
import { DAY, type Instant } from '../../domain/time.ts';
import { SWEEPS } from '../../messages/names.ts';
import { instantText } from '../../messages/primitives.ts';
import { FORMAT, parseStored } from '../../messages/stored.ts';
import type { WatchKey } from './keys.ts';
import {
  expiryOf,
  get,
  updating,
  query,
  readable,
  type Attributes,
  type Tables,
} from './table-access.ts';

/** How long a mark stays readable, so that people can see how the last days' sweeps went. */
const KEPT = 7 * DAY;

/** The attributes of a mark that say which mail the seller was sent. */
const TOLD = {
  tick: 'digestTold',
  'daily-digest': 'dailyDigestTold',
} as const satisfies Readonly<Record<SellerMail, string>>;

const PIPELINE_TOLD = 'pipelineTold';

/** What was told about buyers, and to whom: an item beside the marks, of no tick. */
const TOLD_OF_BUYERS = { buyer: SWEEPS, record: 'told-of-buyers' };

const storedToldOfBuyers = z.object({
  told: z.array(z.object({ to: z.string(), key: z.string(), at: instantText })),
}) satisfies z.ZodMiniType<{ told: readonly ToldOfBuyer[] }>;

/** To which owners the last mail failed: an item beside the marks, of no tick. */
const FAILED_OWNERS = { buyer: SWEEPS, record: 'failed-owners' };

const storedFailedOwners = z.object({
  failed: z.array(z.object({ owner: z.string(), at: instantText })),
}) satisfies z.ZodMiniType<{ failed: readonly FailedOwner[] }>;

/** What the seller was told of a tick. A function that begins no sweep has only this in its bundle. */
export function dynamoDbToldTicks(tables: Tables): ToldTicks {
  return {
    isTold: async (tick, what) =>
      (await get(tables, tables.watch, key(tick)))?.[TOLD[what]] === true,

    told: async (tick, what) => {
      await mark(tables, tick, { [TOLD[what]]: true });
    },

    toldPipelineTo: async (tick) => {
      const told: unknown = (await get(tables, tables.watch, key(tick)))?.[PIPELINE_TOLD];
      return Array.isArray(told) ? told.map(String) : [];
    },

    pipelineTold: async (tick, to, already) => {
      await mark(tables, tick, { [PIPELINE_TOLD]: [...already, to] });
    },

    toldOfBuyers: async () => {
      const stored = await get(tables, tables.watch, TOLD_OF_BUYERS);
      return stored === undefined
        ? []
        : parseStored(storedToldOfBuyers, stored, 'what was told about buyers').told;
    },

    failedOwners: async () => {
      const stored = await get(tables, tables.watch, FAILED_OWNERS);
      return stored === undefined
        ? []
        : parseStored(storedFailedOwners, stored, 'whose mails failed').failed;
    },

    keepFailedOwners: async (failed) => {
      await tables.call('UpdateItem', {
        TableName: tables.watch,
        Key: FAILED_OWNERS,
        ...updating({ format: FORMAT, failed }),
      });
    },

    keepToldOfBuyers: async (told) => {
      await tables.call('UpdateItem', {
        TableName: tables.watch,
        Key: TOLD_OF_BUYERS,
        ...updating({ format: FORMAT, told }),
      });
    },
  };
}

export function dynamoDbTickBook(tables: Tables): TickBook {
  return {
    ...dynamoDbToldTicks(tables),

    startSweep: async (tick, buyers) => {
      const stored = await mark(tables, tick, { buyers });
      // Asking for all again is harmless.
      const started = stored && readable(stored, readSweep, tables.unreadable);
      return started?.askedUpTo ?? null;
    },

    askedUpTo: async (tick, place) => {
      await mark(tables, tick, { askedUpTo: place });
    },

    lastSweep: async (before) => {
      for await (const { tick, buyers } of sweeps(before))
        if (tick !== before) return { tick, buyers };
      return undefined;
    },

    countFailure: async (tick) => {
      const change = updating(attributes(tick));
      await tables.call('UpdateItem', {
        TableName: tables.watch,
        Key: key(tick),
        UpdateExpression: `${change.UpdateExpression} ADD #failed :one`,
        ExpressionAttributeNames: { ...change.ExpressionAttributeNames, '#failed': 'failed' },
        ExpressionAttributeValues: { ...change.ExpressionAttributeValues, ':one': 1 },
      });
      return worst(tick);
    },

    worst,
  };

  async function worst(tick: Instant): Promise<Fleet> {
    const recent: Fleet[] = [];
    for await (const { buyers, failed } of sweeps(tick)) {
      recent.push({ checks: buyers, failed });
      if (recent.length === 3) break;
    }
    return worstOf(recent);
  }

  /** The newest first. Leaves out a tick that a check or a digest has marked but no sweep has. */
  async function* sweeps(until?: string): AsyncIterable<SweepMark> {
    for await (const row of newestFirst(until)) {
      // A mark that cannot be read must not stop all sweeps for the days that it is kept.
      const sweep =
        row['buyers'] === undefined ? undefined : readable(row, readSweep, tables.unreadable);
      if (sweep !== undefined) yield sweep;
    }
  }

  /** Marks from `until` down, in small pages: few are wanted. */
  function newestFirst(until = '9'): AsyncIterable<Attributes> {
    return query(tables, {
      TableName: tables.watch,
      KeyConditionExpression: '#buyer = :sweeps AND #record BETWEEN :first AND :last',
      ExpressionAttributeNames: { '#buyer': 'buyer', '#record': 'record' },
      ExpressionAttributeValues: { ':sweeps': SWEEPS, ':first': 'tick#', ':last': `tick#${until}` },
      ScanIndexForward: false,
      ConsistentRead: true,
      Limit: 10,
    });
  }
}

/** Writes attributes of a mark. Returns the whole mark. */
async function mark(
  tables: Tables,
  tick: Instant,
  more: Attributes,
): Promise<Attributes | undefined> {
  const { Attributes: marked } = await tables.call('UpdateItem', {
    TableName: tables.watch,
    Key: key(tick),
    ...updating({ ...attributes(tick), ...more }),
    ReturnValues: 'ALL_NEW',
  });
  return marked;
}

const storedSweep = z.object({
  tick: instantText,
  /** Absent if a check or a digest of this tick came before its sweep was marked. */
  buyers: z._default(z.number(), 0),
  failed: z._default(z.number(), 0),
  /** Checks of all buyers up to this place were requested. */
  askedUpTo: z._default(z.nullable(z.string()), null),
});

type SweepMark = z.output<typeof storedSweep>;

function readSweep(stored: Attributes): SweepMark {
  return parseStored(storedSweep, stored, `the mark of sweep ${String(stored['record'])}`);
}

function key(tick: Instant): WatchKey {
  return { buyer: SWEEPS, record: `tick#${tick}` };
}

/** What every write of a mark sets. */
function attributes(tick: Instant): Attributes {
  return { tick, format: FORMAT, expiresAt: expiryOf(tick, KEPT) };
}
