// How a dialog opens, closes, moves the focus and shows its buttons; shared by the two dialogs of the view.
// Decides where a dialog stands, never what may be pressed.

import { write } from "./view_write.js";

/** Shows or hides a dialog for its new state. */
export function turnDialog(dialog, { state, buttons, progress }, around) {
  const before = dialog.dataset.state;
  dialog.dataset.state = state;
  if (state === "closed") {
    if (dialog.open) close(dialog, around);
    return;
  }
  if (!dialog.open) openWhileSeen(dialog, around);
  // While something is under way the focus stays at what was pressed, where that is still there; else it goes to the news.
  else if (before !== state && !((progress || buttons.some(({ look }) => look === "busy")) && hasFocus(dialog))) moveFocus(dialog, before, state);
}

const hasFocus = (dialog) => dialog.contains(dialog.getRootNode().activeElement);

function open(dialog, { status, pressed, home }) {
  // What lies outside of a modal dialog is not spoken, so the status region moves in; what it said is not said again.
  write(status, "");
  dialog.append(status);
  const isStill = !canBeScrolled(dialog.ownerDocument);
  dialog.classList.toggle("still", isStill);
  const window = dialog.ownerDocument.defaultView;
  // It gets its place before it opens: what opens is scrolled to. Until then it is laid out only to be measured.
  dialog.style.display = "block";
  // Near what was pressed: the frame can be higher than the screen, and its middle out of sight.
  // Where the page is high enough it need not become higher for it.
  const near = pressed?.isConnected ? pressed.getBoundingClientRect().top + window.scrollY - 96 : window.scrollY + 16;
  const lowest = home.getBoundingClientRect().bottom + window.scrollY - dialog.offsetHeight;
  dialog.style.insetBlockStart = isStill ? "" : `${Math.max(window.scrollY + 8, Math.round(Math.min(near, lowest)))}px`;
  dialog.style.display = "";
  waiting.delete(dialog);
  dialog.showModal();
  dialog.querySelector('[data-event="cancel"]')?.focus({ preventScroll: true });
  bringIntoSight(dialog);
}

/** Pages that have their own parts scrolled, as dashboards do, are not themselves: what goes on below the window would stay out of reach. */
function canBeScrolled({ documentElement, body }) {
  const overflow = [documentElement, body].map((part) => getComputedStyle(part).overflowY).find((value) => value !== "visible");
  return overflow !== "hidden" && overflow !== "clip";
}

/** Those that were closed because the element was hidden: the browser tells it late, maybe only when it is seen again. */
export const waiting = new WeakSet();

/** A modal dialog keeps the page around the element from every press, also where the element is hidden and nobody sees why: there it waits. */
export function openWhileSeen(dialog, around) {
  // What has a box: on paper the list has none, and an element whose `display` is `contents` has none of its own.
  const isSeen = [dialog.getRootNode().host, around.home].some((part) => part.checkVisibility({ visibilityProperty: true }));
  const isDue = dialog.dataset.state !== "closed" && isSeen;
  if (isDue && !dialog.open) open(dialog, around);
  if (isDue || !dialog.open) return;
  waiting.add(dialog);
  dialog.close();
}

/** Whole where it fits, else from its beginning on; how much is seen of the page only the browser knows. */
const bringIntoSight = (element) => element.scrollIntoView({ block: "nearest" });

/** Once a dialog has come to rest: a focus that lies out of sight, since the dialog is higher than what is seen of the page, goes to the heading. */
export function keepFocusInSight(dialog) {
  const root = dialog.getRootNode();
  const focused = root.activeElement;
  if (!dialog.contains(focused)) return;
  new IntersectionObserver(([{ intersectionRatio }], observer) => {
    observer.disconnect();
    if (intersectionRatio < 0.9 && root.activeElement === focused) dialog.querySelector("h2").focus();
  }).observe(focused);
}

function close(dialog, { status, pressed, home }) {
  dialog.close();
  write(status, "");
  home.after(status);
  const row = pressed?.closest("tr");
  const target = [pressed, row].find((element) => element?.isConnected && !element.disabled && element.checkVisibility()) ?? home.querySelector("h1");
  target.focus();
  // It may have had the focus already and so was not scrolled to; a button without its row says not what of.
  bringIntoSight(target.closest("tr") ?? target);
}

function moveFocus(dialog, before, state) {
  // Still at Cancel while the payment was read: the person is left in peace.
  if (before.toLowerCase().endsWith("reading") && state.toLowerCase().endsWith("asking") && hasFocus(dialog)) return bringIntoSight(dialog);
  dialog.querySelector("h2").focus();
}

/** A button keeps its element while its event stays on offer: the focus stays, too. */
export function fillButtons(element, buttons) {
  // Without a way out on offer Escape is none either; older browsers do not know this and are told by the view's `close`.
  element.closest("dialog").setAttribute("closedby", buttons.some(({ event }) => event === "cancel") ? "closerequest" : "none");
  const existing = new Map([...element.children].map((button) => [button.dataset.event, button]));
  // What goes, goes first: an element that is moved loses the focus.
  for (const [event, gone] of existing) if (!buttons.some((button) => button.event === event)) gone.remove();
  buttons.forEach(({ event, text, look }, at) => {
    const button = existing.get(event) ?? document.createElement("button");
    button.type = "button";
    button.dataset.event = event;
    button.className = look === "" ? "" : "main";
    // Not `disabled`: a disabled button would drop the focus and the second Enter would land elsewhere.
    button.setAttribute("aria-disabled", String(look === "busy"));
    button.setAttribute("aria-busy", String(look === "busy"));
    write(button, text);
    if (element.children[at] !== button) element.insertBefore(button, element.children[at] ?? null);
  });
}
