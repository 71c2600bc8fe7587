// Shows rows: of the list and of the dialog of many payments; part of the view.
// A row's element lives as long as its payment is in the list, so that the focus stays where it is.

import { write, writeShape } from "./view_write.js";

const shapes = { paid: "paid", unpaid: "unpaid", returned: "warning", doubtful: "doubt" };

/** What a press changes beside the list is seen first: rows that stand there change in the next picture. */
const pictureMs = 30;
/** Rows that are not seen at once follow by portions, between which a press is answered: new ones when the typing in the filter rests. */
const portionMs = 30;
const restMs = 200;

/**
 * The rows of a table: `render` shows others, `finish` brings what is still to come, `end` gives it up.
 * A row that is told again as the same object is not touched. What lies below the first rows is laid out when it is looked at.
 * @param {{ table: HTMLTableElement, template: HTMLTemplateElement, renderOne: (element: Element, row: object) => void, atOnce: number }} given
 *   `atOnce`: a few more rows than are seen
 */
export function createRows({ table, template, renderOne, atOnce }) {
  const [body] = table.tBodies;
  /** What stands there, by id: the element, and the row that it shows. */
  const standing = new Map();
  let rows = [];
  let following;
  let areAll = true;

  function tellWhether(all) {
    areAll = all;
    table.setAttribute("aria-busy", String(!all));
  }

  function bring(most, nextMs = portionMs) {
    clearTimeout(following);
    clear();
    let left = most;
    let missing = 0;
    let place = body.firstElementChild;
    rows.forEach((row, at) => {
      let line = standing.get(row.id);
      if (line?.row !== row && --left >= 0) {
        line ??= made(row.id);
        line.row = row;
        renderOne(line.element, row);
      }
      if (!line) {
        missing += 1;
        return;
      }
      line.element.classList.toggle("below", at >= atOnce);
      if (line.element === place) place = place.nextElementSibling;
      else body.insertBefore(line.element, place);
    });
    tellWhether(missing === 0);
    if (left < 0) following = setTimeout(bring, missing ? nextMs : portionMs, atOnce);
  }

  function made(id) {
    const line = { element: template.content.firstElementChild.cloneNode(true) };
    line.element.dataset.id = String(id);
    standing.set(id, line);
    return line;
  }

  function clear() {
    if (rows.length === 0) {
      body.replaceChildren();
      standing.clear();
    }
    const wanted = new Set(rows.map(({ id }) => id));
    for (const [id, { element }] of standing) {
      if (wanted.has(id)) continue;
      element.remove();
      standing.delete(id);
    }
  }

  return {
    render(told) {
      rows = told;
      if (standing.size === 0) return bring(atOnce);
      if (rows.length !== standing.size || !rows.every(({ id }) => standing.has(id))) tellWhether(false);
      clearTimeout(following);
      following = setTimeout(bring, pictureMs, atOnce, restMs);
    },
    areAll: () => areAll,
    finish: () => bring(Infinity),
    end: () => clearTimeout(following),
  };
}

/** Fills in a row of the list. */
export function renderRow(element, row) {
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
