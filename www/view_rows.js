// Shows rows: of the list and of the dialog of many payments; part of the view.
// A row's element lives as long as its payment is in the list, so that the focus stays where it is.

import { write, writeShape } from "./view_write.js";

const shapes = { paid: "paid", unpaid: "unpaid", returned: "warning", doubtful: "doubt" };
/** What each row shows now, by its element: an unchanged row is not touched. */
const shown = new WeakMap();

/** So many new rows are made at once, more than are seen. The others follow, so that whoever types in the filter need not wait for them:
 *  when the typing rests, and by portions between which a letter is answered. */
const atOnce = 20;
const restMs = 200;
const portionMs = 30;

/** The rows of the list: `render` shows others, `finish` brings what is still to come, `end` gives it up. */
export function createRows(root) {
  const body = root.querySelector('#payments [data-fill="rows"]');
  const template = root.querySelector("#row");
  const table = body.closest("table");
  let rows = [];
  let following;
  let areAll = true;

  function bring(most, nextMs = portionMs) {
    clearTimeout(following);
    const existing = new Set(Array.from(body.children, ({ dataset }) => dataset.id));
    let made = 0;
    const end = rows.findIndex(({ id }) => !existing.has(String(id)) && (made += 1) > most);
    renderKeyed(body, template, end < 0 ? rows : rows.slice(0, end), renderRow);
    areAll = end < 0;
    table.setAttribute("aria-busy", String(!areAll));
    if (!areAll) following = setTimeout(bring, nextMs, atOnce);
  }

  return {
    render(told) {
      rows = told;
      bring(atOnce, restMs);
    },
    areAll: () => areAll,
    finish: () => bring(Infinity),
    end: () => clearTimeout(following),
  };
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
