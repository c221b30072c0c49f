import type { Command } from 'commander';
import { contractOf } from '../../../../domain/license/contract.ts';
import type { AddCommand } from '../../command.ts';
import type { Io, Watcher } from '../../io.ts';
import { resolveAccount } from '../../output/account.ts';
import { CommandFailure, MEGABYTE, misuse } from '../../output/failure.ts';
import { verifyLedgers } from './ledgers.ts';
import { receiptLines } from './receipt-lines.ts';
import { type Receipt, receiptOf } from './receipt.ts';
import { quoted } from '../../../../domain/outside-text.ts';

export const addVerify: AddCommand = (program, { io, withWatcher }) => {
  program
    .command('verify')
    .description('Whether the ledgers are whole, and whether a mail is ours and unchanged.')
    .argument('[account]', 'AWS account ID or full name of one buyer')
    .argument('[product]', 'one product of that buyer')
    .option('--receipt <file>', 'a mail saved as .eml, its copied text, or a notice in JSON')
    .option('--json', 'print JSON')
    .addHelpText('after', HELP)
    .action(
      (
        account: string | undefined,
        product: string | undefined,
        options: VerifyOptions,
        command: Command,
      ) => {
        if (options.receipt !== undefined && account !== undefined) {
          throw misuse('--receipt finds account and product in the file: leave them out');
        }
        return withWatcher(command, async (watcher) => {
          const meant = account === undefined ? undefined : await resolveAccount(account, watcher);
          return verify({ account: meant, product }, options, watcher, io);
        });
      },
    );
};

const HELP = `
Each ledger entry has a hash over its content and the hash of the entry before.
verify recomputes all hashes and compares the end with the watch table. For each
ledger it names the first entry that does not match or has an attribute that the
watcher did not write. The line under each ledger is the hash of its last entry:
write it down somewhere else, and no entry up to it can be altered unnoticed.

What this cannot show: anybody who may write to both tables could rewrite a
ledger from some entry on, all hashes included. The mails are the outside
evidence: each carries the number and the hash of an entry, and the ledger keeps
the hash of the mail's text. Also, the chain covers only entries. Facts of
delivery (when, message ID, hash of the text) are not sealed: anybody who may
write to the audit table could add, alter or remove one unnoticed.

--receipt examines one mail: whether the ledger has its entry with its hash,
whether the chain is whole up to there, whether subject and text are what was
sent, and when. What mail programs and Amazon SNS do to a mail is undone. It is
proved only if the whole file is what was sent: one text under one subject, with
nothing beside it that somebody could read. Sender, date and other headers are
not compared. A notice in JSON is proved with its envelope, by message ID and
hash; alone it can only agree with the ledger. No text is kept of mails to
operations, and a test ([TEST]) proves nothing.

Exit codes: 0 whole, or proved; 1 broken, not to be verified, or not proved.

Examples:
  $ license-watcher verify
  $ license-watcher verify 111122223333 scanner
  $ license-watcher verify --json > checkpoint.json
  $ license-watcher verify --receipt renewal.eml`;

interface VerifyOptions {
  readonly receipt?: string;
  readonly json?: boolean;
}

async function verify(
  meant: { readonly account: string | undefined; readonly product: string | undefined },
  options: VerifyOptions,
  watcher: Watcher,
  io: Io,
): Promise<void> {
  if (options.receipt === undefined) return verifyLedgers(meant, options, watcher, io);
  const file = await io.readFile(options.receipt, MEGABYTE);
  if (file === undefined)
    throw misuse(`--receipt is ${quoted(options.receipt)}: there is no such file`);
  const receipt = await receiptOf(options.receipt, file, watcher);
  if (options.json === true) io.printJson(machineForm(receipt));
  else io.print(receiptLines(receipt, io));
  if (!receipt.proved) throw new CommandFailure(`${options.receipt} is not proved`);
}

/** Members are added, never renamed or removed. */
function machineForm({ kind, subject, content, why, examined, sent, proved }: Receipt) {
  return {
    proved,
    kind,
    subject,
    content,
    why,
    entries: examined.map(({ claim, ledger, hash, chain, finding }) => ({
      account: contractOf(claim.contract).buyerAccountId,
      contract: claim.contract,
      from: claim.from,
      entry: claim.entry,
      claimedHash: claim.hash,
      ledger,
      hash,
      chain,
      finding,
    })),
    sent,
  };
}
