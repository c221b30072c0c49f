import type { Command } from 'commander';
import { compare, endOf } from '../../../../domain/license/canonical-state.ts';
import type { Buyer } from '../../../../domain/registration/buyer.ts';
import type { LastSeen } from '../../../../domain/check/last-seen.ts';
import { instant } from '../../../../domain/time.ts';
import { cleanText } from '../../../../domain/outside-text.ts';
import { peopleLines } from '../../../../mail/text.ts';
import type { AddCommand } from '../../command.ts';
import type { Io, Watcher } from '../../io.ts';
import { buyerListOf } from '../invite/buyer-list.ts';
import { misuse } from '../../output/failure.ts';
import { resolveBuyer } from '../../output/account.ts';
import { standingWithEnd, timeText } from '../../output/moment.ts';
import { fact, listOf, OWNER_BENEATH, ownerColumn, wrapped } from '../../output/text.ts';
import { silentlyUnwatchedWords } from '../../../unseen.ts';
import {
  everyBuyer,
  machineForm,
  overview,
  type Overview,
  type WatchedProduct,
} from './overview.ts';
import {
  addressWords,
  blindOf,
  blindWords,
  isMailTrouble,
  mailInShort,
  mailWords,
  overdueWords,
  unrecordedWords,
} from './troubles.ts';

export const addBuyers: AddCommand = (program, { io, withWatcher }) => {
  program
    .command('buyers')
    .description(
      'Who is watched, since when, and when last seen; who cannot be seen or told, and why.',
    )
    .argument('[account]', 'AWS account ID or full name of one buyer: all that is known about it')
    .option('--json', 'print JSON: a list, also for one account')
    .option('--csv', 'print a list that "invite --from" takes')
    .addHelpText('after', HELP)
    .action((account: string | undefined, options: BuyersOptions, command: Command) => {
      if (options.json === true && options.csv === true)
        throw misuse('--json and --csv exclude each other: give one of them');
      return withWatcher(command, async (watcher) => {
        const buyer = account === undefined ? undefined : await resolveBuyer(account, watcher);
        return buyers(buyer, options, watcher, io);
      });
    });
};

const HELP = `
SEEN is when the contract was last read well; while nothing changes, this is
written once in 6 hours. "!" after it: nobody has read it for 26 hours. MAIL
says whether notices reach the buyer, which is checked daily. "yes": an address
is confirmed; "4/5": four of five are; "no": nobody has confirmed one, everybody
who had is gone, or the topic refuses; "sent": it is sent, but nobody can see to
whom; "-": nobody has looked yet. Below the table is what is wrong, and what the
buyer has to do.

Examples:
  $ license-watcher buyers
  $ license-watcher buyers 111122223333 --json
  $ license-watcher buyers --csv > buyers.csv`;

interface BuyersOptions {
  readonly json?: boolean;
  readonly csv?: boolean;
}

async function buyers(
  only: Buyer | undefined,
  options: BuyersOptions,
  watcher: Watcher,
  io: Io,
): Promise<void> {
  if (options.csv === true) {
    io.stdout(buyerListOf(only === undefined ? await everyProfile(watcher) : [only]));
    return;
  }
  const now = instant(io.now());
  const overviews =
    only === undefined ? await everyBuyer(watcher, now, io) : [await overview(only, watcher, now)];
  if (options.json === true) io.printJson(overviews.map(machineForm));
  else if (only !== undefined) for (const each of overviews) io.print(detail(each, io));
  else if (overviews.length === 0)
    io.stderr('Nobody is invited yet: see "license-watcher invite --help".\n');
  else io.print(list(overviews, io));
}

/** Leaves out the revoked: inviting them again is a decision of its own. */
async function everyProfile({ buyers: book }: Watcher): Promise<readonly Buyer[]> {
  const found: Buyer[] = [];
  for await (const buyer of book.list()) if (buyer.status !== 'revoked') found.push(buyer);
  return found.toSorted((a, b) => compare(a.buyerAccountId, b.buyerAccountId));
}

function list(overviews: readonly Overview[], io: Io): string[] {
  const rows = overviews.flatMap((each) => each.products.map((product) => ({ ...each, product })));
  return [
    ...listOf<(typeof rows)[number]>(
      [
        ['ACCOUNT', ({ buyer }) => buyer.buyerAccountId],
        ['NAME', ({ buyer }) => cleanText(buyer.name), true],
        ['PRODUCT', ({ product }) => cleanText(product.id), true],
        ['STANDING', standingInShort],
        ['SINCE', sinceWhen],
        [
          'SEEN (UTC)',
          ({ product: { lastSeen, isOverdue } }) =>
            `${lastSeen?.at?.slice(0, 10) ?? '-'}${isOverdue ? '!' : ''}`,
        ],
        [
          'MAIL',
          ({ buyer, mail, reachability }) =>
            buyer.status === 'active' ? mailInShort(mail, reachability) : '-',
        ],
        ownerColumn(rows, ({ buyer }) => buyer.owner),
      ],
      rows,
      [{ title: 'SINCE', to: 'out' }, OWNER_BENEATH],
      io,
    ),
    ...overviews.flatMap((each) => troubles(each, io)),
    ...unwatchedLines(rows, io),
  ];
}

/** Once for each product: a product taken out of cdk.json leaves all its buyers unwatched. */
function unwatchedLines(
  rows: readonly { readonly product: WatchedProduct }[],
  io: Io,
): readonly string[] {
  const unwatched = rows.flatMap(({ product }) => (product.isSilentlyUnwatched ? [product] : []));
  return [...Map.groupBy(unwatched, ({ id }) => id)].flatMap(([id, { length }]) => {
    const { what, remedy } = silentlyUnwatchedWords(id, length);
    return ['', ...wrapped(`${what}. ${remedy}`).map(io.alarming)];
  });
}

