import type { Command } from 'commander';
import { collect, type AddCommand } from '../../command.ts';
import { ACCOUNT_ARGUMENT, accountMeant } from '../../output/account.ts';
import { check, type CheckOptions } from './check.ts';

export const addCheck: AddCommand = (program, { io, withWatcher }) => {
  program
    .command('check')
    .description('Look at a buyer’s licenses now, and tell call by call what AWS answered.')
    .argument('<account>', ACCOUNT_ARGUMENT)
    .option('--product <id>', 'only this product; again for several', collect)
    .option('--dry-run', 'read and decide; take no checkout, write nothing, tell nobody')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
The watcher's own function looks, as in a sweep: with the buyer's role. It
records what changed and tells those whom it concerns. A buyer who is blind and
backed off is looked at, too. However often you ask, what waits for several
sweeps to agree waits for the sweeps.

A call that is tried twice is shown twice; times are UTC. Exit code 1: the
watcher could not see.

Examples:
  $ license-watcher check 111122223333
  $ license-watcher check 111122223333 --product scanner --dry-run
  $ license-watcher check 111122223333 --json`,
    )
    .action((account: string, options: CheckOptions, command: Command) => {
      return withWatcher(command, async (watcher) =>
        check(await accountMeant(account, watcher), options, watcher, io),
      );
    });
};
