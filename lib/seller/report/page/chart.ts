import type { EChartsOption } from 'echarts';
import { BarChart, CustomChart } from 'echarts/charts';
import { GridComponent, TooltipComponent } from 'echarts/components';
import { type EChartsType, init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { el } from './dom.ts';

// SVG: here it draws faster than the canvas (measured: a filter at the timeline 95 to 150 ms of work against 190 to 220), and prints sharp.
use([BarChart, CustomChart, GridComponent, TooltipComponent, SVGRenderer]);

/** Colours of the style sheet, by the names it gives them: one place for the page, its charts, its legends. */
export type Palette = (name: string) => string;

/** What is drawn, and what a reader who cannot see it is told instead; the table beside it has the numbers. */
export interface Drawing {
  readonly label: string;
  readonly height: number;
  readonly option: (palette: Palette) => EChartsOption;
}

/** On paper: A4 and Letter between their margins, at 96 pixels to the inch. */
const PAPER_WIDTH = 660;

/** A chart that is drawn when it comes near the window, and anew when colours or width change. */
export class Chart {
  readonly element = el('div', { class: 'chart', role: 'img' });
  #drawing: Drawing | undefined;
  #chart: EChartsType | undefined;
  #near = false;
  #stale = false;

  constructor() {
    new IntersectionObserver(
      ([entry]) => {
        this.#near = entry?.isIntersecting ?? false;
        if (this.#near && this.#stale) this.#draw();
      },
      { rootMargin: '300px' },
    ).observe(this.element);
    new ResizeObserver(() => {
      if (!isPrinting()) this.#chart?.resize();
    }).observe(this.element);
  }

  show(drawing: Drawing): void {
    this.#drawing = drawing;
    this.element.setAttribute('aria-label', drawing.label);
    // By the object model, which a content security policy lets pass; the attribute it would not.
    this.element.style.height = `${drawing.height}px`;
    if (this.#near || isPrinting()) this.#draw();
    else this.#stale = true;
  }

  #draw(): void {
    if (this.#drawing === undefined) return;
    this.#stale = false;
    this.#chart ??= init(this.element, null, { renderer: 'svg' });
    const { height, option } = this.#drawing;
    const palette = currentPalette();
    this.#chart.resize({ width: isPrinting() ? PAPER_WIDTH : 'auto', height });
    this.#chart.setOption(
      { ...COMMON, textStyle: { color: palette('text') }, ...option(palette) },
      { notMerge: true },
    );
  }
}

const COMMON: EChartsOption = {
  animation: false,
  // Markup for tooltips would be text from outside made into elements.
  tooltip: { renderMode: 'richText', confine: true },
  backgroundColor: 'transparent',
  useUTC: true,
};

/** Each colour is asked for once a drawing: to ask the browser costs more than to draw. */
function currentPalette(): Palette {
  const styles = getComputedStyle(document.documentElement);
  const known = new Map<string, string>();
  return (name) => {
    const colour = known.get(name) ?? styles.getPropertyValue(`--${name}`).trim();
    known.set(name, colour);
    return colour;
  };
}

function isPrinting(): boolean {
  return document.documentElement.classList.contains('printing');
}

interface LegendItem {
  /** As the style sheet calls the colour. */
  readonly colour: string;
  readonly words: string;
  /** A sign of a chart instead of a square. */
  readonly sign?: string;
}

/** What colours and signs of a chart mean. */
export function legend(items: readonly LegendItem[]): HTMLElement {
  return el(
    'ul',
    { class: 'legend', hidden: items.length === 0 },
    ...items.map(({ colour, words, sign }) =>
      el(
        'li',
        {},
        el('span', { class: `swatch ${colour}`, 'aria-hidden': 'true' }, sign ?? ''),
        words,
      ),
    ),
  );
}
