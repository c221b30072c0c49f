import { dateAndTime, dateWithDistance } from '../../../../mail/dates.ts';
import type { BlindRow, BuyerRow, ContractRow } from '../../model-shape.ts';
import { hashOf, NO_FILTERS } from '../../view/filters.ts';
import type { ModelView } from '../../view/model-view.ts';
import { boughtWords, standingOfContract } from '../../view/words.ts';
import { el, type Child, withDates } from '../dom.ts';
import { PagedTable } from '../paged-table.ts';
import { Pager } from '../pager.ts';
import { buyerLink, nameAndAccount, section, type ReportSection, type Showing } from '../part.ts';
import { useChart } from '../use-chart.ts';
import { newsLines } from './feed-part.ts';
import type { MailStanding } from '../../../mail-standing.ts';

/** Entries that are shown for each contract, the newest; the feed has all. */
const NEWEST = 8;

/** On paper it has a table, and for buyers that are open all that is known. */
export function buyersPart(): ReportSection {
  const [id, title] = ['buyers', 'Buyers'];
  const list = el('div', { class: 'buyers' });
  const pager = new Pager({ of: title, pageSize: 25, printed: 0, turned: draw });
  const opened = new Set<string>();
  let current: Showing | undefined;
  const table = contractTable(() => current?.view);
  const paper = el('div', { class: 'for-paper' }, table.element);
  const element = section(id, title, list, pager.element, paper);
  return { id, title, element, show };

  function show(showing: Showing): void {
    const keepPosition = current?.selection === showing.selection;
    current = showing;
    const { buyers, contracts } = showing.selection;
    pager.reset(buyers.length, showing.printing, keepPosition);
    element.hidden = buyers.length === 0;
    table.show(contracts, showing.printing, keepPosition);
    draw();
  }

  function draw(): void {
    if (current === undefined) return;
    const { view, selection, printing } = current;
    const only = selection.buyers.length === 1;
    const isOpen = (buyer: number): boolean =>
      only || opened.has(view.model.buyers[buyer]?.account ?? '');
    const shown = printing ? selection.buyers.filter(isOpen) : pager.cut(selection.buyers);
    list.replaceChildren(...shown.map((buyer) => buyerSection(view, buyer, isOpen(buyer), opened)));
  }
}

function contractTable(viewOf: () => ModelView | undefined): PagedTable<number> {
  const cell =
    (words: (view: ModelView, contract: number) => Child) =>
    (contract: number): Child => {
      const view = viewOf();
      return view === undefined ? '' : words(view, contract);
    };
  /** On paper the columns of dates are narrow. */
  const dated = (words: (view: ModelView, contract: number) => string) =>
    cell((view, contract) => el('span', {}, ...withDates(words(view, contract), 'narrow')));
  return new PagedTable<number>({
    caption: 'Every contract of these buyers',
    columns: [
      {
        title: 'Buyer',
        cell: cell((view, contract) => buyerLink(view, view.contract(contract).buyer)),
      },
      { title: 'Product', cell: cell((view, contract) => view.productName(contract)) },
      {
        title: 'Standing',
        cell: cell((view, contract) =>
          [statusWords(view.buyerOf(contract)), standingOfContract(view.contract(contract))]
            .filter((words) => words !== '')
            .join(' · '),
        ),
      },
      { title: 'Has', cell: cell((view, contract) => boughtWords(view.contract(contract))) },
      { title: 'End', cell: dated((view, contract) => endWords(view.contract(contract), view)) },
      {
        title: 'Last seen',
        cell: dated((view, contract) => lastSeenWords(view.contract(contract))),
      },
      { title: 'Mail', cell: dated((view, contract) => mailWords(view.buyerOf(contract).mail)) },
    ],
    pageSize: 1,
    printed: 100,
  });
}

/** Is filled when it is opened, so that what nobody looks at costs nothing. */
function buyerSection(
  view: ModelView,
  buyer: number,
  open: boolean,
  opened: Set<string>,
): HTMLElement {
  const row = view.model.buyers[buyer];
  if (row === undefined) return el('div');
  const contracts = (view.contractsOfBuyer[buyer] ?? []).map(
    (index) => [index, view.contract(index)] as const,
  );
  const standings = contracts.map(([, contract]) => standingOfContract(contract)).join(', ');
  const element = el(
    'details',
    { class: 'buyer' },
    el(
      'summary',
      {},
      el('h3', {}, ...nameAndAccount(row)),
      el(
        'span',
        { class: 'gist' },
        [statusWords(row), standings].filter((text) => text !== '').join(' · '),
      ),
    ),
  );
  let filled = false;
  const fill = (): void => {
    if (filled) return;
    filled = true;
    element.append(
      facts([
        ['Invited', row.invitedAt === null ? 'not known' : dateAndTime(row.invitedAt)],
        ['Registered', row.registeredAt === null ? 'not yet' : dateAndTime(row.registeredAt)],
        ...(row.selfTest === null ? [] : [['Self-test', row.selfTest] as const]),
        ['Mail', mailWords(row.mail)],
      ]),
      ...contracts.map(([index, contract]) => contractBlock(view, index, contract)),
      el(
        'p',
        {},
        el('a', { href: hashOf({ ...NO_FILTERS, text: row.account }) }, 'Show only this buyer'),
      ),
    );
  };
  element.addEventListener('toggle', () => {
    if (element.open) {
      opened.add(row.account);
      fill();
    } else opened.delete(row.account);
  });
  if (open) {
    fill();
    element.open = true;
  }
  return element;
}

