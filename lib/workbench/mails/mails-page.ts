import { dayAndTime } from '../../mail/dates.ts';
import { html, type Html } from '../../seller/approval/page/html.ts';
import type { SampleMail } from './sample-mails.ts';

const AUDIENCES = { buyer: 'To buyers', seller: 'To you', operations: 'To operations' } as const;

const STYLE = `body { font: 16px/1.5 system-ui, sans-serif; max-width: 46rem; margin: 2rem auto; padding: 0 1rem }
article { border-top: 1px solid #8888; padding: 1rem 0 }
pre { white-space: pre-wrap; overflow-wrap: anywhere; font: inherit }
.of { color: #767676 }`;

/** One page with an index and all mails, as a mail program shows them. `address` returns the recipient of a mail. */
export function mailsPage(
  mails: readonly SampleMail[],
  address: (mail: SampleMail) => string,
): string {
  const numbered = mails.map((sample, index) => ({ sample, id: `mail-${index + 1}` }));
  const index = (Object.keys(AUDIENCES) as (keyof typeof AUDIENCES)[]).map((audience) => {
    const own = numbered.filter(({ sample }) => sample.to.audience === audience);
    const entries = own.map(
      ({ sample, id }) =>
        html`<li>
          <a href="#${id}">${sample.mail.subject}</a> <span class="of">${sample.kind}</span>
        </li>`,
    );
    return html`<h2>${AUDIENCES[audience]} (${own.length})</h2>
      <ol>
        ${entries}
      </ol>`;
  });
  const { text } = html`<!doctype html>
    <html lang="en">
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width" />
      <title>Every kind of mail</title>
      <style>
        ${STYLE}
      </style>
      <h1>Every kind of mail</h1>
      <nav>${index}</nav>
      ${numbered.map(({ sample, id }) => article(sample, id, address(sample)))}
    </html> `;
  return text;
}

function article({ at, kind, mail }: SampleMail, id: string, to: string): Html {
  return html`<article id="${id}">
    <h3>${mail.subject}</h3>
    <p class="of">To ${to}; ${dayAndTime(at)}; ${kind}</p>
    <pre>${mail.text}</pre>
  </article> `;
}
