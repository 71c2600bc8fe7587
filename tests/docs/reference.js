// The reference of the API as a page, made from the types. `node tests/docs/reference.js` writes it anew; the tests compare it.

import { writeFileSync } from 'node:fs';
import { ENTRIES, declared } from './declared.js';

export const PAGE = new URL('../../docs/reference.md', import.meta.url);

const HEAD = `# Reference

Made from the types of the package by \`node tests/docs/reference.js\`, and compared with them by the tests: a change of the contract
shows here. \`b24pay/slim\` has the exports of \`b24pay\`.
`;

export const inMarkdown = () =>
  [HEAD, ...Object.entries(ENTRIES).map(([entry, path]) => [`# \`${entry}\`\n`, ...declared(path).map(section)].join('\n'))].join('\n');

const section = ({ name, text, declaration }) =>
  [`## ${name}`, text, `\`\`\`ts\n${declaration.replace(/^export (declare )?/, '')}\n\`\`\``].join('\n\n') + '\n';

if (process.argv[1] === import.meta.filename) writeFileSync(PAGE, inMarkdown());
