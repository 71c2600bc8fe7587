// The packed package as users get it. All of it shares one installed project and one browser, so all of it runs in one
// process.

import { after, before } from 'node:test';
import { closeBrowser } from './frame.js';
import { installed } from './project.js';
import './published.js';
import './node.js';
import './runtimes.js';
import './built.js';
import './frameworks.js';
import './examples.js';

before(installed);
after(closeBrowser);
