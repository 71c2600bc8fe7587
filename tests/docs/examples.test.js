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
import { blocksOf, pages } from './pages.js';

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
  // The copy of the package that lies beside a page without a bundler.
  const copy = join(project, 'js/docs/cookbook/placement-app.md/b24pay');
  await mkdir(copy, { recursive: true });
  await writeFile(join(copy, 'b24pay.d.ts'), 'export * from "b24pay";');
  // The library of the portal, of which examples use more than b24pay does, and packages that nothing else here uses.
  await writeFile(join(project, 'bx24.d.ts'), `
    declare const BX24: any;
    declare const process: { env: Record<string, string | undefined> };
    declare module "jest-environment-jsdom";
    declare module "react" {
      interface HTMLAttributes<T> { onClick?: (event: { currentTarget: T }) => void }
      type DetailedHTMLProps<E extends HTMLAttributes<T>, T> = E & { ref?: (element: T | null) => void };
      namespace JSX { interface IntrinsicElements { p: HTMLAttributes<HTMLParagraphElement> } }
    }
    declare module "solid-js" {
      namespace JSX { interface HTMLAttributes<T> { ref?: (element: T) => void } interface IntrinsicElements { p: HTMLAttributes<HTMLElement> } }
    }
    declare module "svelte/elements" {
      interface HTMLAttributes<T extends EventTarget> { onclick?: (event: MouseEvent & { currentTarget: T }) => void }
      interface SvelteHTMLElements { p: HTMLAttributes<HTMLParagraphElement>; [name: string]: { [name: string]: any } }
    }
    declare module "vue" {
      interface HTMLAttributes { onClick?: (event: MouseEvent) => void }
      interface ReservedProps { key?: PropertyKey | undefined; ref?: string | undefined }
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
  const config = join(project, `${language.replaceAll('/', '-')}.json`);
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
const whole = (name) => name;

// How each framework names what stands at an element. vue-tsc reads `settle-ms` and `@b24pay-busy` in a template as `settleMs` and `onB24payBusy`.
const FRAMEWORKS = [
  { module: 'react', page: 'npm/README.md', tag: 'JSX.IntrinsicElements["b24-payments"]', attribute: whole, event: (type) => `on${type}`,
    usual: 'ref: (element) => element?.refresh(),' },
  { module: 'solid-js', tag: 'JSX.IntrinsicElements["b24-payments"]', attribute: whole, event: (type) => `on:${type}`,
    usual: 'ref: (element) => element.refresh(),' },
  { module: 'svelte/elements', tag: 'SvelteHTMLElements["b24-payments"]', attribute: whole, event: (type) => `on${type}`,
    usual: 'onclick: ({ currentTarget }) => currentTarget.refresh(),' },
  { module: 'vue', tag: 'Parameters<GlobalComponents["b24-payments"]>[0]', attribute: camel, event: (type) => camel(`on-${type}`),
    usual: 'onClick: () => {}, key: 7, ref: "payments",' },
];

async function linesFor({ module, page = 'docs/cookbook/frameworks.md' }) {
  const [{ code }, ...others] = (await blocksOf(page)).filter(({ code }) => code.includes(`declare module "${module}"`));
  assert.deepEqual(others, []);
  return code;
}

for (const framework of FRAMEWORKS) {
  const { module, tag, attribute, event, usual } = framework;
  test(`the lines for ${module} name every attribute and every event, and refuse others`, async () => {
    const page = join(project, 'tags', module);
    await mkdir(page, { recursive: true });
    await writeFile(join(page, 'b24-payments.d.ts'), await linesFor(framework));
    const names = attributes.map(attribute);
    const events = ['outcome', 'busy', 'height', 'language'].map((type) => event(`b24pay-${type}`));
    await writeFile(join(page, 'uses.ts'), `
      import { frame } from "b24pay";
      import type { ${tag.match(/JSX|\w+Elements|GlobalComponents/)[0]} } from "${module}";
      type Tag = ${tag};
      export const all: Tag = {
        ${names.map((name) => `"${name}": ${['none', 'timeline'].includes(name) ? 'true' : '"7"'},`).join('\n')}
        portal: frame(), facts: { app: "1.2.3" }, ${usual}
        "${events[0]}": ({ detail }) => console.log(detail.paymentId), "${events[1]}": ({ detail }) => console.log(detail.busy),
        "${events[2]}": ({ detail }) => console.log(detail.bottom), "${events[3]}": ({ detail }) => console.log(detail.title),
      };
      export const handedOn: Tag = { ${[...names, 'portal', 'facts', ...events].map((name) => `"${name}": undefined`).join(', ')} };
      // @ts-expect-error there is no such attribute
      export const misspelt: Tag = { deel: 7 };
      // @ts-expect-error it is told as a CustomEvent
      export const other: Tag = { "${events[1]}": (event: MouseEvent) => console.log(event.clientX) };
    `);
    assert.equal(await complaints(`tags/${module}`, true), '');
  });
}

test('every example is in a language that something looks at', async () => {
  const languages = new Set((await Promise.all(READ.map(blocksOf))).flat().map(({ language }) => language));
  assert.deepEqual([...languages].filter((language) => !['js', 'ts', ...OTHER].includes(language)), []);
});
