import type { Filed } from '../../../ledger/archive.ts';
import {
  ledgerVerdict,
  type LedgerVerdict,
  startWalk,
  type Walk,
  walkOn,
} from '../../../ledger/walk.ts';
import { compare } from '../../../../domain/license/canonical-state.ts';
import { type ContractKey, contractOf } from '../../../../domain/license/contract.ts';
import { instant } from '../../../../domain/time.ts';
import { cleanText } from '../../../../domain/outside-text.ts';
import { counted } from '../../../../mail/dates.ts';
import { inOrder } from '../../../in-order.ts';
import { TRAIL_OF_WRITES } from '../../aws-sentences.ts';
import type { Io, Watcher } from '../../io.ts';
import { contractsOfAll, knownContracts } from '../../known-contracts.ts';
import { CommandFailure } from '../../output/failure.ts';
import { progressOf } from '../../output/progress.ts';
import { wrapped } from '../../output/text.ts';
import { scannedBuyers } from '../../scanned-buyers.ts';
import { type WalkedLedger, walkLedger } from './walk-ledger.ts';
import { sha256 } from '../../../../aws/text.ts';

/** Walks along the chosen ledgers, and reports what was found in each. Fails unless all are whole. */
export async function verifyLedgers(
  meant: { readonly account: string | undefined; readonly product: string | undefined },
  options: { json?: boolean },
  watcher: Watcher,
  io: Io,
): Promise<void> {
  const { account, product } = meant;
  const productIds = product === undefined ? [] : [product];
  const walked: WalkedLedger[] = [];
  if (account === undefined) walked.push(...(await walkAll(watcher, io)));
  else
    for (const contract of await knownContracts(watcher, { account, productIds }))
      walked.push(await walkLedger(contract, watcher, { interrupted: io.interrupted }));
  if (options.json === true) io.printJson(machineForm(walked, io.now()));
  else for (const ledger of walked) io.print(ledgerLines(ledger, io));
  sum(walked, io);
}

/**
 * Every ledger that the tables know, by contract, from one scan of each table. If the scan shows a ledger to be whole, it is. Every other
 * ledger is walked along by itself, because the watcher writes on and a scan may lag behind.
 */
async function walkAll(watcher: Watcher, io: Io): Promise<readonly WalkedLedger[]> {
  const { archive } = watcher;
  const buyers = await scannedBuyers({}, watcher, io);
  const heads = new Map(
    buyers.flatMap((each) => each.heads.map((head) => [head.contract, head] as const)),
  );
  const walks = new Map<ContractKey, Walk>();
  for (const contract of contractsOfAll(buyers))
    walks.set(contract, startWalk([heads.get(contract)?.entries ?? 0]));
  if (walks.size === 0) return requireEmptyTable(watcher);
  const total = io.progress ? (await archive.extent()).items : undefined;
  const progress = progressOf('items of the audit table', total, io);
  const scanned = (items: number) => {
    if (io.interrupted.aborted)
      throw new CommandFailure('interrupted: not every ledger was verified');
    progress.advance(items);
  };
  for await (const filed of archive.everything({ scanned })) {
    const contract = contractOfFiled(filed);
    walks.set(contract, walkOn(walks.get(contract) ?? startWalk([]), filed, sha256));
  }
  progress.clear();
  const walked: WalkedLedger[] = [];
  const all = inOrder([...walks].toSorted(byContract), WIDTH, async ([contract, walk]) => {
    const head = heads.get(contract);
    const verdict = ledgerVerdict(walk, head, head);
    if (verdict.state === 'whole') return { contract, walk, verdict };
    return walkLedger(contract, watcher, { interrupted: io.interrupted });
  });
  for await (const ledger of all) walked.push(ledger);
  return walked;
}

/** Ledgers that are walked along side by side. */
const WIDTH = 10;

function byContract([a]: readonly [ContractKey, Walk], [b]: readonly [ContractKey, Walk]): number {
  return compare(a, b);
}

function contractOfFiled(filed: Filed): ContractKey {
  switch (filed.kind) {
    case 'entry':
      return filed.entry.contract;
    case 'fact':
      return filed.fact.contract;
    case 'unreadable':
      return filed.contract as ContractKey;
  }
}

/**
 * Throws unless the audit table is empty: if the watch table is another one, or was emptied, nothing shows whether a ledger has its end.
 */
async function requireEmptyTable({ archive }: Watcher): Promise<readonly []> {
  const { items } = await archive.extent();
  if (items === 0) return [];
  throw new CommandFailure(
    `the watch table knows no contract, yet the audit table has ${items} items, so nothing was verified: check that the watch table is the one that belongs to it ("watchTableName" in cdk.json); "license-watcher export" has what is recorded`,
  );
}

function sum(walked: readonly WalkedLedger[], io: Io): void {
  const count = (state: LedgerVerdict['state']): number =>
    walked.filter(({ verdict }) => verdict.state === state).length;
  const entries = walked.reduce((total, { verdict }) => total + verdict.entries, 0);
  const [broken, unverified] = [count('broken'), count('unverified')];
  const total = `${counted(walked.length, 'ledger')}, ${counted(entries, 'entry', 'entries')}`;
  if (broken > 0) {
    throw new CommandFailure(
      `${total}: ${broken} broken. ${TRAIL_OF_WRITES}, and compare with the buyers’ mails: "license-watcher verify --help"`,
    );
  }
  if (unverified > 0)
    throw new CommandFailure(
      `${total}: ${unverified} cannot be verified as a whole, none is broken`,
    );
  io.stderr(
    entries === 0
      ? `${total}: nothing is recorded yet, so there was nothing to verify.\n`
      : `${total}: all whole. Facts of delivery are not sealed.\n`,
  );
}

function ledgerLines({ contract, verdict }: WalkedLedger, io: Io): readonly string[] {
  const { buyerAccountId, productId } = contractOf(contract);
  const { state, entries, lastHash, finding } = verdict;
  const count = entries === 0 ? 'no entry yet' : counted(entries, 'entry', 'entries');
  const said =
    state === 'whole' ? count : `${count}, ${state === 'broken' ? 'BROKEN' : 'not verified'}`;
  const title = `${buyerAccountId} ${cleanText(productId)}: ${said}`;
  return [
    state === 'broken' ? io.alarming(title) : title,
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
  fact: 'a fact of its delivery does not match',
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
