import type { MailStanding } from '../../../../domain/notice/notice.ts';
import { dateAndTime, dateWithDistance } from '../../../../mail/dates.ts';
import type { BlindRow, BuyerRow, ContractRow } from '../../model-shape.ts';
import { hashOf, NO_FILTERS } from '../../view/filters.ts';
import type { ModelView } from '../../view/model-view.ts';
import { boughtWords, standingOfContract } from '../../view/words.ts';
import { el, nameOf, type Child } from '../dom.ts';
import { Pager } from '../pager.ts';
import { section, type Part, type Showing } from '../part.ts';
import { useChart } from '../use-chart.ts';
import { newsLines } from './feed-part.ts';

/** The newest of each contract; the feed has all. */
const NEWEST = 8;

export function buyersPart(): Part {
  const [id, title] = ['buyers', 'Buyers'];
  const list = el('div', { class: 'buyers' });
  const none = el('p', { class: 'none' }, 'No buyer to show.');
  const pager = new Pager({ of: title, pageSize: 25, printed: 100, turned: draw });
  const opened = new Set<string>();
  let current: Showing | undefined;
  return { id, title, element: section(id, title, none, list, pager.element), show };

  function show(showing: Showing): void {
    const keepPosition = current?.selection === showing.selection;
    current = showing;
    const { buyers } = showing.selection;
    pager.reset(buyers.length, showing.printing, keepPosition);
    none.hidden = buyers.length > 0;
    draw();
  }

  function draw(): void {
    if (current === undefined) return;
    const { view, selection, printing } = current;
    const shown = pager.cut(selection.buyers);
    const only = selection.buyers.length === 1;
    list.replaceChildren(
      ...shown.map((buyer) => buyerSection(view, buyer, printing || only, opened)),
    );
  }
}

/** Filled when it is opened: what nobody looks at costs nothing. */
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
      el('h3', {}, nameOf(row.name), ` (${row.account})`),
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
  if (open || opened.has(row.account)) {
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
  { model }: ModelView,
): readonly (readonly [string, string])[] {
  const { verdict, starts, ends, end, watchStarted, watchEnded, lastSeen, isOverdue, blind } =
    contract;
  const words = ends.map(({ at, share }) => {
    const days = dateWithDistance(at, model.madeAt);
    return share === null ? days : `${days} (${share})`;
  });
  const passed = end === null ? 'no end' : dateAndTime(end);
  return [
    ['Standing', standingOfContract(contract)],
    ...(contract.note === null ? [] : [['Note', contract.note] as const]),
    ['Verdict', VERDICTS[verdict]],
    ...(starts === null ? [] : [['Would it start', `${starts.answer}: ${starts.reason}`] as const]),
    ['Has', boughtWords(contract)],
    ['End', words.length === 0 ? passed : words.join('; ')],
    ['Watched', watchStarted === null ? 'not yet' : `since ${dateAndTime(watchStarted)}`],
    ...(watchEnded === null ? [] : [['Watch ended', dateAndTime(watchEnded)] as const]),
    [
      'Last seen',
      `${lastSeen === null ? 'never' : dateAndTime(lastSeen)}${isOverdue ? ': nobody looks at it' : ''}`,
    ],
    ...(blind === null ? [] : blindFacts(blind)),
  ];
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
