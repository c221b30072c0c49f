import type { EChartsOption } from 'echarts';
import { approximately } from '../../../domain/license/quantity.ts';
import type { Instant } from '../../../domain/time.ts';
import { number, dateAndTime } from '../../../mail/dates.ts';
import type { AmountRow } from '../model-shape.ts';
import { CHART_DAYS, type DayUsed, usedByDay } from '../view/used-days.ts';
import { Chart, type Palette } from './chart.ts';
import { el } from './dom.ts';

/** A chart of the most that was in use on each of 90 days, against what was bought. Empty: it was never read. */
export function useChart(amount: AmountRow, madeAt: Instant): readonly HTMLElement[] {
  const { name, words, days } = amount;
  const bars = usedByDay(amount, madeAt);
  if (days === null || bars.every(({ used }) => used === null)) return [];
  const chart = new Chart();
  chart.show({
    label: `Bar chart of the most of ${name} that was in use on each of ${CHART_DAYS} days. ${numbersOf(bars)}`,
    height: 150,
    option: (palette: Palette) => optionOf(bars, amount, palette),
  });
  const said = `${name}: ${words}, seen ${dateAndTime(days.at)}.`;
  return [
    el('p', {}, [said, days.runOut].filter((text) => text !== '').join(' ')),
    chart.element,
    el(
      'p',
      { class: 'none' },
      `The most of each day; a day without a bar was not read. ${numbersOf(bars)}`,
    ),
  ];
}

/** What the bars say, for a reader who cannot see them. */
function numbersOf(bars: readonly DayUsed[]): string {
  const read = bars.flatMap(({ day, used }) => (used === null ? [] : [{ day, used }]));
  const highest = read.reduce(
    (best, each) => (each.used > best.used ? each : best),
    read[0] ?? { day: '', used: 0 },
  );
  return `${read.length} of ${bars.length} days read; at most ${number(highest.used)}, on ${highest.day}.`;
}

function optionOf(
  bars: readonly DayUsed[],
  { bought, name }: AmountRow,
  palette: Palette,
): EChartsOption {
  const axis = { axisLine: { lineStyle: { color: palette('line') } } };
  const most = Math.max(...bars.map(({ used }) => used ?? 0));
  return {
    grid: { left: 8, right: 24, top: 8, bottom: 8, containLabel: true },
    xAxis: {
      type: 'category',
      data: bars.map(({ day }) => day),
      ...axis,
      axisLabel: { color: palette('text') },
    },
    yAxis: {
      type: 'value',
      // What was bought is the height of the chart, so that a bar shows how full it was.
      max: bought === null ? Math.max(1, most) : Math.max(1, most, approximately(bought)),
      ...axis,
      axisLabel: { color: palette('text') },
      splitLine: { lineStyle: { color: palette('line') } },
    },
    series: [
      {
        type: 'bar',
        name,
        barCategoryGap: '20%',
        data: bars.map(({ day, used }) => ({
          value: used,
          tooltip: { formatter: () => `${day}\n${name}: ${used ?? 'not read'}` },
        })),
        itemStyle: { color: palette('share-used') },
      },
    ],
  };
}
