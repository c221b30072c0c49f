import { beforeEach, describe, expect, it } from 'vitest';
import { simulate } from '../../../../lambdas/send-notices/simulate.ts';
import type { SimulateRequest } from '../../../../lib/messages/simulation-request.ts';
import { aBuyer, aDecision, aHead, BUYER, REGISTERED } from '../../../support/records.ts';
import { SendNoticesFixture } from '../../../support/send-notices-fixture.ts';
import { Terminal } from '../../../support/terminal.ts';

/** The command line, and behind it the very function that it asks. */
let terminal: Terminal;
let world: SendNoticesFixture;
beforeEach(async () => {
  terminal = new Terminal();
  world = new SendNoticesFixture();
  const { buyers, contracts } = terminal.store;
  terminal.answer = async (request) =>
    JSON.parse(
      JSON.stringify(
        await simulate(request as SimulateRequest, { ...world.dependencies, buyers, contracts }),
      ),
    ) as unknown;
  await buyers.put(aBuyer(), undefined, REGISTERED);
  await contracts.record(
    aDecision({ head: aHead({ entries: 0 }) }),
    null,
    aHead({ entries: 0 }),
    undefined,
  );
});

describe('simulate', () => {
  it('sends to the seller where nobody is named, and says what became of it', async () => {
    expect(await terminal.run('simulate', 'licenserenewed', BUYER)).toBe(0);
    expect(terminal.requested).toMatchObject([
      { whom: 'notices', request: { selection: 'LicenseRenewed', to: ['seller'] } },
    ]);
    expect(terminal.out).toMatchInlineSnapshot(`
      "[TEST] LicenseRenewed of 111122223333 (Example Corp), design-suite, as it would
      be told on 2027-01-18 00:00 UTC

      to the seller (kind digest)
        topic       arn:aws:sns:us-east-1:999988887777:seller
        published   message-1
        confirmed   1 subscription
        subject     Example Corp [TEST]: renewed to 2028-02-01 (Design Suite)

      to the seller, for machines only (kind notice)
        topic       arn:aws:sns:us-east-1:999988887777:seller
        published   message-2
        confirmed   1 subscription

      to the event bus (detail-type LicenseRenewed)
        put         event-1
      "
    `);
    expect(terminal.err).toBe('');
    for (const line of terminal.out.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  });

  it('writes to a customer only where that is said', async () => {
    expect(await terminal.run('simulate', 'reminder-14', BUYER, '--to', 'both')).toBe(0);
    expect(terminal.requested).toMatchObject([{ request: { to: ['buyer', 'seller'] } }]);
    expect(world.topics.published).toHaveLength(3);
    expect(terminal.out).toContain('to the buyer (kind reminder)');
  });

  it('shows the mail in a dry run, and sends none', async () => {
    expect(
      await terminal.run('simulate', 'LicenseExpired', BUYER, '--to', 'buyer', '--dry-run'),
    ).toBe(0);
    expect(terminal.out).toContain('not sent: a dry run');
    expect(terminal.out).toContain('[TEST] Nothing has changed and there is nothing to do');
    expect(terminal.out).toContain('What to do');
    expect(world.topics.published).toEqual([]);
  });

  it('prints for machines', async () => {
    expect(await terminal.run('simulate', 'LicenseRenewed', BUYER, '--json')).toBe(0);
    expect(terminal.json()).toMatchObject({
      account: BUYER,
      name: 'Example Corp',
      product: 'design-suite',
      change: 'LicenseRenewed',
      dryRun: false,
      at: '2027-01-18T00:00:00Z',
      messages: [
        { audience: 'seller', kind: 'digest', messageId: 'message-1', json: { test: true } },
        { audience: 'seller', kind: 'notice', messageId: 'message-2', mail: null },
      ],
    });
  });

  it('warns where nobody has confirmed a subscription: it was sent, and reaches nobody', async () => {
    world.topics.confirmedSubscriptions = 0;
    expect(await terminal.run('simulate', 'LicenseRenewed', BUYER, '--to', 'buyer')).toBe(0);
    expect(terminal.err.replace(/\s+/g, ' ')).toContain('Nobody sees what is sent to the buyer');
    expect(terminal.err).toMatch(/Subscription\s+Confirmation/);
  });

  it('fails where a topic refuses', async () => {
    world.topics.refusal = 'the topic is gone';
    expect(await terminal.run('simulate', 'LicenseRenewed', BUYER, '--to', 'both')).toBe(1);
    expect(terminal.err).toContain('refuses: the topic is gone');
    expect(terminal.out).toContain('message-1');
  });

  it('fails where the event bus refuses, after the mail is sent', async () => {
    world.bus.refusal = 'AccessDeniedException: no';
    expect(await terminal.run('simulate', 'LicenseRenewed', BUYER)).toBe(1);
    expect(terminal.err).toContain('the event bus refuses: AccessDeniedException: no');
    expect(terminal.out).toContain('message-2');
  });

  it('refuses what cannot happen, with what can, in 80 columns', async () => {
    expect(await terminal.run('simulate', 'AgreementEnded', BUYER)).toBe(1);
    const lines = terminal.screen.trimEnd().split('\n');
    expect(lines[0]).toMatch(/^license-watcher: 111122223333: AgreementEnded cannot happen/);
    const list = lines.slice(lines.indexOf('Possible for this contract and these readers:'));
    expect(list.length).toBeGreaterThan(1);
    expect(list.join(' ')).toContain('LicenseRenewed');
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(80);
    expect(world.topics.published).toEqual([]);
  });

  it.each([
    ['an unknown change', ['LicenceRenewed', BUYER], 'there is no "LicenceRenewed"'],
    ['a malformed account', ['LicenseRenewed', '1111-2222'], 'the account is "1111-2222"'],
    [
      'an unknown reader',
      ['LicenseRenewed', BUYER, '--to', 'everybody'],
      'Allowed choices are seller, buyer, both',
    ],
    [
      'a product that the buyer has not',
      ['LicenseRenewed', BUYER, '--product', 'other'],
      'watched for 111122223333',
    ],
  ])('is misused with %s', async (_what, argv, words) => {
    expect(await terminal.run('simulate', ...argv)).toBe(2);
    expect(terminal.err).toContain(words);
    expect(terminal.requested).toEqual([]);
  });

  it('has one of several products named', async () => {
    await terminal.store.buyers.put(
      aBuyer({ productIds: ['design-suite', 'viewer'] }),
      aBuyer(),
      REGISTERED,
    );
    expect(await terminal.run('simulate', 'LicenseRenewed', BUYER)).toBe(2);
    expect(terminal.err).toContain('give --product with one of design-suite, viewer');
    expect(
      await terminal.run('simulate', 'LicenseRenewed', BUYER, '--product', 'design-suite'),
    ).toBe(0);
  });

  it('of strangers and of those who are gone fails, with words', async () => {
    expect(await terminal.run('simulate', 'LicenseRenewed', '999999999999')).toBe(1);
    expect(terminal.err).toContain('999999999999 was never invited');
    await terminal.store.buyers.put(aBuyer({ status: 'revoked' }), aBuyer(), REGISTERED);
    expect(await terminal.run('simulate', 'LicenseRenewed', BUYER, '--to', 'both')).toBe(1);
    expect(terminal.err).toContain(
      'the buyer has been revoked; the buyer is no longer told anything',
    );
    expect(world.topics.published).toEqual([]);
  });

  it('does not take an answer of another version for a success', async () => {
    terminal.answer = () => ({ batchItemFailures: [] });
    expect(await terminal.run('simulate', 'LicenseRenewed', BUYER)).toBe(1);
    expect(terminal.err).toContain('this version does not understand');
  });

  it('clears the names of a buyer of what moves a terminal', async () => {
    await terminal.store.buyers.put(aBuyer({ name: 'Evil\u001b[2J Corp' }), aBuyer(), REGISTERED);
    expect(await terminal.run('simulate', 'LicenseRenewed', BUYER, '--dry-run')).toBe(0);
    expect(terminal.out).not.toContain('\u001b');
  });
});
