import { dateAndTime } from '../../../../mail/dates.ts';
import type { ModelView, NewsItem } from '../../view/model-view.ts';
import { differenceWords, newsWords, UNNAMED } from '../../view/words.ts';
import { el, withDates } from '../dom.ts';
import { buyerLink, type ReportSection, section, type Showing } from '../part.ts';
import { PagedTable } from '../paged-table.ts';

export function feedPart(): ReportSection {
  const [id, title] = ['changes', 'Changes'];
  let view: Showing['view'] | undefined;
  const table = new PagedTable<number>({
    caption: 'Changes and reminders, the newest first',
    columns: [
      {
        title: 'Seen',
        cell: (entry) => (view === undefined ? '' : dateAndTime(view.observedAt(entry))),
        kind: 'date',
      },
      {
        title: 'Buyer',
        cell: (entry) =>
          view === undefined ? '' : buyerLink(view, view.contract(contractOf(entry)).buyer),
      },
      { title: 'Product', cell: (entry) => view?.productName(contractOf(entry)) ?? '' },
      { title: 'What', cell: (entry) => (view === undefined ? '' : newsLines(view, entry)) },
      { title: 'Since', cell: effective, kind: 'date' },
      {
        title: 'Entry',
        cell: (entry) => String(view?.model.entries.entry[entry] ?? ''),
        kind: 'number',
      },
    ],
    pageSize: 25,
    printed: 25,
  });
  const intro =
    'Seen is when the watcher saw it: up to one sweep after it happened, more where it could not look. Since is when it took effect, where AWS says.';
  const element = section(id, title, el('p', {}, intro), table.element);
  return { id, title, element, show };

  function show(showing: Showing): void {
    view = showing.view;
    element.hidden = showing.selection.entries.length === 0;
    table.show(showing.selection.entries, showing.printing);
  }

  function contractOf(entry: number): number {
    return view?.model.entries.contract[entry] ?? -1;
  }

  function effective(entry: number): string {
    const known = (view?.model.entries.effectiveAt[entry] ?? 0) !== 0;
    return view === undefined || !known ? '' : dateAndTime(view.happenedAt(entry));
  }
}

export function newsLines(view: ModelView, entry: number): readonly HTMLElement[] {
  const news = view.newsOf(entry);
  return news.length === 0 ? [el('div', { class: 'news' }, UNNAMED)] : news.map(newsLine);
}

function newsLine(news: NewsItem): HTMLElement {
  const difference = differenceWords(news);
  return el(
    'div',
    { class: 'news' },
    el('strong', {}, newsWords(news.type)),
    difference === '' ? null : el('span', {}, ...withDates(`: ${difference}`)),
  );
}