function contractBlock(view: ModelView, index: number, contract: ContractRow): HTMLElement {
  const entries = (view.entriesOfContract[index] ?? []).slice(-NEWEST).toReversed();
  return el(
    'div',
    { class: 'contract' },
    el('h4', {}, view.productName(index)),
    facts(contractFacts(contract, view)),
    ...contract.amounts.flatMap((amount) => useChart(amount, view.model.madeAt)),
    entries.length === 0
      ? el('p', { class: 'none' }, `Nothing happened since ${dateAndTime(view.model.since)}.`)
      : el(
          'ul',
          { class: 'entries' },
          ...entries.map((entry) =>
            el(
              'li',
              {},
              el('span', { class: 'when' }, dateAndTime(view.observedAt(entry))),
              ...newsLines(view, entry),
            ),
          ),
        ),
  );
}

function contractFacts(
  contract: ContractRow,
  view: ModelView,
): readonly (readonly [string, string])[] {
  const { verdict, starts, watchStarted, watchEnded, blind } = contract;
  return [
    ['Standing', standingOfContract(contract)],
    ...(contract.note === null ? [] : [['Note', contract.note] as const]),
    ['Verdict', VERDICTS[verdict]],
    ...(starts === null ? [] : [['Would it start', `${starts.answer}: ${starts.reason}`] as const]),
    ['Has', boughtWords(contract)],
    ['End', endWords(contract, view)],
    ['Watched', watchStarted === null ? 'not yet' : `since ${dateAndTime(watchStarted)}`],
    ...(watchEnded === null ? [] : [['Watch ended', dateAndTime(watchEnded)] as const]),
    ['Last seen', lastSeenWords(contract)],
    ...(blind === null ? [] : blindFacts(blind)),
  ];
}

function endWords({ ends, end, standing }: ContractRow, { model }: ModelView): string {
  if (standing === null) return 'not known yet';
  const words = ends.map(({ at, share }) => {
    const days = dateWithDistance(at, model.madeAt);
    return share === null ? days : `${days} (${share})`;
  });
  if (words.length > 0) return words.join('; ');
  return end === null ? 'no end' : dateAndTime(end);
}

function lastSeenWords({ lastSeen, isOverdue }: ContractRow): string {
  return `${lastSeen === null ? 'never' : dateAndTime(lastSeen)}${isOverdue ? ': nobody looks at it' : ''}`;
}

function blindFacts({
  since,
  cause,
  detail,
  remedy,
}: BlindRow): readonly (readonly [string, string])[] {
  return [
    ['Cannot be seen', `since ${dateAndTime(since)}: ${cause} (${detail})`],
    ...(remedy === null ? [] : [['What to do', remedy] as const]),
  ];
}

const VERDICTS: Readonly<Record<ContractRow['verdict'], string>> = {
  entitled: 'entitled',
  'not-entitled': 'not entitled',
  unknown: 'unknown',
};

const STATUSES: Readonly<Record<BuyerRow['status'], string>> = {
  invited: 'invited, not registered yet',
  enrolling: 'enrolling itself, no license seen yet',
  active: '',
  left: 'has left',
  revoked: 'revoked',
  unknown: 'not invited',
};

function statusWords({ status }: BuyerRow): string {
  return STATUSES[status];
}

function mailWords(mail: MailStanding): string {
  switch (mail.kind) {
    case 'told':
      return `arrives; first told on ${dateAndTime(mail.first)}, last on ${dateAndTime(mail.last)}`;
    case 'unconfirmed':
      return `no subscription of the notice topic is confirmed; notices wait since ${dateAndTime(mail.since)}`;
    case 'gone':
      return `reaches nobody, as seen on ${dateAndTime(mail.since)}: whoever had confirmed has unsubscribed`;
    case 'confirmed':
      return `an address is confirmed, as seen on ${dateAndTime(mail.since)}; nothing was sent yet`;
    case 'cannot-tell':
      return `is sent; we cannot see to whom, since ${dateAndTime(mail.since)}`;
    case 'refused':
      return `refused since ${dateAndTime(mail.since)}: ${mail.reason}`;
    case 'untried':
      return 'not known: no notice was sent yet';
  }
}

function facts(pairs: readonly (readonly [string, Child])[]): HTMLElement {
  return el(
    'dl',
    {},
    ...pairs.map(([term, value]) => el('div', {}, el('dt', {}, term), el('dd', {}, value))),
  );
}
