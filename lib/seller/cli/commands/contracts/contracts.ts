import type { Command } from 'commander';
import { contractOf, type Standing, STANDINGS } from '../../../../domain/license/contract.ts';
import type { Buyer } from '../../../../domain/registration/buyer.ts';
import { instant, type Instant } from '../../../../domain/time.ts';
import { cleanText } from '../../../../domain/outside-text.ts';
import { standingNote } from '../../../../mail/note-words.ts';
import { purchaseInShort } from '../../../../mail/amounts.ts';
import { intentInShort } from '../../../../mail/intent-words.ts';
import { earlierEnds } from '../../../../mail/facts.ts';
import { peopleLines } from '../../../../mail/text.ts';
import { seenUsageWords } from '../../../usage/usage-words.ts';
import { type AddCommand, collect } from '../../command.ts';
import type { Io, Watcher } from '../../io.ts';
import { knownProducts } from '../../known-contracts.ts';
import { resolveBuyer } from '../../output/account.ts';
import { choicesOf } from '../../output/choices.ts';
import { spanOption, timeText } from '../../output/moment.ts';
import { listOf, OWNER_BENEATH, ownerColumn, wrapped } from '../../output/text.ts';
import { unrecordedWords } from '../buyers/troubles.ts';
import {
  byEnd,
  type ContractLine,
  contractsEnding,
  everyContract,
  type ContractsRead,
  isDismissed,
  isLapsed,
  machineForm,
  rowOf,
} from './rows.ts';
import { isOverdue, isSilentlyUnwatched, silentlyUnwatchedWords } from '../../../unseen.ts';

export const addContracts: AddCommand = (program, { io, withWatcher }) => {
  program
    .command('contracts')
    .description('What each buyer has: tier or units, end, standing, and whether it would start.')
    .argument('[account]', 'AWS account ID or full name of one buyer')
    .option('--ends-within <time>', 'only what ends within 30d, 12w, ... from now', (text) =>
      spanOption(text, '--ends-within'),
    )
    .option('--product <id>', 'only this product; again for several', collect)
    .option(
      '--standing <standing>',
      'only this standing; again for several',
      choicesOf(STANDINGS, '--standing'),
    )
    .option('--dismissed', 'also those that you dismissed')
    .option('--json', 'print JSON: a list')
    .addHelpText('after', HELP)
    .action((account: string | undefined, options: ContractsOptions, command: Command) =>
      withWatcher(command, async (watcher) => {
        const only = account === undefined ? undefined : await resolveBuyer(account, watcher);
        return contracts(only, options, watcher, io);
      }),
    );
};

const HELP = `
The watched contracts, the next end first. Lapsed contracts come last, the
latest first, until they are renewed or dismissed, or the buyer is revoked.
Below are your notes. Dates are UTC.
DAYS are rounded up. If licenses overlap, ENDS is the last of their ends.
From 110 columns on, if agreements are read, RENEWS is what AWS says today about
that end: "by itself"; "moves" to another offer; "no:" and who switched it off
or why; "?", not known. Neither party can change that after DECIDE BY.

STANDING is one of none, not-activated, upcoming, in-force, suspended,
deactivated, canceled, ended. In force means entitled, all else not entitled;
a "?" after it means that the verdict is unknown: reads and checkout contradict
each other, or the license cannot be seen at present.

STARTS says whether the product would start: "yes" only if a checkout was
accepted and its answer holds what was asked for; "no" if the license or its
grant does not allow it, nothing of what was bought is left, or a checkout that
needs no seat was refused at three checks in a row; else "unknown", for example
if no checkout is tried. Reasons: --json. Units all in use make no difference.

For one buyer who shares usage: what was last seen in use, the peak, and when a
pool would be used up at its present pace. By day: --json, and the report.

Examples:
  $ license-watcher contracts --ends-within 30d
  $ license-watcher contracts "Example Corp"
  $ license-watcher contracts --product scanner --standing suspended,ended
  $ license-watcher contracts --json`;

