import { createHash } from 'node:crypto';
import { dateAndTime } from '../../mail/dates.ts';
import { bundlePage } from './bundle.ts';
import { modelJson } from './model-json.ts';
import type { ReportModel } from './model-shape.ts';
import { aboutWords } from './view/about.ts';

/**
 * The report as one HTML file. It requests nothing: the policy in its head lets nothing in or out, and lets only the script run whose hash
 * it names.
 */
export async function renderReport(model: ReportModel): Promise<string> {
  const { script, style, licenses } = await bundlePage();
  const title = `License Watcher report, ${dateAndTime(model.madeAt)}`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy(script, style)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<link rel="icon" href="data:,">
<title>${escaped(title)}</title>
<!--
${licenses.replaceAll('--', '- -')}
-->
<style>${style}</style>
</head>
<body>
<a class="skip" href="#report">Skip to the report</a>
<header>
<h1>License Watcher report</h1>
</header>
<main id="report" tabindex="-1">
${aboutWords(model)
  .map((words) => `<p class="about">${escaped(words)}</p>`)
  .join('\n')}
<noscript><p>This report is drawn by a script in this file; the browser does not run it.</p></noscript>
</main>
<script type="application/json" id="report-model">${json(model)}</script>
<script>${script}</script>
</body>
</html>
`;
}

/** ECharts sets styles through the object model, which needs no permission, and as attributes of what it draws, which does. */
function policy(script: string, style: string): string {
  return [
    "default-src 'none'",
    `script-src ${hashOf(script)}`,
    `style-src-elem ${hashOf(style)}`,
    "style-src-attr 'unsafe-inline'",
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
}

function hashOf(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}

/** Escapes the model, so that nothing in it can end the element around it. */
function json(model: ReportModel): string {
  return modelJson(model).replaceAll('<', '\\u003c');
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
