import type { RunOptions } from 'axe-core';

export const ALL: RunOptions = {};

/** All that the color scheme can change, and most of what axe takes. */
export const COLORS: RunOptions = { runOnly: ['color-contrast', 'link-in-text-block'] };
/** What the width of the window can change, for a page whose colors are looked at elsewhere. */
export const ALL_BUT_COLORS: RunOptions = {
  rules: { 'color-contrast': { enabled: false }, 'link-in-text-block': { enabled: false } },
};
