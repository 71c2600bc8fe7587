// One interface over three engines, so that a test is written once. It says what a user does and sees in the portal's
// page and in the frame of the app; how an engine is told stands in chromium.js, firefox.js and webkit.js.
//
//   engine = await launch('webkit')     one browser program
//   user = await engine.user()          a fresh profile: its tabs share storage and locks, others share nothing with it
//   tab = await user.open(address)      the portal's page in a new tab, the app loaded in its frame
//   await tab.run(async (given) => …, given)   in the app's frame; what goes in and comes back is JSON
//   await tab.click(selector), tab.press('Enter' or 'Shift+Tab'), tab.screenshot(path), tab.close()
//   await user.close(), engine.close()

import { chromium } from './chromium.js';
import { firefox } from './firefox.js';
import { webkit } from './webkit.js';

const LAUNCHERS = { chromium, firefox, webkit };

export const ENGINES = Object.keys(LAUNCHERS);

export const launch = (name) => LAUNCHERS[name]();
