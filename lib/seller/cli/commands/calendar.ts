import type { Command } from 'commander';
import { createHash } from 'node:crypto';
import icalendar, {
  ICalAlarmType,
  ICalCalendarMethod,
  type ICalEventData,
  ICalEventStatus,
  ICalEventTransparency,
} from 'ical-generator';
import { type Agreement, AGREEMENT_LIVES } from '../../../domain/agreement/agreement.ts';
import {
  canBeChanged,
  intentOf,
  decisionDeadline,
} from '../../../domain/agreement/renewal-intent.ts';
import { type Head, quietAt } from '../../../domain/check/head.ts';
import { contractKey, type ContractKey, contractOf } from '../../../domain/license/contract.ts';
import { knownProduct } from '../../../domain/license/product.ts';
import { endsOf, shareOf } from '../../../domain/notice/reminders.ts';
import { cleanText } from '../../../domain/outside-text.ts';
import type { Buyer } from '../../../domain/registration/buyer.ts';
import { DAY, epochMilliseconds, type Instant, instant, plus } from '../../../domain/time.ts';
import { purchaseInShort } from '../../../mail/amounts.ts';
import { counted, dateAndTime } from '../../../mail/dates.ts';
import { standingNote } from '../../../mail/note-words.ts';
import { type AddCommand, collect } from '../command.ts';
import type { Io, Watcher } from '../io.ts';
import { knownProducts } from '../known-contracts.ts';
import { mayBeWrittenOver, type OwnFile } from '../output/overwrite.ts';
import { scannedBuyers } from '../scanned-buyers.ts';

interface CalendarOptions {
  readonly out?: string;
  readonly product?: readonly string[];
}

export const addCalendar: AddCommand = (program, { io, withWatcher }) => {
  program
    .command('calendar')
    .description('Ends and decision deadlines as a calendar file.')
    .option('-o, --out <file>', 'write it there (default: standard output)')
    .option('--product <id>', 'only this product; again for several', collect)
    .addHelpText(
      'after',
      `
In the iCalendar format: one event for the end of each license and, where your
agreements are read, one for the last day on which anybody can change whether an
agreement renews. Alarms come 30 and 7 days before, except for what you snoozed.
When you import the file again, events move with their dates, and those of
renewed licenses are canceled. Some calendars ignore that and keep the old event
as well: then subscribe to a file on a server, or import into a separate
calendar that you empty first.

The file has the names of buyers: whoever reads it knows your customers. An
existing calendar is overwritten; any other file is not.

Examples:
  $ license-watcher calendar -o ends.ics
  $ license-watcher calendar --product scanner > scanner.ics`,
    )
    .action(({ out, product = [] }: CalendarOptions, command: Command) =>
      withWatcher(command, async (watcher) => {
        const products = await knownProducts(product, watcher);
        if (out !== undefined) await mayBeWrittenOver(out, CALENDAR, io);
        const events = await eventsOf(products, watcher, io);
        const text = calendarText(events);
        if (out === undefined) io.stdout(text);
        else {
          await io.writeFile(out, text);
          const due = events.filter(({ status }) => status === ICalEventStatus.CONFIRMED).length;
          io.stderr(`${out}: ${counted(due, 'date')} to come.\n`);
        }
      }),
    );
};

const CALENDAR: OwnFile = { what: 'a calendar', mark: 'BEGIN:VCALENDAR', option: '-o' };

async function eventsOf(
  products: readonly string[],
  watcher: Watcher,
  io: Io,
): Promise<readonly ICalEventData[]> {
  const events: ICalEventData[] = [];
  const isWanted = (productId: string) => products.length === 0 || products.includes(productId);
  const [{ deployment, agreements }, now] = [watcher, instant(io.now())];
  const known = new Map<ContractKey, { readonly buyer: Buyer; readonly head: Head }>();
  for (const { buyer, heads } of await scannedBuyers({}, watcher, io)) {
    if (buyer === undefined) continue;
    for (const head of heads) {
      known.set(head.contract, { buyer, head });
      if (isWanted(contractOf(head.contract).productId))
        events.push(...contractEvents(buyer, head, deployment, now));
    }
  }
  for await (const { agreement, revision } of agreements.all()) {
    const of = known.get(contractKey(agreement.buyerAccountId, agreement.productId));
    if (isWanted(agreement.productId))
      events.push(...deadlineEvents(agreement, revision, of, deployment, now));
  }
  return events.toSorted((a, b) => (String(a.id) < String(b.id) ? -1 : 1));
}

/** Days before a date on which the calendar gives an alarm. */
const ALARM_DAYS = [30, 7];

/**
 * One event for each license with an end to come. It is identified by its license, so that a renewal moves it; an event identified by a
 * date could not move. If a license ends nothing any more, because another one renewed it or nobody watches it, its event is canceled,
 * since it may still be in a calendar.
 */
