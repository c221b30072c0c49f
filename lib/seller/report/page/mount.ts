import type { ReportModel } from '../model-shape.ts';
import { aboutWords, NOBODY } from '../view/about.ts';
import { filtersOfHash, type Filters } from '../view/filters.ts';
import { ModelView } from '../view/model-view.ts';
import { select, type Selection } from '../view/selection.ts';
import { number, several } from '../../../mail/dates.ts';
import { el } from './dom.ts';
import { FilterForm } from './filter-form.ts';
import type { ReportSection, Showing } from './part.ts';
import { attentionPart } from './parts/attention-part.ts';
import { buyersPart } from './parts/buyers-part.ts';
import { figuresPart } from './parts/figures-part.ts';
import { feedPart } from './parts/feed-part.ts';
import { pipelinePart } from './parts/pipeline-part.ts';
import { seatsPart } from './parts/seats-part.ts';
import { timelinePart } from './parts/timeline-part.ts';
import { unreadablePart } from './parts/unreadable-part.ts';

export interface Mounted {
  /** Shows another state of the same watcher; filters stay. */
  readonly update: (model: ReportModel) => void;
  /** Leaves the element empty, and stops listening. */
  readonly dispose: () => void;
}

/** Milliseconds. Browsers refuse a page that changes its address with every key. */
const ADDRESS_AFTER = 250;

/** Puts the report into an element of any page that has its style sheet. The filters stand behind the `#` of the address. */
export function mountReport(root: HTMLElement, model: ReportModel): Mounted {
  const glance = figuresPart();
  const parts = [
    glance,
    attentionPart(),
    pipelinePart(),
    timelinePart(),
    seatsPart(),
    feedPart(),
    buyersPart(),
    unreadablePart(),
  ];
  const form = new FilterForm(() => {
    clearTimeout(addressing);
    addressing = setTimeout(() => {
      history.replaceState(
        null,
        '',
        form.hash === '' ? location.pathname + location.search : form.hash,
      );
    }, ADDRESS_AFTER);
    later();
  });
  let view = new ModelView(model);
  let shown:
    | { readonly view: ModelView; readonly filters: Filters; readonly selection: Selection }
    | undefined;
  let frame = 0;
  let rest: ReturnType<typeof setTimeout> | undefined;
  let addressing: ReturnType<typeof setTimeout> | undefined;
  const about = el('div');
  const nobody = el('p', { class: 'none' }, NOBODY);
  const sections = navigation(parts);
  const body = el(
    'div',
    {},
    glance.element,
    sections.element,
    form.element,
    ...parts.filter((part) => part !== glance).map(({ element }) => element),
  );
  root.replaceChildren(about, nobody, body);

  const listening = new AbortController();
  const { signal } = listening;
  window.addEventListener('hashchange', takeHash, { signal });
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', later, { signal });
  window.addEventListener(
    'beforeprint',
    () => {
      draw(true);
    },
    { signal },
  );
  window.addEventListener(
    'afterprint',
    () => {
      draw(false);
    },
    { signal },
  );
  form.offer(model);
  takeHash();
  draw(false);

  return {
    update: (next) => {
      view = new ModelView(next);
      form.offer(next);
      later();
    },
    dispose: () => {
      halt();
      clearTimeout(addressing);
      listening.abort();
      root.replaceChildren();
    },
  };

  /** Takes the filters from the address, unless it is that of a place on the page. */
  function takeHash(): void {
    const filters = filtersOfHash(location.hash);
    if (filters === undefined) return;
    clearTimeout(addressing);
    form.filters = filters;
    later();
  }

  /** Draws once in the next frame, however many keys are pressed before it. */
  function later(): void {
    halt();
    frame = requestAnimationFrame(() => {
      draw(false);
    });
  }

  function halt(): void {
    cancelAnimationFrame(frame);
    clearTimeout(rest);
  }

  function draw(printing: boolean): void {
    halt();
    const { filters } = form;
    const same = shown?.view === view && JSON.stringify(shown.filters) === JSON.stringify(filters);
    // The selection is then the same object, so that parts that see it again stay on their page.
    const selection = same && shown !== undefined ? shown.selection : select(view, filters);
    shown = { view, filters, selection };
    document.documentElement.classList.toggle('printing', printing);
    about.replaceChildren(
      ...aboutWords(view.model).map((words) => el('p', { class: 'about' }, words)),
      el(
        'p',
        { class: 'on-paper' },
        `${selection.contracts.length === view.model.contracts.length ? '' : `Filtered: ${countWords(selection, view)} `}On paper long lists are cut where they say so: narrow them by the filters first. What is opened is printed.`,
      ),
    );
    nobody.hidden = view.model.buyers.length > 0;
    body.hidden = !nobody.hidden;
    form.say(countWords(selection, view));
    show({ view, filters, selection, printing });
  }

  /**
   * Shows the parts in the window now. The rest follow after that frame, each in a task of its own, so that nobody waits for what is far
   * below.
   */
  function show(showing: Showing): void {
    const waiting = new Set(parts);
    const showOne = (part: ReportSection | undefined): boolean => {
      if (part === undefined) return false;
      waiting.delete(part);
      part.show(showing);
      return true;
    };
    let more = true;
    while (more) more = showOne([...waiting].find((part) => showing.printing || isInWindow(part)));
    const goOn = (): void => {
      sections.show();
      body.ariaBusy = String(waiting.size > 0);
      const [next] = waiting;
      if (next === undefined) return;
      frame = requestAnimationFrame(() => {
        rest = setTimeout(() => {
          showOne(next);
          goOn();
        });
      });
    };
    goOn();
  }
}

function isInWindow({ element }: ReportSection): boolean {
  const { top, bottom } = element.getBoundingClientRect();
  return bottom >= 0 && top <= innerHeight;
}

/** Without a filter there is no count of contracts, because the first of the figures counts those that are watched. */
function countWords({ contracts, buyers, entries }: Selection, { model }: ModelView): string {
  const shown = [
    several(buyers.length, 'buyer'),
    `${several(entries.length, 'entry', 'entries')} of their ledgers`,
  ];
  return contracts.length === model.contracts.length
    ? `Everything is shown: ${shown.join(', ')}.`
    : `${number(contracts.length)} of ${several(model.contracts.length, 'contract')}, ${shown.join(', ')}.`;
}

/** Links to the sections. A section that is not shown has no link. */
function navigation(parts: readonly ReportSection[]): {
  readonly element: HTMLElement;
  readonly show: () => void;
} {
  const items = parts.map(({ id, title, element }) => ({
    item: el('li', {}, el('a', { href: `#${id}` }, title)),
    element,
  }));
  return {
    element: el(
      'nav',
      { 'aria-label': 'Sections' },
      el('ul', {}, ...items.map(({ item }) => item)),
    ),
    show: () => {
      for (const { item, element } of items) item.hidden = element.hidden;
    },
  };
}
