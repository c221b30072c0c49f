import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dynamoDbReading } from '../../../lib/seller/aws/archive.ts';
import { dynamoDbWatchStore } from '../../../lib/seller/aws/dynamodb-watch-store.ts';
import { recordKey } from '../../../lib/aws/dynamodb/keys.ts';
import { lastSeenKey } from '../../../lib/aws/dynamodb/last-seen-book.ts';
import { sha256 } from '../../../lib/aws/text.ts';
import { placeOf, shardOf } from '../../../lib/domain/registration/place.ts';
import type { Entitlement } from '../../../lib/domain/license/contract.ts';
import { contractKey } from '../../../lib/domain/license/contract.ts';
import type { SeenUsage } from '../../../lib/domain/check/seen-usage.ts';
import { quantity } from '../../../lib/domain/license/quantity.ts';
import { instant, plus } from '../../../lib/domain/time.ts';
import { aKeptAgreement } from '../../support/agreements.ts';
import { dynoxide, type RunningEngine } from '../../support/engines.ts';
import { healthy } from '../../support/health.ts';
import { aHead, aLicense, anEntry, aDecision, aNotice } from '../../support/records.ts';
import { register } from '../../support/stored-ledger.ts';
import { Terminal } from '../../support/terminal.ts';

const [TORN, WHOLE] = ['222233334444', '111122223333'] as const;
const CONTRACT = contractKey(TORN, 'scanner');
const NOW = Date.parse('2027-01-18T10:00:00Z');
const at = instant(NOW);

const SEATS = { name: 'Seats', unit: 'Count', value: null, overage: false } as const;
const seats = { ...SEATS, maxCount: quantity(5) } as unknown as Entitlement;

