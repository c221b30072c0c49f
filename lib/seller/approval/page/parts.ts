import type { Condition } from '../values.ts';
import { html, type Html } from './html.ts';

export function code(text: string): Html {
  return html`<code>${text}</code>`;
}

/** Text as it would be typed, each line by itself. */
export function block(text: string): Html {
  return html`<pre tabindex="0"><code>${text}</code></pre>`;
}

export function list(items: readonly (Html | string)[]): Html {
  return html`<ul>
    ${items.map((item) => html`<li>${item}</li>`)}
  </ul>`;
}

/** Items one below the other, each unbroken as far as there is room. */
export function lines(items: readonly (Html | string)[]): Html {
  return html`${items.map((item) => html`<div>${item}</div>`)}`;
}

/** On a narrow screen each row becomes a list, and each cell bears its column's name; the roles keep it a table. */
export function table(
  caption: string,
  head: readonly string[],
  rows: readonly (readonly (Html | string)[])[],
): Html {
  return html`<table role="table">
    <caption>
      ${caption}
    </caption>
    <thead role="rowgroup">
      <tr role="row">
        ${head.map((title) => html`<th role="columnheader" scope="col">${title}</th>`)}
      </tr>
    </thead>
    <tbody role="rowgroup">
      ${rows.map(
        ([first = '', ...others]) =>
          html`<tr role="row">
            <th role="rowheader" scope="row">${first}</th>
            ${others.map(
              (cell, at) => html`<td role="cell" data-column="${head[at + 1] ?? ''}">${cell}</td>`,
            )}
          </tr>`,
      )}
    </tbody>
  </table>`;
}

export function section(id: string, title: string, ...content: readonly Html[]): Html {
  return html`<section aria-labelledby="${id}">
    <h2 id="${id}">${title}</h2>
    ${content}
  </section>`;
}

/** `if Probe is yes`, and whether that holds for the invitation. */
export function whenInWords(when: readonly Condition[]): string {
  if (when.length === 0) return 'always';
  const words = when.map((condition) => condition.words).join(' and ');
  return `if ${words} (as invited: ${when.every(({ holds }) => holds) ? 'yes' : 'no'})`;
}
