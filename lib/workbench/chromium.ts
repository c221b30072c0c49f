/** Debian's Chromium, by which pages are tested, measured and pictured; Playwright's own browser is not used. */
export const CHROMIUM = '/usr/bin/chromium';
