import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type Axe from 'axe-core';
import type { RunOptions } from 'axe-core';
import { build } from 'esbuild';
import { chromium, type Browser, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { reportFleet } from '../../../lib/workbench/bench/report/fleet.ts';
import { CHROMIUM } from '../../../lib/workbench/chromium.ts';
import { DAY, type Instant, plus } from '../../../lib/domain/time.ts';
import { readReport } from '../../../lib/seller/report/read-report.ts';
import type { ReportModel } from '../../../lib/seller/report/model-shape.ts';
import type { mountReport as mount } from '../../../lib/seller/report/page/mount.ts';
import { figures } from '../../../lib/seller/report/view/figures.ts';
import { ModelView } from '../../../lib/seller/report/view/model-view.ts';
import { renderReport } from '../../../lib/seller/report/render.ts';
import type { Head } from '../../../lib/domain/check/head.ts';
import { aBuyer, aHead, aLicense, BUYER, NOW } from '../../support/records.ts';
import { ALL, ALL_BUT_COLORS, COLORS } from '../../support/axe-rules.ts';
import { OpenedReport } from './support/opened.ts';
import { modelOf, type Records } from './support/sources.ts';

const HOSTILE = [
  '</script><script>globalThis.pwned = 1</script>',
  '"><img src=x onerror="globalThis.pwned = 1">',
  '<svg/onload=alert(1)>',
  'javascript:alert(1)',
  '\u202eevil\u2066 name',
  'x'.repeat(10_000),
  '{a|b} \\n <!-- ',
  'שלום وداعا',
];

const PHONE = { width: 390, height: 800 };
const BUYERS = 40;
const fleet = reportFleet({
  buyers: BUYERS,
  now: '2027-01-18T00:00:00Z' as Instant,
  nameOf: (index) => HOSTILE[index] ?? `Example ${index + 1}`,
});

// Skipped, and counted as skipped, where no Chromium is installed.
describe.skipIf(!existsSync(CHROMIUM))('the page of the report', () => {
  let browser: Browser;
  let model: ReportModel;
  let html: string;
  /** One page for all: its tests are in order, and each goes on where the one before ended or shows another report. */
  let report: OpenedReport;
  let page: Page;
  let troubles: readonly string[];

  beforeAll(async () => {
    [browser, model] = await Promise.all([
      chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] }),
      readReport(fleet, fleet),
    ]);
    html = await renderReport(model);
    report = await OpenedReport.open(browser, html);
    ({ page, troubles } = report);
  });
  afterAll(async () => {
    await report[Symbol.asyncDispose]();
    await browser.close();
  });

  it('has its five figures on top, and every table as CSV, all of it', async () => {
    expect(await report.section('At a glance').locator('li strong').allTextContents()).toEqual(
      figures(new ModelView(model), [...model.contracts.keys()]).map(({ count }) => String(count)),
    );
    const tables = await page.locator('table').count();
    expect(await page.locator('button.csv').count()).toBe(tables);
    const coming = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Save as CSV: Changes and reminders' }).click();
    const download = await coming;
    expect(download.suggestedFilename()).toBe('changes-and-reminders-the-newest-first.csv');
    const csv = await readFile(await download.path(), 'utf8');
    expect(csv.split('\r\n')).toHaveLength(model.entries.entry.length + 2);
    expect(csv).toContain('"""><img src=x onerror=""globalThis.pwned = 1""> (200000000007)"');
    expect(troubles.filter((each) => !each.startsWith('blob:'))).toEqual([]);
  });

  it('turns over what is long', async () => {
    const changes = report.section('Changes');
    const first = await changes.locator('tbody tr').first().textContent();
    await changes.getByRole('button', { name: 'Next' }).click();
    expect(await changes.getByRole('status').textContent()).toMatch(/^26 to 50 of /);
    expect(await changes.locator('tbody tr').first().textContent()).not.toBe(first);
    await changes.getByRole('button', { name: 'Previous' }).click();
    // At the first page there is no page before it.
    await changes.getByRole('button', { name: 'Previous' }).click({ force: true });
    expect(await changes.locator('tbody tr').first().textContent()).toBe(first);
    // Of who has not come yet there is no line.
    const drawn = model.contracts.filter(({ standing }) => standing !== null).length;
    await page.getByLabel('Order by').selectOption('end, the soonest first');
    await report.section('Timeline of contracts').getByRole('button', { name: 'Next' }).click();
    expect(
      await report.section('Timeline of contracts').getByRole('status').first().textContent(),
    ).toBe(`21 to ${drawn} of ${drawn}`);
  });

  it('filters by each of its controls, and its address keeps what was asked', async () => {
    const count = page.getByRole('search').getByRole('status');
    const all = await settled(page, () => count.textContent());
    expect(all).toMatch(
      new RegExp(`^Everything is shown: ${BUYERS} buyers, [\\d,]+ entries of their ledgers`),
    );

    await page.getByLabel('Buyer or account').fill('EXAMPLE 2');
    expect(await settled(page, () => count.textContent())).toMatch(
      /^12 of 40 contracts, 12 buyers/,
    );
    await page.getByLabel('Product', { exact: true }).selectOption('lake');
    expect(await settled(page, () => count.textContent())).toMatch(/^4 of 40 contracts/);
    await page.getByRole('button', { name: 'Clear all filters' }).click();
    expect(await settled(page, () => count.textContent())).toBe(all);

    await page.getByLabel('Standing', { exact: true }).selectOption('cannot be seen');
    const blind = model.contracts.filter((contract) => contract.blind !== null).length;
    expect(blind).toBeGreaterThan(0);
    expect(await settled(page, () => count.textContent())).toMatch(
      new RegExp(`^${blind} of ${BUYERS} contracts`),
    );
    await page.getByRole('button', { name: 'Clear all filters' }).click();

    await page.getByLabel('Change', { exact: true }).selectOption('License renewed');
    await page.getByLabel('From (UTC)').fill('2026-01-01');
    await page.getByLabel('To (UTC)').fill('2026-12-31');
    const rows = report.section('Changes').locator('tbody tr');
    const texts = await settled(page, () => rows.allTextContents());
    expect(texts.length).toBeGreaterThan(3);
    expect(
      texts.every((text) => text.startsWith('2026-') && text.includes('License renewed')),
    ).toBe(true);
    await page.waitForFunction(() => /change=LicenseRenewed.*to=2026-12-31/.test(location.hash));

    await page.reload();
    expect(await settled(page, () => rows.allTextContents())).toEqual(texts);
  });

  it('narrows to a buyer by a link, whose section then is open', async () => {
    await page.getByRole('button', { name: 'Clear all filters' }).click();
    const link = report.section('What to do today').getByRole('link').first();
    const name = (await link.textContent()) ?? '';
    await link.click();
    const buyers = report.section('Buyers');
    expect(await settled(page, () => buyers.locator('h3').allTextContents())).toEqual([name]);
    expect(await buyers.locator('details').getAttribute('open')).toBe('');
    await page.goBack();
    expect(await settled(page, () => buyers.locator('h3').count())).toBe(25);
  });

  it('is reached by keyboard alone, all of it, and shows where one is', async () => {
    await report.show(html, { hash: '#text=Example+1' });
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe(
      'Skip to the report',
    );
    const { all, reached, unseen } = await tabThrough(page);
    expect(all).toBeGreaterThan(30);
    expect({ reached, unseen }).toEqual({ reached: all, unseen: [] });
    // Enter on the skip link takes the reader to the report, and is no filter.
    await page.getByText('Skip to the report').focus();
    await page.keyboard.press('Enter');
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('report');
    await expect(page.getByLabel('Buyer or account').inputValue()).resolves.toBe('Example 1');
  });

  it('has nothing that axe finds fault with, in the light scheme and in the dark', async () => {
    await report.section('Timeline of contracts').locator('summary').click();
    await report.section('Buyers').locator('summary').first().click();
    expect(await settled(page, () => faults(page))).toEqual([]);
    await page.emulateMedia({ colorScheme: 'dark' });
    expect(await settled(page, () => faults(page, COLORS))).toEqual([]);
  });

  it('is no wider than a phone', async () => {
    await report.show(html, { viewport: PHONE });
    await report.section('Buyers').locator('summary').first().click();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
    expect(await faults(page, ALL_BUT_COLORS)).toEqual([]);
  });

  it('leaves the timeline more than half of a phone, and no label of its dates upon another', async () => {
    await report.show(html, { viewport: PHONE });
    const timeline = report.section('Timeline of contracts');
    await timeline.scrollIntoViewIfNeeded();
    await timeline.locator('svg').first().waitFor();
    const labels = await timeline
      .locator('svg text')
      .evaluateAll((texts) =>
        texts.map((text) => [text.textContent, text.getBoundingClientRect()] as const),
      );
    const dates = labels.filter(([words]) => /^(\d{4}|Jan|Apr|Jul|Oct)$/.test(words));
    expect(dates.length).toBeGreaterThan(2);
    const boxes = dates
      .map(([, { left, right }]) => [left, right] as const)
      .toSorted(([a], [b]) => a - b);
    for (const [at, [left]] of boxes.entries())
      expect(left).toBeGreaterThan(boxes[at - 1]?.[1] ?? PHONE.width / 4);
    const names = labels.filter(([words]) => words.startsWith('Meridian '));
    expect(names.length).toBeGreaterThan(2);
    for (const [, { right }] of names) expect(right).toBeLessThan(PHONE.width / 2);
  });

  it('opens from disk, asks nobody for anything, and lets nothing out', async () => {
    await report.show(html);
    await expect(page.title()).resolves.toBe('License Watcher report, 2027-01-18 00:00 UTC');
    for (const name of ['Renewal pipeline', 'Timeline of contracts', 'Bought and used']) {
      await report.section(name).scrollIntoViewIfNeeded();
      await report.section(name).locator('svg').first().waitFor();
    }
    await report.section('Buyers').locator('summary').first().click();
    expect(await report.section('What could not be read').count()).toBe(0);
    // Of these nobody knows the use: that is not zero.
    const seats = report.section('Bought and used').getByRole('row', { name: /^Author/ });
    expect(await seats.innerText()).toMatch(/not known\s+not known/);
    expect(troubles).toEqual([]);
    expect(await attempts(page)).toEqual({
      violations: ['connect-src', 'img-src', 'script-src-elem'],
      pwned: false,
    });
  });

  it('prints every chart, of each contract a line, and of buyers what is opened', async () => {
    await report.show(html, { colorScheme: 'dark' });
    await page.evaluate(() => {
      window.addEventListener('beforeprint', () => {
        document.title = [
          document.querySelectorAll('.for-paper tbody tr').length,
          document.querySelectorAll('.chart svg').length,
          document.querySelectorAll('.buyers > details').length,
        ].join(' ');
      });
    });
    const printed = async (): Promise<string> => {
      const pdf = await page.pdf();
      expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
      return settled(page, () => page.title());
    };
    expect(await printed()).toBe(`${BUYERS} 3 0`);
    const summaries = report.section('Buyers').locator('summary');
    for (const each of (await summaries.all()).slice(0, 3)) await each.click();
    await page.waitForFunction(() => document.querySelectorAll('details:has(dl)').length === 3);
    // With what was used day by day, where that was read.
    expect(await printed()).toMatch(new RegExp(`^${BUYERS} [4-6] 3$`));
    expect(await page.evaluate(() => document.documentElement.className)).toBe('');
    // What the reader had closed is closed again.
    expect(await page.locator('#timeline details[open]').count()).toBe(0);
  });

  it('shows on paper hostile names as the text that they are', async () => {
    await page.emulateMedia({ media: 'print' });
    await page.evaluate(() => window.dispatchEvent(new Event('beforeprint')));
    const names = await report.section('Buyers').locator('.for-paper tbody th').allTextContents();
    expect(names).toHaveLength(BUYERS);
    for (const name of [...HOSTILE.slice(0, 4), 'evil name', 'x'.repeat(117)]) {
      expect(names.some((text) => text.startsWith(name))).toBe(true);
    }
    expect(Math.max(...names.map(({ length }) => length))).toBeLessThan(150);
    expect(await page.locator('img, iframe, object, [onerror], [onload]').count()).toBe(0);
    expect(await page.evaluate(() => 'pwned' in globalThis)).toBe(false);
    expect(troubles).toEqual([]);
    // On paper the scheme is always the light one.
    const background = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    expect(background).toBe('rgb(255, 255, 255)');
  });

  it('prints of eight buyers with two years six pages at most', async () => {
    const eight = reportFleet({ buyers: 8, now: '2027-01-18T00:00:00Z' as Instant });
    const made = await renderReport(await readReport(eight, eight));
    await report.show(made);
    const pages = await report.printedPages();
    expect(pages).toBeGreaterThan(2);
    expect(pages).toBeLessThanOrEqual(6);
  });

  it('says how to invite where nobody is, and what could not be read', async () => {
    await report.show(await renderReport(await modelOf({ buyers: [], heads: [] })));
    expect(await page.locator('main').innerText()).toContain('license-watcher invite');
    expect(await faults(page)).toEqual([]);
    expect(await page.getByRole('search').count()).toBe(0);

    const problem = {
      kind: 'unreadable',
      contract: `${BUYER}#design-suite`,
      key: '00000007',
      problem: 'format: 2',
      stored: {},
    } as const;
    await report.show(await renderReport(await modelOf({ unreadable: [problem] })));
    expect(await report.section('What could not be read').innerText()).toMatch(
      /1 .*00000007.*format: 2/s,
    );
  });

  const BEFORE = ['At a glance', 'What to do today'];
  const BLIND: Head['blind'] = {
    ...{ cause: 'region-disabled', detail: 'AccessDenied', ticks: 9, told: true },
    ...{ since: plus(NOW, -DAY), backOffUntil: null },
  };
  const until = (end: Instant | null): Pick<Head, 'state'> => ({
    state: [aLicense({ validity: { begin: plus(NOW, -300 * DAY), end } })],
  });
  it.each<[string, Records, readonly string[]]>([
    [
      'invited, and not come yet',
      { buyers: [aBuyer({ status: 'invited', registration: null })], heads: [] },
      [...BEFORE, 'Buyers'],
    ],
    [
      'in force without an end',
      { heads: [aHead(until(null))] },
      [...BEFORE, 'Timeline of contracts', 'Bought and used', 'Buyers'],
    ],
    [
      'lapsed',
      { heads: [aHead({ ...until(plus(NOW, -DAY)), standing: 'ended', verdict: 'not-entitled' })] },
      [...BEFORE, 'Renewal pipeline', 'Timeline of contracts', 'Buyers'],
    ],
    [
      'blind',
      { heads: [aHead({ ...until(plus(NOW, 9 * DAY)), blind: BLIND, verdict: 'unknown' })] },
      [...BEFORE, 'Renewal pipeline', 'Timeline of contracts', 'Bought and used', 'Buyers'],
    ],
  ])('draws nothing that is empty: all buyers %s', async (_, records, sections) => {
    const made = await renderReport(await modelOf(records));
    await report.show(made, { viewport: PHONE, colorScheme: 'dark' });
    const shown = page.locator('section:not([hidden]) h2');
    expect(await shown.allTextContents()).toEqual(sections);
    expect(await page.locator('nav li:not([hidden])').allTextContents()).toEqual(sections);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
    expect(await faults(page)).toEqual([]);
    expect(troubles).toEqual([]);
  });

  it('can be put into an element of another page, and shown anew with another model', async () => {
    await page.goto('about:blank');
    await page.evaluate(await mountScript());
    const another = aBuyer({ buyerAccountId: '222233334444' });
    const counts = await page.evaluate(
      async ([first, second]) => {
        const root = document.createElement('div');
        document.body.append(root);
        const frames = (): Promise<unknown> =>
          new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
        const { mountReport } = globalThis as unknown as { mountReport: typeof mount };
        const said = (): string => root.querySelector('form [role=status]')?.textContent ?? '';
        const mounted = mountReport(root, first);
        const seen = [said()];
        mounted.update(second);
        await frames();
        seen.push(said());
        mounted.dispose();
        location.hash = '#text=x';
        await frames();
        return [...seen, String(root.childElementCount)];
      },
      [await modelOf({ buyers: [aBuyer(), another] }), await modelOf()] as const,
    );
    expect(counts).toEqual([
      expect.stringContaining('2 buyers'),
      'Everything is shown: 1 buyer, 0 entries of their ledgers.',
      '0',
    ]);
  });
});

