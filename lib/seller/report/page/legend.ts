import { el } from './dom.ts';

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
    { class: 'legend' },
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
