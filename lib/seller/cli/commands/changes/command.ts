import type { Command } from 'commander';
import { CHANGE_TYPES } from '../../../../domain/check/changes.ts';
import { collect, type AddCommand } from '../../command.ts';
import { choicesOf } from '../../output/choices.ts';
import { misuse } from '../../output/failure.ts';
import { momentOf } from '../../output/moment.ts';
import { changes } from './changes.ts';

interface ChangesOptions {
  readonly since: string;
  readonly until?: string;
  readonly name?: readonly string[];
  readonly product?: readonly string[];
  readonly follow?: boolean;
  readonly json?: boolean;
}

export const addChanges: AddCommand = (program, { io, withWatcher }) => {
  program
    .command('changes')
    .description('The feed: what changed with all buyers, oldest first.')
    .option('--since <when>', 'how long ago (12h, 7d, 4w), or a day or instant', '7d')
    .option('--until <when>', 'the same; a day is included')
    .option('--name <change>', 'only this change, or Reminder; again for several', collect)
    .option('--product <id>', 'only this product; again for several', collect)
    .option('--follow', 'go on, and show what comes until Ctrl-C')
    .option('--json', 'print one JSON object per line')
    .addHelpText('after', HELP)
    .action((options: ChangesOptions, command: Command) => {
      const { until, name = [], product = [], follow = false } = options;
      if (follow && until !== undefined)
        throw misuse('--follow has no end: leave out --until, or leave out --follow');
      const order = {
        since: momentOf(options.since, '--since'),
        until: until === undefined ? undefined : momentOf(until, '--until'),
        names: choicesOf(name, [...CHANGE_TYPES, 'Reminder'], '--name'),
        products: product,
        follow,
        json: options.json === true,
      };
      return withWatcher(command, (watcher) => changes(order, watcher, io));
    });
};

const HELP = `
Days are days in UTC. Without --product the feed has the products that are
watched and those of present buyers; a retired one that no buyer has any more
has to be named. Facts are shown by when they were observed, not by when they
took effect.

Changes:
  WatchStarted WatchEnded WatchLost WatchRestored LicenseGranted LicenseBegan
  LicenseNotActivated GrantActivated GrantDeactivated LicenseRenewed
  LicenseShortened LicenseExpired LicenseCanceled LicenseRemoved
  LicenseSuspended LicenseDeactivated LicenseReinstated LicenseUpgraded
  LicenseDowngraded EntitlementsChanged AnotherLicenseFound ForeignLicenseFound
  CheckoutRefused CheckoutAccepted UsageThresholdCrossed Reminder

Examples:
  $ license-watcher changes
  $ license-watcher changes --since 2027-01-01 --until 2027-01-31
  $ license-watcher changes --name LicenseRenewed,LicenseExpired --json
  $ license-watcher changes --follow --since 1h`;
