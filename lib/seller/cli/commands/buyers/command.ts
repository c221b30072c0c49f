import type { Command } from 'commander';
import type { AddCommand } from '../../command.ts';
import { buyerMeant } from '../../output/account.ts';
import { buyers } from './buyers.ts';

export const addBuyers: AddCommand = (program, { io, withWatcher }) => {
  program
    .command('buyers')
    .description('Who is watched, since when, confirmed when; who cannot be seen or told, and why.')
    .argument('[account]', 'AWS account ID or whole name of one buyer: all that is known of it')
    .option('--json', 'print JSON: a list, also for one account')
    .addHelpText('after', HELP)
    .action((account: string | undefined, options: { json?: boolean }, command: Command) => {
      return withWatcher(command, async (watcher) => {
        const buyer = account === undefined ? undefined : await buyerMeant(account, watcher);
        return buyers(buyer, options, watcher, io);
      });
    });
};

const HELP = `
SEEN is when AWS last confirmed the contract; of one that does not change that
is noted once in 6 hours. MAIL tells whether notices reach the buyer: "yes", an
address was confirmed when the last one was sent; "no", nobody has confirmed
one, or the topic refuses; "-", nothing was sent yet. Below the table stands
what is wrong, and what the buyer has to do.

Examples:
  $ license-watcher buyers
  $ license-watcher buyers 111122223333 --json`;
