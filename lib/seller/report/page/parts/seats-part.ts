import type { EChartsOption } from 'echarts';
import { approximately, compareQuantities, ZERO } from '../../../../domain/license/quantity.ts';
import { cleanText } from '../../../../domain/outside-text.ts';
import { fullest, seatsByProduct, type Fullness, type SeatRow } from '../../view/seats.ts';
import { Chart, legend, type Palette } from '../chart.ts';
import { number } from '../../../../mail/dates.ts';
import { el } from '../dom.ts';
import { buyerLink, type ReportSection, section, type Showing } from '../part.ts';
import { PagedTable } from '../paged-table.ts';

/** This many bars fit beside each other; the table has them all. */
const BARS = 12;

const SHARES = [
  { key: 'used', words: 'in use', colour: 'share-used' },
  { key: 'free', words: 'free', colour: 'share-free' },
  { key: 'notKnown', words: 'use not known', colour: 'share-unknown' },
] as const;

export function seatsPart(): ReportSection {
  const [id, title] = ['seats', 'Bought and used'];
  const chart = new Chart();
  let view: Showing['view'] | undefined;
  const sums = new PagedTable<SeatRow>({
    caption: 'Bought and used, by product',
    columns: [
      { title: 'Entitlement', cell: ({ name }) => name },
      { title: 'Product', cell: ({ product }) => product },
      { title: 'Unit', cell: ({ unit }) => unitWords(unit) },
      { title: 'Contracts', cell: ({ contracts }) => number(contracts), kind: 'number' },
      { title: 'Bought', cell: ({ bought }) => number(bought), kind: 'number' },
      {
        title: 'In use',
        cell: (row) => (isKnown(row) ? number(row.used) : 'not known'),
        kind: 'number',
      },
      {
        title: 'Free',
        cell: (row) => (isKnown(row) ? number(row.free) : 'not known'),
        kind: 'number',
      },
      { title: 'Use not known', cell: ({ notKnown }) => number(notKnown), kind: 'number' },
      { title: 'Unlimited licenses', cell: ({ unlimited }) => number(unlimited), kind: 'number' },
    ],
    pageSize: 12,
    printed: 24,
  });
  const full = new PagedTable<Fullness>({
    caption: 'The fullest contracts',
    columns: [
      {
        title: 'Buyer',
        cell: ({ contract }) =>
          view === undefined ? '' : buyerLink(view, view.contract(contract).buyer),
      },
      { title: 'Product', cell: ({ contract }) => view?.productName(contract) ?? '' },
      { title: 'Entitlement', cell: ({ amount }) => amount.name },
      { title: 'Use', cell: ({ amount }) => amount.words },
      { title: 'Used', cell: ({ percent }) => `${percent} %`, kind: 'number' },
      {
        title: 'Most of 90 days',
        cell: ({ most }) => (most === null ? 'not known' : number(most)),
        kind: 'number',
      },
    ],
    pageSize: 10,
    printed: 10,
  });
  const intro =
    'Contracts that are over are not counted. Use is read once an hour where the buyer shares it; what stands here was seen at the last look that was kept. Each day of a contract is with its buyer, below.';
  const legends = el('div');
  const element = section(
    id,
    title,
    el('p', {}, intro),
    chart.element,
    legends,
    sums.element,
    full.element,
  );
  return { id, title, element, show };

  function show(showing: Showing): void {
    view = showing.view;
    const rows = seatsByProduct(view, showing.selection.contracts);
    const bars = rows.filter(({ bought }) => bought !== ZERO).slice(0, BARS);
    element.hidden = rows.length === 0;
    chart.element.hidden = bars.length === 0;
    legends.replaceChildren(
      legend(SHARES.filter(({ key }) => bars.some((row) => row[key] !== ZERO))),
    );
    if (bars.length > 0) chart.show(drawingOf(bars));
    sums.show(rows, showing.printing);
    full.show(fullest(view, showing.selection.contracts), showing.printing);
  }
}

function drawingOf(bars: readonly SeatRow[]) {
  const words = bars.map((row) => {
    const { product, name, bought, used } = row;
    return `${product} ${name}: ${isKnown(row) ? `${number(used)} of ${number(bought)} in use` : `${number(bought)}, use not known`}`;
  });
  return {
    label: `Bar chart of what was bought and used, in percent of what was bought. ${words.join('; ')}. The tables below have the numbers.`,
    height: 40 + bars.length * 38,
    option: (palette: Palette) => optionOf(bars, palette),
  };
}

/** Draws percent of what was bought, because seats and gigabytes have no scale in common. */
function optionOf(bars: readonly SeatRow[], palette: Palette): EChartsOption {
  const axis = { axisLine: { lineStyle: { color: palette('line') } } };
  return {
    grid: { left: 8, right: 24, top: 8, bottom: 8, containLabel: true },
    xAxis: {
      type: 'value',
      max: 100,
      ...axis,
      axisLabel: { color: palette('text'), formatter: '{value} %' },
      splitLine: { lineStyle: { color: palette('line') } },
    },
    yAxis: {
      type: 'category',
      inverse: true,
      data: bars.map(({ product, name }) => `${cleanText(product, 24)}\n${cleanText(name, 24)}`),
      ...axis,
      axisLabel: { color: palette('text'), lineHeight: 14 },
    },
    series: SHARES.map(({ key, words, colour }) => ({
      type: 'bar',
      name: words,
      stack: 'all',
      barMaxWidth: 20,
      data: bars.map((row) => ({
        // Null, not 0: the border of a bar without width would paint over its neighbors.
        value:
          row[key] === ZERO
            ? null
            : Math.min(100, (approximately(row[key]) * 100) / approximately(row.bought)),
        tooltip: {
          formatter: () =>
            `${row.product}\n${row.name}: ${number(row[key])} of ${number(row.bought)} ${words}`,
        },
      })),
      itemStyle: { color: palette(colour), borderColor: palette('surface'), borderWidth: 1 },
    })),
  };
}

/** True if the use of at least some of it is known. */
function isKnown({ bought, notKnown, used }: SeatRow): boolean {
  return compareQuantities(bought, notKnown) > 0 || used !== ZERO;
}

function unitWords(unit: string): string {
  return unit === 'Count' ? 'units' : unit;
}
