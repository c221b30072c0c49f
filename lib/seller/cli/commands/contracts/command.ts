import type { Command } from 'commander';
import { STANDINGS } from '../../../../domain/license/contract.ts';
import { collect, type AddCommand } from '../../command.ts';
import { buyerMeant } from '../../output/account.ts';
import { choicesOf } from '../../output/choices.ts';
import { spanOption } from '../../output/span.ts';
import { contracts } from './contracts.ts';

interface ContractsOptions {
  readonly endsWithin?: string;
  readonly product?: readonly string[];
  readonly standing?: readonly string[];
  readonly json?: boolean;
}

export const addContracts: AddCommand = (program, { io, withWatcher }) => {
  program
    .command('contracts')
    .description('What each buyer has: tier or seats, end, standing, and would it start.')
    .argument('[account]', 'AWS account ID or whole name of one buyer')
    .option('--ends-within <time>', 'only what ends within 30d, 12w, ... from now')
    .option('--product <id>', 'only this product; again for several', collect)
    .option('--standing <standing>', 'only this standing; again for several', collect)
    .option('--json', 'print JSON: a list')
    .addHelpText('after', HELP)
    .action((account: string | undefined, options: ContractsOptions, command: Command) => {
      const { endsWithin, product = [], standing = [] } = options;
      const order = {
        endsWithin: endsWithin === undefined ? undefined : spanOption(endsWithin, '--ends-within'),
        products: product,
        standings: choicesOf(standing, STANDINGS, '--standing'),
        json: options.json === true,
      };
      return withWatcher(command, async (watcher) => {
        const only = account === undefined ? undefined : await buyerMeant(account, watcher);
        return contracts({ ...order, only }, watcher, io);
      });
    });
};

const HELP = `
The contracts that are watched, the next end first, what has lapsed last, the
latest first: it stays until it is renewed or the buyer is revoked. Dates are
UTC. DAYS are rounded up. Where licenses overlap, ENDS is the last of their ends.

STANDING is one of none, not-activated, upcoming, in-force, suspended,
deactivated, canceled, ended. In force means entitled, all else not entitled;
a "?" behind it says that the verdict is unknown: reads and checkout contradict
each other, or nobody can see the license at present.

STARTS tells whether the product would start: "yes" only where a checkout was
accepted and its answer holds what was asked for; "no" where the license or its
grant does not allow it, nothing of what was bought is left, or a checkout that
needs no seat was refused three checks running; else "unknown", such as where
no checkout is tried. Reasons: --json. That all seats are in use does not count.

Examples:
  $ license-watcher contracts --ends-within 30d
  $ license-watcher contracts "Example Corp"
  $ license-watcher contracts --product scanner --standing suspended,ended
  $ license-watcher contracts --json`;
