import type { Command } from 'commander';
import type { AddCommand } from '../../command.ts';
import { ACCOUNT_ARGUMENT, buyerMeant } from '../../output/account.ts';
import { revoke } from './revoke.ts';

export const addRevoke: AddCommand = (program, { io, withWatcher }) => {
  program
    .command('revoke')
    .description('Take an invitation back; a watch that runs ends.')
    .argument('<account>', ACCOUNT_ARGUMENT)
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nThe history stays in the audit table.\n\nExample:\n  $ license-watcher revoke 111122223333',
    )
    .action((account: string, options: { json?: boolean }, command: Command) => {
      return withWatcher(command, async (watcher) =>
        revoke(await buyerMeant(account, watcher), options, watcher, io),
      );
    });
};
