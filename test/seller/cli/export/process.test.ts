import { once } from 'node:events';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { storeEntry } from '../../../../lib/messages/stored-entry.ts';
import { anEntry } from '../../../support/records.ts';
import { ended, SpawnedCommand } from '../../../support/spawned-command.ts';

/** A table without an end, in pages of 300 entries. */
let command: SpawnedCommand;
beforeEach(async () => {
  command = await SpawnedCommand.open();
  const Items = Array.from({ length: 300 }, (_, index) =>
    attributes(storeEntry(anEntry({ entry: index + 1 }))),
  );
  const { contract, entry } = Items[0] ?? {};
  command.answer = (operation) =>
    operation.endsWith('.Scan')
      ? { Items, Count: Items.length, LastEvaluatedKey: { contract, entry } }
      : { Table: { ItemCount: 1_000_000, TableSizeBytes: 2_000_000_000 } };
});
afterEach(() => command.close());

/** As DynamoDB's JSON has it. */
function attribute(value: unknown): object {
  if (value === null) return { NULL: true };
  if (typeof value === 'string') return { S: value };
  if (typeof value === 'number') return { N: String(value) };
  if (typeof value === 'boolean') return { BOOL: value };
  return Array.isArray(value) ? { L: value.map(attribute) } : { M: attributes(value as object) };
}
function attributes(item: object): Record<string, object> {
  return Object.fromEntries(Object.entries(item).map(([name, value]) => [name, attribute(value)]));
}

it('ends quietly with 0 when whoever reads the pipe has had enough', async () => {
  const child = command.start('export', '--local');
  const err = once(child, 'close');
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  await once(child.stdout, 'data');
  child.stdout.destroy();
  expect(await err).toEqual([0, null]);
  expect(said).toMatch(
    /^This scans the whole audit table.*1,000,000\s+items,\s+1,907.3\s+MB.*\$0.03/s,
  );
  expect(said).not.toMatch(/Error|EPIPE|license-watcher:/);
});

it('ends with whole lines and with 1 on Ctrl-C, and says that the export is incomplete', async () => {
  const child = command.start('export', '--local');
  const whole = ended(child);
  await once(child.stdout, 'data');
  child.kill('SIGINT');
  const { code, out, err } = await whole;
  expect(code).toBe(1);
  expect(err).toContain('interrupted: the export is incomplete');
  const lines = out.split('\n');
  expect(lines.pop()).toBe('');
  expect(lines.length).toBeGreaterThan(10);
  expect(lines.map((line) => (JSON.parse(line) as { contract: string }).contract)).toContain(
    '111122223333#design-suite',
  );
});
