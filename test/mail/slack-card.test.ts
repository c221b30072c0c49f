import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { DigestEntry } from '../../lib/mail/mail.ts';
import { slackCard, slackText, type CardOf, type SlackCard } from '../../lib/mail/slack-card.ts';
import { expectGolden } from '../support/golden.ts';
import { at } from '../support/licenses.ts';
import { digestEntry, seats5, TIERED, tiered, watching } from '../support/mails.ts';
import { seen } from '../support/observations.ts';

const NOW = at('2027-02-01T00:05');

function cardOf(entry: DigestEntry, traits: Partial<CardOf> = {}): SlackCard {
  const how = { deployment: 'default', severity: 'info', detailType: 'LicenseUpgraded' } as const;
  return slackCard(entry, { ...how, now: NOW, ...traits });
}

function upgraded(traits: Partial<DigestEntry> = {}): DigestEntry {
  const watched = watching(TIERED, tiered('BasicTier'));
  watched.look(
    at('2027-01-31'),
    seen([tiered('PremiumTier', { version: '2', end: '2027-08-01' })]),
  );
  return digestEntry(watched, traits);
}

function expired(traits: Partial<DigestEntry> = {}): DigestEntry {
  const watched = watching();
  watched.look(at('2027-02-01'), seen([seats5()]));
  return digestEntry(watched, traits);
}

describe('a card', () => {
  it.each([
    ['card-upgraded', cardOf(upgraded())],
    [
      'card-undelivered',
      cardOf(expired({ undelivered: 'the topic is gone' }), {
        severity: 'urgent',
        detailType: 'BuyerNotTold',
      }),
    ],
  ])('reads: %s', (name, { content: { title, description, nextSteps } }) => {
    const text = [description, ...nextSteps.map((step) => `- ${step}`)].join('\n');
    expectGolden({ subject: title, text }, join(import.meta.dirname, 'golden', `${name}.txt`));
  });

  it('is a custom notification in the thread of its contract', () => {
    const { entry } = upgraded();
    expect(cardOf(upgraded())).toMatchObject({
      version: '1.0',
      source: 'custom',
      id: `license-watcher-default-${entry.buyerAccountId}-analytics-${entry.entry}-LicenseUpgraded`,
      content: { textType: 'client-markdown' },
      metadata: {
        threadId: `license-watcher-default-${entry.buyerAccountId}-analytics`,
        eventType: 'LicenseUpgraded',
      },
    });
    const other = cardOf(upgraded(), { deployment: 'test' });
    expect(other.metadata.threadId).toContain('license-watcher-test-');
  });

  it('that says much leaves out whole lines, and fits', () => {
    const contacts = Array.from({ length: 5 }, () => '&'.repeat(200));
    const reason = '<&>'.repeat(120);
    const entry = { ...upgraded().entry, buyerName: '&'.repeat(100) };
    const { description, nextSteps } = cardOf(
      upgraded({ entry, undelivered: reason, sellersOwn: { contacts } }),
    ).content;
    expect(description).toContain('Buyer NOT TOLD');
    expect(description).not.toContain('Contact');
    expect(description.length).toBeLessThanOrEqual(2_800);
    expect(description).not.toMatch(/&(?!(?:amp|lt|gt);)/);
    expect(nextSteps.length).toBeLessThanOrEqual(10);
  });
});

describe('text of others is shown to the letter', () => {
  it.each([
    ['<!channel> & <@U012AB3CD>', '&lt;!channel&gt; &amp; &lt;＠U012AB3CD&gt;'],
    ['<https://evil.example|your invoice>', '&lt;https://evil.example|your invoice&gt;'],
    ['@here @channel @everyone @sales-team', '＠here ＠channel ＠everyone ＠sales-team'],
    ['(@here', '(＠here'],
    ['ops@example.com', 'ops@example.com'],
    ['*bold* _it_ ~gone~ `code` ```block```', '∗bold∗ ˍitˍ ∼gone∼ ˋcodeˋ ˋˋˋblockˋˋˋ'],
    ['Basic_Tier', 'Basic_Tier'],
    [':rotating_light: URGENT :warning:', '∶rotating_light: URGENT ∶warning:'],
    [
      'at 12:30:45, arn:aws:iam::111122223333:role/x',
      'at 12:30:45, arn:aws:iam::111122223333:role/x',
    ],
    ['> quoted', '&gt; quoted'],
    ['株式会社 & Söhne', '株式会社 &amp; Söhne'],
  ])('%s', (text, shown) => {
    expect(slackText(text)).toBe(shown);
  });

  it('and cut between its characters', () => {
    expect(slackText('a&b&c', 12)).toBe('a&amp;b...');
    expect(slackText('aaaaaa💣b', 8)).toBe('aaaaa...');
    expect(slackText('aaaa💣bbbb', 8)).toBe('aaaa...');
  });

  it('in every part of a card', () => {
    const hostile = '<!channel> @here *x* `y`';
    const { entry } = upgraded();
    const { content, metadata } = cardOf(
      upgraded({ entry: { ...entry, buyerName: hostile }, undelivered: hostile }),
    );
    const words = [content.title, content.description, ...content.nextSteps, metadata.summary];
    for (const each of words) expect(each).not.toMatch(/<|@here|\*x|`y/);
    expect(content.description).toContain('&lt;!channel&gt; ＠here ∗x∗ ˋyˋ');
  });
});
