import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sampleCasesOf } from '../../lib/workbench/mails/sample-cases.ts';
import { sampleMails } from '../../lib/workbench/mails/sample-mails.ts';
import { LAKE, SUITE, TIERED } from '../support/mails.ts';
import { sha256 } from '../../lib/aws/text.ts';

interface Mail {
  readonly name: string;
  readonly subject: string;
  readonly text: string;
}

const GOLDEN = join(import.meta.dirname, 'golden');

function golden(name: string): Mail {
  const [first = '', , ...lines] = readFileSync(join(GOLDEN, name), 'utf8').split('\n');
  return { name, subject: first.replace('Subject: ', ''), text: lines.join('\n') };
}

const goldens = readdirSync(GOLDEN)
  .filter((name) => name !== 'every-change.txt')
  .map(golden);
/** A digest has a proof, too, and a line for each buyer. */
const isBuyers = ({ text }: Mail): boolean => text.includes('\nProof: ') && !/^\* /m.test(text);
const samples = sampleMails(
  [SUITE, TIERED, LAKE].flatMap(sampleCasesOf),
  'Example Software',
  sha256,
).map(({ at, mail }): Mail => ({ ...mail, name: `${at} ${mail.subject}` }));
const all = [...goldens, ...samples];
const toBuyers = all.filter(isBuyers);

const words = (text: string): number =>
  text.split(/\s+/).filter((each) => /[\p{L}\p{N}]/u.test(each)).length;

/** What is told in one mail beside its first fact: each has its sentence, and what it was and is. */
const further = ({ text }: Mail): number => {
  const [, also = ''] = text.split('\nAlso in this mail\n');
  const items = also.split('\n\n')[0]?.match(/^- /gm) ?? [];
  return items.length + (text.includes('\nWelcome: ') ? 1 : 0);
};

const isReminder = (mail: Mail): boolean =>
  further(mail) === 0 &&
  /^(?:Part )?(?:ends|was to end|renews|moves|decide|renewal decided|ended .* no renewal)/i.test(
    mail.subject,
  );

describe('a mail to a buyer is read in two lines', () => {
  it('there are enough of them to say so', () => {
    expect(toBuyers.length).toBeGreaterThan(120);
    expect(toBuyers.filter(isReminder).length).toBeGreaterThan(40);
  });

  it('of a reminder in 130 words at most', () => {
    const long = toBuyers.filter((mail) => isReminder(mail) && words(mail.text) > 130);
    expect(long.map((mail) => [mail.name, words(mail.text)])).toEqual([]);
  });

  it('of a change in 180 words at most, and 45 for each further one', () => {
    const long = toBuyers.filter(
      (mail) => !isReminder(mail) && words(mail.text) > 180 + 45 * further(mail),
    );
    expect(long.map((mail) => [mail.name, words(mail.text)])).toEqual([]);
  });

  it('by a subject of 70 characters, whose point is within 40, product and buyer last', () => {
    for (const { subject } of toBuyers) {
      expect(subject.length).toBeLessThanOrEqual(70);
      expect(subject).toMatch(/^[A-Z0-9].{2,39}: [^:]+ \([^()]+\)$/);
    }
  });

  it('with every date that somebody acts on by weekday and in UTC', () => {
    for (const { text } of toBuyers) {
      const [said = ''] = text.split('\nFacts\n');
      expect(said).not.toMatch(
        /(?<!(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) )\d{4}-\d\d-\d\d \d\d:\d\d(?! UTC)/,
      );
      expect(said).not.toMatch(
        /(?<!(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) )\b\d{4}-\d\d-\d\d \d\d:\d\d UTC/,
      );
    }
  });

  it('in lines that no pane breaks twice: a paragraph is one', () => {
    for (const { text } of toBuyers) {
      const [said = '', facts = ''] = text.split('\nFacts\n');
      const lines = said
        .split('\n')
        .filter(
          (line) => line !== '' && !/^(?:What to do|What it means|Also in this mail)$/.test(line),
        );
      expect(
        lines.filter(
          (line) =>
            !/[.:!]$|https:\S+$|@example\.com$|offer$|^- Seen: |^- Run in this account: /.test(
              line,
            ),
        ),
      ).toEqual([]);
      expect(facts.split('\n\n')[1]?.trimEnd().split('\n')).toHaveLength(2);
    }
  });
});

/** Where each link leads, as its page says: opened by hand on 2026-11-29. */
const KNOWN: Readonly<Record<string, string>> = {
  'https://console.aws.amazon.com/marketplace':
    'the buyer’s side of AWS Marketplace, which has "Manage subscriptions"',
  'https://console.aws.amazon.com/license-manager/':
    'AWS License Manager, which has "Granted licenses"',
  'https://example.com/renew': 'the seller’s own, from cdk.json',
};

describe('every link of a mail', () => {
  const links = new Set(all.flatMap(({ text }) => text.match(/https?:\/\/[^\s"“”]+/g) ?? []));

  it('leads to a known address, in full', () => {
    expect([...links].toSorted()).toEqual(Object.keys(KNOWN).toSorted());
    for (const link of links) expect(new URL(link).protocol).toBe('https:');
  });
});
