import type { Io, Watcher } from '../../io.ts';
import { CommandFailure, misuse } from '../../output/failure.ts';
import { verifyLedgers } from './ledgers.ts';
import { receiptOf, type Receipt } from './receipt.ts';
import { receiptLines } from './receipt-lines.ts';

export interface VerifyOptions {
  readonly receipt?: string;
  readonly json?: boolean;
}

export async function verify(
  meant: { readonly account: string | undefined; readonly product: string | undefined },
  options: VerifyOptions,
  watcher: Watcher,
  io: Io,
): Promise<void> {
  if (options.receipt === undefined) return verifyLedgers(meant, options, watcher, io);
  const file = await io.readFile(options.receipt);
  if (file === undefined)
    throw misuse(`--receipt is ${JSON.stringify(options.receipt)}: there is no such file`);
  const receipt = await receiptOf(options.receipt, file, watcher);
  if (options.json === true) io.stdout(`${JSON.stringify(machineForm(receipt), undefined, 2)}\n`);
  else io.stdout(`${receiptLines(receipt, io).join('\n')}\n`);
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
    entries: examined.map(({ claim, contract, ledger, hash, chain, finding }) => ({
      account: claim.buyerAccountId,
      contract,
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
