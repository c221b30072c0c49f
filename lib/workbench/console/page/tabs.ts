/// <reference lib="dom" />
import { button, type Child, el } from '../../../seller/report/page/dom.ts';

export interface Tab {
  /** The part of its address after the `#`. */
  readonly id: string;
  readonly title: string;
  readonly content: Child;
}

export interface Tabs {
  readonly element: HTMLElement;
  readonly select: (id: string) => void;
}

/**
 * Tabs by the ARIA Authoring Practices: one stop of the Tab key; arrows, Home and End select. The address also selects a tab: by the
 * tab itself, by a place within a panel, or by anything else that `ownerOf` knows.
 */
export function tabs(
  label: string,
  all: readonly Tab[],
  ownerOf: (hash: string) => string | undefined,
): Tabs {
  const addresses = new Map<string, string>();
  const made = all.map(({ id, title, content }) => ({
    id,
    tab: button(title, { role: 'tab', id: `tab-${id}`, 'aria-controls': id }, () => {
      select(id);
    }),
    panel: el(
      'div',
      { id, role: 'tabpanel', tabindex: 0, 'aria-labelledby': `tab-${id}` },
      content,
    ),
  }));
  const list = el('div', { role: 'tablist', 'aria-label': label }, ...made.map(({ tab }) => tab));
  let selected = '';
  list.addEventListener('keydown', (event) => {
    const next = neighbor(event.key);
    if (next === undefined) return;
    event.preventDefault();
    select(next.id);
    next.tab.focus();
  });
  window.addEventListener('hashchange', () => {
    follow(location.hash);
  });
  show(idOf(location.hash) ?? made[0]?.id ?? '');
  return { element: el('div', { class: 'tabs' }, list, ...made.map(({ panel }) => panel)), select };

  function neighbor(key: string): (typeof made)[number] | undefined {
    const at = made.findIndex(({ id }) => id === selected);
    if (key === 'ArrowRight') return made[(at + 1) % made.length];
    if (key === 'ArrowLeft') return made.at(at - 1);
    if (key === 'Home') return made[0];
    return key === 'End' ? made.at(-1) : undefined;
  }

  /** Selects a tab and keeps the old tab's address, so that its filters are still there when the reader comes back. */
  function select(id: string): void {
    if (id === selected) return;
    addresses.set(selected, location.hash);
    show(id);
    const address = addresses.get(id);
    history.replaceState(null, '', address === undefined || address === '' ? `#${id}` : address);
  }

  function show(id: string): void {
    selected = id;
    for (const { id: own, tab, panel } of made) {
      panel.hidden = own !== id;
      tab.setAttribute('aria-selected', String(own === id));
      tab.tabIndex = own === id ? 0 : -1;
    }
  }

  /** Scrolls to the address's place: the browser does not, because the place was hidden when the address changed. */
  function follow(hash: string): void {
    const id = idOf(hash);
    const panel = made.find((each) => each.id === id)?.panel;
    if (id === undefined || panel === undefined) return;
    show(id);
    const place = document.getElementById(hash.slice(1)) ?? panel;
    if (place === panel && panel.contains(document.activeElement)) return;
    place.scrollIntoView();
    if (place === panel) panel.focus({ preventScroll: true });
  }

  function idOf(hash: string): string | undefined {
    const place = document.getElementById(hash.slice(1));
    if (place !== null) return made.find(({ panel }) => panel.contains(place))?.id;
    return made.find(({ id }) => hash === `#${id}`)?.id ?? ownerOf(hash);
  }
}
