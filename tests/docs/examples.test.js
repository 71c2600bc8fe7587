// Every example of the documentation in JavaScript or TypeScript compiles against the package's types. Those that name a
// file and import more than the package are built and run by the suite `bundlers`.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { attributes } from '../../www/attributes.js';
import { MODULES, TARGET } from '../places.js';
import { blockOf, blocksOf, pages } from './pages.js';

const run = promisify(execFile);
const TSC = join(MODULES, 'typescript/bin/tsc');

// The reference is made from the types themselves.
const READ = (await pages()).filter((page) => page !== 'docs/reference.md');
// What no compiler looks at, or what another suite runs.
const OTHER = ['', 'sh', 'html', 'css', 'text', 'toml', 'jsx', 'vue', 'svelte', 'rust', 'json'];

let project;
before(async () => {
  project = await mkdtemp(join(tmpdir(), 'b24pay-docs-'));
  await mkdir(join(project, 'node_modules'));
  await symlink(join(TARGET, 'npm'), join(project, 'node_modules/b24pay'), 'dir');
  await writeFile(join(project, 'package.json'), '{ "type": "module" }');
  // The library of the portal, of which examples use more than b24pay does, and packages that nothing else here uses.
  await writeFile(join(project, 'bx24.d.ts'), `
    declare const BX24: any;
    declare module "jest-environment-jsdom";
    declare module "react" {
      interface HTMLAttributes<T> { onClick?: (event: { currentTarget: T }) => void }
      type DetailedHTMLProps<E extends HTMLAttributes<T>, T> = E & { ref?: (element: T | null) => void };
      namespace JSX { interface IntrinsicElements { p: HTMLAttributes<HTMLParagraphElement> } }
    }
    declare module "solid-js" {
      namespace JSX { interface HTMLAttributes<T> { ref?: (element: T) => void } interface IntrinsicElements { p: HTMLAttributes<HTMLElement> } }
    }
    declare module "vue" {
      interface HTMLAttributes { onClick?: (event: MouseEvent) => void }
      type FunctionalComponent<P> = (props: P) => unknown;
      interface GlobalComponents { Suspense: FunctionalComponent<object> }
    }
  `);
});
after(() => rm(project, { recursive: true, force: true }));

const OPTIONS = {
  allowJs: true, checkJs: true, noEmit: true, target: 'es2022', lib: ['es2022', 'dom', 'dom.iterable'], module: 'nodenext',
  moduleResolution: 'nodenext', types: [], moduleDetection: 'force',
};

async function complaints(language, strict) {
  const compilerOptions = { ...OPTIONS, strict, exactOptionalPropertyTypes: strict };
  const config = join(project, `${language}.json`);
  await writeFile(config, JSON.stringify({ compilerOptions, include: ['bx24.d.ts', `${language}/**/*`] }));
  return run(process.execPath, [TSC, '--project', config, '--pretty', 'false']).then(() => '', ({ stdout, message }) => stdout || message);
}

for (const [language, strict] of [['ts', true], ['js', false]]) {
  test(`every example in ${language} compiles`, async () => {
    let laid = 0;
    for (const page of READ) {
      for (const [at, { language: of, file = '', code }] of (await blocksOf(page)).entries()) {
        if (of !== language || file.includes('.test.')) continue;
        const path = join(project, language, page, `${at}.${language}`);
        await mkdir(dirname(path), { recursive: true });
        await writeFile(path, code);
        laid += 1;
      }
    }
    assert.ok(laid > 2, `${laid} examples`);
    assert.equal(await complaints(language, strict), '');
  });
}

const camel = (name) => name.replace(/-(.)/g, (_, letter) => letter.toUpperCase());

test('the lines for JSX name every attribute and every event, and refuse others', async () => {
  const page = join(project, 'tags');
  await mkdir(page);
  const [{ code }] = (await blocksOf('npm/README.md')).filter(({ file }) => file === 'src/b24-payments.d.ts');
  await writeFile(join(page, 'b24-payments.d.ts'), code);
  await writeFile(join(page, 'uses.ts'), `
    import { frame } from "b24pay";
    import type { JSX } from "react";
    type Tag = JSX.IntrinsicElements["b24-payments"];
    export const all: Tag = {
      ${attributes.map((name) => `"${name}": ${['none', 'timeline'].includes(name) ? 'true' : '"7"'},`).join('\n')}
      portal: frame(), facts: { app: "1.2.3" }, ref: (element) => element?.refresh(),
      "onb24pay-outcome": ({ detail }) => console.log(detail.paymentId), "onb24pay-busy": ({ detail }) => console.log(detail.busy),
      "onb24pay-height": ({ detail }) => console.log(detail.bottom), "onb24pay-language": ({ detail }) => console.log(detail.title),
    };
    // @ts-expect-error there is no such attribute
    export const misspelt: Tag = { deel: 7 };
    // @ts-expect-error it is told as a CustomEvent
    export const other: Tag = { "onb24pay-busy": (event: MouseEvent) => console.log(event.clientX) };
  `);
  assert.equal(await complaints('tags', true), '');
});

// vue-tsc reads `settle-ms` and `@b24pay-busy` in a template as these names.
test('the lines for Vue name every attribute and every event, and refuse others', async () => {
  const page = join(project, 'templates');
  await mkdir(page);
  await writeFile(join(page, 'b24-payments.d.ts'), await blockOf('docs/cookbook/frameworks.md', 'src/b24-payments.d.ts'));
  await writeFile(join(page, 'uses.ts'), `
    import { frame } from "b24pay";
    import type { GlobalComponents } from "vue";
    type Tag = Parameters<GlobalComponents["b24-payments"]>[0];
    export const all: Tag = {
      ${attributes.map((name) => `${camel(name)}: ${['none', 'timeline'].includes(name) ? 'true' : '"7"'},`).join('\n')}
      portal: frame(), facts: { app: "1.2.3" }, onClick: () => {},
      onB24payOutcome: ({ detail }) => console.log(detail.paymentId), onB24payBusy: ({ detail }) => console.log(detail.busy),
      onB24payHeight: ({ detail }) => console.log(detail.bottom), onB24payLanguage: ({ detail }) => console.log(detail.title),
    };
    // @ts-expect-error there is no such attribute
    export const misspelt: Tag = { deel: 7 };
    // @ts-expect-error it is told as a CustomEvent
    export const other: Tag = { onB24payBusy: (event: MouseEvent) => console.log(event.clientX) };
  `);
  assert.equal(await complaints('templates', true), '');
});

test('every example is in a language that something looks at', async () => {
  const languages = new Set((await Promise.all(READ.map(blocksOf))).flat().map(({ language }) => language));
  assert.deepEqual([...languages].filter((language) => !['js', 'ts', ...OTHER].includes(language)), []);
});
