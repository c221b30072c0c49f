import { attention, type Concern, type ConcernGroup } from '../../view/attention.ts';
import { button, el, newId, withDates } from '../dom.ts';
import { buyerLink, type Part, section, type Showing } from '../part.ts';
import { number } from '../pager.ts';

/** A few of each kind are read; a hundred would hide the next kind. */
const SHOWN = 5;

export function attentionPart(): Part {
  const opened = new Set<string>();
  const body = el('div');
  const [id, title] = ['attention', 'Needs attention'];
  const show = (showing: Showing): void => {
    const groups = attention(showing.view, showing.selection.contracts).filter(
      ({ concerns }) => concerns.length > 0,
    );
    body.replaceChildren(
      ...(groups.length === 0 ? [el('p', { class: 'none' }, 'Nothing needs attention.')] : []),
      ...groups.map((group) => groupOf(group, showing, opened)),
    );
  };
  return { id, title, element: section(id, title, body), show };
}

function groupOf(
  group: ConcernGroup,
  { view, printing }: Showing,
  opened: Set<string>,
): HTMLElement {
  const { id, title, concerns } = group;
  const heading = newId('group');
  const items = (all: boolean): HTMLElement[] =>
    concerns.slice(0, all ? undefined : SHOWN).map((concern) => concernItem(concern, view));
  const isOpen = printing || opened.has(id) || concerns.length <= SHOWN;
  const list = el('ul', { class: 'concerns' }, ...items(isOpen));
  const more = button(
    `Show all ${number(concerns.length)}`,
    { 'aria-describedby': heading },
    () => {
      opened.add(id);
      const from = list.children.length;
      list.replaceChildren(...items(true));
      more.remove();
      list.children[from]?.querySelector('a')?.focus();
    },
  );
  return el(
    'div',
    { class: `concern-group ${id}` },
    el('h3', { id: heading }, `${title} (${number(concerns.length)})`),
    list,
    isOpen ? null : more,
  );
}

function concernItem(
  { buyer, contract, what, remedy }: Concern,
  view: Showing['view'],
): HTMLElement {
  const product = contract === null ? '' : `, ${view.productName(contract)}`;
  return el(
    'li',
    {},
    el('strong', {}, buyerLink(view, buyer), product),
    el('span', { class: 'what' }, ...withDates(what)),
    remedy === null ? null : el('span', { class: 'remedy' }, `What to do: ${remedy}`),
  );
}
