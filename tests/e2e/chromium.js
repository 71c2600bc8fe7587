// Debian's Chromium, headless. Where a test asks nothing of the window around a page it runs in the headless shell: the same
// engine of the same version without that window, in which opening a page costs a quarter.

import { chromium } from 'playwright-core';

export const WHOLE = process.env.CHROMIUM ?? '/usr/bin/chromium';
const SHELL = process.env.CHROMIUM_SHELL ?? '/usr/bin/chromium-headless-shell';

// No sandbox, since containers run as root; nothing that asks the network by itself. Playwright switches off that storage is
// kept apart by top-level site, and then a frame of another site has neither storage nor locks: a list of our own takes the
// place of Playwright's, so that they work as they do for everybody.
export const FLAGS = [
  '--disable-features=Translate',
  '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync',
];

export const launch = (program = SHELL) => chromium.launch({ executablePath: program, args: FLAGS });
