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
    .argument('[account]', 'AWS account ID or whole name of one buyer')
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
Each entry of a ledger has a hash over its content and over the hash of the
entry before. verify computes them all anew, names the first entry of each
ledger that does not fit or has an attribute that nobody wrote, and compares
the end with the watch table. The line under each ledger is the hash of its
last entry: write it down elsewhere, and no entry up to it can be altered
unseen.

What this cannot show: whoever may write to both tables could rewrite a ledger
from some entry on, all hashes included. The mails are the witnesses outside of
them: each carries the number and the hash of an entry, and the ledger keeps the
hash of the mail's text. And the chain covers entries alone. Facts of delivery
(when, message ID, hash of the text) are not sealed: whoever may write to the
audit table could add, alter or remove one unseen.

--receipt tells of one mail: whether the ledger has its entry with its hash,
whether the chain is whole up to there, whether subject and text are what was
sent, and when. What mail programs and Amazon SNS do to a mail is undone. It is
proved only if the whole file is what was sent: one text under one subject, with
nothing beside it that somebody could read. Sender, date and other headers are
not compared. A notice in JSON is proved with its envelope, by message ID and
hash; alone it agrees with the ledger at best. Of mails to operations no text is
kept, and a test ([TEST]) proves nothing.

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
