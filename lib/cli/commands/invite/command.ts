import type { Command } from 'commander';
import { collect, type AddCommand } from '../../command.ts';
import { accountIdOf } from '../../talk/account.ts';
import { invite, type InviteOptions } from './invite.ts';

export const addInvite: AddCommand = (program, { io, withWatcher }) => {
  program
    .command('invite')
    .description('Invite a buyer, and print the AWS CLI command that the buyer runs.')
    .argument('<account>', 'AWS account ID of the buyer, 12 digits')
    .requiredOption('--name <alias>', 'how you call the buyer')
    .requiredOption('--product <id>', 'product to watch, as in cdk.json; again for several', collect)
    .option('--email <address>', 'where the buyer wants the notices')
    .option('--renew', 'make a new ExternalId: the command printed before becomes useless')
    .option('--no-approval', 'write no approval page')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
To invite again prints the same command with what you changed: the buyer may
already have it.

Examples:
  $ license-watcher invite 111122223333 --name "Example Corp" \\
      --product scanner --email it@example.com > launch.sh
  $ license-watcher invite 111122223333 --name "Example Corp" \\
      --product scanner --renew`,
    )
    .action((account: string, options: InviteOptions, command: Command) => {
      accountIdOf(account);
      return withWatcher(command, (watcher, local) => invite(account, options, watcher, local, io));
    });
};
