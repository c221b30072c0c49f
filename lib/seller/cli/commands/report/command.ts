import type { Command } from 'commander';
import type { AddCommand } from '../../command.ts';
import { momentOf } from '../../output/moment.ts';
import { report, type ReportOptions } from './report.ts';

export const addReport: AddCommand = (program, { io, withWatcher }) => {
  program
    .command('report')
    .description('Everything at a glance, as one HTML file that needs no network.')
    .option('-o, --output <file>', 'where to; - is standard output', 'report.html')
    .option('--since <when>', 'how far back: 2y, 2027-01-01 (UTC), or an instant', '2y')
    .option('--json', 'print what was written, as JSON; the report goes to the file')
    .addHelpText('after', HELP)
    .action((options: ReportOptions, command: Command) => {
      momentOf(options.since, '--since');
      return withWatcher(command, (watcher) => report(options, watcher, io));
    });
};

const HELP = `
What needs attention comes first; then the renewal pipeline, a timeline of every
contract, seats bought and used, the changes, and every buyer. The page filters
by buyer, product, standing, change and period; its address keeps the filters.
It shows names, accounts and licenses of your buyers: send it with care.
A report is written over; any other file is not.

--json: file, bytes, madeAt, since, and how many buyers, contracts, entries and
unreadable entries are in it. Members are added, never renamed or removed.

Examples:
  $ license-watcher report
  $ license-watcher report -o monthly/2027-02.html --since 30d
  $ license-watcher report -o - | gzip > report.html.gz`;
