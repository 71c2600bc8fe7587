// Shows the dialog of one payment; part of the view.

import { fillButtons, turnDialog } from "./view_dialog.js";
import { filled, renderEvidence, write, writeLines, writeShape } from "./view_write.js";

export function renderConfirmation(dialog, told, around) {
  if (told.state !== "closed") {
    if (dialog.dataset.state === "closed") begin(dialog, told.draft);
    fill(dialog, told);
  }
  turnDialog(dialog, told, around);
}

function fill(dialog, told) {
  const at = filled(dialog);
  for (const name of ["title", "amount", "payment", "paySystem"]) write(at(name), told[name]);
  writeShape(dialog.querySelector("h2 .shape"), told.shape);
  writeLines(at("lines"), told.lines);
  fillFields(dialog, told);
  renderEvidence(dialog, told);
  fillButtons(at("buttons"), told.buttons);
}

function fillFields(dialog, { fields, faults }) {
  for (const element of dialog.querySelectorAll("[data-fields]")) element.hidden = element.dataset.fields !== fields;
  let first = null;
  for (const field of dialog.querySelectorAll("[data-detail]")) {
    const fault = faults[field.dataset.detail] ?? "";
    // Extensions of the browser put elements of theirs around a field and beside it.
    const told = dialog.querySelector(`#${field.getAttribute("aria-describedby")}.fault`);
    // Only a new fault takes the focus; showing the same one again does not.
    if (fault && told.textContent !== fault) first ??= field;
    if (told) write(told, fault);
    field.setAttribute("aria-invalid", String(fault !== ""));
  }
  if (!first) return;
  first.closest("details").open = true;
  first.focus();
}

/** What was typed for one payment is not kept for the next; what was typed for this one and not sent is seen at once. */
function begin(dialog, draft) {
  for (const field of dialog.querySelectorAll("[data-detail]")) field.value = draft[field.dataset.detail] ?? "";
  for (const details of dialog.querySelectorAll("details")) details.open = [...details.querySelectorAll("[data-detail]")].some(({ value }) => value);
}

/** What stands in the fields of a dialog, by name. */
export function typedIn(dialog) {
  return Object.fromEntries([...dialog.querySelectorAll("[data-detail]")].map((field) => [field.dataset.detail, field.value]));
}
