import { Option, type Command } from 'commander';
import type { AddCommand } from '../../command.ts';
import { ACCOUNT_ARGUMENT, buyerMeant } from '../../output/account.ts';
import { simulate, type SimulateOptions } from './simulate.ts';
import { namedWish } from './wishes.ts';

export const addSimulate: AddCommand = (program, { io, withWatcher }) => {
  program
    .command('simulate')
    .description('Send a notice marked [TEST] of something that did not happen.')
    .argument('<change>', 'LicenseRenewed, ...; reminder-30: 30 days before the end')
    .argument('<account>', ACCOUNT_ARGUMENT)
    .option('--product <id>', 'which of the products that are watched for the buyer')
    .addOption(
      new Option('--to <whom>', 'whose topic: the buyer is a customer, so say so')
        .choices(['seller', 'buyer', 'both'])
        .default('seller'),
    )
    .option('--dry-run', 'print the mails and send nothing')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
It goes the way of real notices, from the same function to the same topics, and
says what the contract would look like after the change. The subject has [TEST],
the text begins with it, the JSON and the message attributes say "test": a
subscription with the filter {"test": [{"exists": false}]} gets no tests.
Nothing is recorded: no ledger entry, no notice, no number, no hash.

A reminder is named by the day it comes: reminder-30, reminder-7; reminder+1 is
the one of the day after the end. What cannot happen to the contract is refused,
with what can.

Examples:
  $ license-watcher simulate LicenseRenewed 111122223333
  $ license-watcher simulate reminder-30 111122223333 --to buyer --dry-run
  $ license-watcher simulate LicenseExpired 111122223333 --product scanner \\
      --to both --json`,
    )
    .action((change: string, account: string, options: SimulateOptions, command: Command) => {
      const wish = namedWish(change);
      return withWatcher(command, async (watcher) =>
        simulate(wish, await buyerMeant(account, watcher), options, watcher, io),
      );
    });
};
