// What the package is used with, unconfigured: how each makes of the fixture what is uploaded.

import { cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { INSTALLED, tool, versions } from './project.js';

// A page for bundlers that make none.
const page = (script) => `<!doctype html>
<title>Pays 501</title>
<script src="https://api.bitrix24.com/api/v1/"></script>
<output></output>
${script}
`;

const withPage = (script, build) => async (folder) => {
  await build(folder);
  await writeFile(join(folder, 'dist/index.html'), page(script));
};

export const ROWS = [
  { name: `Vite ${versions.vite}, build`, build: (folder) => tool(folder, 'vite', 'build') },
  {
    name: `webpack ${versions.webpack}`,
    build: withPage('<script src="main.js"></script>', (folder) => tool(folder, 'webpack', '--mode', 'production')),
  },
  {
    name: `Rollup ${versions.rollup} with node-resolve`,
    build: withPage('<script type="module" src="index.js"></script>', (folder) =>
      tool(folder, 'rollup', '--plugin', 'node-resolve', '--input', 'src/index.js', '--dir', 'dist', '--silent')),
  },
  {
    name: `esbuild ${versions.esbuild}`,
    build: withPage('<script type="module" src="index.js"></script>', (folder) =>
      tool(folder, 'esbuild', 'src/index.js', '--bundle', '--format=esm', '--outdir=dist', '--log-level=error')),
  },
  { name: `Parcel ${versions.parcel}`, build: (folder) => tool(folder, 'parcel', 'build', 'index.html', '--no-cache') },
  {
    name: '`<script type="module">` with an import map',
    async build(folder) {
      await mkdir(join(folder, 'dist'));
      await cp(INSTALLED, join(folder, 'dist/b24pay'), { recursive: true });
      await cp(join(folder, 'src/index.js'), join(folder, 'dist/index.js'));
      const imports = { b24pay: './b24pay/b24pay.js', 'b24pay/slim': './b24pay/slim.js', 'b24pay/element': './b24pay/element.js' };
      const map = `<script type="importmap">${JSON.stringify({ imports })}</script>`;
      await writeFile(join(folder, 'dist/index.html'), page(`${map}\n<script type="module" src="index.js"></script>`));
    },
  },
];
