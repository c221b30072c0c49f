import type { EChartsOption } from 'echarts';
import { number, date, dateAndTime } from '../../../../mail/dates.ts';
import { pipelineMonths, type Risk } from '../../../../domain/agreement/forecast.ts';
import { pipeline, pipelineByRisk, type PipelineRow } from '../../view/pipeline.ts';
import { boughtWords, standingOfContract } from '../../view/words.ts';
import { Chart, legend, type Palette } from '../chart.ts';
import { el } from '../dom.ts';
import { buyerLink, type ReportSection, section, type Showing } from '../part.ts';
import { PagedTable, type Column } from '../paged-table.ts';

type Series = ReturnType<typeof pipelineByRisk>[number];

const LAPSED = 'lapsed';

const RISK_WORDS: Readonly<Record<Risk, string>> = {
  renews: 'goes on by itself',
  undecided: 'undecided',
  'will-not': 'will not renew',
  'not-watched': 'not watched',
  lapsed: LAPSED,
};

const COLOURS: Readonly<Record<Risk, number>> = {
  renews: 3,
  undecided: 5,
  'will-not': 2,
  'not-watched': 1,
  lapsed: 6,
};

export function pipelinePart(): ReportSection {
  const [id, title] = ['pipeline', 'Renewal pipeline'];
  const chart = new Chart();
  const legends = el('div');
  let current: Showing | undefined;
  const columns: readonly Column<PipelineRow>[] = [
    { title: 'Buyer', cell: ({ contract }) => link(contract) },
    { title: 'Product', cell: ({ contract }) => current?.view.productName(contract) ?? '' },
    { title: 'End', cell: ({ at }) => (at === null ? '' : dateAndTime(at)), kind: 'date' },
    {
      title: 'Days left',
      cell: ({ daysLeft }) => (daysLeft === null ? LAPSED : number(daysLeft)),
      kind: 'number',
    },
    { title: 'Renews', cell: ({ renews }) => renews },
    {
      title: 'Decide by',
      cell: ({ decideBy }) => (decideBy === null ? '-' : date(decideBy)),
      kind: 'date',
    },
    { title: 'At risk', cell: ({ risk }) => RISK_WORDS[risk] },
    { title: 'What ends', cell: (row) => row.share ?? words(row) },
    { title: 'Standing', cell: ({ contract }) => standing(contract) },
  ];
  const table = new PagedTable({
    caption: 'Ends of the next 12 months, and what lapsed in the last',
    columns,
    pageSize: 20,
    printed: 40,
  });
  const intro =
    'Ends of the next 12 months, of every agreement of the seller’s own account and every license that is watched. "Renews" is what AWS says today, no promise: "by itself"; "moves" to another offer; "no:" and who switched it off or why; "?", not known, as of what a channel partner sold. Such a sale is here only where it is watched.';
  const element = section(id, title, el('p', {}, intro), chart.element, legends, table.element);
  return { id, title, element, show };

  function show(showing: Showing): void {
    current = showing;
    const rows = pipeline(showing.view, showing.selection.contracts);
    const months = pipelineMonths(showing.view.model.madeAt);
    const series = pipelineByRisk(rows, months).filter(({ counts }) =>
      counts.some((count) => count > 0),
    );
    element.hidden = rows.length === 0;
    if (rows.length > 0)
      chart.show({
        label: labelOf(series),
        height: 360,
        option: (palette) => optionOf(series, months, palette),
      });
    legends.replaceChildren(
      legend(
        series.map(({ risk }) => ({ colour: `series-${COLOURS[risk]}`, words: RISK_WORDS[risk] })),
      ),
    );
    table.show(rows, showing.printing);
  }

  function link(contract: number): HTMLElement | string {
    return current === undefined
      ? ''
      : buyerLink(current.view, current.view.contract(contract).buyer);
  }

  function words({ contract, risk }: PipelineRow): string {
    if (current === undefined || risk === 'not-watched') return '';
    return boughtWords(current.view.contract(contract));
  }

  function standing(contract: number): string {
    return current === undefined ? '' : standingOfContract(current.view.contract(contract));
  }
}

function labelOf(series: readonly Series[]): string {
  const counts = series.map(
    ({ risk, counts: each }) =>
      `${number(each.reduce((total, count) => total + count, 0))} ${RISK_WORDS[risk]}`,
  );
  return `Bar chart of ends by month, by what is at risk: ${counts.join(', ')}. The table below names them.`;
}

function optionOf(
  series: readonly Series[],
  months: readonly string[],
  palette: Palette,
): EChartsOption {
  const axis = {
    axisLine: { lineStyle: { color: palette('line') } },
    axisLabel: { color: palette('text') },
  };
  return {
    grid: { left: 8, right: 16, top: 8, bottom: 8, containLabel: true },
    tooltip: {
      renderMode: 'richText',
      confine: true,
      trigger: 'axis',
      axisPointer: { type: 'shadow' },
    },
    xAxis: {
      type: 'value',
      minInterval: 1,
      ...axis,
      splitLine: { lineStyle: { color: palette('line') } },
    },
    yAxis: { type: 'category', data: [LAPSED, ...months], inverse: true, ...axis },
    series: series.map(({ risk, counts }) => ({
      type: 'bar',
      name: RISK_WORDS[risk],
      stack: 'all',
      barMaxWidth: 32,
      // Null, not 0: the border of a bar without width would paint over its neighbors.
      data: counts.map((count) => (count === 0 ? null : count)),
      itemStyle: {
        color: palette(`series-${COLOURS[risk]}`),
        borderColor: palette('surface'),
        borderWidth: 1,
      },
    })),
  };
}
