// Who is compared: what each is called, what a page loads for it, and how that is bundled. Nothing is measured here.

import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { TARGET } from '../places.js';

// `weighs`: the files of a package that are its cost, where they are not the bundle itself. `act`: which of its functions a page
// calls first. `stubbed`: it goes through BX24, so that a BX24 which answers at once shows what it adds.
export const CONTENDERS = [
  { name: 'floor', what: 'hand-written JavaScript that validates and wraps one call', file: 'floor', act: 'pay', stubbed: true },
  { name: 'bare', what: 'a bare promise around `BX24.callMethod`', file: 'bare', act: 'pay', stubbed: true },
  { name: 'library', what: '`bitrix24-library`, one call', file: 'library', act: 'pay', stubbed: true },
  { name: 'sdk', what: '`@bitrix24/b24jssdk`, tree-shaken to one call', file: 'sdk', act: 'pay', stubbed: false },
  { name: 'call', what: '`b24pay`, `call`', file: 'single', act: 'pay', stubbed: true, weighs: ['b24pay.js'] },
  { name: 'verified', what: '`b24pay`, `payPayment`: read, paid, read back', file: 'single', act: 'verified', stubbed: true, weighs: ['b24pay.js'] },
  { name: 'slim', what: '`b24pay/slim`, `call`', file: 'separate', act: 'pay', stubbed: true, weighs: ['slim.js', 'b24pay.wasm'] },
  { name: 'slimVerified', what: '`b24pay/slim`, `payPayment`', file: 'separate', act: 'verified', stubbed: true, weighs: ['slim.js', 'b24pay.wasm'] },
];

const FOLDER = join(TARGET, 'bench');
const PACKAGE = join(TARGET, 'npm');
// What a bundler leaves beside the bundle.
const BESIDE = { separate: ['b24pay.wasm'] };

// Bundles all of them into the folder of an app, as apps do, each with a page that makes one call as soon as it can.
export async function layContenders() {
  rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(FOLDER, { recursive: true });
  for (const file of Object.values(BESIDE).flat()) copyFileSync(join(PACKAGE, file), join(FOLDER, file));
  await build({
    entryPoints: [...new Set(CONTENDERS.map(({ file }) => join(import.meta.dirname, `contenders/${file}.js`)))],
    outdir: FOLDER, bundle: true, minify: true, format: 'esm', target: 'es2022', charset: 'utf8', legalComments: 'none',
    alias: { b24pay: join(PACKAGE, 'b24pay.js'), 'b24pay/slim': join(PACKAGE, 'slim.js') }, logLevel: 'warning',
  });
  for (const { name, file, act } of CONTENDERS) {
    writeFileSync(join(FOLDER, `${name}.run.js`), first(file, act));
    writeFileSync(join(FOLDER, `${name}.html`), page(name, [`${file}.js`, ...(BESIDE[file] ?? [])], file));
  }
  writeFileSync(join(FOLDER, 'index.html'), page('none', [], 'none').replace(/<script type="module".*\n/, ''));
  return FOLDER;
}

// bitrix24-library loads BX24 from the one address that it knows; here that is the sandbox's.
export function leadTo(portal) {
  const library = join(FOLDER, 'library.js');
  writeFileSync(library, readFileSync(library, 'utf8').replaceAll('https://api.bitrix24.com', portal));
}

// What a page gains in bytes: each file for itself, as a server sends it.
export function weight({ file, weighs }) {
  const paths = weighs?.map((name) => join(PACKAGE, name)) ?? [join(FOLDER, `${file}.js`)];
  const files = paths.map((path) => readFileSync(path));
  const sum = (sizeOf) => files.reduce((total, bytes) => total + sizeOf(bytes), 0);
  return {
    raw: sum(({ length }) => length),
    gzip: sum((bytes) => gzipSync(bytes, { level: 9 }).length),
    brotli: sum((bytes) => brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length),
  };
}

// Everything that a contender loads is asked for by the page itself, so that none waits for another's name.
const page = (name, files, file) => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${name}</title><link rel="icon" href="data:,">
${files.map((one) => `<link ${one.endsWith('.wasm') ? 'rel="preload" as="fetch" crossorigin' : 'rel="modulepreload"'} href="${one}">`).join('\n')}
${['library', 'sdk'].includes(file) ? '' : '<script defer src="https://api.bitrix24.com/api/v1/"></script>'}
<script type="module" src="${name}.run.js"></script>
</head><body></body></html>
`;

// The clock of a page begins with its navigation.
const first = (file, act) => `import * as contender from "./${file}.js";
window.contender = contender;
const told = (said) => { window.told = { said, ms: performance.now() }; };
try {
  await contender.begin();
  const value = await contender.${act}(501, 11);
  told(value?.status ? value.status + (value.recovered ? ", recovered" : "") : String(value));
} catch (error) {
  told("rejects " + (error?.code ?? error?.message ?? String(error)));
}
`;
