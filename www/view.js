// The only files that touch the document are this one and its parts (view_*.js): shows what it is told, says what was pressed.
// `render` may be called with the same thing any number of times; it writes only what changed.

import { renderBulk } from "./view_bulk.js";
import { renderConfirmation, typedIn } from "./view_confirmation.js";
import { renderRows } from "./view_rows.js";
import { renderScreen, turnTo } from "./view_screen.js";
import { write } from "./view_write.js";

/**
 * @param {Document | ShadowRoot} root holds the elements of index.html
 * @param {{ happened: (event: string, value?: unknown) => void, heightChanged: (height: number) => void }} listeners
 */
export function createView(root, { happened, heightChanged }) {
  const main = root.querySelector("main");
  const dialogs = [root.querySelector("#confirmation"), root.querySelector("#bulk")];
  const [confirmation, bulk] = dialogs;
  const status = root.querySelector("#status");
  /** The button that opened a dialog: the dialog appears beside it, and the focus returns to it. */
  let pressed = null;
  /** The sentences; the view itself only needs those about copying. */
  let say = (key) => key;

  root.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-event]");
    if (!button || button.getAttribute("aria-disabled") === "true") return;
    const { event, id } = button.dataset;
    if (event === "copy") return copy(button);
    if (!button.closest("dialog")) pressed = button;
    happened(event, button.closest("dialog") ? typedIn(button.closest("dialog")) : id && Number(id));
  });
  root.addEventListener("change", ({ target }) => {
    if (target.id === "select-all") happened("selectAll", target.checked);
    else if (target.matches("[data-select]")) happened("select", { id: Number(target.dataset.select), isOn: target.checked });
  });
  root.querySelector("#filter").addEventListener("input", ({ target }) => happened("filter", target.value));
  root.querySelector("#search").addEventListener("submit", (event) => {
    event.preventDefault();
    const { kind, text } = event.target.elements;
    happened("find", { kind: kind.value, text: text.value });
  });
  for (const dialog of dialogs) {
    // Escape asks; only the flow decides. A second Escape closes a dialog without asking, so it is told that, too.
    dialog.addEventListener("cancel", (event) => {
      event.preventDefault();
      happened("cancel");
    });
    dialog.addEventListener("close", () => {
      if (dialog.dataset.state !== "closed") happened("cancel");
      if (dialog.dataset.state === "closed" || dialog.open) return;
      dialog.showModal();
      dialog.querySelector("h2").focus();
    });
  }
  window.addEventListener("beforeprint", () => happened("everyRow"));

  const sizes = new ResizeObserver(() => heightChanged(contentHeight()));
  for (const element of [main, ...dialogs]) sizes.observe(element);

  /** A frame can be higher or lower than its content; what counts is where the content ends. */
  function contentHeight() {
    const ends = [main, ...dialogs.filter((dialog) => dialog.open)].map((element) => element.getBoundingClientRect().bottom + window.scrollY);
    return Math.ceil(Math.max(...ends)) + 16;
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
    write(button, news);
    write(status, news);
  }

  return {
    /** Sets the language once: the fixed words of the document, its direction and its title. */
    speak({ language, direction, say: spoken }) {
      say = spoken;
      document.documentElement.lang = language;
      document.documentElement.dir = direction;
      const everywhere = [root, ...[...root.querySelectorAll("template")].map(({ content }) => content)];
      for (const part of everywhere) {
        for (const element of part.querySelectorAll("[data-word]")) write(element, say(element.dataset.word));
        for (const element of part.querySelectorAll("[data-word-label]")) element.setAttribute("aria-label", say(element.dataset.wordLabel));
        for (const element of part.querySelectorAll("[data-word-placeholder]")) element.placeholder = say(element.dataset.wordPlaceholder);
      }
    },

    render(told) {
      renderScreen(main, told);
      renderRows(root, told.rows);
      const around = { status, pressed, home: main };
      renderConfirmation(confirmation, told.confirmation, around);
      renderBulk(bulk, told.bulk, around);
      heightChanged(contentHeight());
    },

    /** Shows the page's own failure where not even the words could be had. */
    renderBroken() {
      turnTo(main, "failed");
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
  };
}
