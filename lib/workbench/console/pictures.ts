import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { CHROMIUM } from '../chromium.ts';
import type { Mail } from '../cloud/mailbox.ts';

const WIDTH = 1_280;
/** Room for two parts of the report. It draws charts only when they come into view, so charts below the window would be missing. */
const HEIGHT = 1_800;

/** There is no browser to take pictures with. */
class NoBrowser extends Error {
  override readonly name = 'NoBrowser';
}

/** Throws if there is no browser; called before anything that takes long. */
export function assertBrowser(): void {
  if (!existsSync(CHROMIUM))
    throw new NoBrowser(`there is no ${CHROMIUM}: install it (apt-get install chromium)`);
}

/** Takes pictures of a report, and of one mail as its recipient sees it. Returns the files. */
export async function takePictures(
  folder: string,
  report: string,
  mail: Mail,
): Promise<readonly string[]> {
  await mkdir(folder, { recursive: true });
  // Imported here, so that a run without pictures need not wait for it.
  const { chromium } = await import('playwright-core');
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
  try {
    const paths = { report: join(folder, 'report.png'), mail: join(folder, 'mail.png') };
    await withPage(browser, report, async (page) => {
      // Charts are drawn once they come into view, so both parts must fit into the window, however long the first is.
      const ends = await Promise.all(
        ['#pipeline', '#timeline'].map((part) => page.locator(part).boundingBox()),
      );
      const [from, to] = ends;
      if (!from || !to) throw new Error('the report shows no pipeline, or no timeline');
      await page.setViewportSize({
        width: WIDTH,
        height: Math.max(HEIGHT, Math.ceil(to.y + to.height - from.y) + 200),
      });
      await page.locator('#pipeline').evaluate((part) => {
        part.style.scrollMarginTop = '20px';
        part.scrollIntoView();
      });
      for (const part of ['#pipeline', '#timeline'])
        await page.locator(`${part} svg`).first().waitFor();
      const timeline = await page.locator('#timeline').boundingBox();
      if (timeline === null) throw new Error('the report shows no timeline');
      const clip = {
        x: 0,
        y: 0,
        width: WIDTH,
        height: Math.ceil(timeline.y + timeline.height) + 20,
      };
      await page.screenshot({ path: paths.report, animations: 'disabled', clip });
    });
    await withPage(browser, mailPage(mail), async (page) => {
      await page.locator('body').screenshot({ path: paths.mail });
    });
    return Object.values(paths);
  } finally {
    await browser.close();
  }
}

async function withPage(
  browser: Browser,
  html: string,
  use: (page: Page) => Promise<void>,
): Promise<void> {
  const page = await browser.newPage({
    viewport: { width: WIDTH, height: HEIGHT },
    colorScheme: 'light',
  });
  await page.setContent(html);
  await use(page);
  await page.close();
}

/** A page with a mail in plain text, as mail programs show it. */
function mailPage({ to, subject, text, footer, at }: Mail): string {
  const head = [
    ['From', 'AWS Notifications <no-reply@sns.amazonaws.com>'],
    ['To', to],
    ['Date', `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`],
  ].map(([name = '', value = '']) => `<dt>${name}</dt><dd>${escaped(value)}</dd>`);
  return `<!doctype html><meta charset="utf-8"><title>${escaped(subject)}</title><style>
body { margin: 0; padding: 20px; background: #eef1f4; color: #1b2228; font: 15px/1.45 system-ui, sans-serif; }
article { padding: 28px 36px; background: #fff; border: 1px solid #c3ccd4; border-radius: 8px; }
h1 { margin: 0 0 12px; font-size: 21px; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 2px 16px; margin: 0; padding: 0 0 16px; border-bottom: 1px solid #c3ccd4; }
dt { color: #4a5660; } dd { margin: 0; }
pre { margin: 18px 0 0; font: 15px/1.35 monospace; white-space: pre-wrap; }
pre + pre { color: #4a5660; }
</style><article><h1>${escaped(subject)}</h1><dl>${head.join('')}</dl><pre>${escaped(text)}</pre><pre>${escaped(footer)}</pre></article>`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
