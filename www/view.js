// The only files that touch what stands in the element are this one and its parts (view_*.js): shows what it is told, says what was pressed.
// `render` may be called with the same thing any number of times; it writes only what changed.

import { renderBulk, renderBulkRow } from "./view_bulk.js";
import { renderConfirmation, typedIn } from "./view_confirmation.js";
import { keepFocusInSight, openWhileSeen, waiting } from "./view_dialog.js";
import { afterPicture } from "./view_picture.js";
import { createRows, renderRow } from "./view_rows.js";
import { renderScreen, turnTo } from "./view_screen.js";
import { write, writeShape } from "./view_write.js";

/** What has just come takes no press, and a key is one, too: by the animation that keeps the pointer off (style.css). Others may come of an
 *  extension of the browser. */
const isTooSoon = (button) => button.getAnimations().some(({ animationName }) => animationName === "new");

/**
 * @param {ShadowRoot} root holds the elements of element.html
 * @param {{ happened: (event: string, value?: unknown) => void, endMoved: (bottom: number) => void }} listeners `endMoved`: how far
 *   down the page what is shown reaches
 */
export function createView(root, { happened: tell, endMoved }) {
  // The element may stand in the document of another window than the one that loaded it.
  const document = root.ownerDocument;
  const window = document.defaultView;
  const page = root.querySelector("#payments");
  const dialogs = [root.querySelector("#confirmation"), root.querySelector("#bulk")];
  const [confirmation, bulk] = dialogs;
  const status = root.querySelector("#status");
  const filter = root.querySelector("#filter");
  /** Gives up telling what stands in the filter, while that is still to be told. */
  let giveUpFilter = null;
  /** The button that opened a dialog: the dialog appears beside it, and the focus returns to it. */
  let pressed = null;
  /** The sentences; the view itself only needs those about copying. */
  let say = (key) => key;
  /** Every listener goes with the view. */
  const listening = new AbortController();
  const on = (target, event, heard) => target.addEventListener(event, heard, { signal: listening.signal });

  on(root, "click", (click) => {
    const button = click.target.closest("[data-event]");
    if (!button || button.getAttribute("aria-disabled") === "true" || isTooSoon(button)) return;
    // A link would lead to the base of the page around the element.
    click.preventDefault();
    const { event, id } = button.dataset;
    if (event === "copy") return copy(button);
    if (!button.closest("dialog")) pressed = button;
    happened(event, button.closest("dialog") ? typedIn(button.closest("dialog")) : id && Number(id));
  });
  // A key that is held down was pressed for what stood there before, such as "Reading…".
  on(root, "keydown", (event) => {
    if (event.repeat && event.key === "Enter" && event.target.closest("button")) event.preventDefault();
  });
  on(root, "change", ({ target }) => {
    if (target.id === "select-all") happened("selectAll", target.checked);
    else if (target.matches("[data-select]")) happened("select", { id: Number(target.dataset.select), isOn: target.checked });
  });
  // A letter is seen before a thousand payments are looked through.
  on(filter, "input", () => {
    rows.expect();
    giveUpFilter ??= afterPicture(tellFilter);
  });
  // By its button, which Enter presses, too: a frame in a sandbox may be one without forms, where nothing is submitted.
  const search = root.querySelector("#search");
  on(search.querySelector(".main"), "click", (event) => {
    event.preventDefault();
    const { kind, text } = search.elements;
    happened("find", { kind: kind.value, text: text.value });
  });
  for (const dialog of dialogs) {
    // Escape asks, and only the flow decides. A second Escape closes a dialog without asking, so the flow is told of that, too. A result
    // that has just appeared takes Escape no earlier than a press: it may have been meant for the waiting before. What reads or asks (its
    // state ends in "ing") may be left at once.
    let isKept = false;
    const leave = () => isKept || happened("cancel", typedIn(dialog));
    on(dialog, "cancel", (event) => {
      event.preventDefault();
      isKept = !dialog.dataset.state.endsWith("ing") && isTooSoon(dialog.querySelector('[data-event="cancel"]'));
      leave();
    });
    on(dialog, "animationend", () => keepFocusInSight(dialog));
    on(dialog, "close", () => {
      // The browser tells it late: by now it may have been opened for another payment.
      if (dialog.open || waiting.has(dialog)) return;
      if (dialog.dataset.state !== "closed") leave();
      isKept = false;
      if (dialog.dataset.state === "closed") return;
      dialog.showModal();
      dialog.querySelector("h2").focus();
    });
  }
  for (const shape of root.querySelectorAll("[data-shape]")) writeShape(shape, shape.dataset.shape);
  const rows = createRows({ table: page.querySelector("table"), template: root.querySelector("#row"), renderOne: renderRow, atOnce: 20, handOn });
  const bulkRows = createRows({ table: bulk.querySelector("table"), template: root.querySelector("#bulk-row"), renderOne: renderBulkRow, atOnce: 12, handOn });
  on(window, "beforeprint", () => {
    happened("everyRow");
    rows.finish();
    bulkRows.finish();
  });

  function tellFilter() {
    if (!giveUpFilter) return;
    giveUpFilter();
    giveUpFilter = null;
    tell("filter", filter.value);
    rows.next();
  }

  /** Whatever else is pressed is told after what was typed before it. */
  function happened(event, value) {
    tellFilter();
    tell(event, value);
  }

  const around = () => ({ status, pressed, home: page });

  // While rows are still to come the list is shorter than it will be.
  const sizes = new ResizeObserver(() => {
    lookWhetherSeen();
    if (rows.areAll()) endMoved(lowest());
  });
  const lookWhetherSeen = () => dialogs.forEach((dialog) => openWhileSeen(dialog, around()));
  // What `visibility` hides keeps its size; style.css makes it tell.
  on(page, "transitionend", lookWhetherSeen);
  for (const element of [page, ...dialogs]) sizes.observe(element);

  /** A dialog can reach further down than the list, and would reach further where it has to be scrolled. */
  function lowest() {
    const end = (element) => element.getBoundingClientRect().bottom + window.scrollY;
    const open = dialogs.filter((dialog) => dialog.open);
    return Math.ceil(Math.max(end(page), ...open.map((dialog) => end(dialog) + dialog.scrollHeight - dialog.clientHeight)));
  }

  function copy(button) {
    const text = button.parentElement.querySelector("textarea");
    text.select();
    // A portal's frame has no permission for the asynchronous clipboard, so the selection is copied the old way.
    let copied = false;
    try {
      copied = document.execCommand("copy");
    } catch {
      // The text stays selected; the operator is told to copy it.
    }
    const news = say(copied ? "error.copied" : "error.copyYourself");
    button.dataset.usual ??= button.textContent;
    write(button, news);
    write(status, news);
  }

  /**
   * What had the focus and is not there any more hands it on: to what it names, else to the heading; what was moved gets it back.
   * Asks for no layout.
   */
  function handOn(focused) {
    const { activeElement } = root;
    if (!focused || (activeElement && activeElement !== focused)) return;
    if (focused.isConnected && !focused.disabled && !focused.closest("[hidden]")) {
      if (!activeElement) focused.focus({ preventScroll: true });
      return;
    }
    const heading = dialogs.find(({ open }) => open)?.querySelector("h2") ?? page.querySelector("h1");
    (page.querySelector(focused.dataset.then) ?? heading).focus();
  }

  return {
    /** Sets the language: that of the element, its direction, its fixed words. */
    speak({ language, direction, say: spoken }) {
      say = spoken;
      Object.assign(root.host, { lang: language, dir: direction });
      const everywhere = [root, ...[...root.querySelectorAll("template")].map(({ content }) => content)];
      for (const part of everywhere) {
        for (const element of part.querySelectorAll("[data-word]")) write(element, say(element.dataset.word));
        for (const element of part.querySelectorAll("[data-word-label]")) element.setAttribute("aria-label", say(element.dataset.wordLabel));
        for (const element of part.querySelectorAll("[data-word-placeholder]")) element.placeholder = say(element.dataset.wordPlaceholder);
      }
    },

    render(told) {
      const focused = root.activeElement;
      renderScreen(page, told);
      if (!giveUpFilter && filter.value !== told.filter.query) filter.value = told.filter.query;
      rows.render(told.rows);
      renderConfirmation(confirmation, told.confirmation, around());
      renderBulk(bulk, told.bulk, bulkRows, around());
      handOn(focused);
    },

    /** Shows the page's own failure where not even the words could be had. */
    renderBroken() {
      turnTo(page, "failed");
      for (const element of page.querySelectorAll("[data-only]")) element.hidden = true;
    },

    /** Says something to those who do not see it happen. */
    announce(text) {
      write(status, text);
    },

    /** Hands the operator a file; it is made here and goes nowhere else. */
    save(name, text) {
      const link = document.createElement("a");
      link.download = name;
      link.href = URL.createObjectURL(new Blob([text], { type: "text/csv;charset=utf-8" }));
      link.click();
      // The browser has taken the file when it comes back to us.
      setTimeout(() => URL.revokeObjectURL(link.href), 0);
    },

    print() {
      window.print();
    },

    /** What stands in the fields of the dialog of one payment. */
    typed: () => typedIn(confirmation),

    /** Hears and observes nothing any more. */
    end() {
      listening.abort();
      giveUpFilter?.();
      sizes.disconnect();
      rows.end();
      bulkRows.end();
    },
  };
}
