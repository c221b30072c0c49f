import type { Command } from 'commander';
import type { AddCommand } from '../../command.ts';
import { accountIdOf } from '../../talk/account.ts';
import { buyers } from './buyers.ts';

export const addBuyers: AddCommand = (program, { io, withWatcher }) => {
  program
    .command('buyers')
    .description('Who is watched, since when, confirmed when; who cannot be seen, and why.')
    .argument('[account]', 'AWS account ID of one buyer: all that is known of it')
    .option('--json', 'print JSON: a list, also for one account')
    .addHelpText('after', '\nExamples:\n  $ license-watcher buyers\n  $ license-watcher buyers 111122223333 --json')
    .action((account: string | undefined, options: { json?: boolean }, command: Command) => {
      if (account !== undefined) accountIdOf(account);
      return withWatcher(command, (watcher) => buyers(account, options, watcher, io));
    });
};
