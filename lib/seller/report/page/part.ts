import type { Filters } from '../view/filters.ts';
import type { ModelView } from '../view/model-view.ts';
import type { Selection } from '../view/selection.ts';
import { el, newId, type Child } from './dom.ts';

/** All that a part shows. */
export interface Showing {
  readonly view: ModelView;
  readonly filters: Filters;
  readonly selection: Selection;
  /** On paper nothing can be turned over: longer lists, everything opened. */
  readonly printing: boolean;
}

/** A section of the page. */
export interface Part {
  /** Behind the `#` of its address. */
  readonly id: string;
  readonly title: string;
  readonly element: HTMLElement;
  readonly show: (showing: Showing) => void;
}

/** The section with its heading, as a landmark of that name. */
export function section(id: string, title: string, ...children: readonly Child[]): HTMLElement {
  const heading = newId('heading');
  return el(
    'section',
    { id, 'aria-labelledby': heading },
    el('h2', { id: heading }, title),
    ...children,
  );
}
