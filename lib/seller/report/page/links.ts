import { hashOf, NO_FILTERS } from '../view/filters.ts';
import type { ModelView } from '../view/model-view.ts';
import { el, nameOf } from './dom.ts';

/** The buyer as a link that narrows the whole page to it: the address does it, so it can be kept and sent. */
export function buyerLink(view: ModelView, buyer: number): HTMLElement {
  const row = view.model.buyers[buyer];
  if (row === undefined) return el('span', {}, 'unknown buyer');
  const href = hashOf({ ...NO_FILTERS, text: row.account });
  return el('a', { href }, nameOf(row.name), ` (${row.account})`);
}
