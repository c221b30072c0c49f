import type { CustomSeriesOption, CustomSeriesRenderItem, EChartsOption } from 'echarts';
import { epochMilliseconds, type Instant } from '../../../domain/time.ts';
import { several, dateAndTime } from '../../../mail/dates.ts';
import type { Line, Sign } from '../view/timeline.ts';
import { standingWords } from '../view/words.ts';
import type { Drawing, Palette } from './chart.ts';

/** Each sign has a form of its own, because color alone tells nothing to a reader who cannot see it. */
export const SIGNS: Readonly<Record<Sign, { readonly sign: string; readonly words: string }>> = {
  upgraded: { sign: '▲', words: 'upgraded' },
  downgraded: { sign: '▼', words: 'downgraded' },
  renewed: { sign: '◆', words: 'renewed' },
  over: { sign: '✕', words: 'ended, canceled or gone' },
  doubt: { sign: '?', words: 'cannot be seen, or a checkout was refused' },
  version: { sign: '|', words: 'another entitlement version' },
};

interface Bar {
  readonly line: number;
  readonly from: number;
  readonly to: number;
  readonly colour: string;
  readonly kind: 'standing' | 'ahead' | 'unseen';
  readonly words: string;
}

interface SignAt {
  readonly line: number;
  readonly at: number;
  readonly sign: Sign;
  readonly words: string;
}

interface TimelineFrame {
  readonly lines: readonly Line[];
  /** The name of each line. */
  readonly names: readonly string[];
  readonly from: Instant;
  readonly to: Instant;
  readonly now: Instant;
}

const ROW = 26;

export function timelineDrawing(frame: TimelineFrame): Drawing {
  const { lines, from, to } = frame;
  return {
    label: `Timeline of ${several(lines.length, 'contract')} from ${dateAndTime(from)} to ${dateAndTime(to)}. The table below it says the same in words.`,
    height: 48 + lines.length * ROW,
    option: (palette) => optionOf(frame, palette),
  };
}

function optionOf(frame: TimelineFrame, palette: Palette): EChartsOption {
  const { names, from, to, now } = frame;
  const [bars, signs] = [frame.lines.flatMap(barsOf), frame.lines.flatMap(signsOf)];
  const axis = {
    axisLine: { lineStyle: { color: palette('line') } },
    axisLabel: { color: palette('text') },
  };
  return {
    grid: { left: 8, right: 16, top: 28, bottom: 8, containLabel: true },
    xAxis: {
      type: 'time',
      position: 'top',
      min: epochMilliseconds(from),
      max: epochMilliseconds(to),
      ...axis,
      axisLabel: { ...axis.axisLabel, hideOverlap: true },
      splitLine: { show: true, lineStyle: { color: palette('line') } },
    },
    yAxis: {
      type: 'category',
      inverse: true,
      data: [...names],
      ...axis,
      axisLabel: { ...axis.axisLabel, fontSize: 11, lineHeight: 12 },
      axisTick: { show: false },
    },
    series: [
      custom(
        'standing',
        bars,
        ({ from: begin, to: end, line }) => [begin, end, line],
        drawBar(bars, palette),
      ),
      custom('versions', signs, ({ at, line }) => [at, at, line], drawSign(signs, palette)),
      custom(
        'now',
        [{ at: epochMilliseconds(now), words: `now: ${dateAndTime(now)}` }],
        ({ at }) => [at, at, 0],
        drawNow(palette),
      ),
    ],
  };
}

function custom<Item extends { readonly words: string }>(
  name: string,
  items: readonly Item[],
  values: (item: Item) => readonly [number, number, number],
  renderItem: CustomSeriesRenderItem,
): CustomSeriesOption {
  return {
    type: 'custom',
    name,
    clip: true,
    encode: { x: [0, 1], y: 2 },
    data: items.map((item) => ({
      value: [...values(item)],
      tooltip: { formatter: () => wrap(item.words) },
    })),
    renderItem,
  };
}

/** Breaks lines, because tooltips do not wrap by themselves. */
function wrap(words: string): string {
  return words.replaceAll(/(.{1,80})(?:\s+|$)/gu, '$1\n').trim();
}

function barsOf({ standings, unseen, ahead }: Line, line: number): readonly Bar[] {
  const bar = (
    kind: Bar['kind'],
    colour: string,
    { from, to }: { from: Instant; to: Instant },
    words: string,
  ): Bar => ({
    line,
    kind,
    colour,
    from: epochMilliseconds(from),
    to: epochMilliseconds(to),
    words: `${words}, ${dateAndTime(from)} to ${dateAndTime(to)}`,
  });
  return [
    ...standings.map((span) =>
      bar('standing', `standing-${span.standing}`, span, standingWords(span.standing)),
    ),
    ...(ahead === null
      ? []
      : [bar('ahead', 'standing-in-force', ahead, 'to the end of the current term')]),
    ...unseen.map((span) => bar('unseen', 'unseen', span, 'not seen')),
  ];
}

function signsOf({ marks }: Line, line: number): readonly SignAt[] {
  return marks.map(({ at, sign, words }) => ({
    line,
    sign,
    at: epochMilliseconds(at),
    words: `${dateAndTime(at)}: ${words}`,
  }));
}

function drawBar(bars: readonly Bar[], palette: Palette): CustomSeriesRenderItem {
  return ({ dataIndex }, api) => {
    const bar = bars[dataIndex];
    if (bar === undefined) return null;
    const [x = 0, y = 0] = api.coord([bar.from, bar.line]);
    const [end = 0] = api.coord([bar.to, bar.line]);
    const height = bar.kind === 'standing' ? 12 : bar.kind === 'ahead' ? 4 : 3;
    const top = bar.kind === 'unseen' ? y + 8 : y - height / 2;
    return {
      type: 'rect',
      shape: { x, y: top, width: Math.max(1, end - x), height },
      style: { fill: palette(bar.colour), opacity: bar.kind === 'ahead' ? 0.7 : 1 },
    };
  };
}

function drawSign(signs: readonly SignAt[], palette: Palette): CustomSeriesRenderItem {
  return ({ dataIndex }, api) => {
    const mark = signs[dataIndex];
    if (mark === undefined) return null;
    const [x = 0, y = 0] = api.coord([mark.at, mark.line]);
    return {
      type: 'text',
      x,
      y,
      style: {
        text: SIGNS[mark.sign].sign,
        align: 'center',
        verticalAlign: 'middle',
        font: `bold ${mark.sign === 'version' ? 14 : 13}px sans-serif`,
        fill: palette('sign'),
        stroke: palette('surface'),
        lineWidth: 3,
      },
    };
  };
}

function drawNow(palette: Palette): CustomSeriesRenderItem {
  return ({ coordSys }, api) => {
    const { y, height } = coordSys as unknown as { readonly y: number; readonly height: number };
    const [x = 0] = api.coord([api.value(0), 0]);
    return {
      type: 'line',
      shape: { x1: x, x2: x, y1: y, y2: y + height },
      style: { stroke: palette('text'), lineWidth: 1, lineDash: [4, 4] },
    };
  };
}
