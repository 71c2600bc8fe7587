// What happens when the operator or the portal does something: looks the event up in the flow, runs what it asks for, has it shown.
// Everything it needs is handed in, so that it runs without a document.

import { confirming } from "./confirming.js";
import * as flow from "./flow.js";
import { asKnownNow, listing } from "./listing.js";
import { many } from "./many.js";
import { patienceFor } from "./returns.js";
import { keepReturned, leftOutBecause } from "./rows.js";
import { rowsAtATime, told } from "./sentences.js";
import { hasTimeline } from "./timeline.js";

const machines = { page: flow.page, confirmation: flow.confirmation, bulk: flow.bulk };

/**
 * @param {{
 *   pay: object, view: object, speaker: object, subject: import("./placement.js").Subject,
 *   settleMs: number, deadlineMs: number, writesTimeline: boolean,
 *   known?: object,
 *   diagnosticOf: (error: unknown, payment?: object) => string, soon: (work: () => void) => () => void,
 *   over: (ms: number, work: () => void) => () => void, now?: () => number, wall?: () => number,
 * }} given `pay`: b24pay's functions, which wait so long for an answer; `soon`: when a progress that moves fast is shown next, and what
 *   gives that up; `over`: does the work when so long is over, and what calls that off; `known`: what an earlier session of the same
 *   portal handed on; `now`: the page's own clock, `wall`: the machine's, which can be set
 */
export function createSession(given) {
  const { view, speaker, subject, settleMs, deadlineMs, now = () => performance.now(), wall = Date.now } = given;
  const known = given.known ?? {
    /** Payments of which a write ended unknown: by id the event that opens their dialog, since they are checked before anything else is
     *  done with them, and when the write is over. Being read as what they were to become ends the doubt; so does each reading that
     *  begins after the write is over. */
    doubtful: new Map(),
    /** What is said of what was under way when a page of this app was closed; `left` is that, once it was asked for. */
    notices: [],
  };
  // Two readers may be asked, one after the other.
  const read = 2 * deadlineMs;
  const session = {
    page: "opening", subject,
    /** Opened from the menu: another deal, order or payment can be looked for. */
    searchable: subject.kind === "search" || subject.kind === "none",
    payments: [], query: "", limit: rowsAtATime, known, doubtful: known.doubtful,
    selected: new Set(),
    /** When a payment was asked for that was read by itself. */
    since: new WeakMap(),
    // What a dialog is about comes when it opens.
    confirmation: "closed", bulk: "closed",
    // The page's own question whether money went back; then b24pay's own maximum: another tab's call about the same payment, two looks
    // before sending, the longer of silence and settling with a last read, settling once more after an end in that one.
    longestWait: patienceFor(deadlineMs) + (settleMs + deadlineMs) + 2 * read + Math.max(deadlineMs, settleMs) + read + settleMs + read,
    hasTimeline: () => hasTimeline(session.subject, given.writesTimeline),
    diagnosticOf: (error) => given.diagnosticOf(error, session.payment),
  };

  function show() {
    // What cannot be confirmed with others any more is not counted with them either.
    for (const payment of session.payments) if (leftOutBecause(payment, known.doubtful)) session.selected.delete(payment.id);
    known.notices = known.notices.map((notice) => asKnownNow(notice, session)).filter(Boolean);
    view.render(told(session, speaker));
  }

  /** The one place where a state changes. False where the event means nothing now. */
  function turn(machine, event, change = {}) {
    const step = flow.next(machines[machine], session[machine], event);
    if (!step) return false;
    Object.assign(session, change, { [machine]: step.to });
    show();
    effects[step.effect]?.();
    return true;
  }

  /** Payments as they were just read replace what was known of them. `began`: when a reading did of which nothing else is known. */
  function remember(payments, began = 0) {
    const read = new Map(payments.map((payment) => [payment.id, payment]));
    session.payments = session.payments.map((before) => (read.has(before.id) ? keepReturned(read.get(before.id), before) : before));
    for (const { id, paid } of payments) {
      const doubt = session.doubtful.get(id);
      if (doubt && (paid === (doubt.event !== "openUndoUnknown") || began >= doubt.over)) session.doubtful.delete(id);
    }
  }

  /** Keeps it where what a write did is not known. The portal's yes, which could not be verified, was its end. */
  function doubt(id, status, event = "openUnknown") {
    if (status === "unknown") session.doubtful.set(id, { event, over: Infinity });
    // An earlier one that is not over yet does not end with the yes to this one.
    if (status === "unverified" && !session.doubtful.has(id)) session.doubtful.set(id, { event: "openUnverified", over: now() });
  }

  const context = { ...given, now, wall, session, show, turn, remember, doubt };
  const parts = [listing(context), confirming(context), many(context)];
  const effects = Object.assign({}, ...parts.map((part) => part.effects));
  const occasions = Object.assign({}, ...parts.map((part) => part.occasions));

  return {
    /** What the operator did, by the name that stands at the button, with what was chosen or typed. */
    happened(event, value) {
      if (occasions[event]) occasions[event](value);
      else turn("confirmation", event) || turn("bulk", event) || turn("page", event);
    },
    /** Opens the page: on whose payments, or with why there are none to show. */
    open: () => turn("page", subject.kind === "search" || subject.kind === "none" ? subject.kind : "opened"),
    fail: (failure) => turn("page", "failed", { failure }),
    /** What is known beside the list, and outlives this session. */
    known,
    /** Shows everything once more, to a view that has seen nothing yet. */
    show,
    /** No dialog stands open, so nothing is under way and nothing waits to be read. */
    isAtRest: () => session.confirmation === "closed" && session.bulk === "closed",
    isUnderWay: () => Object.entries(flow.underWay).some(([machine, states]) => states.has(session[machine])),
  };
}
