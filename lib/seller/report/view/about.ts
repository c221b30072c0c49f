import { date, dateAndTime } from '../../../mail/dates.ts';
import type { ReportModel } from '../model-shape.ts';

/** Says when and from where the report was made, and how old its data may be. */
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

export const NOBODY =
  'Nobody is invited yet. Invite the first buyer with: license-watcher invite <account> --name <alias> --product <id>; "license-watcher invite --help" says more.';
