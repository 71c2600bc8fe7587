// Who may import whom on the page, as the README's architecture says.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";

const www = new URL("../../www/", import.meta.url);
const scripts = ["", "install/"].flatMap((folder) => readdirSync(new URL(folder, www)).map((name) => folder + name)).filter((name) => name.endsWith(".js"));
const source = (name) => readFileSync(new URL(name, www), "utf8");
const imported = (name) => [...source(name).matchAll(/(?:from|import\() ?"\.\/([^"]+)"/g)].map(([, file]) => file);
const importing = (file) => scripts.filter((name) => imported(name).includes(file)).sort();
const isView = (name) => /^view(_\w+)?\.js$/.test(name);

test("the view knows nothing of the flow and of the session, only how texts are written", () => {
  const views = scripts.filter(isView);
  assert.ok(views.length > 5);
  for (const view of views) assert.deepEqual(imported(view).filter((file) => !isView(file)), view === "view_write.js" ? ["words.js"] : [], view);
  assert.deepEqual(importing("view.js"), ["element.js"]);
});

test("the flow is tables that know nobody, and the session alone turns them", () => {
  assert.deepEqual(imported("flow.js"), []);
  assert.deepEqual(importing("flow.js"), ["session.js"]);
});

test("b24pay is called by the element and the installer; whatever else calls it is handed its functions", () => {
  assert.deepEqual(importing("b24pay.js"), ["element.js", "install.js"]);
});

test("what is the frame's alone stands beside the element, which knows nothing of it", () => {
  assert.deepEqual(importing("portal.js"), ["app.js", "install.js"]);
  assert.deepEqual(importing("app.js"), []);
});
