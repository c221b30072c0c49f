import { describe, expect, it } from 'vitest';
import { sampleMails, type SampleMail } from '../../../lib/workbench/mails/sample-mails.ts';
import { sampleCasesOf } from '../../../lib/workbench/mails/sample-cases.ts';
import { product, sha256 } from '../../support/contracts.ts';
import { LAKE, SUITE, TIERED } from '../../support/mails.ts';

const mails = sampleMails([SUITE, TIERED, LAKE].flatMap(sampleCasesOf), 'Example Software', sha256);

function subjects(audience: SampleMail['to']['audience'], pattern: RegExp): string[] {
  return mails
    .filter(({ to, mail }) => to.audience === audience && pattern.test(mail.subject))
    .map(({ mail }) => mail.subject);
}

describe('the sample mails', () => {
  it.each([
    /notices begin, current term ends/,
    /license without end/,
    /not activated yet/,
    /license activated/,
    /no longer activated/,
    /no longer listed/,
    /license granted/,
    /license began/,
    /cannot be checked/,
    /checked again/,
    /upgraded/,
    /downgraded/,
    /license changed/,
    /renewed until 2028-02-01 \(/,
    /renewed until 2028-02-01, after a gap of 20 minutes/,
    /renewed until 2028-02-01, with a gap of 5 days/,
    /term shortened to 2026-12-31, seen 2026-10-15/,
    /license deactivated/,
    /license suspended/,
    /can be used again/,
    /license canceled/,
    /term ended 2027-02-01|term ended on 2027-02-01/,
    /no renewal seen/,
    /part of it ends/,
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
      'in 23 hours 57 minutes',
    ].map((days) => new RegExp(`current term ends 2027-02-01 00:00 UTC, ${days}`)),
  ])('tells some buyer: %s', (pattern) => {
    expect(subjects('buyer', pattern)).not.toEqual([]);
  });

  it.each([
    /please tell them|to pass on/,
    /Please tell these buyers[^!]*Ionic Travel[^!]*The term of the license ended[^!]*NOT TOLD[^!]*Needs attention/,
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
      told.filter((each) => each.startsWith('Cumulus Foods') && each.includes('term ended')),
    ).toEqual([]);
  });

  it('sends the seller one digest a tick at most', () => {
    const ticks = mails.flatMap(({ to, at }) => (to.audience === 'seller' ? [at] : []));
    expect(new Set(ticks).size).toBe(ticks.length);
  });

  it('needs no more than one product', () => {
    expect(sampleMails(sampleCasesOf(product()), 'S', sha256).length).toBeGreaterThan(50);
  });
});
