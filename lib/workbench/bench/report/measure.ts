import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium, type Browser, type Page } from 'playwright-core';
import type { Instant } from '../../../domain/time.ts';
import { readReport } from '../../../seller/report/read-report.ts';
import { renderReport } from '../../../seller/report/render.ts';
import { CHROMIUM } from '../../chromium.ts';
import { median } from '../median.ts';
import { reportFleet } from './fleet.ts';

export interface ReportFigures {
  readonly buyers: number;
  readonly entries: number;
  readonly bytes: number;
  readonly makingMs: number;
  /** Undefined if there is no Chromium on this machine. */
  readonly page: PageFigures | undefined;
}

export interface PageFigures {
  readonly firstPaintMs: number;
  /** The time until the script has drawn the visible part of the page. */
  readonly drawnMs: number;
  readonly filters: readonly { readonly what: string; readonly ms: number }[];
}

const BUYERS = 1_000;
const NOW = '2027-01-18T00:00:00Z' as Instant;
const ROUNDS = 5;

/** Makes the report of a watcher with many buyers and opens it as a reader would. */
export async function measureReport(): Promise<ReportFigures> {
  const fleet = reportFleet({ buyers: BUYERS, now: NOW });
  const begun = performance.now();
  const html = await renderReport(await readReport(fleet, fleet));
  const makingMs = performance.now() - begun;
  const page = await measurePage(html);
  return { buyers: BUYERS, entries: fleet.entries, bytes: Buffer.byteLength(html), makingMs, page };
}

/** Measures a page; undefined if there is no Chromium on this machine. */
export async function measurePage(html: string): Promise<PageFigures | undefined> {
  if (!existsSync(CHROMIUM)) return undefined;
  const directory = await mkdtemp(join(tmpdir(), 'license-watcher-report-'));
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
  try {
    const file = join(directory, 'report.html');
    await writeFile(file, html);
    const opened = [];
    for (let round = 0; round < ROUNDS; round += 1)
      opened.push(await open(browser, pathToFileURL(file).href));
    return {
      firstPaintMs: median(opened.map(({ firstPaintMs }) => firstPaintMs)),
      drawnMs: median(opened.map(({ drawnMs }) => drawnMs)),
      filters: await measureFilters(browser, pathToFileURL(file).href),
    };
  } finally {
    await browser.close();
    await rm(directory, { recursive: true });
  }
}

async function open(
  browser: Browser,
  url: string,
): Promise<Pick<PageFigures, 'firstPaintMs' | 'drawnMs'>> {
  const page = await browser.newPage();
  await page.goto(url);
  const figures = await page.evaluate(async () => {
    const isDrawn = () => document.getElementById('report')?.ariaBusy !== 'true';
    while (!isDrawn()) await new Promise((shown) => requestAnimationFrame(() => setTimeout(shown)));
    const drawnMs = performance.now();
    // On a busy machine the observer reports the paint some time later.
    const firstPaintMs = await new Promise<number>((painted) => {
      new PerformanceObserver((list) => {
        for (const { startTime } of list.getEntriesByName('first-contentful-paint'))
          painted(startTime);
      }).observe({ type: 'paint', buffered: true });
    });
    return { firstPaintMs, drawnMs };
  });
  await page.close();
  return figures;
}

/** Labels of controls, each with a value to set. */
const FILTERS: readonly (readonly [string, string])[] = [
  ['Buyer or account', 'a'],
  ['Buyer or account', 'aurora 11'],
  ['Product', 'lake'],
  ['Standing', 'in-force'],
  ['Standing', 'blind'],
  ['Change', 'LicenseUpgraded'],
  ['Change', 'Reminder'],
  ['From (UTC)', '2026-06-01'],
  ['To (UTC)', '2026-06-30'],
];

/** The time from the input to the frame with the result, at the top, at the charts and at the end of the page. The slowest place counts. */
async function measureFilters(browser: Browser, url: string): Promise<PageFigures['filters']> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  await page.goto(url);
  const figures = [];
  for (const [label, value] of FILTERS) {
    const places = [];
    for (const place of ['report', 'timeline', 'seats', 'buyers']) {
      const times = [];
      for (let round = 0; round < ROUNDS; round += 1)
        times.push(await filterOnce(page, place, label, value));
      places.push(median(times));
    }
    figures.push({ what: `${label}: ${value}`, ms: Math.max(...places) });
  }
  return figures;
}

async function filterOnce(
  page: Page,
  place: string,
  label: string,
  value: string,
): Promise<number> {
  const control = await page.getByLabel(label, { exact: true }).elementHandle();
  const took = await page.evaluate(
    async ({ control: element, place: id, value: wanted }) => {
      if (!(element instanceof HTMLInputElement || element instanceof HTMLSelectElement))
        throw new Error('no control');
      const frame = (): Promise<unknown> =>
        new Promise((shown) => requestAnimationFrame(() => setTimeout(shown)));
      document.getElementById(id)?.scrollIntoView();
      await frame();
      // Parts far below are drawn after the frame with the visible part.
      while (document.querySelector('[aria-busy=true]') !== null) await frame();
      const begun = performance.now();
      element.value = wanted;
      element.dispatchEvent(new Event('input', { bubbles: true }));
      await frame();
      const end = performance.now();
      element.value = '';
      element.dispatchEvent(new Event('input', { bubbles: true }));
      await frame();
      return end - begun;
    },
    { control, place, value },
  );
  return took;
}
