import type { BuyerRow } from '../model-shape.ts';
import { type Filters, hashOf, NO_FILTERS } from '../view/filters.ts';
import type { ModelView } from '../view/model-view.ts';
import type { Selection } from '../view/selection.ts';
import { type Child, el, nameOf, newId } from './dom.ts';

/** All that a part shows. */
export interface Showing {
  readonly view: ModelView;
  readonly filters: Filters;
  readonly selection: Selection;
  /** True on paper, where nothing can be turned over: lists are longer, and everything is opened. */
  readonly printing: boolean;
}

/** A section of the page. */
export interface ReportSection {
  /** What stands behind the `#` of its address. */
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

/** A link that narrows the whole page to the buyer. The address does it, so that it can be kept and sent. */
export function buyerLink(view: ModelView, buyer: number): HTMLElement {
  const row = view.model.buyers[buyer];
  if (row === undefined) return el('span', {}, 'unknown buyer');
  const href = hashOf({ ...NO_FILTERS, text: row.account });
  return el('a', { href }, ...nameAndAccount(row));
}

/** A buyer without a name is called by the account. */
export function nameAndAccount({ name, account }: BuyerRow): readonly Child[] {
  return name === account ? [account] : [nameOf(name), ` (${account})`];
}
