import { describe, expect, it } from 'vitest';
import { contractKey } from '../../../lib/domain/license/contract.ts';
import type { Instant } from '../../../lib/domain/time.ts';
import { aBuyer, aDecision, aHead, anEntry, REGISTERED } from '../../support/records.ts';
import { Terminal } from '../../support/terminal.ts';

const SEEN = '2026-02-01T00:00:00Z' as Instant;

/** A watcher with one buyer, whose ledger has one entry. */
async function openTerminal(): Promise<Terminal> {
  const terminal = new Terminal();
  const { buyers, contracts } = terminal.store;
  await buyers.put(
    aBuyer({ name: 'Example \u{1F600}'.repeat(4), productIds: ['scanner'] }),
    undefined,
    REGISTERED,
  );
  const contract = contractKey('111122223333', 'scanner');
  const entry = anEntry({ contract, observedAt: SEEN });
  const head = aHead({ contract });
  await contracts.record(aDecision({ head, entry }), entry, head, undefined);
  return terminal;
}

describe('report', () => {
  it('writes report.html and says what is in it', async () => {
    const terminal = await openTerminal();
    expect(await terminal.run('report')).toBe(0);
    const html = terminal.files.get('report.html') ?? '';
    expect(html).toMatch(/^<!doctype html>\n<html lang="en">/);
    expect(html).toContain('"madeAt":"2026-03-01T10:00:00Z"');
    expect(terminal.out).toBe('');
    expect(terminal.err).toMatch(/^Wrote report\.html: \d+ kB, 1 buyer, 1 contract, 1 entry\.\n$/);
  });

  it('has the history that was asked for', async () => {
    const terminal = await openTerminal();
    await terminal.run('report', '--since', '7d', '-o', 'a/b.html', '--json');
    expect(terminal.json()).toEqual({
      file: 'a/b.html',
      bytes: Buffer.byteLength(terminal.files.get('a/b.html') ?? ''),
      madeAt: '2026-03-01T10:00:00Z',
      since: '2026-02-22T10:00:00Z',
      buyers: 1,
      contracts: 1,
      entries: 0,
      unreadable: 0,
    });
    await terminal.run('report', '--since', '2026-02-01', '--json');
    expect(terminal.json()).toMatchObject({ since: '2026-02-01T00:00:00Z', entries: 1 });
  });

  it('goes to standard output, piece by piece, as it would to a file', async () => {
    const terminal = await openTerminal();
    await terminal.run('report');
    let pauses = 0;
    terminal.drained = () => {
      pauses += 1;
      return Promise.resolve();
    };
    expect(await terminal.run('report', '-o', '-')).toBe(0);
    expect(terminal.out).toBe(terminal.files.get('report.html'));
    expect(pauses).toBe(Math.ceil(terminal.out.length / 65_536));
  });

  it('writes over a report, and over nothing else', async () => {
    const terminal = await openTerminal();
    expect(await terminal.run('report')).toBe(0);
    expect(await terminal.run('report')).toBe(0);
    terminal.files.set('thesis.html', '<title>My thesis</title>');
    expect(await terminal.run('report', '-o', 'thesis.html')).toBe(2);
    expect(terminal.err).toContain(
      'thesis.html exists and is not a report: give another file with -o',
    );
    expect(terminal.files.get('thesis.html')).toBe('<title>My thesis</title>');
  });

  it.each([
    [['--since', 'yesterday'], '--since is "yesterday"; expected how long ago like'],
    [
      ['--since', '2026-03-02'],
      '--since is "2026-03-02", which is not before now (2026-03-01T10:00:00Z)',
    ],
    [['-o', '-', '--json'], '--json and the report both want standard output'],
  ])('is misused with %s', async (argv, words) => {
    const terminal = await openTerminal();
    expect(await terminal.run('report', ...argv)).toBe(2);
    expect(terminal.err).toContain(words);
    expect(terminal.files.size).toBe(0);
  });

  it('says that a file cannot be written, and what to do', async () => {
    const terminal = await openTerminal();
    terminal.unwritable = new Set(['report.html']);
    expect(await terminal.run('report')).toBe(1);
    expect(terminal.err).toMatch(
      /report\.html cannot be written \(.*\): give another file with -o/,
    );
  });

  it('is ended by Ctrl-C before anything is written', async () => {
    const terminal = await openTerminal();
    terminal.interruption.abort();
    expect(await terminal.run('report')).toBe(1);
    expect(terminal.err).toContain('interrupted: nothing was written');
    expect(terminal.files.size).toBe(0);
  });

  it('counts what could not be read', async () => {
    const terminal = await openTerminal();
    terminal.archive = (inMemory) => ({
      ...inMemory,
      async *outlines(...given) {
        yield* inMemory.outlines(...given);
        const key = { contract: '111122223333#scanner', key: '00000002' };
        if (given[0] === 'scanner') yield { kind: 'unreadable', ...key, problem: 'format: 2' };
      },
    });
    expect(await terminal.run('report')).toBe(1);
    expect(terminal.err).toContain('the report is missing 1 record, which it names: format: 2');
    expect(terminal.files.get('report.html')).toContain('format: 2');
  });

  it('tells a terminal how far it is, and cleans up after itself', async () => {
    const terminal = await openTerminal();
    terminal.progress = true;
    await terminal.run('report');
    expect(terminal.err).toMatch(
      /^\r\d+ of about \d+ items of the watch table.*\r\u001b\[KWrote report\.html/s,
    );
  });
});
