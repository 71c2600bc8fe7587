// What the installer does in the portal, over a portal of a few lines: nothing is called done that was not read back.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { carryOut, handlerBeside, places, scopes, survey } from "../../www/install/installing.js";
import { rest } from "./stage.js";

const handler = "https://app.example/index.html";
const titles = { en: "Payments", de: "Zahlungen" };
const TAB = "CRM_DEAL_DETAIL_TAB";

const refusal = (portalText) => Object.assign(new Error("refused"), { portalText, retry: "never" });
const silence = Object.assign(new Error("got no answer"), { code: "NO_ANSWER", retry: "readFirst" });

/** A portal that keeps handlers; `refused` are placements it says no to, `silent` those whose answer is lost after the work, `late` those
 *  of which neither the work nor the answer comes in time; `keeps` is what it says to each that is to be taken back. */
function portal({ bound = [], refused = {}, silent = [], late = [], forgets = [], keeps } = {}) {
  const handlers = [...bound];
  const log = [];
  const call = async (method, params) => {
    log.push([method, params]);
    const { PLACEMENT, HANDLER } = params;
    if (method === "placement.get") return handlers.map((one) => ({ ...one }));
    // What changes something takes its time: a read that does not wait for it comes first.
    await rest();
    if (refused[PLACEMENT]) throw refused[PLACEMENT];
    if (late.includes(PLACEMENT)) throw silence;
    if (method === "placement.bind" && !forgets.includes(PLACEMENT)) handlers.push({ placement: PLACEMENT, handler: HANDLER });
    if (method === "placement.unbind") {
      if (keeps) throw keeps;
      const at = handlers.findIndex((one) => one.placement === PLACEMENT && one.handler === HANDLER);
      if (at >= 0) handlers.splice(at, 1);
    }
    if (silent.includes(PLACEMENT)) throw silence;
    return true;
  };
  return { call, handlers, log };
}

const states = (told) => Object.fromEntries(told.map(({ code, state }) => [code, state]));

test("what is wanted is bound, with its name in every language, and read back", async () => {
  const { call, handlers, log } = portal();
  const told = await carryOut(call, { wanted: [TAB], handler, titles });
  assert.deepEqual(states(told), { [TAB]: "added" });
  assert.deepEqual(handlers, [{ placement: TAB, handler }]);
  const [, params] = log.find(([method]) => method === "placement.bind");
  assert.deepEqual(params, { PLACEMENT: TAB, HANDLER: handler, TITLE: "Payments", LANG_ALL: { en: { TITLE: "Payments" }, de: { TITLE: "Zahlungen" } } });
});

test("a second time nothing is bound again, and what is no longer wanted goes", async () => {
  const link = { placement: "REST_APP_URI", handler };
  const { call, handlers, log } = portal({ bound: [{ placement: TAB, handler }, link] });
  assert.deepEqual(states(await carryOut(call, { wanted: [TAB], handler, titles })), { [TAB]: "kept", REST_APP_URI: "removed" });
  assert.deepEqual(handlers, [{ placement: TAB, handler }]);
  assert.ok(!log.some(([method]) => method === "placement.bind"));
});

test("a handler at an address that the app has left is replaced", async () => {
  const { call, handlers } = portal({ bound: [{ placement: TAB, handler: "https://old.example/" }] });
  assert.deepEqual(states(await carryOut(call, { wanted: [TAB], handler, titles })), { [TAB]: "added" });
  assert.deepEqual(handlers, [{ placement: TAB, handler }]);
});

test("a place whose old handler stays beside the new one is not called done", async () => {
  const old = { placement: TAB, handler: "https://old.example/" };
  const error = refusal("Not yours");
  for (const bound of [[old], [old, { placement: TAB, handler }]]) {
    const { call, handlers } = portal({ bound, keeps: error });
    assert.deepEqual(await carryOut(call, { wanted: [TAB], handler, titles }), [{ code: TAB, state: "failed", error }]);
    assert.deepEqual(handlers, [old, { placement: TAB, handler }]);
  }
});

test("where the new address is refused the old one stays, and it is not called done", async () => {
  const old = { placement: TAB, handler: "https://old.example/" };
  const error = refusal("Wrong host");
  const { call, handlers, log } = portal({ bound: [old], refused: { [TAB]: error } });
  assert.deepEqual(await carryOut(call, { wanted: [TAB], handler, titles }), [{ code: TAB, state: "failed", error }]);
  assert.deepEqual(handlers, [old]);
  assert.ok(!log.some(([method]) => method === "placement.unbind"));
});

test("a handler of the links at another address makes room for the new one", async () => {
  const { call, log } = portal({ bound: [{ placement: "REST_APP_URI", handler: "https://old.example/" }] });
  assert.deepEqual(states(await carryOut(call, { wanted: ["REST_APP_URI"], handler, titles })), { REST_APP_URI: "added" });
  assert.deepEqual(log.map(([method]) => method), ["placement.get", "placement.unbind", "placement.bind", "placement.get"]);
});

test("a refusal fails with the portal's words, and the others go on", async () => {
  const error = refusal("Placement not found");
  const { call } = portal({ refused: { [TAB]: error } });
  const told = await carryOut(call, { wanted: [TAB, "CRM_ORDER_DETAIL_TAB"], handler, titles });
  assert.deepEqual(told, [
    { code: TAB, state: "failed", error },
    { code: "CRM_ORDER_DETAIL_TAB", state: "added" },
  ]);
});

test("an answer that was lost is no failure where the handler is there, and a yes is none where it is not", async () => {
  const { call } = portal({ silent: [TAB], forgets: ["CRM_ORDER_DETAIL_TAB"] });
  const told = await carryOut(call, { wanted: [TAB, "CRM_ORDER_DETAIL_TAB"], handler, titles });
  assert.deepEqual(states(told), { [TAB]: "added", CRM_ORDER_DETAIL_TAB: "failed" });
});

