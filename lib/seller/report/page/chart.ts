import type { EChartsOption } from 'echarts';
import { BarChart, CustomChart } from 'echarts/charts';
import { GridComponent, TooltipComponent } from 'echarts/components';
import { type EChartsType, init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { el } from './dom.ts';

// SVG draws faster here than the canvas (measured: a filter on the timeline takes 95 to 150 ms of work, not 190 to 220), and prints sharp.
use([BarChart, CustomChart, GridComponent, TooltipComponent, SVGRenderer]);

/** Colors by their names in the style sheet, the one source for the page, its charts and its legends. */
export type Palette = (name: string) => string;

/** What is drawn, and what a reader who cannot see it is told instead. The table beside it has the numbers. */
export interface Drawing {
  readonly label: string;
  readonly height: number;
  readonly option: (palette: Palette) => EChartsOption;
}

/** In pixels, on paper: A4 and Letter between their margins, at 96 pixels to the inch. */
const PAPER_WIDTH = 660;

/** A chart that is drawn when it comes near the window, and again when colors or width change. */
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
    // Set through the object model, which a content security policy allows; it would not allow the attribute.
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
  // Tooltips in markup would turn text from outside into elements.
  tooltip: { renderMode: 'richText', confine: true },
  backgroundColor: 'transparent',
  useUTC: true,
};

/** Asks the browser for each color once per drawing, because asking costs more than drawing. */
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
  /** The name of the color in the style sheet. */
  readonly colour: string;
  readonly words: string;
  /** A sign of the chart, shown instead of a square. */
  readonly sign?: string;
}

/** Says what the colors and signs of a chart mean. */
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
