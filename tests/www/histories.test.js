// Random histories of the operator's session: an operator who presses whatever is offered, a portal whose answers come late,
// somebody else who changes payments meanwhile, an element that opens anew. After each step nothing that is shown is untrue of what the portal has.
// A history is told by its number alone; HISTORY=17 plays it again and prints it, HISTORIES=5000 plays more.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Dice } from "../dice.js";
import { opened, refusal, rest } from "./stage.js";

const settleMs = 3000;
const count = Number(process.env.HISTORIES ?? 400);
const one = process.env.HISTORY && Number(process.env.HISTORY);

/** What b24pay may say by its contract, over payments that are what they are. Each answer waits until the history lets it come. */
function portal(random, log) {
  const one = (list) => list[Math.floor(random() * list.length)];
  const now = { at: Date.parse("2026-09-10T01:50:00Z") };
  const truth = new Map([501, 502, 503, 504].map((id) => [id, {
    id, accountNumber: `917/${id - 500}`, paid: id === 504, datePaid: id === 504 ? "2026-09-10T01:00:00Z" : null, paidBy: null,
    paySystemId: 11, paySystemName: "Card", sum: String(id), currency: id === 503 ? "USD" : "EUR",
  }]));
  const ever = new Map([...truth].map(([id, { paid }]) => [id, new Set([paid])]));
  /** Every write: what it makes of the payment, whether it was sent, ran, may still run. */
  const writes = [];
  const waiting = [];
  const comments = [];
  const later = (name, work) => new Promise((resolve, reject) => waiting.push({ name, go: () => { try { resolve(work()); } catch (error) { reject(error); } } }));
  const put = (id, paid) => {
    Object.assign(truth.get(id), { paid, datePaid: paid ? new Date(now.at).toISOString() : null, returned: undefined });
    ever.get(id).add(paid);
    // A write that finds what it was to make runs then, and changes nothing.
    for (const write of writes) if (write.id === id && write.makes === paid) write.mayRun = false;
  };
  const seen = (id) => {
    const { returned, ...others } = truth.get(id);
    return { ...others, ...(returned && random() < 0.5 && { returned }) };
  };
  const silence = () => refusal(one(["NO_ANSWER", "NONSENSE"]), { retry: "readFirst" });
  const read = (name, work) => later(name, () => {
    if (random() < 0.12) throw random() < 0.5 ? silence() : refusal("ACCESS_DENIED");
    return work();
  });
  const run = (write) => {
    write.mayRun = false;
    if (truth.get(write.id).paid === write.makes) return;
    write.ran = true;
    put(write.id, write.makes);
  };
  /** One write as the contract has it: a rejection did nothing, what is told was read, what is unknown may still run. */
  function ended(write, { payReturned } = {}) {
    const { id, makes } = write;
    const payment = () => seen(id);
    if (random() < 0.25) {
      const error = one([
        refusal("LIMITED", { retry: "safe" }), refusal("UNDER_WAY", { retry: "safe" }), refusal("REFUSED", { portalText: "no" }), refusal("AUTH_EXPIRED", { retry: "safe" }),
        silence(), refusal("AMOUNT_CHANGED"), ...(makes && !payReturned ? [refusal("RETURNED")] : []),
      ]);
      if (error.code === "REFUSED" || error.code === "LIMITED") write.wasSent = true;
      throw error;
    }
    if (truth.get(id).paid === makes) return { status: makes ? "alreadyPaid" : "alreadyUnpaid", payment: payment(), ...(makes && { sent: false }) };
    write.wasSent = true;
    const kind = random();
    if (kind < 0.25) {
      run(write);
      return { status: makes ? "paid" : "unpaid", payment: payment(), ...(makes && { recovered: random() < 0.3 }) };
    }
    if (kind < 0.4) return { status: "notApplied", payment: payment(), ...(random() < 0.5 && { cause: silence() }) };
    if (kind < 0.5 && makes) {
      if (random() < 0.5) run(write);
      return { status: "unverified", cause: refusal("ACCESS_DENIED") };
    }
    write.mayRun = true;
    return { status: "unknown", cause: silence(), ...(random() < 0.5 && { payment: payment() }) };
  }
  const begun = (id, makes) => {
    const write = { id, makes, wasSent: false, ran: false, mayRun: false };
    writes.push(write);
    return write;
  };
  const written = (name, makes) => (what, options) => {
    const write = begun(Number(what.paymentId ?? what), makes);
    return later(`${name} ${write.id}`, () => ended(write, options));
  };
  const pay = {
    listPayments: () => read("listPayments", () => [...truth.keys()].map(seen)),
    getPayment: (id) => read(`getPayment ${id}`, () => seen(id)),
    payPayment: written("payPayment", true),
    markPaid: written("markPaid", true),
    markUnpaid: written("markUnpaid", false),
    async payPayments(requests, { signal, onProgress }) {
      const items = [];
      for (const request of requests) {
        if (signal.aborted) items.push({ request, status: "notStarted" });
        else {
          const write = begun(request.paymentId, true);
          let stopped = () => {};
          const stop = new Promise((resolve) => { stopped = () => { write.wasSent = true; write.mayRun = !truth.get(write.id).paid; resolve({ status: "unknown", cause: refusal("ABORTED", { retry: "readFirst" }) }); }; });
          signal.addEventListener("abort", stopped);
          const end = later(`payPayments ${write.id}`, () => (signal.aborted ? null : ended(write))).catch((error) => ({ status: "rejected", error }));
          items.push({ request, ...(await Promise.race([end, stop])) });
          signal.removeEventListener("abort", stopped);
        }
        onProgress(items.length, requests.length, items.at(-1));
      }
      return { items };
    },
    call: (_, { fields }) => later("comment", () => {
      const kind = random();
      if (kind < 0.7) comments.push(fields.COMMENT);
      if (kind > 0.5) throw kind > 0.75 ? refusal("ACCESS_DENIED") : silence();
      return 1;
    }),
    returnedOf: (ids) => later("returnedOf", () => new Set(ids.filter((id) => truth.get(id).returned && random() < 0.5))),
    unsettled: async () => left,
  };
  const left = [];
  for (const id of [501, 504]) {
    if (random() > 0.3) continue;
    const write = { ...begun(id, id === 501), wasSent: true, mayRun: random() < 0.5, isLeft: true, until: now.at + settleMs };
    writes.splice(-1, 1, write);
    left.push({ paymentId: id, paySystemId: random() < 0.5 ? 11 : null, sentAt: new Date(now.at).toISOString() });
    if (!write.makes) left.at(-1).paySystemId = null;
  }
  /** What happens beside the operator. */
  function happens() {
    const payment = one([...truth.values()]);
    const may = writes.filter(({ mayRun, until = Infinity }) => mayRun && now.at < until);
    const kind = random();
    if (kind < 0.12 && may.length) {
      const write = one(may);
      log(`the portal runs a write of ${write.id}`);
      run(write);
    } else if (kind < 0.22) {
      now.at += one([100, 2000, 5000]);
      log("time passes");
    } else if (kind < 0.28) {
      log(`somebody else makes ${payment.id} ${payment.paid ? "unpaid" : "paid"}`);
      put(payment.id, !payment.paid);
    } else if (kind < 0.34) {
      log(`somebody changes ${payment.id}`);
      Object.assign(payment, one([{ sum: "9" }, { paySystemId: 6, paySystemName: "Cash" }, { paySystemId: 0, paySystemName: "" }, { sum: "" }, ...(payment.paid ? [] : [{ returned: true }])]));
    } else if (waiting.length) {
      const [answer] = waiting.splice(Math.floor(random() * waiting.length), 1);
      log(`answered: ${answer.name}`);
      answer.go();
    }
  }
  return { pay, truth, ever, writes, waiting, comments, now, happens };
}

