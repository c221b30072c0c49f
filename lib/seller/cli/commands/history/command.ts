import type { Command } from 'commander';
import type { AddCommand } from '../../command.ts';
import { ACCOUNT_ARGUMENT, accountMeant } from '../../output/account.ts';
import { countOf } from '../../output/choices.ts';
import { momentOf } from '../../output/moment.ts';
import { history } from './history.ts';

interface HistoryOptions {
  readonly newest?: string;
  readonly since?: string;
  readonly json?: boolean;
}

export const addHistory: AddCommand = (program, { io, withWatcher }) => {
  program
    .command('history')
    .description('The ledger of a buyer as a timeline: what changed, why, who was told when.')
    .argument('<account>', ACCOUNT_ARGUMENT)
    .argument('[product]', 'one product of that buyer')
    .option('--newest <n>', 'only the last n entries of each ledger')
    .option('--since <when>', 'only what was observed since: 30d, 2027-02-01, ...')
    .option('--json', 'print one JSON object per line')
    .addHelpText('after', HELP)
    .action(
      (account: string, product: string | undefined, options: HistoryOptions, command: Command) => {
        const order = {
          product,
          newest: options.newest === undefined ? undefined : countOf(options.newest, '--newest'),
          since: options.since === undefined ? undefined : momentOf(options.since, '--since'),
          json: options.json === true,
        };
        return withWatcher(command, async (watcher) =>
          history({ ...order, account: await accountMeant(account, watcher) }, watcher, io),
        );
      },
    );
};

const HELP = `
Oldest first; all times are UTC. Each entry says what was and what is, why it
was written, and who was told of it when. That a notice was told is kept for
ever; what became of others, and why, for about 400 days. An entry that this
version cannot read is shown in its place.

A day in --since begins at midnight UTC. The JSON has the SNS message ID and the
hash of each mail's text.

Examples:
  $ license-watcher history 111122223333
  $ license-watcher history 111122223333 scanner --newest 5
  $ license-watcher history 111122223333 --since 2027-01-01 --json`;
