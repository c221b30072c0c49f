import {
  attention,
  byCause,
  type CauseGroup,
  type Concern,
  type ConcernGroup,
} from '../../view/attention.ts';
import { capital } from '../../../../mail/news/news.ts';
import { number } from '../../../../mail/dates.ts';
import { button, el, newId, withDates } from '../dom.ts';
import { buyerLink, type ReportSection, section, type Showing } from '../part.ts';

/** Concerns that are shown for each cause: a few are read, and a hundred would hide the next cause. */
const SHOWN = 5;
/** Concerns that are printed for each cause: on paper nothing can be opened. */
const PRINTED = 30;

export function attentionPart(): ReportSection {
  const opened = new Set<string>();
  const body = el('div');
  const [id, title] = ['attention', 'What to do today'];
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

function groupOf(group: ConcernGroup, showing: Showing, opened: Set<string>): HTMLElement {
  const { id, title, concerns } = group;
  const causes = byCause(concerns);
  return el(
    'div',
    { class: `concern-group ${id}` },
    el('h3', {}, `${title} (${number(concerns.length)})`),
    ...causes.flatMap((each) =>
      causeOf(
        each,
        { key: `${id} ${each.cause ?? ''}`, isCounted: causes.length > 1 },
        showing,
        opened,
      ),
    ),
  );
}

/** Says what is alike once, above those whom it concerns. */
function causeOf(
  { cause, remedy, concerns }: CauseGroup,
  { key, isCounted }: { readonly key: string; readonly isCounted: boolean },
  { view, printing }: Showing,
  opened: Set<string>,
): readonly HTMLElement[] {
  const isTogether = remedy !== null && concerns.length > 1;
  const items = (all: boolean): HTMLElement[] =>
    concerns
      .slice(0, all ? undefined : printing ? PRINTED : SHOWN)
      .map((concern) => concernItem(concern, view, isTogether ? null : concern.remedy));
  const isOpen = opened.has(key) || concerns.length <= (printing ? PRINTED : SHOWN);
  const heading = newId('cause');
  const list = el('ul', { class: 'concerns' }, ...items(isOpen));
  const more = button(
    `Show all ${number(concerns.length)}`,
    { 'aria-describedby': cause === null ? undefined : heading },
    () => {
      opened.add(key);
      const from = list.children.length;
      list.replaceChildren(...items(true));
      more.remove();
      list.children[from]?.querySelector('a')?.focus();
    },
  );
  return [
    ...(cause === null
      ? []
      : [
          el(
            'h4',
            { id: heading },
            `${capital(cause)}${isCounted ? ` (${number(concerns.length)})` : ''}`,
          ),
        ]),
    ...(isTogether ? [el('p', { class: 'remedy' }, `What to do: ${remedy}`)] : []),
    list,
    ...(isOpen ? [] : [more]),
    ...(isOpen || !printing
      ? []
      : [el('p', { class: 'none' }, `${PRINTED} of ${number(concerns.length)}`)]),
  ];
}

function concernItem(
  { buyer, contract, what }: Concern,
  view: Showing['view'],
  remedy: string | null,
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