test("what is not done when it is read is not called failed where the portal was silent: it may still be done", async () => {
  const { call } = portal({ bound: [{ placement: TAB, handler }], late: [TAB, "CRM_ORDER_DETAIL_TAB"] });
  assert.deepEqual(await carryOut(call, { wanted: ["CRM_ORDER_DETAIL_TAB"], handler, titles }), [
    { code: TAB, state: "unknown", error: silence }, { code: "CRM_ORDER_DETAIL_TAB", state: "unknown", error: silence },
  ]);
});

test("what another tab does meanwhile is told as it is read: there already, or gone", async () => {
  const [deal, order] = [TAB, "CRM_ORDER_DETAIL_TAB"];
  const cases = [
    // It is bound by the other tab, wanted here or not.
    { others: { placement: deal, handler }, wanted: [order], told: { [deal]: "kept", [order]: "added" } },
    { others: { placement: deal, handler }, refused: { [deal]: refusal("Handler already binded") }, wanted: [deal, order], told: { [deal]: "added", [order]: "added" } },
    // What this one took back is there again: that is no success.
    { bound: [{ placement: deal, handler }], others: { placement: deal, handler }, wanted: [order], told: { [deal]: "failed", [order]: "added" } },
  ];
  for (const { bound, others, refused, wanted, told } of cases) {
    const { call, handlers } = portal({ bound, refused });
    const meanwhile = async (method, params) => {
      const answer = await call(method, params);
      if (params.PLACEMENT === order) handlers.push(others);
      return answer;
    };
    assert.deepEqual(states(await carryOut(meanwhile, { wanted, handler, titles })), told);
  }
});

test("an old address is left, too, where the answer was lost or another installer was faster", async () => {
  const old = { placement: TAB, handler: "https://old.example/" };
  const lost = portal({ bound: [old], silent: [TAB] });
  assert.deepEqual(states(await carryOut(lost.call, { wanted: [TAB], handler, titles })), { [TAB]: "added" });
  assert.deepEqual(lost.handlers, [{ placement: TAB, handler }]);
  const { call, handlers } = portal({ bound: [old] });
  // Another one binds while this one is about to.
  const meanwhile = async (method, params) => {
    if (method !== "placement.bind") return call(method, params);
    handlers.push({ placement: TAB, handler });
    throw refusal("Handler already binded");
  };
  assert.deepEqual(states(await carryOut(meanwhile, { wanted: [TAB], handler, titles })), { [TAB]: "added" });
  assert.deepEqual(handlers, [{ placement: TAB, handler }]);
});

test("the page lies beside the installer, and no name, password or parameter of its address is kept by the portal", () => {
  for (const [installer, page] of [
    ["https://app.example/install.html?DOMAIN=p.example&APP_SID=1#x", "https://app.example/index.html"],
    ["https://name:word@app.example:8443/b24/install.html", "https://app.example:8443/b24/index.html"],
  ]) assert.equal(handlerBeside(installer), page);
});

/** What a survey asks of a portal with these answers, and what it finds. */
async function surveyed(answers) {
  const asked = [];
  const facts = await survey(async (method, params) => {
    assert.deepEqual(params, {}, method);
    asked.push(method);
    return answers[method];
  });
  return [asked, facts];
}

test("the portal is asked what the app may do, whether it was set up, what places there are and which of them are its own", async () => {
  const bound = [{ placement: TAB, handler }];
  const answers = { scope: ["crm", "placement"], "app.info": { INSTALLED: true }, "placement.list": [TAB, "REST_APP_URI"], "placement.get": bound };
  assert.deepEqual(await surveyed(answers), [
    Object.keys(answers), { given: ["crm", "placement"], possible: [TAB, "REST_APP_URI"], bound, isInstalled: true },
  ]);
});

test("an app without the scope for placements is not asked about them", async () => {
  const answers = { scope: ["crm"], "app.info": { INSTALLED: false } };
  assert.deepEqual(await surveyed(answers), [["scope", "app.info"], { given: ["crm"], possible: [], bound: [], isInstalled: false }]);
});

test("the page knows every place that is offered", async () => {
  const { subjectOf } = await import("../../www/placement.js");
  for (const { code, entity } of places.filter(({ kind }) => kind !== "link")) {
    assert.equal(subjectOf(code, { ID: "7" }).kind, entity, code);
  }
});

test("a place is called what it is, tabs and links are the usual ones, and all of it and every scope have their words", () => {
  const signs = { tab: /_DETAIL_TAB$/, toolbar: /_DETAIL_TOOLBAR$/, activity: /_DETAIL_ACTIVITY$/, link: /^REST_APP_URI$/ };
  const offered = {};
  for (const { code, kind, entity, usual } of places) {
    assert.match(code, signs[kind]);
    assert.equal(usual, kind === "tab" || kind === "link", code);
    (offered[kind] ??= []).push(entity);
  }
  // The portal has no button at the top of an order.
  const [deal, invoice, order] = ["deal", "invoice", "order"];
  assert.deepEqual(offered, { tab: [deal, invoice, order], toolbar: [deal, invoice], activity: [deal, invoice, order], link: [""] });
  assert.deepEqual([...scopes].sort(), ["crm", "pay_system", "placement", "sale"]);
  const words = JSON.parse(readFileSync(new URL("../../www/install/words/en.json", import.meta.url)));
  const said = [...places.map(({ kind }) => `install.${kind}`), ...scopes.map((name) => `install.without.${name}`)];
  assert.deepEqual(said.filter((name) => !words[name]), []);
});
