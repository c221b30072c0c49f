import * as fc from '../support/property.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dynamoDbWatchStore } from '../../lib/seller/aws/dynamodb-watch-store.ts';
import {
  parseReceived,
  parseTerms,
  ShapeError,
} from '../../lib/aws/license-manager/parse-license.ts';
import { readUsage } from '../../lib/aws/license-manager/observe.ts';
import type { License } from '../../lib/domain/license/contract.ts';
import type { WatchStore } from '../../lib/domain/ports.ts';
import { decideAndSeal, type SealedDecision } from '../../lib/domain/check/perform-check.ts';
import { link, START_OF_CHAIN } from '../../lib/domain/ledger/canonical-json.ts';
import { type Instant, plus } from '../../lib/domain/time.ts';
import { product } from '../support/contracts.ts';
import { dynamoDbLocal, dynoxide, type RunningEngine } from '../support/engines.ts';
import { aBuyer } from '../support/records.ts';
import { NOT_PROBED, seen } from '../support/observations.ts';
import { gotten, wireLicense } from '../support/wire-licenses.ts';
import { sha256 } from '../../lib/aws/text.ts';
const TICK = '2026-11-01T00:00:00Z' as Instant;

/** Texts that some store, hash or page does not take: what is behind the wire decides, not whoever wrote it. */
const oddText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom(
    '',
    '\0',
    'a\ud83d',
    '\ude00b',
    '__proto__',
    'constructor',
    '#',
    '\u2028',
    '\ufffe',
    ' ',
    'é'.repeat(300),
  ),
  fc.integer({ min: 200, max: 5_000 }).map((length) => 'ж'.repeat(length)),
);
const oddNumber = fc.oneof(
  fc.constantFrom<number | string>(
    0,
    -0,
    1,
    5.5,
    1e15,
    2 ** 53,
    '9007199254740993',
    '9223372036854775807',
    '0007',
  ),
  fc.constantFrom<number | string>(-1, NaN, 1e300, '1e3', '9'.repeat(40), `0.${'1'.repeat(40)}`),
);
const oddEnd = fc.constantFrom(
  undefined,
  '2027-02-01T00:00:00Z',
  '1801440000',
  '9999-12-31T23:59:59Z',
  '99999-01-01T00:00:00Z',
);

const wire = fc.record({
  version: oddText,
  name: oddText,
  end: oddEnd,
  entitlements: fc.array(
    fc.record({
      Name: oddText,
      Unit: fc.oneof(fc.constantFrom('Count', 'None', 'Gigabytes'), oddText),
      Value: oddText,
      MaxCount: oddNumber,
    }),
    { maxLength: 6 },
  ),
  crowd: fc.constantFrom(1, 1, 1, 300),
  arns: fc.constantFrom(1, 1, 2, 90),
});

type Wire = typeof wire extends fc.Arbitrary<infer Value> ? Value : never;

function read(one: Wire): readonly License[] | null {
  try {
    return Array.from({ length: one.arns }, (_, n) => {
      const listed = wireLicense({
        LicenseArn: `arn:aws:license-manager::294406891311:license:l-${String(n).padStart(32, '0')}`,
      });
      const Entitlements = Array.from({ length: one.crowd }, (__, k) =>
        one.entitlements.map((each) => ({
          ...each,
          Name: k === 0 ? each.Name : `${each.Name}${k}`,
        })),
      ).flat();
      const License = gotten({
        LicenseArn: listed['LicenseArn'],
        Version: one.version,
        LicenseName: one.name,
        Validity: { Begin: '1769904000', End: one.end },
        Entitlements,
      });
      return parseTerms(License, parseReceived(listed));
    });
  } catch (error) {
    if (error instanceof ShapeError) return null;
    throw error;
  }
}

it('much of what is odd is accepted: else nothing below would be tried', () => {
  const drawn = fc.sample(wire, { seed: 1, numRuns: 40 });
  expect(drawn.filter((one) => read(one) !== null).length).toBeGreaterThan(10);
});

describe.each([dynoxide, dynamoDbLocal])('what the reader accepts, on $name', (engine) => {
  if (engine.missing !== null) {
    it.skip(`is not tested here: ${engine.missing}`);
    return;
  }
  let running: RunningEngine;
  let store: WatchStore;
  beforeAll(async () => {
    running = await engine.start();
    store = dynamoDbWatchStore(running.call, await running.createTables());
  });
  afterAll(() => running.stop());

  it(
    'can be recorded, read back as it was, hashed as it was, and is steady at the next look',
    { timeout: 60_000 },
    async () => {
      let account = 300_000_000_000;
      await fc.assert(
        fc.asyncProperty(
          wire,
          wire,
          fc.array(fc.tuple(oddText, oddNumber)),
          async (first, second, used) => {
            const looks = [read(first), read(second)].filter((each) => each !== null);
            const usages = used.map(([Name, ConsumedValue]) => ({
              Name,
              Unit: 'Count',
              ConsumedValue: String(ConsumedValue),
            }));
            const getUsage = () => Promise.resolve({ EntitlementUsages: usages });
            const usage = await readUsage(
              { getUsage },
              ['arn'],
              new AbortController().signal,
              () => undefined,
            );
            const buyer = { ...aBuyer(), buyerAccountId: String((account += 1)) };
            let head = null;
            let lastSeen: Instant | null = null;
            let chain: ReturnType<typeof link> = START_OF_CHAIN;
            for (const [n, licenses] of looks.entries()) {
              const tick = plus(TICK, n * 900_000);
              const observation = seen(licenses, { probe: NOT_PROBED, usage });
              const fleet = { checks: 0, failed: 0 };
              const { decision, sealed }: SealedDecision = decideAndSeal(
                {
                  head,
                  lastSeen,
                  observation,
                  product: product(),
                  buyer,
                  now: tick,
                  tick,
                  fleet,
                  intervalMinutes: 15,
                },
                sha256,
              );
              ({ lastSeen } = decision);
              expect(
                await store.contracts.record(
                  decision,
                  sealed.entry,
                  sealed.head,
                  head ?? undefined,
                ),
              ).toBe(true);
              const stored = await store.contracts.head(sealed.head.contract);
              expect(stored).toEqual(sealed.head);
              head = stored ?? null;
              if (sealed.entry !== null) {
                const entry = await store.contracts.entry(sealed.head.contract, sealed.entry.entry);
                expect(entry).toEqual(sealed.entry);
                if ('problem' in chain) throw new Error(chain.problem);
                chain = link(chain, entry!, sha256);
                expect(chain).not.toHaveProperty('problem');
              }
            }
          },
        ),
        // Java answers a fifth as fast.
        { numRuns: engine === dynamoDbLocal ? 20 : 50 },
      );
    },
  );
});
