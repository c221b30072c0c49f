import type { Command } from 'commander';
import type { AddCommand } from '../../command.ts';
import { ACCOUNT_ARGUMENT, accountMeant } from '../../output/account.ts';
import { dateOf } from '../../output/moment.ts';
import { asOf } from './as-of.ts';

export const addAsOf: AddCommand = (program, { io, withWatcher }) => {
  program
    .command('as-of')
    .description('What was known of a buyer on a day, and what was in force that day.')
    .argument('<date>', 'a day (its end, in UTC) or an instant with its zone')
    .argument('<account>', ACCOUNT_ARGUMENT)
    .argument('[product]', 'one product of that buyer')
    .option('--json', 'print JSON: a list')
    .addHelpText('after', HELP)
    .action(
      (
        date: string,
        account: string,
        product: string | undefined,
        options: { json?: boolean },
        command: Command,
      ) => {
        const order = {
          date: dateOf(date, 'the date'),
          product,
          json: options.json === true,
        };
        return withWatcher(command, async (watcher) =>
          asOf({ ...order, account: await accountMeant(account, watcher) }, watcher, io),
        );
      },
    );
};

const HELP = `
Two clocks. "Known" is the last entry that was recorded by then: what you could
have answered that day, and what had been told. "In force" is how it was, by all
that is known today: an expiry may be seen late, and a renewal that is seen
later may have begun earlier.

- A change took effect when AWS says; where AWS does not say, between two looks.
  Lies the moment between them, both possibilities are shown.
- A term is as AWS dates it, whenever that was seen. A renewal that was agreed
  on later says nothing of days that the old term covered.
- Nothing of a time before the watch is known but the dates that the first look
  found.

Examples:
  $ license-watcher as-of 2027-02-01 111122223333
  $ license-watcher as-of 2027-02-01T09:30+01:00 111122223333 scanner --json`;