interface ContractsOptions {
  /** Milliseconds; undefined: with any end, or none. */
  readonly endsWithin?: number;
  readonly product?: readonly string[];
  readonly standing?: readonly Standing[];
  readonly dismissed?: boolean;
  readonly json?: boolean;
}

/** `only`: shows the contracts of this buyer alone. */
async function contracts(
  only: Buyer | undefined,
  { endsWithin, product = [], standing: standings = [], dismissed, json }: ContractsOptions,
  watcher: Watcher,
  io: Io,
): Promise<void> {
  const now = instant(io.now());
  const products = await knownProducts(product, watcher);
  const choice = { only, usage: json === true };
  const found = await (endsWithin === undefined
    ? everyContract(choice, watcher, io)
    : contractsEnding(choice, now, endsWithin, watcher, io));
  const isWanted = (id: string) => products.length === 0 || products.includes(id);
  const failing = found.unrecorded.filter(({ contract }) =>
    isWanted(contractOf(contract).productId),
  );
  const all = found.contracts
    .map((contract) => rowOf(contract, watcher.productIds, now))
    .filter((row) => isWanted(row.product))
    .filter(({ standing }) => standings.length === 0 || standings.includes(standing))
    .toSorted(byEnd);
  const rows = dismissed === true ? all : all.filter((row) => !isDismissed(row, now));
  if (json) io.printJson(rows.map((row) => machineForm(row, now)));
  else if (rows.length === 0 && failing.length === 0)
    io.stderr(
      `No watched contract ${found.contracts.length === 0 && endsWithin === undefined && only === undefined ? 'yet: see "license-watcher buyers"' : 'matches'}.\n${hiddenWords(all.length - rows.length)}`,
    );
  else {
    const used = only === undefined ? [] : rows.flatMap(usageLines);
    io.print([
      ...list(rows, now, io),
      ...used,
      ...failing.flatMap((each) => failingLines(each, io)),
    ]);
    if (only !== undefined) io.stderr(peopleWords(only));
    io.stderr(attentionWords(rows, now));
    io.stderr(hiddenWords(all.length - rows.length));
    if (rows.some(({ isLookedAt, lastSeen }) => isLookedAt && isOverdue(lastSeen, now)))
      io.stderr(OVERDUE);
    io.stderr(unwatchedWords(rows, watcher.productIds));
    if (rows.some(({ verdict, start }) => verdict === 'unknown' || start.answer !== 'yes'))
      io.stderr(HINT);
  }
}

function peopleWords(buyer: Buyer): string {
  return peopleLines(buyer)
    .flatMap((words) => ['', ...wrapped(words)])
    .map((line) => `${line}\n`)
    .join('');
}

function hiddenWords(dismissed: number): string {
  return dismissed === 0 ? '' : `\nDismissed: ${dismissed}; --dismissed shows them.\n`;
}

/** What the columns do not say: how many contracts have lapsed, when no license will be in force for a while, and what the seller noted. */
function attentionWords(rows: readonly ContractLine[], now: Instant): string {
  const lapsed = rows.filter(isLapsed).length;
  const notes = rows.flatMap(({ head, noteText, account, product }) => {
    const words = standingNote(head, noteText, now);
    return words === null ? [] : [`${account} ${cleanText(product)}: ${words}.`];
  });
  const gaps = rows.flatMap(({ gap, account, product }) =>
    gap === null ? [] : [{ ...gap, account, product }],
  );
  return [
    ...(lapsed === 0
      ? []
      : [
          `Lapsed: ${lapsed}, at the end of the list, until renewed, dismissed or the buyer is revoked.`,
        ]),
    ...gaps.map(
      ({ account, product, from, to }) =>
        `${account} ${cleanText(product)}: no license is in force from ${timeText(from)} to ${timeText(to)}; offer a term that closes the gap.`,
    ),
    ...rows.flatMap(({ head, account, product }) => {
      const earlier = earlierEnds(head.state, now);
      return earlier === '' ? [] : [`${account} ${cleanText(product)} ends${earlier}.`];
    }),
    ...notes,
  ]
    .flatMap((words) => ['', ...wrapped(words)])
    .map((line) => `${line}\n`)
    .join('');
}