function contractEvents(
  buyer: Buyer,
  head: Head,
  deployment: string,
  now: Instant,
): readonly ICalEventData[] {
  const { contract, state, watchEnded, entries, quiet } = head;
  const { buyerAccountId, productId } = contractOf(contract);
  const ends = watchEnded === null ? endsOf(state, now) : [];
  const product = knownProduct(productId, productId, head.dimensions);
  const name = cleanText(buyer.name) || buyerAccountId;
  return state.flatMap((license): readonly ICalEventData[] => {
    const { end } = license.validity;
    if (end === null || end <= now) return [];
    const of = ends.find(({ licenses }) =>
      licenses.some(({ licenseArn }) => licenseArn === license.licenseArn),
    );
    const share =
      of === undefined ? null : shareOf({ end, licenses: [license] }, ends.length, product);
    const what = share === null ? '' : `: ${cleanText(share.replaceAll('your ', 'the '), 120)}`;
    const summary = `${cleanText(productId)} of ${name} ends${what}`;
    const isSilent = of === undefined || quietAt(quiet, now) !== null;
    return [
      {
        ...dated(end, isSilent ? null : summary, now),
        // Stays the same while this contract has this license, whatever becomes of its end.
        id: idOf(deployment, contract, license.licenseArn),
        // Whatever moves an event adds an entry to the ledger.
        sequence: entries,
        summary,
        description: descriptionOf(buyer, head, end, now),
        status: of === undefined ? ICalEventStatus.CANCELLED : ICalEventStatus.CONFIRMED,
      },
    ];
  });
}

/**
 * The event for the last moment at which either party can change whether an agreement renews. It is canceled if there is nothing to decide:
 * the agreement went on in another, is over, or has no renewal left.
 */
function deadlineEvents(
  agreement: Agreement,
  revision: number,
  known: { readonly buyer: Buyer; readonly head: Head } | undefined,
  deployment: string,
  now: Instant,
): readonly ICalEventData[] {
  const decideBy = decisionDeadline(agreement);
  if (decideBy === null || decideBy <= now) return [];
  const { agreementId, buyerAccountId, productId, status } = agreement;
  const isOpen = AGREEMENT_LIVES[status] === 'goes-on' && canBeChanged(intentOf(agreement));
  const name = cleanText(known?.buyer.name ?? '') || buyerAccountId;
  const summary = `Last day to change whether ${cleanText(productId)} of ${name} renews`;
  const isQuiet = quietAt(known?.head.quiet ?? null, now) !== null;
  return [
    {
      ...dated(decideBy, isOpen && !isQuiet ? summary : null, now),
      id: idOf(deployment, 'decide', agreementId),
      sequence: revision,
      summary,
      description: `Account ${buyerAccountId}, agreement ${agreementId}. After ${dateAndTime(decideBy)} neither party can change it, as of ${dateAndTime(now)}.`,
      status: isOpen ? ICalEventStatus.CONFIRMED : ICalEventStatus.CANCELLED,
    },
  ];
}

/** The members that all events have. `alarm`: what the calendar says is to happen; null: it gives no alarm. */
function dated(at: Instant, alarm: string | null, now: Instant) {
  const when = new Date(epochMilliseconds(at));
  // An alarm in the past would ring at once.
  const days = ALARM_DAYS.filter((each) => plus(at, -each * DAY) > now);
  return {
    stamp: new Date(epochMilliseconds(now)),
    start: when,
    end: when,
    transparency: ICalEventTransparency.TRANSPARENT,
    alarms: (alarm === null ? [] : days).map((each) => ({
      type: ICalAlarmType.display as const,
      trigger: (each * DAY) / 1_000,
      description: `In ${each} days: ${alarm ?? ''}`,
    })),
  };
}

/** Says as of when it holds: an imported calendar does not change by itself. */
function descriptionOf(buyer: Buyer, head: Head, end: Instant, now: Instant): string {
  const note = standingNote(head, undefined, now);
  return [
    `Account ${buyer.buyerAccountId}. Ends ${dateAndTime(end)}, as of ${dateAndTime(now)}.`,
    `Bought: ${purchaseInShort(head.state, now, head.dimensions) || 'nothing that is known'}.`,
    ...(note === null ? [] : [`Your own: ${note}.`]),
    ...(head.blind === null
      ? []
      : ['It cannot be seen at present: it may have been renewed since.']),
  ].join('\n');
}

function idOf(...names: readonly string[]): string {
  const hash = createHash('sha256').update(names.join('\n')).digest('hex');
  return `${hash.slice(0, 32)}@license-watcher`;
}

function calendarText(events: readonly ICalEventData[]): string {
  const text = icalendar({
    name: 'License ends and deadlines',
    prodId: { company: 'License Watcher', product: 'license-watcher', language: 'EN' },
    method: ICalCalendarMethod.PUBLISH,
    events: [...events],
  }).toString();
  // RFC 5545 ends every line with a line break, which the library leaves out after the last one.
  return `${text}\r\n`;
}
