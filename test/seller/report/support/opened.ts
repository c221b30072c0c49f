import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';

/** A report as its reader opens it: from disk, in a browser of its own. What goes wrong in it is kept. */
export class OpenedReport implements AsyncDisposable {
  readonly page: Page;
  /** Messages of the console, errors, and requests for anything but the file. */
  readonly troubles: string[] = [];
  readonly #directory: string;

  private constructor(page: Page, directory: string) {
    this.page = page;
    this.#directory = directory;
  }

  static async open(
    browser: Browser,
    html: string,
    { hash = '', ...options }: BrowserContextOptions & { hash?: string } = {},
  ): Promise<OpenedReport> {
    const directory = await mkdtemp(join(tmpdir(), 'license-watcher-report-'));
    const file = join(directory, 'report.html');
    await writeFile(file, html);
    const page = await browser.newPage(options);
    const opened = new OpenedReport(page, directory);
    const url = pathToFileURL(file).href;
    page.on('console', (message) => opened.troubles.push(`${message.type()}: ${message.text()}`));
    page.on('pageerror', (error) => opened.troubles.push(error.message));
    page.on('dialog', (dialog) => {
      opened.troubles.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    page.on('request', (request) => {
      if (!request.url().startsWith(url) && !request.url().startsWith('data:'))
        opened.troubles.push(request.url());
    });
    await page.goto(url + hash);
    await page.waitForFunction(() => document.querySelector('[aria-busy=true]') === null);
    return opened;
  }

  /** A section by its heading. */
  section(name: string) {
    return this.page.getByRole('region', { name, exact: true });
  }

  /** How many pages of A4 it takes. */
  async printedPages(): Promise<number> {
    const pdf = await this.page.pdf({ format: 'A4' });
    return pdf.toString('latin1').match(/\/Type\s*\/Page\b/g)?.length ?? 0;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.page.close();
    await rm(this.#directory, { recursive: true });
  }
}
