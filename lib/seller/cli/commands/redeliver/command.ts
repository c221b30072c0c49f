import type { Command } from 'commander';
import type { AddCommand } from '../../command.ts';
import { buyerMeant } from '../../output/account.ts';
import { redeliver, type RedeliverOptions } from './redeliver.ts';

export const addRedeliver: AddCommand = (program, { io, withWatcher }) => {
  program
    .command('redeliver')
    .description('Take up again the notices that could not be delivered.')
    .argument('[account]', 'AWS account ID or whole name of one buyer; the queues are left alone')
    .option('--dry-run', 'list them and change nothing')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
A notice is given up when the buyer's topic is gone or refuses, and a reminder
when nobody confirmed the subscription in time; you are then asked to tell the
buyer. Once that is mended, this has them sent by the next sweep; what is no
longer true by then is not sent, nor a change after which the buyer was told a
newer one. What dies again is listed here again, and you are not asked about it
a second time.

Without an account the dead letters of the notices queue are moved back, too.
Those of the other queues are only counted: what was in them has been done by
now, or has to be begun anew by whoever began it.

Examples:
  $ license-watcher redeliver --dry-run
  $ license-watcher redeliver 111122223333
  $ license-watcher redeliver --json`,
    )
    .action((account: string | undefined, options: RedeliverOptions, command: Command) => {
      return withWatcher(command, async (watcher) => {
        const buyer = account === undefined ? undefined : await buyerMeant(account, watcher);
        return redeliver(buyer, options, watcher, io);
      });
    });
};
