import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { STANDINGS } from '../../../lib/domain/license/contract.ts';

const CSS = readFileSync('lib/seller/report/page/page.css', 'utf8');
const [light = '', dark = ''] = CSS.split('@media screen and (prefers-color-scheme: dark)');
const SCHEMES = { light, dark: dark.slice(0, dark.indexOf('* {')) };

function linear(css: string, name: string): readonly [number, number, number] {
  const [, hex = ''] = new RegExp(`--${name}: #([0-9a-f]{6});`).exec(css) ?? [];
  expect(hex, name).toHaveLength(6);
  const [r = 0, g = 0, b = 0] = [0, 2, 4]
    .map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255)
    .map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
  return [r, g, b];
}

/** WCAG 2.2, contrast ratio. */
function contrast(css: string, one: string, other: string): number {
  const [a = 0, b = 0] = [one, other]
    .map((name) => linear(css, name))
    .map(([r, g, b]) => 0.2126 * r + 0.7152 * g + 0.0722 * b)
    .toSorted((x, y) => y - x);
  return (a + 0.05) / (b + 0.05);
}

/** Distance in Oklab, in which equal steps look equal: 0 to 1. */
function difference(css: string, one: string, other: string): number {
  const [a, b] = [oklab(linear(css, one)), oklab(linear(css, other))];
  return Math.hypot(...a.map((value, at) => value - (b[at] ?? 0)));
}

function oklab([r, g, b]: readonly [number, number, number]): readonly number[] {
  const [l, m, s] = [
    Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b),
    Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b),
    Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b),
  ];
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

const DRAWN = [...STANDINGS.map((standing) => `standing-${standing}`), 'unseen'];

describe.each(Object.entries(SCHEMES))('in the %s scheme', (_, css) => {
  it('each standing, and what is not seen, has a colour of its own in the timeline', () => {
    const alike = DRAWN.flatMap((one, at) =>
      DRAWN.slice(at + 1)
        .filter((other) => difference(css, one, other) < 0.1)
        .map((other) => `${one} and ${other}: ${difference(css, one, other).toFixed(3)}`),
    );
    expect(alike).toEqual([]);
  });

  it('what is drawn and the focus stand out from the page', () => {
    for (const name of [...DRAWN, 'focus'])
      expect(contrast(css, name, 'surface'), name).toBeGreaterThanOrEqual(3);
    expect(contrast(css, 'focus', 'raised')).toBeGreaterThanOrEqual(3);
  });

  it('the focus does not look like an alarm', () => {
    expect(difference(css, 'focus', 'alarm')).toBeGreaterThan(0.15);
  });
});
