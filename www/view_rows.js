// Shows rows: of the list and of the dialog of many payments; part of the view.
// A row's element lives as long as its payment is in the list, so that the focus stays where it is.

import { write, writeShape } from "./view_write.js";

const shapes = { paid: "paid", unpaid: "unpaid", returned: "warning", doubtful: "doubt" };
/** What each row shows now, by its element: an unchanged row is not touched. */
const shown = new WeakMap();

export function renderRows(root, rows) {
  renderKeyed(root.querySelector('#payments [data-fill="rows"]'), root.querySelector("#row"), rows, renderRow);
}

/** Brings the rows of a table body in line with what is told, touching only those that differ. */
export function renderKeyed(body, template, rows, renderOne) {
  const existing = new Map([...body.children].map((element) => [element.dataset.id, element]));
  const wanted = new Set(rows.map((row) => String(row.id)));
  for (const [id, element] of existing) if (!wanted.has(id)) element.remove();
  rows.forEach((row, at) => {
    const id = String(row.id);
    const element = existing.get(id) ?? template.content.firstElementChild.cloneNode(true);
    if (body.children[at] !== element) body.insertBefore(element, body.children[at] ?? null);
    const now = JSON.stringify(row);
    if (shown.get(element) === now) return;
    shown.set(element, now);
    element.dataset.id = id;
    renderOne(element, row);
  });
}

function renderRow(element, row) {
  element.dataset.state = row.state;
  const cell = (name) => element.querySelector(`[data-cell="${name}"]`);
  for (const name of ["number", "order", "paySystem", "amount", "stateNote"]) write(cell(name), row[name]);
  write(cell("state"), row.stateText);
  writeShape(element.querySelector(".shape"), shapes[row.state]);
  const button = cell("action");
  button.dataset.event = row.action.event;
  button.dataset.id = String(row.id);
  button.classList.toggle("quiet", row.action.event === "openUndo");
  button.setAttribute("aria-label", row.action.label);
  write(button, row.action.text);
  const box = element.querySelector("[data-select]");
  box.closest("label").hidden = !row.select;
  if (!row.select) return;
  box.dataset.select = String(row.id);
  box.checked = row.select.isOn;
  box.setAttribute("aria-label", row.select.label);
}
