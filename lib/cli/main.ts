import { Command, CommanderError } from 'commander';
import { accountIdOf } from './account.ts';
import { buyers } from './buyers.ts';
import { connectionOf, type ConnectionOptions } from './connection.ts';
import { explain } from './explain.ts';
import type { Io, Watcher } from './io.ts';
import { invite, type InviteOptions } from './invite.ts';
import { revoke } from './revoke.ts';
import { WIDTH } from './table.ts';

/** `license-watcher` with these arguments. Answers with the exit code: 0 done, 1 failed, 2 misused. */
export async function main(argv: readonly string[], io: Io): Promise<number> {
  try {
    await program(io).parseAsync(argv, { from: 'user' });
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) return exitCodeOf(error);
    const { message, exitCode } = explain(error);
    io.stderr(`license-watcher: ${message}\n`);
    return exitCode;
  }
}

function program(io: Io): Command {
  const root = new Command('license-watcher')
    .description('Watch the contract licenses of your AWS Marketplace buyers.')
    .option('--deployment <name>', 'which watcher, as named in cdk.json (default: "default")')
    .option('--region <region>', 'Region of the watcher (default: AWS_REGION, else us-east-1)')
    .option('--profile <name>', 'profile of your AWS credentials')
    .option('--local', 'talk to the local cloud that "npm start" runs in this directory')
    .exitOverride()
    .configureOutput({
      writeOut: io.stdout,
      writeErr: io.stderr,
      getOutHasColors: () => io.colour,
      getOutHelpWidth: () => WIDTH,
    })
    .showHelpAfterError('(try --help)')
    .addHelpText(
      'after',
      `
Exit codes: 0 done, 1 failed, 2 misused.
Data goes to standard output, talk to standard error.

Examples:
  $ license-watcher invite 111122223333 --name "Example Corp" --product scanner
  $ license-watcher buyers
  $ license-watcher buyers 111122223333 --json --profile seller
  $ license-watcher revoke 111122223333`,
    );
  addInvite(root, io);
  addRevoke(root, io);
  addBuyers(root, io);
  return root;
}

function addInvite(root: Command, io: Io): void {
  root
    .command('invite')
    .description('Invite a buyer, and print the AWS CLI command that the buyer runs.')
    .argument('<account>', 'AWS account ID of the buyer, 12 digits')
    .requiredOption('--name <alias>', 'how you call the buyer')
    .requiredOption('--product <id>', 'product to watch, as in cdk.json; again for several', collect)
    .option('--email <address>', 'where the buyer wants the notices')
    .option('--renew', 'make a new ExternalId: the command printed before becomes useless')
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
      return withWatcher(command, io, (watcher, local) => invite(account, options, watcher, local, io));
    });
}

function addRevoke(root: Command, io: Io): void {
  root
    .command('revoke')
    .description('Take an invitation back; a watch that runs ends.')
    .argument('<account>', 'AWS account ID of the buyer, 12 digits')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nThe history stays in the audit table.\n\nExample:\n  $ license-watcher revoke 111122223333',
    )
    .action((account: string, options: { json?: boolean }, command: Command) => {
      accountIdOf(account);
      return withWatcher(command, io, (watcher) => revoke(account, options, watcher, io));
    });
}

function addBuyers(root: Command, io: Io): void {
  root
    .command('buyers')
    .description('Who is watched, since when, confirmed when; who cannot be seen, and why.')
    .argument('[account]', 'AWS account ID of one buyer: all that is known of it')
    .option('--json', 'print JSON: a list, also for one account')
    .addHelpText('after', '\nExamples:\n  $ license-watcher buyers\n  $ license-watcher buyers 111122223333 --json')
    .action((account: string | undefined, options: { json?: boolean }, command: Command) => {
      if (account !== undefined) accountIdOf(account);
      return withWatcher(command, io, (watcher) => buyers(account, options, watcher, io));
    });
}

/** Where the local cloud is spoken to, the address it is spoken to at. */
export type LocalEndpoint = string | undefined;

async function withWatcher(
  command: Command,
  io: Io,
  work: (watcher: Watcher, local: LocalEndpoint) => Promise<void>,
): Promise<void> {
  const connection = await connectionOf(command.optsWithGlobals<ConnectionOptions>(), io);
  await work(await io.connect(connection), connection.local?.endpoint);
}

function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, ...value.split(',').map((each) => each.trim())];
}

function exitCodeOf({ code }: CommanderError): number {
  return code === 'commander.helpDisplayed' || code === 'commander.version' ? 0 : 2;
}
