import type { Finding } from '../findings.ts';
import type { PageFigures, ReportFigures } from './measure.ts';

const MEGABYTE = 1_000_000;

/** The figures of the report held against its budgets; what could not be measured is neither met nor missed. */
export function judgeReport({
  buyers,
  entries,
  bytes,
  makingMs,
  page,
}: ReportFigures): readonly Finding[] {
  const unmeasured =
    page === undefined ? '; paint and filters are not measured, as no Chromium is installed' : '';
  return [
    {
      what: 'report, file',
      budget: '2 MB',
      measured: `${(bytes / MEGABYTE).toFixed(1)} MB`,
      met: bytes <= 2 * MEGABYTE,
      how:
        `${buyers} buyers with two years of history, ${entries} entries; made in ${(makingMs / 1_000).toFixed(1)} s from memory, ` +
        `what reading the tables takes is not in it${unmeasured}`,
    },
    ...(page === undefined ? [] : [firstPaint(page), slowestFilter(page)]),
  ];
}

function firstPaint({ firstPaintMs, drawnMs }: PageFigures): Finding {
  return {
    what: 'report, first paint',
    budget: '200 ms',
    measured: `${firstPaintMs.toFixed(0)} ms`,
    met: firstPaintMs <= 200,
    how: `first contentful paint of that file, from disk in Chromium, median of five; the script has drawn everything after ${drawnMs.toFixed(0)} ms`,
  };
}

function slowestFilter({ filters }: PageFigures): Finding {
  const slowest = Math.max(...filters.map(({ ms }) => ms));
  return {
    what: 'report, slowest filter',
    budget: '200 ms',
    measured: `${slowest.toFixed(0)} ms`,
    met: slowest <= 200,
    how:
      'from the input to the next frame, medians of five at the slowest of four places of the page: ' +
      filters.map(({ what, ms }) => `${what} ${ms.toFixed(0)} ms`).join(', '),
  };
}
