// Every screen and state of the page, each with the answers and the presses that lead to it. Shared by the tests that look at them:
// what is missing here is missed by nobody else, so a test compares the list with the tables of www/flow.js.

const wait = { wait: true };
const reject = (code, more = {}) => ({ reject: { name: "PayError", code, message: `${code} was simulated`, retry: "never", ...more } });
const payment = (id, change = {}) => ({
  id, accountNumber: `917/${id - 500}`, orderId: 917, paid: false, datePaid: null, paidBy: null,
  paySystemId: 11, paySystemName: "Card", sum: "1000", currency: "EUR", ...change,
});
const paid = (id, change = {}) => payment(id, { paid: true, datePaid: "2026-09-10T01:52:39+03:00", paidBy: 7, ...change });
const cash = { paySystemId: 6, paySystemName: "Cash" };

const deal = [
  payment(501), payment(502, { ...cash, sum: "12.345", currency: "KWD" }),
  payment(503, { returned: true, sum: "12000", currency: "JPY", paySystemName: "Pay by bank transfer, Northern branch" }),
  payment(504, { paySystemId: 0, paySystemName: "", sum: "59.97", currency: "USD" }),
  payment(505, { sum: "1234567.89" }), paid(506, { sum: "250" }),
];
const lots = [...deal, ...Array.from({ length: 100 }, (_, at) => payment(510 + at, { sum: `${7 * (at + 1)}.5` }))];
const refused = reject("REFUSED", { portalCode: "ERROR_PROCESS_REQUEST_RESULT", portalText: "Заказ №77 отменен\n<img src=x onerror=1>" });
const silent = { code: "NO_ANSWER", message: "no answer came", retry: "readFirst" };

const asked = [["open", 501]];
const confirmed = [...asked, ["confirm", {}]];
const undone = [["openUndo", 506], ["undo", { reason: "" }]];
const many = [["select", { id: 501, isOn: true }], ["select", { id: 502, isOn: true }], ["select", { id: 505, isOn: true }], ["openBulk"]];
const paying = (outcome) => ({ answers: { payPayment: [outcome] }, steps: confirmed });
const unknown = { status: "unknown", cause: silent, payment: payment(501) };
const undoing = (outcome) => ({ answers: { getPayment: [paid(506, { sum: "250" })], markUnpaid: [outcome] }, steps: undone });
const item = (id, outcome) => ({ request: { paymentId: id, paySystemId: 11 }, ...outcome });
const failed = (code, more) => ({ answers: { listPayments: [reject(code, more)] } });

