import type { Command } from 'commander';
import type { Agreement } from '../../../domain/agreement/agreement.ts';
import { isOpen, type WatchStatus, watchOf } from '../../../domain/agreement/watch-status.ts';
import { PROFILE } from '../../../aws/dynamodb/keys.ts';
import { endSaidOf } from '../../../domain/agreement/forecast.ts';
import { compare } from '../../../domain/license/canonical-state.ts';
import { contractKey, type ContractKey, contractOf } from '../../../domain/license/contract.ts';
import { cleanText } from '../../../domain/outside-text.ts';
import { type Buyer, watchedContracts } from '../../../domain/registration/buyer.ts';
import { counted, date, dateAndTime } from '../../../mail/dates.ts';
import { intentInShort } from '../../../mail/intent-words.ts';
import { type AddCommand, collect } from '../command.ts';
import type { Io, Watcher } from '../io.ts';
import { knownProducts } from '../known-contracts.ts';
import { CommandFailure, misuse, namedProblems } from '../output/failure.ts';
import { listOf, OWNER_BENEATH, ownerColumn, wrapped } from '../output/text.ts';
import { scannedBuyers } from '../scanned-buyers.ts';
import { buyerListOf, type ListedBuyer } from './invite/buyer-list.ts';
import { type ChainPlace, chainPlaceOf } from '../../chain-place.ts';

interface AgreementsOptions {
  readonly unwatched?: boolean;
  readonly ended?: boolean;
  readonly product?: readonly string[];
  readonly json?: boolean;
  readonly csv?: boolean;
}

export const addAgreements: AddCommand = (program, { io, withWatcher }) => {
  program
    .command('agreements')
    .description('Who bought: what AWS says about each purchase, and who is not watched.')
    .option('--unwatched', 'only purchases that nobody watches')
    .option('--ended', 'also purchases that are over')
    .option('--product <id>', 'only this product; again for several', collect)
    .option('--json', 'print JSON: a list')
    .option('--csv', 'print who should be invited, as "invite --from" takes it')
    .addHelpText('after', HELP)
    .action((options: AgreementsOptions, command: Command) => {
      if (options.json === true && options.csv === true)
        throw misuse('--json and --csv exclude each other: give one of them');
      return withWatcher(command, (watcher) => agreements(options, watcher, io));
    });
};

const HELP = `
The agreements that you proposed, as your own account shows them: no buyer has
to launch anything. The next end comes first. RENEWS is what AWS says today
about the end: "by itself"; "moves", to another offer; "no:" and who switched it
off or why; "?", not known. Neither party can change that after DECIDE BY. From
110 columns on, CHAIN counts the agreements of a purchase that was renewed or
replaced ("+": there were more before), and AGREEMENT is its ID.

WATCHED: "yes"; "invited", not launched; "left" and "revoked", no longer
watched; "no", not invited for this product; "?", the buyer's profile cannot be
read.

Agreements of products that are retired, or no longer in cdk.json, are counted
below the list: what AWS says of them is not read any more.

Sales by a channel partner are not shown: who bought, until when, and whether it
renews cannot be seen here. If the buyer has launched the stack, the license is
watched all the same.

--csv lists those with "no", one account a line. Only their numbers are known,
so put in their names. Invite by hand those that left or were revoked.

Examples:
  $ license-watcher agreements --unwatched
  $ license-watcher agreements --csv > buyers.csv
  $ license-watcher invite --from buyers.csv --out invitations`;

/** `unreadable`: the profile that says whether anybody watches it cannot be read. */
type SeenWatch = WatchStatus | 'unreadable';

interface AgreementRow {
  readonly agreement: Agreement;
  readonly foundAt: string;
  readonly chain: ChainPlace | null;
  /** Undefined: there is no profile, or it cannot be read. */
  readonly buyer: Buyer | undefined;
  readonly watch: SeenWatch;
}

interface Census {
  /** The next end first. */
  readonly rows: readonly AgreementRow[];
  /** Watched contracts for which no agreement is known. */
  readonly withoutAgreement: number;
  /** The products of agreements that are left out: they are not watched any more, so nobody reads what AWS says of them today. */
  readonly unread: readonly string[];
  /** What is wrong with each item that cannot be read. */
  readonly problems: readonly string[];
}

