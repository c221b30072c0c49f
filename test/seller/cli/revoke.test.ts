import { beforeEach, describe, expect, it } from 'vitest';
import type { Buyer } from '../../../lib/domain/registration/buyer.ts';
import { Terminal } from '../../support/terminal.ts';

const [BUYER, OTHER] = ['111122223333', '444455556666'];
const INVITE = ['invite', BUYER, '--name', 'Example Corp', '--product', 'scanner'];

let terminal: Terminal;
beforeEach(async () => {
  terminal = new Terminal();
  await terminal.run(...INVITE, '--no-approval');
  await terminal.run('invite', OTHER, '--name', 'Other', '--product', 'viewer', '--no-approval');
});

describe('revoke', () => {
  it('closes the hosted template for that account, and for no other', async () => {
    expect(terminal.templates!.openAccounts).toEqual([BUYER, OTHER]);
    await terminal.becomes(BUYER, { name: 'W'.repeat(64) });
    expect(await terminal.run('revoke', BUYER)).toBe(0);
    expect(terminal.err).toMatch(/Nothing was\s+registered\./);
    for (const line of terminal.err.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
    expect(terminal.templates!.openAccounts).toEqual([OTHER]);
    expect(await terminal.run(...INVITE)).toBe(0);
    expect(terminal.templates!.openAccounts).toEqual([BUYER, OTHER]);
  });

  it('does so although the list of buyers does not show it yet', async () => {
    const before: Buyer[] = [];
    for await (const buyer of terminal.store.buyers.list()) before.push(buyer);
    terminal.store.buyers.list = async function* () {
      yield* await Promise.resolve(before);
    };
    expect(await terminal.run('revoke', BUYER)).toBe(0);
    expect(terminal.templates!.openAccounts).toEqual([OTHER]);
  });

  it('stands although the template stays open, and says how to go on', async () => {
    terminal.templates!.trouble = Object.assign(new Error('no s3'), { name: 'AccessDenied' });
    expect(await terminal.run('revoke', BUYER)).toBe(1);
    expect(await terminal.store.buyers.find(BUYER)).toMatchObject({ status: 'revoked' });
    expect(terminal.err).toContain('is revoked, but may still read the hosted template');
    terminal.templates!.trouble = undefined;
    expect(await terminal.run('revoke', BUYER)).toBe(0);
    expect(terminal.templates!.openAccounts).toEqual([OTHER]);
  });

  it('needs no hosting', async () => {
    terminal.templates = undefined;
    expect(await terminal.run('revoke', BUYER)).toBe(0);
  });
});
