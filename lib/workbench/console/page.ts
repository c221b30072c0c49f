import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { bundleForHtml } from '../../seller/report/bundle.ts';

const PAGE = join(import.meta.dirname, 'page');

export interface ConsolePage {
  readonly html: string;
  /** The page's content security policy. */
  readonly policy: string;
}

/** Bundles the page once, so that nothing is read from the disk while it is served. */
export async function bundleConsolePage(token: string): Promise<ConsolePage> {
  const [script, style] = await Promise.all([
    bundleForHtml(join(PAGE, 'open.ts')),
    bundleForHtml(join(PAGE, 'console.css')),
  ]);
  const policy = [
    "default-src 'none'",
    `script-src ${hashOf(script)}`,
    `style-src-elem ${hashOf(style)}`,
    // The charts set style attributes on the elements that they draw.
    "style-src-attr 'unsafe-inline'",
    "connect-src 'self'",
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
  const html = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="console-token" content="${token}">
<link rel="icon" href="data:,">
<title>License Watcher: the local console</title>
<style>${style}</style>
</head>
<body class="console">
<a class="skip" href="#report">Skip to the report</a>
<header><h1>License Watcher: the local console</h1></header>
<main id="console" tabindex="-1"><noscript><p>The console is drawn by a script; the browser does not run it.</p></noscript></main>
<script>${script}</script>
</body>
</html>
`;
  return { html, policy };
}

function hashOf(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}