/** `machine.state`, and after a colon what is special about it. Without `answers` the deal is listed and 501 is read as unpaid. */
export const screens = {
  "page.opening": { isOpened: false },
  "page.loading": { answers: { listPayments: [wait] } },
  "page.list": {},
  "page.list: selected": { steps: many.slice(0, 3) },
  "page.list: left before": { answers: { unsettled: [[{ paymentId: 501, paySystemId: 11, sentAt: "2026-09-10T01:52:39Z" }, { paymentId: 506, paySystemId: 11, sentAt: "2026-09-10T01:50:00Z" }]] } },
  "page.list: many": { answers: { listPayments: [lots] }, steps: [["filter", "917"]] },
  "page.list: nothing found": { answers: { listPayments: [lots] }, steps: [["filter", "nobody"]] },
  "page.refreshing": { answers: { listPayments: [deal, wait] }, steps: [["refresh"]] },
  "page.empty": { answers: { listPayments: [[]] } },
  "page.search": { subject: { kind: "search" } },
  "page.search: no number": { subject: { kind: "search" }, steps: [["find", { kind: "payment", text: "nobody" }]] },
  "page.none": { subject: { kind: "none" } },
  ...Object.fromEntries([
    ["NOT_IN_PORTAL"], ["NO_LIBRARY"], ["NO_HANDSHAKE"], ["ACCESS_DENIED", { portalText: "Access denied!" }], ["MISSING_SCOPE", { scope: "crm" }],
    ["AUTH_EXPIRED"], ["LIMITED", { retry: "safe" }], ["NO_ANSWER"], ["NONSENSE"], ["NOT_LOADED"], ["WASM_BLOCKED"], ["NOT_FOUND"], ["TypeError"],
  ].map(([code, more]) => [`page.failed: ${code}`, failed(code, more)])),

  "confirmation.closed": {},
  "confirmation.reading": { answers: { getPayment: [wait] }, steps: asked },
  "confirmation.unread": { answers: { getPayment: [reject("NO_ANSWER")] }, steps: asked },
  "confirmation.changed": { answers: { getPayment: [payment(501, { sum: "1200", ...cash })] }, steps: asked },
  "confirmation.asking": { steps: asked },
  "confirmation.asking: a fault in a detail": { steps: [...asked, ["confirm", { invoiceId: "0", statusMessage: "x".repeat(251) }]] },
  "confirmation.asking: returned": { answers: { getPayment: [deal[2]] }, steps: [["open", 503]] },
  "confirmation.markAsking": { answers: { getPayment: [deal[3]] }, steps: [["open", 504]] },
  "confirmation.paying": paying(wait),
  "confirmation.paid": paying({ status: "paid", payment: paid(501), recovered: false }),
  "confirmation.paid: recovered": paying({ status: "paid", payment: paid(501), recovered: true }),
  "confirmation.alreadyPaid": { answers: { getPayment: [paid(501)] }, steps: asked },
  "confirmation.foundPaid": { answers: { payPayment: [unknown], getPayment: [payment(501), paid(501)] }, steps: [...confirmed, ["check"]] },
  "confirmation.notApplied": paying({ status: "notApplied", payment: payment(501) }),
  "confirmation.silentlyUnpaid": paying({ status: "notApplied", payment: payment(501), cause: silent }),
  "confirmation.marking": { answers: { getPayment: [deal[3]], markPaid: [wait] }, steps: [["open", 504], ["mark"]] },
  "confirmation.notMarked": { answers: { getPayment: [deal[3]], markPaid: [{ status: "notApplied", payment: deal[3] }] }, steps: [["open", 504], ["mark"]] },
  "confirmation.unverified": paying({ status: "unverified", cause: { code: "ACCESS_DENIED", message: "reading is not allowed" } }),
  "confirmation.verifying": { answers: { payPayment: [{ status: "unverified", cause: silent }], getPayment: [payment(501), wait] }, steps: [...confirmed, ["check"]] },
  "confirmation.unknown": paying(unknown),
  "confirmation.checking": { answers: { payPayment: [unknown], getPayment: [payment(501), wait] }, steps: [...confirmed, ["check"]] },
  "confirmation.stillUnpaid": { answers: { payPayment: [unknown] }, steps: [...confirmed, ["check"]] },
  "confirmation.refused": paying(refused),
  "confirmation.retryable": paying(reject("UNDER_WAY", { retry: "safe" })),
  "confirmation.returned": paying(reject("RETURNED")),
  "confirmation.undoReading": { answers: { getPayment: [wait] }, steps: [["openUndo", 506]] },
  "confirmation.undoUnread": { answers: { getPayment: [reject("NO_ANSWER")] }, steps: [["openUndo", 506]] },
  "confirmation.undoAsking": { answers: { getPayment: [paid(506)] }, steps: [["openUndo", 506]] },
  "confirmation.undoing": undoing(wait),
  "confirmation.unpaid": undoing({ status: "unpaid", payment: payment(506, { sum: "250" }) }),
  "confirmation.alreadyUnpaid": undoing({ status: "alreadyUnpaid", payment: payment(506, { sum: "250" }) }),
  "confirmation.stillPaid": undoing({ status: "notApplied", payment: paid(506) }),
  "confirmation.silentlyPaid": undoing({ status: "notApplied", payment: paid(506), cause: silent }),
  "confirmation.undoUnknown": undoing({ status: "unknown", cause: silent }),
  "confirmation.undoChecking": { answers: { getPayment: [paid(506), wait], markUnpaid: [{ status: "unknown", cause: silent }] }, steps: [...undone, ["check"]] },
  "confirmation.paidSoFar": { answers: { getPayment: [paid(506)], markUnpaid: [{ status: "unknown", cause: silent }] }, steps: [...undone, ["check"]] },
  "confirmation.undoRefused": undoing(refused),
  "confirmation.undoRetryable": undoing(reject("LIMITED", { retry: "safe" })),

  "bulk.closed": {},
  "bulk.reading": { answers: { listPayments: [deal, wait] }, steps: many },
  "bulk.unread": { answers: { listPayments: [deal, reject("NO_ANSWER")] }, steps: many },
  "bulk.changed": { answers: { listPayments: [deal, [paid(501), deal[1], payment(505, { sum: "9" })]] }, steps: many },
  "bulk.nothingLeft": { answers: { listPayments: [deal, [paid(501)]] }, steps: many },
  "bulk.asking": { steps: many },
  "bulk.running": { answers: { payPayments: [wait] }, steps: [...many, ["confirmAll"]] },
  "bulk.stopping": { answers: { payPayments: [wait] }, steps: [...many, ["confirmAll"], ["stop"]] },
  "bulk.finished": {
    answers: {
      payPayments: [{ items: [
        item(501, { status: "paid", payment: paid(501), recovered: false }), item(502, { status: "notApplied", payment: deal[1] }), item(505, { status: "unknown", cause: silent }),
      ] }],
    },
    steps: [...many, ["confirmAll"]],
  },
  "bulk.finished: some can be tried again": {
    answers: {
      payPayments: [{ items: [
        item(501, { status: "alreadyPaid", payment: paid(501), sent: false }), item(502, { status: "rejected", error: { code: "LIMITED", message: "too busy", retry: "safe" } }), item(505, { status: "notStarted" }),
      ] }],
    },
    steps: [...many, ["confirmAll"]],
  },
};

