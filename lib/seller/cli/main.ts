import { Command, CommanderError } from 'commander';
import { type AddCommand, commandContext } from './command.ts';
import { addAgreements } from './commands/agreements.ts';
import { addAsOf } from './commands/as-of/as-of.ts';
import { addBuyer } from './commands/buyer.ts';
import { addCalendar } from './commands/calendar.ts';
import { addBuyers } from './commands/buyers/buyers.ts';
import { addChanges } from './commands/changes.ts';
import { addCheck } from './commands/check.ts';
import { addComplete } from './commands/complete.ts';
import { addDoctor } from './commands/doctor/doctor.ts';
import { addExport } from './commands/export/export.ts';
import { addContracts } from './commands/contracts/contracts.ts';
import { addHistory } from './commands/history/history.ts';
import { addDismiss, addNote, addSnooze } from './commands/note.ts';
import { addInvite } from './commands/invite/invite.ts';
import { addPreflight } from './commands/preflight/preflight.ts';
import { addReport } from './commands/report.ts';
import { addRegister } from './commands/register.ts';
import { addRedeliver } from './commands/redeliver/redeliver.ts';
import { addRevoke } from './commands/revoke.ts';
import { addSimulate } from './commands/simulate.ts';
import { addTestLicense } from './commands/test-license/test-license.ts';
import { addVerify } from './commands/verify/verify.ts';
import type { World } from './io.ts';
import { errorText, explain } from './output/explain.ts';
import { WIDTH } from './output/text.ts';

/** In the order in which help lists them. */
const COMMANDS: readonly AddCommand[] = [
  addInvite,
  addRegister,
  addRevoke,
  addBuyers,
  addBuyer,
  addContracts,
  addAgreements,
  addHistory,
  addAsOf,
  addChanges,
  addReport,
  addCalendar,
  addNote,
  addSnooze,
  addDismiss,
  addExport,
  addVerify,
  addDoctor,
  addPreflight,
  addCheck,
  addTestLicense,
  addSimulate,
  addRedeliver,
  addComplete,
];

/** Runs `license-watcher` with these arguments and returns the exit code: 0 done, 1 failed, 2 misused. */
export async function main(argv: readonly string[], io: World): Promise<number> {
  try {
    await program(io).parseAsync(argv, { from: 'user' });
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) return exitCodeOf(error);
    const { message, exitCode } = explain(error);
    io.stderr(`${errorText(message)}\n`);
    return exitCode;
  }
}

function program(io: World): Command {
  const root = new Command('license-watcher')
    .description('Watch the contract licenses of your AWS Marketplace buyers.')
    .option('--deployment <name>', 'which watcher, as named in cdk.json (default: "default")')
    .option('--region <region>', 'Region of the watcher (default: AWS_REGION, else us-east-1)')
    .option('--profile <name>', 'profile of your AWS credentials')
    .option('--local', 'use the local cloud that "npm start" runs in this directory')
    .exitOverride()
    .configureOutput({
      writeOut: io.stdout,
      writeErr: io.stderr,
      outputError: (text, write) => {
        write(`${errorText(text.replace(/^error: /, '').trimEnd())}\n`);
      },
      getOutHasColors: () => io.colour,
      getOutHelpWidth: () => WIDTH,
    })
    // Lists commands without their options and arguments, which would leave no room for the descriptions.
    .configureHelp({ subcommandTerm: (command) => command.name() })
    .showHelpAfterError('(try --help)')
    .addHelpText(
      'after',
      `
Exit codes: 0 done, 1 failed, 2 misused.
Data goes to standard output, messages to standard error.
Naming a buyer costs a scan of the watch table; giving the account costs none.

Examples:
  $ license-watcher invite 111122223333 --name "Example Corp" --product scanner
  $ license-watcher buyers
  $ license-watcher buyers 111122223333 --json --profile seller
  $ license-watcher revoke 111122223333`,
    );
  for (const add of COMMANDS) add(root, commandContext(io));
  for (const command of root.commands) sayWhatIsScanned(command);
  for (const command of [root, ...root.commands]) refuseBeforeHelp(command);
  return root;
}

/** What a command scans if no buyer is named, in no order. "export" describes its reads in its own help. */
const SCANNED: Readonly<Record<string, string>> = {
  agreements: 'the whole watch table',
  buyers: 'the whole watch table',
  calendar: 'the whole watch table',
  contracts: 'the whole watch table',
  doctor: 'the whole watch table',
  preflight: 'the whole watch table',
  redeliver: 'the whole watch table',
  report: 'the whole watch table',
  verify: 'both whole tables',
};

/** Says it in the help, so that the person who pays for the reads knows beforehand. */
function sayWhatIsScanned(command: Command): void {
  const scanned = SCANNED[command.name()];
  if (scanned === undefined) return;
  const isOfOne = command.registeredArguments.some((each) => each.name() === 'account');
  command.addHelpText(
    'after',
    `\n${isOfOne ? 'Without an account: scans' : 'Scans'} ${scanned}; the cost is shown at the end.`,
  );
}

/** Refuses a misspelled option or command even with --help: commander would show help, skip the rest of the line, and exit with 0. */
function refuseBeforeHelp(command: Command): void {
  command.on('beforeHelp', ({ error }: { readonly error: boolean }) => {
    if (error) return;
    const option = command.args.find((arg) => /^-./.test(arg) && arg !== '-h' && arg !== '--help');
    if (option !== undefined) command.error(`error: unknown option '${option}'`);
    const [name = 'help'] =
      command.parent === null ? command.args.filter((arg) => !arg.startsWith('-')) : [];
    const isKnown = name === 'help' || command.commands.some((each) => each.name() === name);
    if (!isKnown) command.error(`error: unknown command '${name}'`);
  });
}

/** Commander ends with 0 after help, and with 1 after every misuse, which is 2 here. */
function exitCodeOf({ exitCode }: CommanderError): number {
  return exitCode === 0 ? 0 : 2;
}
