// Shows the rows of the list; part of the view.
// A row's element lives as long as its payment is in the list, so that the focus stays where it is.

import { write, writeShape } from "./view_write.js";

const shapes = { paid: "paid", unpaid: "unpaid", returned: "warning", doubtful: "doubt" };
/** What each row shows now, by its element: an unchanged row is not touched. */
const shown = new WeakMap();

export function renderRows(root, rows) {
  const body = root.querySelector('[data-fill="rows"]');
  const template = root.querySelector("#row").content.firstElementChild;
  const existing = new Map([...body.children].map((element) => [element.dataset.id, element]));
  let previous = null;
  for (const row of rows) {
    const id = String(row.id);
    const element = existing.get(id) ?? template.cloneNode(true);
    existing.delete(id);
    element.dataset.id = id;
    renderRow(element, row);
    const place = previous ? previous.nextElementSibling : body.firstElementChild;
    if (place !== element) body.insertBefore(element, place);
    previous = element;
  }
  for (const gone of existing.values()) gone.remove();
}

function renderRow(element, row) {
  const now = JSON.stringify(row);
  if (shown.get(element) === now) return;
  shown.set(element, now);
  element.dataset.state = row.state;
  const cell = (name) => element.querySelector(`[data-cell="${name}"]`);
  for (const name of ["number", "order", "paySystem", "amount", "stateNote"]) write(cell(name), row[name]);
  write(cell("state"), row.stateText);
  writeShape(element.querySelector(".shape"), shapes[row.state]);
  const button = cell("action");
  button.hidden = !row.action;
  if (!row.action) return;
  button.dataset.event = row.action.event;
  button.dataset.id = String(row.id);
  button.setAttribute("aria-label", row.action.label);
  write(button, row.action.text);
}
