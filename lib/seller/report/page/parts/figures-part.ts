import { figures } from '../../view/figures.ts';
import { number } from '../../../../mail/dates.ts';
import { el } from '../dom.ts';
import { type ReportSection, section, type Showing } from '../part.ts';

/** Five numbers, before anything else. */
export function figuresPart(): ReportSection {
  const [id, title] = ['figures', 'At a glance'];
  const list = el('ul', { class: 'figures' });
  return { id, title, element: section(id, title, list), show };

  function show({ view, selection }: Showing): void {
    list.replaceChildren(
      ...figures(view, selection.contracts).map(({ title: what, count, change, section: to }) =>
        el(
          'li',
          {},
          // If nothing is counted, the section may be hidden.
          count === 0 ? what : el('a', { href: `#${to}` }, what),
          el('strong', {}, number(count)),
          el('span', {}, changeWords(change)),
        ),
      ),
    );
  }
}

function changeWords(change: number | null): string {
  if (change === null) return 'no history of a week';
  if (change === 0) return 'as a week ago';
  return `${change > 0 ? '+' : '\u2212'}${number(Math.abs(change))} in a week`;
}
