import { beforeEach, describe, expect, it } from 'vitest';
import type { Filed } from '../../../../lib/seller/ledger/archive.ts';
import { anEntry } from '../../../support/records.ts';
import { Terminal } from '../../../support/terminal.ts';

/** As many items as DynamoDB may put into a page of 1 MB. */
const PAGE = 500;

const ENTRY = anEntry();

let terminal: Terminal;
let entries: number;
let read: number;
let taken: number;
/** How many entries were read and not yet taken, each time that standard output was full. */
let ahead: number[];
let isFull: boolean;
let readWhileFull: number;

beforeEach(() => {
  terminal = new Terminal();
  [read, taken, ahead, isFull, readWhileFull] = [0, 0, [], false, 0];
  terminal.archive = (inMemory) => ({
    ...inMemory,
    extent: () => Promise.resolve({ items: entries, bytes: entries * 2048 }),
    async *everything({ scanned } = {}) {
      for (let first = 1; first <= entries; first += PAGE) {
        // One page at a time, as DynamoDB hands them out.
        const page = await Promise.resolve(
          Array.from({ length: PAGE }, (_, index) => filed(first + index)),
        );
        scanned?.(PAGE);
        for (const each of page) {
          read += 1;
          if (isFull) readWhileFull += 1;
          yield each;
        }
      }
    },
  });
  terminal.drained = async () => {
    taken += terminal.out.split('\n').length - 1;
    expect(terminal.out.endsWith('\n')).toBe(true);
    terminal.out = '';
    ahead.push(read - taken);
    isFull = true;
    // Whoever reads the pipe takes a moment.
    await new Promise(setImmediate);
    isFull = false;
  };
});

function filed(entry: number): Filed {
  return { kind: 'entry', entry: { ...ENTRY, entry } };
}

describe('a long export', () => {
  it.each([
    ['jsonl', 20_000, 0],
    ['csv', 10_000, 1],
  ])('reads no further ahead than a page of what was taken: %s', async (format, count, heads) => {
    entries = count;
    expect(await terminal.run('export', '--format', format)).toBe(0);
    expect(taken).toBe(entries + heads);
    expect(ahead.length).toBeGreaterThan(20);
    expect(Math.max(...ahead)).toBeLessThanOrEqual(PAGE);
    expect(readWhileFull).toBe(0);
  });

  it('tells how far it is where somebody looks', async () => {
    entries = 1_000;
    terminal.progress = true;
    const { drained } = terminal;
    terminal.drained = () => {
      terminal.now += 1_000;
      return drained();
    };
    expect(await terminal.run('export')).toBe(0);
    expect(terminal.err).toMatch(/\r500 of about 1,000 items, \d+ s left/);
    expect(terminal.err).toMatch(/1,000 entries, 0 facts of delivery\.\n$/);
    // On a terminal that shows both, every line of data begins at the left margin.
    expect(terminal.screen).toMatch(/^\{"after"|[\n\r\u001b\[K]\{"after"/);
    expect(terminal.screen).not.toMatch(/delivery\u001b\[K\{/);
  });
});
