import type { LedgerVerdict } from '../../../../domain/ledger/walk.ts';
import { contractOf } from '../../../../domain/license/contract.ts';
import { instant } from '../../../../domain/time.ts';
import { cleanText, jsonText } from '../../../../domain/outside-text.ts';
import { inOrder } from '../../../in-order.ts';
import { TRAIL_OF_WRITES } from '../../aws-sentences.ts';
import type { Io, Watcher } from '../../io.ts';
import { knownContracts } from '../../known-contracts.ts';
import { CommandFailure } from '../../output/failure.ts';
import { alarming, wrapped } from '../../output/text.ts';
import { type WalkedLedger, walkLedger } from './walk-ledger.ts';

/** Ledgers that are read side by side. */
const WIDTH = 10;

const CLEAR_REST = '\u001b[K';
const CLEAR = `\r${CLEAR_REST}`;

/** Walks the ledgers that are meant, and says of each what it found. Fails unless all are whole. */
export async function verifyLedgers(
  meant: { readonly account: string | undefined; readonly product: string | undefined },
  options: { json?: boolean },
  watcher: Watcher,
  io: Io,
): Promise<void> {
  const { account, product } = meant;
  const contracts = await knownContracts(watcher, {
    account,
    productIds: product === undefined ? [] : [product],
  });
  if (contracts.length === 0) await requireEmptyTable(watcher);
  const { interrupted } = io;
  const walked: WalkedLedger[] = [];
  const all = inOrder(contracts, WIDTH, (contract) =>
    walkLedger(contract, watcher, { interrupted }),
  );
  for await (const ledger of all) {
    if (ledger === undefined) break;
    walked.push(ledger);
    // On a terminal the ledger would stand behind the words on how far it is.
    if (io.progress) io.stderr(CLEAR);
    if (options.json !== true) io.stdout(`${ledgerLines(ledger, io).join('\n')}\n`);
    if (io.progress) io.stderr(`\r${walked.length} of ${contracts.length} ledgers${CLEAR_REST}`);
  }
  if (io.progress && walked.length > 0) io.stderr(CLEAR);
  if (options.json === true) io.stdout(`${jsonText(machineForm(walked, io.now()), 2)}\n`);
  const unseen = contracts.length - walked.length;
  if (unseen > 0)
    throw new CommandFailure(
      `interrupted: ${unseen} of ${contracts.length} ledgers were not verified`,
    );
  sum(walked, io);
}

/** Ledgers are found by the watch table: where that is another one, or was emptied, none would be looked at. */
async function requireEmptyTable({ archive }: Watcher): Promise<void> {
  const { items } = await archive.extent();
  if (items === 0) return;
  throw new CommandFailure(
    `the watch table knows no contract, and yet the audit table has ${items} items, so nothing was verified: see that the watch table is the one that belongs to it ("watchTableName" in cdk.json); "license-watcher export" has what is recorded`,
  );
}

function sum(walked: readonly WalkedLedger[], io: Io): void {
  const count = (state: LedgerVerdict['state']): number =>
    walked.filter(({ verdict }) => verdict.state === state).length;
  const entries = walked.reduce((total, { verdict }) => total + verdict.entries, 0);
  const [broken, unverified] = [count('broken'), count('unverified')];
  const total = `${walked.length} ledger${walked.length === 1 ? '' : 's'}, ${entries} entr${entries === 1 ? 'y' : 'ies'}`;
  if (broken > 0) {
    throw new CommandFailure(
      `${total}: ${broken} broken. ${TRAIL_OF_WRITES}, and compare with the buyers’ mails: "license-watcher verify --help"`,
    );
  }
  if (unverified > 0)
    throw new CommandFailure(
      `${total}: ${unverified} cannot be verified as a whole, none is broken`,
    );
  io.stderr(`${total}: all whole. Facts of delivery are not sealed.\n`);
}

function ledgerLines({ contract, verdict }: WalkedLedger, io: Io): readonly string[] {
  const { buyerAccountId, productId } = contractOf(contract);
  const { state, entries, lastHash, finding } = verdict;
  const count = entries === 0 ? 'no entry yet' : `${entries} entr${entries === 1 ? 'y' : 'ies'}`;
  const said =
    state === 'whole' ? count : `${count}, ${state === 'broken' ? 'BROKEN' : 'not verified'}`;
  const title = `${buyerAccountId} ${cleanText(productId)}: ${said}`;
  return [
    state === 'broken' ? alarming(title, io) : title,
    ...(finding === null
      ? []
      : wrapped(
          `entry ${finding.entry}: ${WHAT[finding.kind]}: ${cleanText(finding.problem, 600)}`,
          '  ',
        )),
    ...(lastHash === null ? [] : [`  last hash ${lastHash}`]),
  ];
}

/** What is wrong, in words. */
const WHAT = {
  altered: 'it is not as it was written',
  missing: 'it is missing',
  'cut-off': 'it is missing, the end is cut off',
  added: 'the watcher did not write it',
  fact: 'a fact of its delivery does not fit',
  'later-format': 'of a later format, which this version cannot verify',
  'no-head': 'whether it exists is not known',
} as const;

/** Members are added, never renamed or removed. */
function machineForm(walked: readonly WalkedLedger[], now: number) {
  return {
    at: instant(now),
    /** What the chain of hashes covers: facts of delivery have no place in it. */
    sealed: ['entries'],
    whole: walked.every(({ verdict }) => verdict.state === 'whole'),
    entries: walked.reduce((total, { verdict }) => total + verdict.entries, 0),
    contracts: walked.map(({ contract, verdict }) => ({
      contract,
      account: contractOf(contract).buyerAccountId,
      product: contractOf(contract).productId,
      ...verdict,
    })),
  };
}