if (dynoxide.missing === null)
  describe('one item that cannot be read', () => {
    let running: RunningEngine;
    let terminal: Terminal;
    let set: (table: 'watch' | 'audit', key: object, format: number) => Promise<unknown>;

    beforeAll(async () => {
      running = await dynoxide.start();
      const names = await running.createTables();
      const store = dynamoDbWatchStore(running.call, names);
      for (const buyerAccountId of [WHOLE, TORN]) await fill(buyerAccountId);
      set = (table, Key, format) =>
        running.call('UpdateItem', {
          TableName: table === 'watch' ? names.watchTableName : names.auditTableName,
          Key: { ...Key },
          UpdateExpression: 'SET #format = :format',
          ExpressionAttributeNames: { '#format': 'format' },
          ExpressionAttributeValues: { ':format': format },
        });
      terminal = new Terminal();
      terminal.now = NOW;
      terminal.agreementsSetting = 'on';
      terminal.health = () => Promise.resolve(healthy());
      const answer = { format: 1, request: 'self-test', outcome: 'refused', problem: 'refused' };
      terminal.answer = () => ({ ...answer, buyerAccountId: WHOLE, words: 'no' });
      terminal.parts = (unreadable) => ({
        ...dynamoDbWatchStore(running.call, names, unreadable),
        ...dynamoDbReading(running.call, names, unreadable),
      });

      async function fill(buyerAccountId: string): Promise<void> {
        const contract = contractKey(buyerAccountId, 'scanner');
        await register(store, {
          ...{ buyerAccountId, name: `Buyer ${buyerAccountId}`, productIds: ['scanner'] },
        });
        const head = aHead({ contract, state: [aLicense({ entitlements: [seats] })] });
        const entry = anEntry({ contract });
        const written = { text: `kept of ${buyerAccountId}`, salt: 's' };
        const decision = aDecision({
          ...{ head, entry, lastSeen: at, noteText: { contract, entry: 1, written } },
          notices: [aNotice({ contract }), aNotice({ contract, audience: 'seller' })],
        });
        expect(await store.contracts.record(decision, entry, head, undefined)).toBe(true);
        await store.lastSeen.seen(contract, at);
        const seen: SeenUsage = { contract, at, entitlements: [] };
        expect(await store.usage.put(seen, undefined)).toBe(true);
        const found = {
          ...{ buyerAccountId, registeredAt: at, topicArn: 'arn', state: 'confirmed' as const },
          ...{ since: at, addresses: [], contract: null },
        };
        expect(await store.reachability.put(found, undefined)).toBe(true);
        const agreementId = `agmt-${buyerAccountId}`;
        const kept = aKeptAgreement({}, { agreementId, buyerAccountId, productId: 'scanner' });
        expect(await store.agreements.put(kept, undefined)).toBe(true);
        const failure = { cause: 'not-decided', detail: 'odd' } as const;
        await store.contracts.failed(contract, failure, plus(at, -1_000));
      }
    });
    afterAll(() => running.stop());

    const AGREEMENT = {
      buyer: `agreements#${shardOf(placeOf(TORN, sha256))}`,
      record: `${CONTRACT}#agmt-${TORN}`,
    };
    const HEAD = recordKey('head', CONTRACT);
    const NOTE = { buyer: TORN, record: 'head-note#scanner#00000001' };
    const NOTICE = { buyer: TORN, record: 'notice#scanner#00000001#buyer' };
    const ENTRY = { contract: CONTRACT, entry: '00000001' };

    it.each<[string, 'watch' | 'audit', object, readonly string[]]>([
      [
        'the head of',
        'watch',
        HEAD,
        ['buyers', 'contracts', 'report', 'verify', 'calendar', 'doctor'],
      ],
      [
        'what was seen in use of',
        'watch',
        recordKey('usage', CONTRACT),
        ['contracts --json', 'report', `history ${TORN}`],
      ],
      [
        'the text of entry 1',
        'watch',
        NOTE,
        ['buyers', 'contracts', 'report', 'doctor', `history ${TORN}`],
      ],
      [
        'the failure of',
        'watch',
        recordKey('unrecorded', CONTRACT),
        ['buyers', 'contracts', 'report', 'doctor'],
      ],
      [
        'whether notices reach buyer',
        'watch',
        { buyer: TORN, record: 'reachability' },
        ['buyers', `buyers ${TORN}`, 'report', 'doctor'],
      ],
      [
        'was last seen',
        'watch',
        lastSeenKey(CONTRACT),
        ['buyers', 'contracts', 'report', 'doctor', 'doctor --no-buyers'],
      ],
      ['notice', 'watch', NOTICE, [`buyers ${TORN}`, `history ${TORN}`]],
      ['agmt-', 'watch', AGREEMENT, ['agreements', 'calendar', 'report', 'doctor --no-buyers']],
      [
        'entry',
        'audit',
        ENTRY,
        [
          ...['export', 'export --format csv', 'report', 'verify', 'changes --since 2y'],
          ...[`history ${TORN}`, `as-of 2027-01-18 ${TORN}`],
        ],
      ],
    ])(
      '%s: is named by every command that reads it, with exit code 1, and hides no other',
      async (words, table, key, commands) => {
        await set(table, key, 2);
        try {
          for (const command of commands) {
            expect([command, await terminal.run(...command.split(' '))]).toEqual([command, 1]);
            const page = command === 'report' ? (terminal.files.get('report.html') ?? '') : '';
            if (command === 'report')
              expect(new RegExp(`${words}.*has format 2`).test(page), 'the page names it').toBe(
                true,
              );
            expect(`${command}: ${terminal.err}${terminal.out}`).toMatch(
              new RegExp(`${words}.*has format 2`, 's'),
            );
            if (!command.includes(TORN) && !/doctor|calendar|export --format/.test(command))
              expect(`${terminal.out}${page}`).toContain(WHOLE);
          }
        } finally {
          await set(table, key, 1);
        }
      },
    );

    it('is none now, and each of these commands says so', async () => {
      for (const command of ['buyers', 'contracts', 'agreements', 'calendar', 'export', 'report'])
        expect([command, await terminal.run(command)]).toEqual([command, 0]);
    });
  });
else it.skip(`is not tested here: ${dynoxide.missing}`);
