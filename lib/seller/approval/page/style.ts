/** Fetches nothing. Colors have a contrast of 4.5 to 1 or more in both schemes. */
export const STYLE = `
:root { color-scheme: light dark; --text: #1a1a1a; --soft: #4d4d4d; --back: #fff; --line: #b3b3b3; --panel: #f3f3f0; --alarm: #a40000; --link: #0047a3 }
@media (prefers-color-scheme: dark) {
  :root { --text: #ececec; --soft: #bdbdbd; --back: #161616; --line: #5c5c5c; --panel: #242424; --alarm: #ff9a8d; --link: #8fc1ff }
}
* { box-sizing: border-box }
body { margin: 0 auto; padding: 1rem 1.5rem 4rem; max-width: 64rem; font: 1rem/1.5 system-ui, sans-serif; color: var(--text); background: var(--back); overflow-wrap: anywhere }
a { color: var(--link) }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px }
.skip { position: absolute; left: -999rem }
.skip:focus { position: static }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 1.5rem 0 .5rem }
h2 { font-size: 1.25rem; margin: 2.5rem 0 .5rem; border-bottom: 1px solid var(--line) }
h3 { font-size: 1.05rem; margin: 1.5rem 0 .5rem }
code { font: .875em/1.5 ui-monospace, monospace }
pre { background: var(--panel); border: 1px solid var(--line); padding: .75rem; white-space: pre-wrap }
table { border-collapse: collapse; width: 100%; margin: .75rem 0; font-size: .925rem }
caption { text-align: left; color: var(--soft); padding: .25rem 0 }
th, td { border: 1px solid var(--line); padding: .4rem .5rem; text-align: left; vertical-align: top }
thead th { background: var(--panel) }
tbody th { font-weight: 400 }
@media (min-width: 50rem) { thead th { overflow-wrap: normal } tbody th, td { min-width: 9rem } tbody th { min-width: 11rem } }
@media screen and (max-width: 49.99rem) {
  table, caption, tbody, tr, tbody th, td { display: block }
  thead { position: absolute; left: -999rem }
  tr { border: 1px solid var(--line); margin: 0 0 .75rem }
  tbody th, td { border: 0 }
  tbody th { background: var(--panel) }
  td::before { content: attr(data-column); display: block; color: var(--soft) }
}
.summary, .statement { background: var(--panel); border: 1px solid var(--line); padding: .5rem 1rem; margin: .75rem 0 }
.unexplained { color: var(--alarm) }
@media print {
  :root { color-scheme: light; --text: #000; --soft: #333; --back: #fff; --line: #777; --panel: #fff; --alarm: #a40000; --link: #000 }
  body { max-width: none; padding: 0; font-size: 10pt }
  nav, .skip { display: none }
  h2, h3, caption { break-after: avoid }
  thead th { overflow-wrap: normal }
  tbody th { min-width: 6rem }
  td { min-width: 6.5rem }
  tr, pre, .statement { break-inside: avoid }
  /* Else a tall first row leaves the header of its table alone at the end of a page. */
  #created { break-before: page }
  tbody tr:first-child { break-inside: auto }
}
`;
