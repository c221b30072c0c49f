/// <reference lib="dom" />
/// <reference lib="dom.iterable" />

type Attributes = Readonly<Record<string, string | number | boolean | undefined>>;
export type Child = Node | string | null;

/**
 * Makes an element. Text only ever becomes text: there is no way to hand in markup. An attribute that is `true` is there without a value;
 * one that is `false` or undefined is not there.
 */
export function el<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue;
    element.setAttribute(name, value === true ? '' : String(value));
  }
  element.append(...children.filter((child) => child !== null));
  return element;
}

/** A name from outside, whose direction of writing ends with it. */
export function nameOf(text: string): HTMLElement {
  return el('bdi', {}, text);
}

/** Text whose dates are not broken at their dashes. In a `narrow` column the time of day may stand below its day. */
export function withDates(text: string, width: 'wide' | 'narrow' = 'wide'): readonly Child[] {
  return text
    .split(width === 'wide' ? /(\d{4}-\d\d-\d\d(?: \d\d:\d\d UTC)?)/ : /(\d{4}-\d\d-\d\d)/)
    .map((part, index) => (index % 2 === 1 ? el('span', { class: 'date' }, part) : part));
}

export function button(
  words: string,
  attributes: Attributes,
  pressed: () => void,
): HTMLButtonElement {
  const made = el('button', { type: 'button', ...attributes }, words);
  made.addEventListener('click', pressed);
  return made;
}

/** Makes IDs unique on a page, even if it shows two reports. */
let ids = 0;
export function newId(what: string): string {
  ids += 1;
  return `lw-${what}-${ids}`;
}