function standingInShort({
  buyer,
  product: { head, unrecorded, isSilentlyUnwatched },
}: Pick<Overview, 'buyer'> & { readonly product: WatchedProduct }): string {
  const isActive = buyer.status === 'active';
  if (isSilentlyUnwatched || (isActive && (head?.watchEnded ?? null) !== null))
    return 'not watched';
  const standing = isActive && head !== undefined ? head.standing : stateWords(buyer);
  if (unrecorded !== undefined) return `${standing} (not recorded)`;
  return blindOf(head, buyer) === null ? standing : `${standing} (blind)`;
}

function sinceWhen({ buyer }: Pick<Overview, 'buyer'>): string {
  const since = buyer.status === 'invited' ? buyer.invitedAt : buyer.registration?.registeredAt;
  return since?.slice(0, 10) ?? '-';
}

function stateWords({ status }: Buyer): string {
  return status === 'active' ? 'not seen yet' : status;
}

function troubles({ buyer, products, mail, unlaunched }: Overview, io: Io): string[] {
  const who = `${buyer.buyerAccountId} (${cleanText(buyer.name)})`;
  const blind = products.flatMap(({ id, head, lastSeen, isOverdue, unrecorded }) => {
    const found = blindOf(head, buyer);
    return [
      ...(unrecorded === undefined
        ? []
        : [`${who} ${cleanText(id)}: not recorded ${unrecordedWords(unrecorded)}`]),
      ...(found === null ? [] : [`${who} ${cleanText(id)}: not seen ${blindWords(found)}`]),
      ...(isOverdue && lastSeen !== undefined
        ? [`${who} ${cleanText(id)}: ${overdueWords(lastSeen)}`]
        : []),
    ];
  });
  const words = buyer.status === 'active' && isMailTrouble(mail) ? mailWords(mail, buyer) : null;
  const unread = words === null ? [] : [`${who} mail: ${words}.`];
  const people = peopleLines(buyer).join(' ');
  const silent = unlaunched === null ? [] : [`${who}: ${unlaunched}`];
  return [...blind, ...unread, ...silent].flatMap((line) => [
    '',
    ...wrapped(line).map(io.alarming),
    ...wrapped(people),
  ]);
}

function detail({ buyer, products, mail, reachability }: Overview, io: Io): string[] {
  const { registration, owner, contacts } = buyer;
  const mailLines = fact('mail', registration && mailWords(mail, buyer));
  return [
    io.bold(`${buyer.buyerAccountId}  ${cleanText(buyer.name)}`),
    ...fact('owner', owner === undefined ? null : cleanText(owner)),
    ...fact('contacts', contacts?.map((each) => cleanText(each, 200)).join('; ') ?? null),
    ...fact('status', buyer.status),
    ...fact('invited', timeText(buyer.invitedAt)),
    ...(registration === null ? [] : registrationDetail(registration, reachability)),
    ...(isMailTrouble(mail) ? mailLines.map(io.alarming) : mailLines),
    ...products.flatMap((product) => ['', ...productDetail(product, buyer, io)]),
  ];
}

function registrationDetail(
  { addresses, reminderDays, ...known }: NonNullable<Buyer['registration']>,
  reachability: Overview['reachability'],
): string[] {
  return [
    ...fact('registered', timeText(known.registeredAt)),
    ...fact('stack', known.stackId ?? 'none: registered by command'),
    ...fact('role', known.roleArn),
    ...fact('topic', known.noticeTopicArn),
    ...fact('template', `version ${known.templateVersion}`),
    ...fact('probe', known.probe ? 'yes' : 'no'),
    ...fact('usage', known.shareUsage ? 'shared' : 'not shared'),
    ...fact('addresses', addressWords(addresses, reachability)),
    ...fact('reminders', reminderDays === null ? 'on all days' : `on ${reminderDays.join(', ')}`),
    ...fact('self-test', cleanText(known.selfTest, 2_000)),
  ];
}

function productDetail(
  { id, head, lastSeen, isOverdue, unrecorded, isSilentlyUnwatched }: WatchedProduct,
  buyer: Buyer,
  io: Io,
): string[] {
  const { what, remedy } = silentlyUnwatchedWords(id, 1);
  const troubles = [
    ...fact('not watched', isSilentlyUnwatched ? `${what}. ${remedy}` : null),
    ...fact('overdue', isOverdue && lastSeen !== undefined ? overdueWords(lastSeen) : null),
    ...fact('not recorded', unrecorded === undefined ? null : unrecordedWords(unrecorded)),
  ].map(io.alarming);
  if (head === undefined)
    return [
      io.bold(cleanText(id)),
      ...fact('standing', unrecorded === undefined ? 'not looked at yet' : 'unknown'),
      ...troubles,
    ];
  const end = endOf(head.state);
  const blind = blindOf(head, buyer);
  return [
    io.bold(cleanText(id)),
    ...fact('standing', standingWithEnd(head.standing, end)),
    ...fact('verdict', isSilentlyUnwatched ? 'unknown' : head.verdict),
    ...fact(
      'watched',
      head.watchStarted === null ? 'not yet' : `since ${timeText(head.watchStarted)}`,
    ),
    // Nothing is kept for a buyer who is no longer watched.
    ...fact('last seen', lastSeen === undefined ? null : seenWhen(lastSeen)),
    ...fact('ended', head.watchEnded && timeText(head.watchEnded)),
    ...fact('not seen', blind && blindWords(blind)).map(io.alarming),
    ...troubles,
  ];
}

function seenWhen({ at }: LastSeen): string {
  return at === null ? 'never' : timeText(at);
}
