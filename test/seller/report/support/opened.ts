import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';

interface View {
  readonly hash?: string;
  readonly viewport?: { readonly width: number; readonly height: number };
  readonly colorScheme?: 'light' | 'dark';
}

/** Reports as their reader opens them: from disk, in a page of a browser. What goes wrong in the one that is shown is kept. */
export class OpenedReport implements AsyncDisposable {
  readonly page: Page;
  /** Messages of the console, errors, and requests for anything but the file. */
  readonly troubles: string[] = [];
  readonly #directory: string;
  #files = 0;
  #url = '';

  private constructor(page: Page, directory: string) {
    this.page = page;
    this.#directory = directory;
    page.on('console', (message) => this.troubles.push(`${message.type()}: ${message.text()}`));
    page.on('pageerror', (error) => this.troubles.push(error.message));
    page.on('dialog', (dialog) => {
      this.troubles.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    page.on('request', (request) => {
      if (!request.url().startsWith(this.#url) && !request.url().startsWith('data:'))
        this.troubles.push(request.url());
    });
  }

  static async open(browser: Browser, html: string, view: View = {}): Promise<OpenedReport> {
    const directory = await mkdtemp(join(tmpdir(), 'license-watcher-report-'));
    const opened = new OpenedReport(await browser.newPage(), directory);
    await opened.show(html, view);
    return opened;
  }

  /** Shows another report in the same page. A page of its own costs the browser four times as much. */
  async show(
    html: string,
    { hash = '', viewport = { width: 1_280, height: 720 }, colorScheme = 'light' }: View = {},
  ): Promise<void> {
    const file = join(this.#directory, `report-${(this.#files += 1)}.html`);
    await writeFile(file, html);
    this.#url = pathToFileURL(file).href;
    this.troubles.length = 0;
    await this.page.setViewportSize(viewport);
    await this.page.emulateMedia({ media: null, colorScheme });
    await this.page.goto(this.#url + hash);
    await this.page.waitForFunction(() => document.querySelector('[aria-busy=true]') === null);
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
