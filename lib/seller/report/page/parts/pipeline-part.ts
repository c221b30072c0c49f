import type { EChartsOption } from 'echarts';
import { dateAndTime } from '../../../../mail/dates.ts';
import {
  pipeline,
  pipelineByProduct,
  WINDOWS,
  type Ending,
  type Series,
} from '../../view/pipeline.ts';
import { boughtWords, standingOfContract } from '../../view/words.ts';
import { Chart, legend, type Palette } from '../chart.ts';
import { el } from '../dom.ts';
import { buyerLink, type Part, section, type Showing } from '../part.ts';
import { PagedTable, type Column } from '../paged-table.ts';
import { number } from '../pager.ts';

const TITLES = WINDOWS.map(({ from, to }) => `${from} to ${to} days`);

export function pipelinePart(): Part {
  const [id, title] = ['pipeline', 'Renewal pipeline'];
  const chart = new Chart();
  const legends = el('div');
  let current: Showing | undefined;
  const columns: readonly Column<Ending>[] = [
    { title: 'Buyer', cell: ({ contract }) => link(contract) },
    { title: 'Product', cell: ({ contract }) => current?.view.productName(contract) ?? '' },
    { title: 'End', cell: ({ at }) => dateAndTime(at), kind: 'date' },
    { title: 'Days left', cell: ({ daysLeft }) => number(daysLeft), kind: 'number' },
    { title: 'What ends', cell: ({ contract, share }) => share ?? words(contract) },
    { title: 'Standing', cell: ({ contract }) => standing(contract) },
  ];
  const tables = TITLES.map(
    (days) =>
      new PagedTable({
        caption: `Contracts that end in ${days}`,
        columns,
        none: `No contract ends in ${days}.`,
        pageSize: 10,
        printed: 100,
      }),
  );
  const intro =
    'Ends of current terms. Whether a contract renews by itself is not known to the watcher.';
  const element = section(
    id,
    title,
    el('p', {}, intro),
    chart.element,
    legends,
    ...tables.map((table) => table.element),
  );
  return { id, title, element, show };

  function show(showing: Showing): void {
    current = showing;
    const windows = pipeline(showing.view, showing.selection.contracts);
    const series = pipelineByProduct(showing.view, windows);
    const isEmpty = series.length === 0;
    chart.element.hidden = isEmpty;
    if (!isEmpty)
      chart.show({
        label: labelOf(windows),
        height: 220,
        option: (palette) => optionOf(series, palette),
      });
    legends.replaceChildren(
      legend(series.map(({ name }, index) => ({ colour: `series-${index + 1}`, words: name }))),
    );
    for (const [index, table] of tables.entries())
      table.show(windows[index] ?? [], showing.printing);
  }

  function link(contract: number): HTMLElement | string {
    return current === undefined
      ? ''
      : buyerLink(current.view, current.view.contract(contract).buyer);
  }

  function words(contract: number): string {
    return current === undefined ? '' : boughtWords(current.view.contract(contract));
  }

  function standing(contract: number): string {
    return current === undefined ? '' : standingOfContract(current.view.contract(contract));
  }
}

function labelOf(windows: readonly (readonly Ending[])[]): string {
  const counts = windows.map(({ length }, index) => `${length} in ${TITLES[index] ?? ''}`);
  return `Bar chart of contracts that end: ${counts.join(', ')}. The tables below name them.`;
}

function optionOf(series: readonly Series[], palette: Palette): EChartsOption {
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
    yAxis: { type: 'category', data: TITLES, inverse: true, ...axis },
    series: series.map(({ name, counts }, index) => ({
      type: 'bar',
      name,
      stack: 'all',
      barMaxWidth: 32,
      // Not 0: the border of a bar without width would paint over its neighbours.
      data: counts.map((count) => (count === 0 ? null : count)),
      itemStyle: {
        color: palette(`series-${index + 1}`),
        borderColor: palette('surface'),
        borderWidth: 1,
      },
    })),
  };
}
