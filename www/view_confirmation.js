// Shows the dialog in which one payment is confirmed; part of the view.
// Decides where the dialog stands and where the focus goes, never what may be pressed.

import { renderEvidence, write, writeShape } from "./view_write.js";

/** States whose news the focus goes to; in the others it stays at the button that was pressed. */
const busy = new Set(["reading", "paying", "marking", "verifying", "checking"]);

export function renderConfirmation(dialog, told, { status, pressed, scrollTop, home }) {
  const before = dialog.dataset.state;
  dialog.dataset.state = told.state;
  if (told.state === "closed") return close(dialog, before, { status, pressed, home });
  fill(dialog, told);
  if (!dialog.open) open(dialog, { status, pressed, scrollTop, home });
  else if (before !== told.state) moveFocus(dialog, before, told.state);
}

function fill(dialog, told) {
  const at = (name) => dialog.querySelector(`[data-fill="${name}"]`);
  for (const name of ["title", "amount", "payment", "paySystem"]) write(at(name), told[name]);
  writeShape(dialog.querySelector("h2 .shape"), told.shape);
  fillLines(at("lines"), told.lines);
  renderEvidence(dialog, told);
  fillButtons(at("buttons"), told.buttons);
}

function fillLines(element, lines) {
  lines.forEach((line, at) => write(element.children[at] ?? element.appendChild(document.createElement("p")), line));
  while (element.children.length > lines.length) element.lastElementChild.remove();
}

/** A button keeps its element while its event stays on offer: the focus stays, too. */
function fillButtons(element, buttons) {
  const existing = new Map([...element.children].map((button) => [button.dataset.event, button]));
  for (const { event, text, look } of buttons) {
    const button = existing.get(event) ?? document.createElement("button");
    existing.delete(event);
    button.type = "button";
    button.dataset.event = event;
    button.className = look === "" ? "" : "main";
    // Not `disabled`: a disabled button would drop the focus and the second Enter would land elsewhere.
    button.setAttribute("aria-disabled", String(look === "busy"));
    button.setAttribute("aria-busy", String(look === "busy"));
    write(button, text);
    element.append(...(button.parentElement === element ? [] : [button]));
  }
  for (const gone of existing.values()) gone.remove();
  buttons.forEach(({ event }, at) => {
    const button = element.querySelector(`[data-event="${event}"]`);
    if (element.children[at] !== button) element.insertBefore(button, element.children[at]);
  });
}

function open(dialog, { status, pressed, scrollTop, home }) {
  // What lies outside of a modal dialog is not spoken, so the status region moves in.
  dialog.append(status);
  dialog.showModal();
  // Near what was pressed: the frame can be higher than the screen, and its middle out of sight.
  // Where the page is high enough it need not become higher for it.
  const near = pressed?.isConnected ? pressed.getBoundingClientRect().top + scrollTop - 96 : scrollTop + 16;
  const lowest = home.getBoundingClientRect().bottom + scrollTop - dialog.offsetHeight;
  dialog.style.insetBlockStart = `${Math.max(scrollTop + 8, Math.round(Math.min(near, lowest)))}px`;
  dialog.querySelector('[data-event="cancel"]')?.focus({ preventScroll: true });
}

function close(dialog, before, { status, pressed, home }) {
  if (!dialog.open) return;
  dialog.close();
  home.after(status);
  if (before === "closed") return;
  const row = pressed?.closest("[data-id][role=row]");
  const target = pressed?.isConnected && !pressed.hidden ? pressed : row?.isConnected ? row : home.querySelector("h1");
  target.focus();
}

function moveFocus(dialog, before, state) {
  if (busy.has(state)) return;
  const focused = dialog.getRootNode().activeElement;
  // Still at Cancel or at a field while the payment was read: the person is left in peace.
  if (before === "reading" && state === "asking" && dialog.contains(focused)) return;
  dialog.querySelector("h2").focus();
}