/** One history; rejects with it where something untrue is shown. */
async function played(number) {
  const dice = new Dice(number);
  const random = () => dice.next();
  const trail = [];
  const log = (line) => {
    trail.push(line);
    if (one !== undefined) console.log(line);
  };
  const at = portal(random, log);
  const given = { settleMs, writesTimeline: true, now: () => at.now.at };
  let { session, now, announced } = await opened(at.pay, given);
  let since = 0; // writes before the open dialog
  let said = 0; // reasons in the timeline before it
  const reasons = (id) => at.comments.filter((comment) => comment.includes("Reason") && comment.includes(at.truth.get(id).accountNumber)).length;
  const check = (isTrue, what) => assert.ok(isTrue, `history ${number}: ${what}\n  ${trail.slice(-25).join("\n  ")}\n  ${JSON.stringify(now().confirmation)} ${JSON.stringify(now().bulk)}\n  ${JSON.stringify(now().rows.map(({ id, state }) => [id, state]))}`);

  function press() {
    const { confirmation, bulk, rows, selection, screen, failure, notices } = now();
    const dialog = [confirmation, bulk].find(({ state }) => state !== "closed");
    // Somebody in a hurry goes on more often than back.
    const isPressed = ({ look, event }) => look !== "busy" && event !== "print" && event !== "save" && (event !== "cancel" || random() < 0.3);
    const presses = dialog ? dialog.buttons.filter(isPressed).map(({ event }) => [event, { reason: "why" }]) : [
      ...rows.map(({ action, id }) => [action.event, id]),
      ...rows.filter(({ select }) => select).map(({ id, select }) => ["select", { id, isOn: !select.isOn }]),
      ...(selection && !selection.isEmpty ? [["openBulk"], ["openBulk"], ["openBulk"]] : []), ...(selection ? [["selectAll", true]] : []),
      ...(screen === "failed" && failure.ways.includes("refresh") || screen === "list" ? [["refresh"]] : []),
      ...(notices.length && random() < 0.1 ? [["dismiss"]] : []),
    ];
    if (!presses.length) return;
    const [event, value] = presses[Math.floor(random() * presses.length)];
    if (event.startsWith("open")) [since, said] = [at.writes.length, event === "openBulk" ? 0 : reasons(value)];
    log(`pressed: ${event} ${typeof value === "object" ? (value.id ?? "") : value}`);
    session.happened(event, value);
  }

  function look() {
    const { rows, summary, selection, confirmation, bulk, notices, screen } = now();
    const mine = (id) => at.writes.filter((write, place) => write.id === id && place >= since);
    const open = (id) => at.writes.filter((write) => write.id === id && write.mayRun && at.now.at < (write.until ?? Infinity));
    const underWay = session.isUnderWay();
    for (const { id, state, select } of rows) {
      if (state === "paid" || state === "unpaid" || state === "returned") check(at.ever.get(id).has(state === "paid"), `row ${id} was never ${state}`);
      // What may still make it paid, or unpaid, is not known, as soon as it was told.
      if (!underWay && screen === "list") for (const write of open(id)) check(state === "doubtful" || (state === "paid") === write.makes, `row ${id} says ${state}, and a write may still change that`);
      check(state === "unpaid" || !select, `row ${id} is ${state} and can be selected`);
    }
    const of = (...states) => rows.filter(({ state }) => states.includes(state)).length;
    const unpaid = of("unpaid", "returned");
    if (rows.length) check(summary === ([unpaid && `${unpaid} unpaid`, of("doubtful") && `Not known: ${of("doubtful")}`].filter(Boolean).join(" · ") || "Everything is paid"), summary);
    if (selection) check(selection.text === `${rows.filter(({ select }) => select?.isOn).length} selected`, selection.text);
    if (screen === "list") for (const notice of notices) {
      const row = rows.find(({ number }) => notice.includes(`payment ${number} `));
      check(/is paid\.$/.test(notice) ? row.state === "paid" : row.state === "doubtful", `${notice} ${row.state}`);
    }
    if (announced.at(-1)?.startsWith("Reading")) check(["loading", "refreshing"].includes(screen), "it says that the payments are read");
    if (confirmation.state !== "closed") {
      const words = [confirmation.title, ...confirmation.lines].join(" ");
      const id = confirmation.paymentId;
      const may = open(id).some(({ makes }) => makes !== confirmation.state.startsWith("undo"));
      if (/Nothing was carried out/.test(words)) check(!mine(id).some(({ wasSent }) => wasSent) && !may, words);
      if (/Nothing was (paid|changed)/.test(words)) check(!mine(id).some(({ ran, makes }) => ran && at.truth.get(id).paid === makes) && !may, words);
      if (["paid", "alreadyPaid", "foundPaid"].includes(confirmation.state)) check(at.ever.get(id).has(true), words);
      if (/can no longer change/.test(words)) check(!mine(id).at(-1)?.mayRun, words);
      if (/reason stands/.test(words)) check(reasons(id) > said, words);
      if (/reason was not written/.test(words)) check(reasons(id) === said, words);
    }
    if (bulk.state === "finished") for (const { id, kind, outcome } of bulk.rows) {
      const last = mine(id).at(-1);
      if (kind === "rejected" || kind === "notStarted") check(!mine(id).some(({ ran, mayRun }) => ran || mayRun), `${id} ${outcome}`);
      if (kind === "paid" || kind === "alreadyPaid") check(at.ever.get(id).has(true), `${id} ${outcome}`);
      if (last?.mayRun) check(kind === "unknown", `${id} ${outcome}`);
    }
  }

  for (let step = 0; step < 70; step += 1) {
    if (random() < 0.02 && session.isAtRest()) {
      log("opened anew");
      ({ session, now, announced } = await opened(at.pay, { ...given, known: session.known }));
    } else if (random() < 0.5) press();
    else at.happens();
    await rest();
    look();
  }
  // Every answer comes in the end, and then nothing is being waited for.
  for (let turns = 0; at.waiting.length && turns < 100; turns += 1) {
    at.waiting.shift().go();
    await rest();
  }
  look();
  const { screen, confirmation, bulk } = now();
  check(["list", "failed", "empty"].includes(screen) && !session.isUnderWay() && ![confirmation, bulk].some(({ state }) => /reading|checking|verifying/i.test(state)), "it waits for nothing");
}

test(`in ${count} random histories nothing is shown that is not so`, async () => {
  if (one !== undefined) return played(one);
  for (let number = 0; number < count; number += 1) await played(number);
});
