import { describe, expect, it } from 'vitest';
import { mailsPage } from '../../../lib/workbench/mails/mails-page.ts';
import {
  oneOfEachKind,
  otherMails,
  sampleMails,
  type SampleMail,
} from '../../../lib/workbench/mails/sample-mails.ts';
import { sampleCasesOf } from '../../../lib/workbench/mails/sample-cases.ts';
import { product } from '../../support/contracts.ts';
import { LAKE, SUITE, TIERED } from '../../support/mails.ts';
import { sha256 } from '../../../lib/aws/text.ts';

const mails = sampleMails([SUITE, TIERED, LAKE].flatMap(sampleCasesOf), 'Example Software', sha256);

function subjects(audience: SampleMail['to']['audience'], pattern: RegExp): string[] {
  return mails
    .filter(({ to, mail }) => to.audience === audience && pattern.test(mail.subject))
    .map(({ mail }) => mail.subject);
}

describe('the sample mails', () => {
  it.each([
    /^Notices begin, ends/,
    /no end/,
    /^Not activated yet/,
    /^Activated/,
    /^No longer activated/,
    /^No longer listed/,
    /^Granted/,
    /^Began/,
    /^Cannot be checked/,
    /^Checked again/,
    /^Upgraded/,
    /^Downgraded/,
    /^Changed/,
    /^Renewed to 2028-02-01: /,
    /^Renewed to 2028-02-01, gap of 20 minutes: /,
    /^Renewed to 2028-02-01, gap of 5 days: /,
    /^Shortened to 2026-12-31/,
    /^Deactivated/,
    /^Suspended/,
    /^Can be used again/,
    /^Canceled/,
    /^Ended on 2027-02-01/,
    /no renewal seen/,
    /^Part ends/,
    /8\d % of DataConsumption used/,
    /9\d % of DataConsumption used/,
    /100 % of DataConsumption used/,
    /DataConsumption over its maximum/,
    ...[
      'in 90 days',
      'in 60 days',
      'in 30 days',
      'in 14 days',
      'in 7 days',
      'in 3 days',
      'in 23 h 57 min, LAST DAY',
    ].map((days) => new RegExp(`^Ends ${days}: `)),
  ])('tells some buyer: %s', (pattern) => {
    expect(subjects('buyer', pattern)).not.toEqual([]);
  });

  it.each([
    /please tell them|to pass on/,
    /Tell them yourself[^!]*Ionic Travel[^!]*The term of the license ended[^!]*NOT TOLD/,
    /watch of the license ended/,
    /several licenses/,
    /yet\s+refuses a checkout/,
    /accepted\s+again/,
  ])('tells the seller: %s', (pattern) => {
    expect(
      mails.filter(
        ({ to, mail }) => to.audience === 'seller' && pattern.test(`${mail.subject}\n${mail.text}`),
      ),
    ).not.toEqual([]);
  });

  it('tells operations of trouble and of an unknown tier', () => {
    expect(subjects('operations', /checks fail for a day/)).not.toEqual([]);
    expect(subjects('operations', /tier unknown/)).toHaveLength(1);
  });

  it('tells a buyer nothing twice, and whose term goes on nothing of an end that was not one', () => {
    const told = mails.flatMap(({ to, at, mail }) =>
      to.audience === 'buyer' ? [`${to.name} ${at} ${mail.subject}`] : [],
    );
    expect(new Set(told).size).toBe(told.length);
    expect(
      told.filter((each) => each.startsWith('Cumulus Foods') && each.includes('Ended')),
    ).toEqual([]);
  });

  it('sends the seller one digest a tick at most', () => {
    const ticks = mails.flatMap(({ to, at }) => (to.audience === 'seller' ? [at] : []));
    expect(new Set(ticks).size).toBe(ticks.length);
  });

  it('are a few dozen kinds on one page, each named in its index, with nothing of a name left as markup', () => {
    const [first, ...others] = oneOfEachKind(mails);
    const hostile = { ...first!, mail: { subject: '<b>', text: '<script>1 & 2</script>' } };
    const kinds = [hostile, ...others];
    expect(kinds.length).toBeGreaterThan(30);
    expect(kinds.length).toBeLessThan(90);
    const page = mailsPage(kinds, () => 'it@example.com');
    expect(page.match(/<a href="#mail-\d+">/g)).toHaveLength(kinds.length);
    expect(page.match(/<article id="mail-\d+">/g)).toHaveLength(kinds.length);
    expect(page).toContain('&lt;script&gt;1 &amp; 2&lt;/script&gt;');
    expect(page).not.toContain('<script');
  });

  it('has the mails that no entry makes: requests to cancel, to the owner, too, an owner’s digest, the weekly pipeline, who has not launched', () => {
    const others = otherMails([SUITE].flatMap(sampleCasesOf), sha256, mails[0]!.at);
    const [pending, several, own, operations, digest, pipeline, unlaunched] = others;
    expect(pending?.mail.subject).toBe(
      'Aurora Labs: canceled by AWS on 2026-03-07 unless refused or withdrawn (Design Suite)',
    );
    expect(several?.mail).toEqual(operations?.mail);
    expect(several?.mail.text).toMatch(/Aurora Labs[^]*Borealis Bank[^]*Cumulus Foods/);
    expect(own?.mail.text).not.toContain('Aurora Labs');
    expect(digest?.mail.text).toContain('Only of buyers whose owner is Ada Moreau;');
    expect(digest?.mail.text.match(/^\* /gm)?.length).toBeGreaterThan(3);
    expect(pipeline?.mail.text).toContain(
      'Of 11 contracts 3 end in the next 90 days: 3 undecided.',
    );
    expect(unlaunched?.mail.text).toContain('the stack is not launched');
    expect(oneOfEachKind(others)).toEqual(others);
  });

  it('needs no more than one product', () => {
    expect(sampleMails(sampleCasesOf(product()), 'S', sha256).length).toBeGreaterThan(50);
  });
});