async function agreements(options: AgreementsOptions, watcher: Watcher, io: Io): Promise<void> {
  const products = await knownProducts(options.product ?? [], watcher);
  const isWanted = (id: string) => products.length === 0 || products.includes(id);
  const { rows: all, withoutAgreement, unread, problems } = await census(watcher, io);
  const rows = all.filter(
    ({ agreement, watch }) =>
      isWanted(agreement.productId) &&
      (options.ended === true || isOpen(agreement)) &&
      (options.unwatched !== true || watch !== 'watched'),
  );
  if (options.json === true) io.printJson(rows.map(machineForm));
  else if (options.csv === true) io.stdout(buyerListOf(toInvite(rows)));
  else {
    if (rows.length > 0) io.print(list(rows, io));
    io.stderr(summary(rows, all.length > 0, products.length === 0 ? withoutAgreement : 0));
    if (products.length === 0) io.stderr(unreadWords(unread));
  }
  if (options.json !== true) io.stderr(await readingWords(watcher));
  if (problems.length > 0)
    throw new CommandFailure(
      `not everything could be read, and nobody whose profile cannot be is to be invited: ${namedProblems(problems)}`,
    );
}

/** Reads with one scan, and one query for each shard of the agreements, so with no query per buyer. */
async function census(watcher: Watcher, io: Io): Promise<Census> {
  const problems = new Map<string, string>();
  const passedOver: string[] = [];
  const known = await scannedBuyers({}, watcher, io, ({ buyer, record, problem }) =>
    record === PROFILE ? problems.set(buyer, problem) : passedOver.push(problem),
  );
  const buyers = new Map(known.map(({ buyerAccountId, buyer }) => [buyerAccountId, buyer]));
  const ofContract = new Map<ContractKey, Omit<AgreementRow, 'chain'>[]>();
  const unread: string[] = [];
  for await (const { agreement, foundAt } of watcher.agreements.all()) {
    const { buyerAccountId, productId } = agreement;
    if (!watcher.productIds.includes(productId)) {
      unread.push(productId);
      continue;
    }
    const key = contractKey(buyerAccountId, productId);
    const buyer = buyers.get(buyerAccountId);
    const watch = problems.has(buyerAccountId) ? 'unreadable' : watchOf(agreement, buyer);
    const row = { agreement, foundAt, buyer, watch } as const;
    ofContract.set(key, [...(ofContract.get(key) ?? []), row]);
  }
  const rows = [...ofContract.values()].flatMap((each) => {
    const ofOne = each.map(({ agreement }) => agreement);
    return each.map((row) => ({ ...row, chain: chainPlaceOf(row.agreement, ofOne) }));
  });
  const watched = [...buyers.values()]
    .flatMap((buyer) => watchedContracts(buyer))
    .filter((contract) => watcher.productIds.includes(contractOf(contract).productId));
  return {
    unread,
    rows: rows.toSorted(byEnd),
    withoutAgreement: watched.filter((contract) => !ofContract.has(contract)).length,
    problems: [...problems.values(), ...passedOver],
  };
}

function byEnd({ agreement: a }: AgreementRow, { agreement: b }: AgreementRow): number {
  return compare(a.end ?? '~', b.end ?? '~') || compare(a.agreementId, b.agreementId);
}

/** One line for each account. An invitation replaces the products of an earlier one that nobody took up, so those are included. */
function toInvite(rows: readonly AgreementRow[]): readonly ListedBuyer[] {
  const ofAccount = Map.groupBy(
    rows.filter(({ watch, agreement }) => watch === 'not-invited' && isOpen(agreement)),
    ({ agreement }) => agreement.buyerAccountId,
  );
  return [...ofAccount]
    .toSorted(([a], [b]) => compare(a, b))
    .map(([buyerAccountId, bought]) => {
      const buyer = bought[0]?.buyer;
      const productIds = bought.map(({ agreement: { productId } }) => productId);
      return {
        name: buyerAccountId,
        registration: null,
        ...buyer,
        buyerAccountId,
        productIds: [...new Set([...(buyer?.productIds ?? []), ...productIds])],
      };
    });
}

/** Status has a column only if one is not ACTIVE; chain and ID, only where there is room for them. */
function list(rows: readonly AgreementRow[], io: Io): readonly string[] {
  const isWide = io.width === undefined || io.width >= WIDE;
  const isOdd = rows.some(({ agreement }) => agreement.status !== 'ACTIVE');
  return listOf<AgreementRow>(
    [
      ['ACCOUNT', ({ agreement }) => agreement.buyerAccountId],
      ['NAME', ({ buyer }) => cleanText(buyer?.name ?? '-'), true],
      ['PRODUCT', ({ agreement }) => cleanText(agreement.productId), true],
      ['ENDS', ({ agreement: { end } }) => (end === null ? 'no end' : date(end))],
      ['RENEWS', ({ agreement }) => intentInShort(endSaidOf(agreement).intent)],
      ['DECIDE BY', ({ agreement }) => decideByInShort(agreement)],
      ['WATCHED', ({ watch }) => WATCH_IN_SHORT[watch]],
      isOdd && ['STATUS', ({ agreement }) => agreement.status],
      ownerColumn(rows, ({ buyer }) => buyer?.owner),
      isWide && ['CHAIN', ({ chain }) => chainInShort(chain)],
      isWide && ['AGREEMENT', ({ agreement }) => cleanText(agreement.agreementId)],
    ],
    rows,
    [OWNER_BENEATH],
    io,
  );
}

