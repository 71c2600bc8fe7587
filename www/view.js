// The only file that touches the document: shows what it is told, says which button was pressed.
// `render` may be called with the same thing any number of times; it writes only what changed.

import { renderConfirmation } from "./view_confirmation.js";
import { renderRows } from "./view_rows.js";
import { renderEvidence, write } from "./view_write.js";

/**
 * @param {Document | ShadowRoot} root holds the elements of index.html
 * @param {{ happened: (event: string, value?: number) => void, heightChanged: (height: number) => void }} listeners
 */
export function createView(root, { happened, heightChanged }) {
  const main = root.querySelector("main");
  const dialog = root.querySelector("#confirmation");
  const status = root.querySelector("#status");
  /** The button that opened the dialog: the dialog appears beside it, and the focus returns to it. */
  let pressed = null;
  /** The sentences; the view itself only needs the one about copying. */
  let say = (key) => key;

  root.addEventListener("click", (event) => {
    const button = event.target.closest("[data-event]");
    if (!button || button.getAttribute("aria-disabled") === "true") return;
    if (button.dataset.event === "copy") return copy(button);
    if (!dialog.open) pressed = button;
    happened(button.dataset.event, button.dataset.id ? Number(button.dataset.id) : undefined);
  });
  // Escape asks; only the flow decides. A second Escape closes a dialog without asking, so it is told that, too.
  dialog.addEventListener("cancel", (event) => {
    event.preventDefault();
    happened("cancel");
  });
  dialog.addEventListener("close", () => {
    if (dialog.dataset.state !== "closed") {
      happened("cancel");
      if (dialog.dataset.state !== "closed") dialog.showModal();
    }
  });

  const sizes = new ResizeObserver(() => heightChanged(contentHeight()));
  for (const element of [main, dialog]) sizes.observe(element);

  /** A frame can be higher or lower than its content; what counts is where the content ends. */
  function contentHeight() {
    const ends = [main, ...(dialog.open ? [dialog] : [])].map((element) => element.getBoundingClientRect().bottom + scrollTop());
    return Math.ceil(Math.max(...ends)) + 16;
  }

  function scrollTop() {
    return root.ownerDocument?.defaultView.scrollY ?? globalThis.scrollY;
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
      for (const element of root.querySelectorAll("[data-word]")) write(element, say(element.dataset.word));
      for (const element of root.querySelectorAll("[data-word-label]")) element.setAttribute("aria-label", say(element.dataset.wordLabel));
    },

    render(told) {
      renderScreen(main, told);
      renderRows(root, told.rows);
      renderConfirmation(dialog, told.confirmation, { status, pressed, scrollTop: scrollTop(), home: main });
    },

    /** Shows the page's own failure where not even the words could be had. */
    renderBroken() {
      turnTo(main, "failed");
    },

    /** Says something to those who do not see it happen. */
    announce(text) {
      write(status, text);
    },
  };
}

function turnTo(main, screen) {
  if (main.dataset.screen === screen) return false;
  main.dataset.screen = screen;
  main.setAttribute("aria-busy", String(["opening", "loading", "refreshing"].includes(screen)));
  for (const element of main.querySelectorAll("[data-on]")) element.hidden = !element.dataset.on.split(" ").includes(screen);
  return true;
}

function renderScreen(main, { screen, subject, summary, failure }) {
  const fill = (name, text) => write(main.querySelector(`[data-fill="${name}"]`), text);
  const turned = turnTo(main, screen);
  fill("subject", subject);
  fill("summary", summary);
  if (!failure) return;
  main.dataset.code = failure.code;
  fill("failureTitle", failure.title);
  fill("failureText", failure.text);
  for (const button of main.querySelectorAll("[data-way]")) button.hidden = button.dataset.way !== failure.way;
  renderEvidence(main.querySelector(".failure"), failure);
  if (turned && screen === "failed") main.querySelector('[data-fill="failureTitle"]').focus();
}