/** What a page might try that was not written by us. */
function attempts(page: Page): Promise<{ violations: string[]; pwned: boolean }> {
  return page.evaluate(async () => {
    const violations: string[] = [];
    document.addEventListener('securitypolicyviolation', ({ effectiveDirective }) =>
      violations.push(effectiveDirective),
    );
    await fetch('https://example.com/').catch(() => undefined);
    new Image().src = 'https://example.com/x.png';
    const script = document.createElement('script');
    script.textContent = 'globalThis.pwned = 1';
    document.body.append(script);
    await new Promise((later) => setTimeout(later, 50));
    return { violations: violations.toSorted(), pwned: 'pwned' in globalThis };
  });
}

/** After the frame in which a change is drawn, and all that is far below. */
async function settled<Result>(page: Page, read: () => Promise<Result>): Promise<Result> {
  await page.evaluate(
    () => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))),
  );
  await page.waitForFunction(() => document.querySelector('[aria-busy=true]') === null);
  return read();
}

async function faults(page: Page, rules: RunOptions = ALL): Promise<string[]> {
  await page.evaluate(
    await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8'),
  );
  return page.evaluate(async (options) => {
    const { axe } = globalThis as unknown as { axe: typeof Axe };
    const { violations } = await axe.run(document, options);
    return violations.flatMap(({ id, nodes }) =>
      nodes.map(({ html: where }) => `${id}: ${where.slice(0, 200)}`),
    );
  }, rules);
}

