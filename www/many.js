// Many payments at once: one reading, one question, one run that can be stopped, a report.
// A part of the session; b24pay decides what may run beside what.

import { certainlyDidNotRun, differences, leftOutBecause, mayBeReturned, stateOf, tellReturned } from "./rows.js";
import { counts, reportRows } from "./sentences_bulk.js";
import { csv } from "./report.js";
import { asError, outdated } from "./thrown.js";
import { comment, failedAs, textForMany } from "./timeline.js";

export function many({ session, turn, show, pay, view, speaker, remember, doubt, settleMs, soon }) {
  let visit = 0;
  /** The latest reading of a question: of thousands it takes long, and that of one that was closed ends where another is asked. */
  let reading = new AbortController();

  /** The whole list once more, in one request: what is confirmed is what the portal says now. */
  async function readAll() {
    const mine = visit;
    const { batch } = session;
    reading.abort();
    reading = new AbortController();
    try {
      const byId = await readNow(batch.shown, reading);
      if (mine !== visit) return;
      const chosen = batch.shown.map((shown) => ({ shown, payment: byId.get(shown.id) }));
      const payments = chosen.filter(({ payment }) => payment && !leftOutBecause(payment, session.doubtful)).map(({ payment }) => payment);
      const changed = chosen.filter(({ shown, payment }) => !payment || differences(shown, payment).length);
      session.batch = { ...batch, payments, changed };
      turn("bulk", payments.length === 0 ? "nothingLeft" : changed.length ? "changed" : "same");
    } catch (error) {
      if (mine !== visit) return;
      session.batch = { ...batch, error: asError(error) };
      turn("bulk", "unread");
    }
  }

  /** What the portal says now of what was chosen, by id, and beside it of whether money went back, where the list does not tell. */
  async function readNow(chosen, { signal }) {
    const { kind, id } = session.subject;
    const options = { signal };
    const read = kind === "payment" ? Promise.all(chosen.map((payment) => pay.getPayment(payment.id, options))) : pay.listPayments({ [kind]: id }, options);
    const [fresh, returned] = await Promise.all([read, pay.returnedOf(mayBeReturned(chosen), options)]);
    tellReturned(fresh, returned);
    remember(fresh);
    return new Map(fresh.map((payment) => [payment.id, payment]));
  }

  /** The question may have been left open for long: whose amount is another by now is not sent, nor whose money went back. */
  async function changedMeanwhile(asked, abort) {
    const byId = await readNow(asked, abort);
    return asked.flatMap((shown) => {
      const payment = byId.get(shown.id);
      if (!payment) return [];
      const code = stateOf(payment) === "returned" ? "RETURNED" : differences(shown, payment).includes("amount") && "AMOUNT_CHANGED";
      return code ? [{ status: "rejected", payment, error: outdated(code) }] : [];
    });
  }

  async function payAll() {
    const { batch } = session;
    const todo = batch.items.length ? batch.items.filter(certainlyDidNotRun).map(({ payment }) => payment) : batch.payments;
    const abort = new AbortController();
    session.batch = { ...batch, abort, done: 0, total: todo.length };
    show();
    // What the run before said may be what this one will say, and the same again would not be spoken.
    view.announce("");
    const byId = new Map(todo.map((payment) => [payment.id, payment]));
    const itemOf = (item) => ({ ...item, payment: item.payment ?? byId.get(Number(item.request.paymentId)) });
    let changed;
    let giveUp = null;
    const onProgress = (done, _, item) => {
      learn(item);
      session.batch.done = done + changed.length;
      giveUp ??= soon(() => {
        giveUp = null;
        show();
      });
    };
    let items;
    try {
      changed = await changedMeanwhile(todo, abort);
      for (const { payment, error } of changed) pay.notSent(payment.id, error);
      const others = todo.filter(({ id }) => !changed.some(({ payment }) => payment.id === id));
      const requests = others.map(({ id, paySystemId }) => ({ paymentId: id, paySystemId }));
      const report = await pay.payPayments(requests, { settleMs, signal: abort.signal, onProgress });
      items = [...changed, ...report.items.map(itemOf)];
    } catch (error) {
      // The run as a whole may not begin (a blocked module, no portal, no answer, a stop): then nothing was sent.
      items = todo.map((payment) => ({ status: "rejected", error: asError(error), payment }));
      if (!abort.signal.aborted) for (const { id } of todo) pay.notSent(id, asError(error));
    }
    giveUp?.();
    items.forEach(learn);
    const renewed = new Map(items.map((item) => [item.payment.id, item]));
    const all = batch.items.length ? batch.items.map((item) => renewed.get(item.payment.id) ?? item) : items;
    session.batch = { ...session.batch, items: all };
    turn("bulk", "finished");
    // The title says itself: it gets the focus.
    view.announce(counts(all, speaker).map(({ text }) => text).join(" · "));
    writeTimeline(items.filter(({ status }) => status === "paid").map(({ payment }) => payment));
  }

  function learn({ payment, status, request }) {
    const id = payment?.id ?? Number(request.paymentId);
    if (payment && status !== "rejected" && status !== "notStarted") remember([payment]);
    doubt(id, status);
    if (status !== "rejected" && status !== "notStarted") session.selected.delete(id);
  }

  async function writeTimeline(paid) {
    if (!paid.length || !session.hasTimeline()) return;
    const mine = visit;
    try {
      await pay.call("crm.timeline.comment.add", comment(session.subject, textForMany(paid, speaker)));
    } catch (error) {
      if (mine !== visit) return;
      // Of what was tried again meanwhile another entry tells; one that is certainly missing is missing all the same.
      if (session.batch.afterword !== "failed") session.batch.afterword = failedAs(error, "failed");
      show();
    }
  }

  return {
    effects: {
      readAll, payAll,
      stop: () => session.batch.abort.abort(),
      save: () => view.save(`b24pay-${session.subject.kind}-${session.subject.id ?? session.subject.number}.csv`, csv(reportRows(session.batch, speaker), speaker.locale)),
      print: () => view.print(),
    },
    occasions: {
      openBulk() {
        if (session.bulk !== "closed") return;
        const shown = session.payments.filter(({ id }) => session.selected.has(id));
        if (shown.length === 0) return;
        visit += 1;
        turn("bulk", "openBulk", { batch: { shown, payments: shown, items: [], done: 0, total: 0 } });
      },
    },
  };
}
