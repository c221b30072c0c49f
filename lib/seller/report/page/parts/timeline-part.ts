import { STANDINGS } from '../../../../domain/license/contract.ts';
import { DAY, type Instant, plus } from '../../../../domain/time.ts';
import { cleanText } from '../../../../domain/outside-text.ts';
import { dateAndTime } from '../../../../mail/dates.ts';
import type { Filters } from '../../view/filters.ts';
import type { ModelView } from '../../view/model-view.ts';
import { lineOf, type Line, type Sign } from '../../view/timeline.ts';
import { standingWords } from '../../view/words.ts';
import { Chart, legend } from '../chart.ts';
import { el } from '../dom.ts';
import { buyerLink, type ReportSection, section, type Showing } from '../part.ts';
import { PagedTable } from '../paged-table.ts';
import { Pager } from '../pager.ts';
import { SIGNS, timelineDrawing } from '../timeline-chart.ts';

/** Lines that fit a window. */
const LINES = 20;

export function timelinePart(): ReportSection {
  const [id, title] = ['timeline', 'Timeline of contracts'];
  const chart = new Chart();
  let current: Showing | undefined;
  let contracts: readonly number[] = [];
  const pager = new Pager({ of: title, pageSize: LINES, printed: 60, turned: draw });
  const order = el(
    'select',
    {},
    el('option', { value: 'name' }, 'name of the buyer'),
    el('option', { value: 'end' }, 'end, the soonest first'),
  );
  order.addEventListener('change', () => {
    if (current !== undefined) show(current);
  });
  const table = new PagedTable<number>({
    caption: 'The timeline in words',
    columns: [
      {
        title: 'Buyer',
        cell: (contract) =>
          current === undefined
            ? ''
            : buyerLink(current.view, current.view.contract(contract).buyer),
      },
      { title: 'Product', cell: (contract) => current?.view.productName(contract) ?? '' },
      { title: 'Standing', cell: (contract) => lineOfContract(contract).flatMap(standingLines) },
      {
        title: 'Entitlement versions',
        cell: (contract) => lineOfContract(contract).flatMap(versionLines),
      },
      {
        title: 'Known end',
        cell: (contract) =>
          lineOfContract(contract).map(({ ahead }) =>
            ahead === null ? 'none ahead' : dateAndTime(ahead.to),
          ),
      },
    ],
    pageSize: LINES,
    printed: 60,
  });
  const words = el('details', {}, el('summary', {}, 'The timeline in words'), table.element);
  words.addEventListener('toggle', () => {
    if (words.open && current !== undefined) table.show(contracts, current.printing);
  });
  const controls = el('p', { class: 'controls' }, el('label', {}, 'Order by ', order));
  const legends = el('div');
  const element = section(id, title, controls, pager.element, chart.element, legends, words);
  return { id, title, element, show };

  function show(showing: Showing): void {
    const keepPosition = current?.selection === showing.selection && order.value === 'name';
    current = showing;
    const { view, selection, printing } = showing;
    const known = selection.contracts.filter((contract) => hasLine(view, contract));
    contracts = order.value === 'end' ? byEnd(view, known) : known;
    pager.reset(contracts.length, printing, keepPosition);
    element.hidden = contracts.length === 0;
    if (words.open) table.show(contracts, printing);
    draw();
  }

  function draw(): void {
    if (current === undefined || contracts.length === 0) return;
    const { view, filters } = current;
    const shown = pager.cut(contracts);
    const lines = shown.map((contract) => lineOf(view, contract));
    legends.replaceChildren(...legendsOf(lines));
    const names = shown.map((contract) => nameOfLine(view, contract));
    chart.show(
      timelineDrawing({ lines, names, ...frameOf(view, filters, lines), now: view.model.madeAt }),
    );
  }

  function lineOfContract(contract: number): readonly Line[] {
    return current === undefined ? [] : [lineOf(current.view, contract)];
  }
}

/** On two lines, which leave room for the timeline on a phone. */
function nameOfLine(view: ModelView, contract: number): string {
  return `${cleanText(view.buyerOf(contract).name, 22)}\n${cleanText(view.productName(contract), 22)}`;
}

/** False for a contract that nobody has looked at yet: nothing is drawn for it. */
function hasLine(view: ModelView, contract: number): boolean {
  return (
    view.contract(contract).standing !== null || (view.entriesOfContract[contract]?.length ?? 0) > 0
  );
}

function byEnd(view: ModelView, contracts: readonly number[]): readonly number[] {
  const endOf = (contract: number): string => view.contract(contract).ends[0]?.at ?? '9999';
  return contracts.toSorted((a, b) => (endOf(a) < endOf(b) ? -1 : endOf(a) > endOf(b) ? 1 : a - b));
}

/** The period of the filters; else from the beginning of these lines to a year ahead, in which most terms end. */
function frameOf(
  { model }: ModelView,
  { from, to }: Filters,
  lines: readonly Line[],
): { readonly from: Instant; readonly to: Instant } {
  const first =
    lines.flatMap(({ standings }) => standings.map((span) => span.from)).toSorted()[0] ??
    model.since;
  const begin = from === '' ? first : (`${from}T00:00:00Z` as Instant);
  const end = to === '' ? plus(model.madeAt, 365 * DAY) : plus(`${to}T00:00:00Z` as Instant, DAY);
  return begin < end
    ? { from: begin, to: end }
    : { from: model.since, to: plus(model.madeAt, 365 * DAY) };
}

function standingLines({ standings, unseen }: Line): readonly HTMLElement[] {
  return [
    ...standings.map(
      ({ from, to, standing }) =>
        `${standingWords(standing)}: ${dateAndTime(from)} to ${dateAndTime(to)}`,
    ),
    ...unseen.map(({ from, to }) => `not seen: ${dateAndTime(from)} to ${dateAndTime(to)}`),
  ].map((text) => el('div', {}, text));
}

function versionLines({ marks }: Line): readonly HTMLElement[] {
  return marks.map(({ at, words }) => el('div', {}, `${dateAndTime(at)}: ${words}`));
}

/** Legends for what is drawn. */
function legendsOf(lines: readonly Line[]): readonly HTMLElement[] {
  const standings = new Set(
    lines.flatMap((line) => line.standings.map(({ standing }) => standing)),
  );
  const signs = new Set(lines.flatMap(({ marks }) => marks.map(({ sign }) => sign)));
  const isUnseen = lines.some(({ unseen }) => unseen.length > 0);
  return [
    legend(
      STANDINGS.filter((standing) => standings.has(standing)).map((standing) => ({
        colour: `standing-${standing}`,
        words: standingWords(standing),
      })),
    ),
    legend([
      ...(isUnseen ? [{ colour: 'unseen', words: 'not seen' }] : []),
      ...Object.entries(SIGNS)
        .filter(([name]) => signs.has(name as Sign))
        .map(([, { sign, words }]) => ({ colour: 'sign', sign, words })),
    ]),
  ];
}
