import { html, type Html } from '../../../approval/page/html.ts';
import type { Block, Letter, LetterSpan } from './letter.ts';

/**
 * The same letter as HTML. Styles are inside the elements, because mail programs drop all others. Nothing is loaded, every address is
 * shown, and a name that is written from right to left does not turn the text around it.
 */
export function letterHtml({ subject, blocks }: Letter): string {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${subject}</title>
      </head>
      <body style="margin:0;background:#ffffff;color:#1b1f24">
        <main
          style="max-width:640px;margin:0 auto;padding:16px;font:16px/1.5 system-ui,sans-serif;overflow-wrap:anywhere"
        >
          <h1 style="font-size:20px;line-height:1.3" dir="auto">${subject}</h1>
          ${blocks.map(blockHtml)}
        </main>
      </body>
    </html> `.text;
}

const CODE =
  'margin:8px 0;padding:8px;background:#f3f4f6;font:13px/1.5 ui-monospace,monospace;white-space:pre-wrap;overflow-wrap:anywhere';

function blockHtml(block: Block): Html {
  switch (block.kind) {
    case 'paragraph':
      return html`<p dir="auto">${block.text}</p>`;
    case 'heading':
      return html`<h2 style="font-size:17px;margin:24px 0 4px">${block.text}</h2>`;
    case 'facts':
      return html`<dl>
        ${block.rows.map(
          ([label, value]) =>
            html`<dt style="color:#4b5563">${label}</dt>
              <dd style="margin:0 0 8px" dir="auto">${value}</dd>`,
        )}
      </dl>`;
    case 'step':
      return html`<ol start="${block.at}" style="padding-left:24px">
        <li>${block.parts.map(partHtml)}</li>
      </ol>`;
    case 'command':
      return html`<pre style="${CODE}">${block.text}</pre>`;
  }
}

function partHtml({ kind, text }: LetterSpan): Html {
  switch (kind) {
    case 'words':
      return html`<p style="margin:0 0 8px">${text}</p>`;
    case 'code':
      return html`<pre style="${CODE}">${text}</pre>`;
    case 'link':
      return html`<p style="margin:0 0 8px"><a href="${text}">${text}</a></p>`;
  }
}