/** What of the page can be reached, what was, and where the focus could not be seen. */
async function tabThrough(page: Page): Promise<{ all: number; reached: number; unseen: string[] }> {
  const all = await page.evaluate(
    () =>
      [
        ...document.querySelectorAll('a[href], button, input, select, summary, [tabindex="0"]'),
      ].filter((element) => element.checkVisibility()).length,
  );
  const unseen: string[] = [];
  const seen = new Set<string>();
  // A date has a stop for each of its parts.
  for (let press = 0; press < all + 20; press += 1) {
    const stop = await page.evaluate(() => {
      const element = document.activeElement;
      if (element === null || element === document.body) return undefined;
      element.setAttribute('data-stop', element.getAttribute('data-stop') ?? String(Math.random()));
      const { outlineStyle, outlineWidth } = getComputedStyle(element);
      const visible = outlineStyle !== 'none' && outlineWidth !== '0px';
      return {
        stop: element.getAttribute('data-stop') ?? '',
        visible,
        html: element.outerHTML.slice(0, 100),
      };
    });
    if (stop === undefined) break;
    seen.add(stop.stop);
    if (!stop.visible) unseen.push(stop.html);
    await page.keyboard.press('Tab');
  }
  return { all, reached: seen.size, unseen };
}

async function mountScript(): Promise<string> {
  const { outputFiles } = await build({
    stdin: {
      contents: `import { mountReport } from './mount.ts'; globalThis.mountReport = mountReport;`,
      resolveDir: join(import.meta.dirname, '..', '..', '..', 'lib', 'seller', 'report', 'page'),
    },
    bundle: true,
    write: false,
    format: 'iife',
  });
  return outputFiles[0]?.text ?? '';
}