/** Runs inside the frame, where `scripted.js` lies: the element's own session and view with scripted answers instead of b24pay. Hands back
 *  the states that were reached. */
export async function bringAbout({ subject = { kind: "deal", id: 7 }, answers = {}, steps = [], isOpened = true, language, usual }) {
  const { createSession, createView, diagnostic, speaker, wordsOf } = await import(new URL("scripted.js", document.baseURI).href);
  const root = document.querySelector("b24-payments").shadowRoot;
  // One view for all: its listeners stay with the element.
  window.scriptedView ??= createView(root, { happened() {}, endMoved: (bottom) => window.BX24.resizeWindow(innerWidth, bottom + 16) });
  const view = window.scriptedView;
  const script = Object.fromEntries(Object.entries({ ...usual, ...answers }).map(([call, list]) => [call, [...list]]));
  const answered = async (call) => {
    const list = script[call] ?? [];
    const answer = list.length > 1 ? list.shift() : list[0];
    if (answer?.wait) return new Promise(() => {});
    if (answer?.reject) throw Object.assign(new Error(answer.reject.message), answer.reject);
    return answer;
  };
  const names = ["listPayments", "getPayment", "payPayment", "payPayments", "markPaid", "markUnpaid", "unsettled", "call"];
  const pay = { ...Object.fromEntries(names.map((call) => [call, () => answered(call)])), returnedOf: async () => new Set(), notSent() {} };
  const speaking = speaker({ language, sentences: await wordsOf(language) }, "Europe/Berlin");
  let told = null;
  const session = createSession({
    pay, speaker: speaking, subject, settleMs: 65_000, deadlineMs: 30_000, writesTimeline: false,
    view: { ...view, render: (now) => view.render(told = now) },
    diagnosticOf: (error, payment) => diagnostic({ error, payment, facts: { portal: "portal.example", placement: "CRM_DEAL_DETAIL_TAB" }, language, at: new Date(0) }),
    soon: (work) => work(),
    over: () => () => {},
  });
  view.speak(speaking);
  const rest = async () => {
    for (let turns = 0; turns < 3 || root.querySelector('#payments table[aria-busy="true"]'); turns += 1) await new Promise((resolve) => setTimeout(resolve));
  };
  for (const dialog of root.querySelectorAll("dialog[open]")) {
    dialog.dataset.state = "closed";
    dialog.close();
    root.querySelector("#payments").after(root.querySelector("#status"));
  }
  if (isOpened) session.open();
  else session.happened("clearSelection");
  await rest();
  for (const [event, value] of steps) {
    session.happened(event, value);
    await rest();
  }
  for (const details of root.querySelectorAll("details:not([hidden])")) if (details.checkVisibility()) details.open = true;
  scrollTo(0, 0);
  // What the view was told last.
  window.scriptedTold = told;
  return { page: told.screen, confirmation: told.confirmation.state, bulk: told.bulk.state, code: told.failure?.code };
}

/** What is answered where a screen says nothing else. */
export const usual = { listPayments: [deal], getPayment: [payment(501)], unsettled: [[]], call: [1] };
