import { date, dateAndTime } from '../../../mail/dates.ts';
import type { ReportModel } from '../model-shape.ts';
import { attention } from './attention.ts';
import type { ModelView } from './model-view.ts';
import { number, several } from './words.ts';

/** When, from where, and how old what it says may be. */
export function aboutWords({
  madeAt,
  since,
  deployment,
  region,
  sellerAccountId,
}: ReportModel): readonly string[] {
  return [
    `Made on ${dateAndTime(madeAt)} from the deployment "${deployment}" in ${region} of account ${sellerAccountId}, with the history since ${date(since)}. All times are UTC, and all days left are counted from then.`,
    '"Last seen" says when a contract was last read well; while nothing changes that is written once in 6 hours.',
  ];
}

/** What needs attention, counted: for whom no script draws it. */
export function summaryWords(view: ModelView): string {
  const { contracts, buyers } = view.model;
  if (buyers.length === 0) return NOBODY;
  const all = contracts.map((_, index) => index);
  const counts = attention(view, all)
    .filter(({ concerns }) => concerns.length > 0)
    .map(({ title, concerns }) => `${title.toLowerCase()}: ${number(concerns.length)}`);
  const watched = `${several(buyers.length, 'buyer')}, ${several(contracts.length, 'contract')}.`;
  return counts.length === 0
    ? `${watched} Nothing needs attention.`
    : `${watched} Needs attention: ${counts.join(', ')}.`;
}

export const NOBODY =
  'Nobody is invited yet. Invite the first buyer with: license-watcher invite <account> --name <alias> --product <id>; "license-watcher invite --help" says more.';