/** What was seen in use, below the list of a buyer who was asked for by name. */
function usageLines({ product, usage, end, head }: ContractLine): readonly string[] {
  if (usage === undefined) return [];
  const words = seenUsageWords(usage, end, head.dimensions);
  return [
    '',
    ...wrapped(`In use of ${cleanText(product)}:`),
    ...words.flatMap((each) => wrapped(each, '  ')),
  ];
}

/** Once for each product that nobody looks at any more, although the watches of its contracts have not ended. */
function unwatchedWords(rows: readonly ContractLine[], productIds: readonly string[]): string {
  const unwatched = Map.groupBy(
    rows.filter(({ buyer, product, head }) =>
      isSilentlyUnwatched(buyer, product, head, productIds),
    ),
    ({ product }) => product,
  );
  return [...unwatched]
    .flatMap(([product, { length }]) => {
      const { what, remedy } = silentlyUnwatchedWords(product, length);
      return ['', ...wrapped(`${what}. ${remedy}`)];
    })
    .map((line) => `${line}\n`)
    .join('');
}

function failingLines(each: ContractsRead['unrecorded'][number], io: Io): readonly string[] {
  const { buyerAccountId, productId } = contractOf(each.contract);
  const who = `${buyerAccountId} (${cleanText(each.buyer.name)}) ${cleanText(productId)}`;
  return ['', ...wrapped(`${who}: not recorded ${unrecordedWords(each)}`).map(io.alarming)];
}

const OVERDUE =
  '\nSome have not been read for 26 hours or more: see "license-watcher buyers" and\n"license-watcher doctor".\n';
const HINT =
  '\n"?" after a standing: the verdict is unknown. --json says why a product would\nnot start, or why nobody knows; "license-watcher buyers" says who cannot be\nseen.\n';

const WIDE = 110;

/** What AWS says about renewals gets two columns if agreements are read and there is room. */
function list(rows: readonly ContractLine[], now: Instant, io: Io): readonly string[] {
  const isWide = io.width === undefined || io.width >= WIDE;
  const isAgreed = isWide && rows.some(({ head }) => head.agreements !== null);
  const bought = ({ head }: ContractLine) =>
    purchaseInShort(head.state, now, head.dimensions) || '-';
  return listOf<ContractLine>(
    [
      ['ACCOUNT', ({ account }) => account],
      ['NAME', ({ buyer }) => cleanText(buyer.name), true],
      ['PRODUCT', ({ product }) => cleanText(product), true],
      ['BOUGHT', bought, true],
      ['ENDS', ({ end, head }) => end?.slice(0, 10) ?? (head.state.length === 0 ? '-' : 'no end')],
      ['DAYS', ({ days }) => (days === null ? '-' : String(days))],
      // The verdict follows from the standing, unless it is unknown.
      ['STANDING', ({ standing, verdict }) => `${standing}${verdict === 'unknown' ? '?' : ''}`],
      ['STARTS', ({ start }) => start.answer],
      isAgreed && ['RENEWS', renewsInShort],
      isAgreed && ['DECIDE BY', decideByInShort],
      ownerColumn(rows, ({ buyer }) => buyer.owner),
    ],
    rows,
    [OWNER_BENEATH, { title: 'DAYS', to: 'out' }],
    io,
  );
}

function renewsInShort({ renewal, days }: ContractLine): string {
  if (days === null || days <= 0) return '-';
  return renewal === null ? '?' : intentInShort(renewal.intent);
}

function decideByInShort({ renewal, days }: ContractLine): string {
  if (days === null || days <= 0 || renewal === null) return '-';
  return renewal.decideBy?.slice(0, 10) ?? '-';
}