const WIDE = 110;

function decideByInShort(agreement: Agreement): string {
  const { decideBy } = endSaidOf(agreement);
  return decideBy === null ? '-' : date(decideBy);
}

function chainInShort(chain: ChainPlace | null): string {
  return chain === null ? '?' : `${chain.place}${chain.isWhole ? '' : '+'}`;
}

const WATCH_IN_SHORT: Readonly<Record<SeenWatch, string>> = {
  watched: 'yes',
  invited: 'invited',
  left: 'left',
  revoked: 'revoked',
  'not-invited': 'no',
  unreadable: '?',
};

/** Each row is counted once, so that nobody takes those who left for watched. */
function countsOf(rows: readonly AgreementRow[]): string {
  const words: Readonly<Record<SeenWatch, string>> = {
    watched: 'watched',
    invited: 'invited',
    'not-invited': 'not invited',
    left: 'left',
    revoked: 'revoked',
    unreadable: 'not known',
  };
  return Object.entries(words)
    .map(([watch, said]) => [rows.filter((row) => row.watch === watch).length, said] as const)
    .filter(([count]) => count > 0)
    .map(([count, said]) => `${count} ${said}`)
    .join(', ');
}

function summary(rows: readonly AgreementRow[], isAny: boolean, withoutAgreement: number): string {
  const notInvited = rows.filter(({ watch }) => watch === 'not-invited').length;
  const lines = [
    rows.length === 0
      ? isAny
        ? 'No agreement matches.'
        : 'No agreement is known.'
      : `${counted(rows.length, 'agreement')}: ${countsOf(rows)}.`,
    ...(notInvited === 0
      ? []
      : ['To invite the others, --csv makes the list that "invite --from" takes.']),
    ...(withoutAgreement === 0
      ? []
      : [
          `Of ${counted(withoutAgreement, 'watched contract')} no agreement is known here: sold by a channel partner, or to another account of the buyer's. Whether such a contract renews is not known.`,
        ]),
  ];
  const text = lines.map((line) => wrapped(line).join('\n')).join('\n\n');
  // A blank line after the list, if there is one.
  return `${rows.length === 0 ? '' : '\n'}${text}\n`;
}

function unreadWords(unread: readonly string[]): string {
  if (unread.length === 0) return '';
  const ids = [...new Set(unread)].toSorted(compare).map((id) => cleanText(id));
  const words = `Left out: ${counted(unread.length, 'agreement')} of ${ids.join(', ')}, retired or no longer in cdk.json: what AWS says of them today is not read.`;
  return `\n${wrapped(words).join('\n')}\n`;
}

/** How old the data is, and what keeps it from being newer. */
async function readingWords({ agreements: book }: Watcher): Promise<string> {
  const reading = await book.reading();
  const said =
    reading === undefined || reading.fullAt === null
      ? 'Your agreements have not all been read yet. With the setting agreements "off" they never are; otherwise "license-watcher doctor" says what prevents it.'
      : `As AWS said it on ${dateAndTime(reading.readAt ?? reading.fullAt)}.`;
  const trouble =
    reading === undefined || reading.trouble === null
      ? []
      : [
          `They cannot be read since ${dateAndTime(reading.trouble.since)} (${reading.trouble.cause}): see "license-watcher doctor".`,
        ];
  return `${[said, ...trouble].flatMap((line) => ['', ...wrapped(line)]).join('\n')}\n`;
}

/** The machine's form: members are added, never renamed or removed. */
function machineForm({ agreement, foundAt, chain, buyer, watch }: AgreementRow) {
  const { buyerAccountId, productId, terms, ...said } = agreement;
  const { intent, decideBy } = endSaidOf(agreement);
  return {
    account: buyerAccountId,
    name: buyer?.name ?? null,
    owner: buyer?.owner ?? null,
    contacts: buyer?.contacts ?? [],
    product: productId,
    watch,
    ...said,
    chainPlace: chain,
    ...{ intent, renews: intentInShort(intent), decideBy },
    quantities: terms?.quantities ?? null,
    foundAt,
  };
}
