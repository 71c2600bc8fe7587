// Shows rows: of the list and of the dialog of many payments; part of the view.
// A row's element lives as long as its payment is in the list, so that the focus stays where it is.

import { afterPicture } from "./view_picture.js";
import { write, writeAttribute, writeShape } from "./view_write.js";

const shapes = { paid: "paid", unpaid: "unpaid", returned: "warning", doubtful: "doubt" };

/** Rows come by portions, a picture each, between which a press is answered; those out of sight when the typing in the filter rests. */
const portion = 12;
const restMs = 200;

/**
 * The rows of a table: `render` shows others, `finish` brings what is still to come, `end` gives it up.
 * What a press changes beside the list is seen first, then the rows. A row that is told again as the same object is not touched.
 * What lies below the first rows is laid out when it is looked at.
 * @param {{ table: HTMLTableElement, template: HTMLTemplateElement, renderOne: (line: object, row: object) => void, atOnce: number,
 *   handOn: (focused: Element | null) => void }} given `renderOne`: gets the element of a row and its cells by name; `atOnce`: a few more
 *   rows than are seen; `handOn`: gets what had the focus before rows were moved and taken out
 */
export function createRows({ table, template, renderOne, atOnce, handOn }) {
  const [body] = table.tBodies;
  /** What stands there, by id: the element, its cells, and the row that it shows. */
  const standing = new Map();
  /** What stood there, by row, which is told as the same object when a filter lets it in again. */
  const stood = new WeakMap();
  let rows = [];
  let giveUp = () => {};
  let areAll = true;

  function tellWhether(all) {
    areAll = all;
    writeAttribute(table, "aria-busy", !all);
  }

  function bring(most, unseenAfterMs = 0) {
    giveUp();
    const focused = table.getRootNode().activeElement;
    clear();
    let left = most;
    let missing = 0;
    let isDue = false; // of those in sight some are still to come
    let place = body.firstElementChild;
    rows.forEach((row, at) => {
      let line = standing.get(row.id);
      if (line?.row !== row && --left >= 0) {
        line ??= stood.get(row) ?? made(row.id);
        standing.set(row.id, line);
        line.row = row;
        renderOne(line, row);
      }
      if (line?.row !== row && at < atOnce) isDue = true;
      if (!line) {
        missing += 1;
        return;
      }
      line.element.classList.toggle("below", at >= atOnce);
      if (line.element === place) place = place.nextElementSibling;
      else body.insertBefore(line.element, place);
    });
    handOn(focused);
    tellWhether(missing === 0);
    const restsFirst = missing > 0 && !isDue;
    if (left < 0) giveUp = afterPicture(() => bring(portion, restsFirst ? 0 : unseenAfterMs), restsFirst ? unseenAfterMs : 0);
  }

  function made(id) {
    const element = template.content.firstElementChild.cloneNode(true);
    element.dataset.id = String(id);
    return { element, cells: Object.fromEntries([...element.querySelectorAll("[data-cell]")].map((cell) => [cell.dataset.cell, cell])) };
  }

  function clear() {
    const wanted = new Set(rows.map(({ id }) => id));
    for (const [id, line] of standing) {
      if (wanted.has(id)) continue;
      stood.set(line.row, line);
      standing.delete(id);
      if (wanted.size) line.element.remove();
    }
    if (!wanted.size) body.replaceChildren();
  }

  return {
    render(told) {
      rows = told;
      giveUp();
      if (standing.size === 0) return bring(portion);
      if (rows.length !== standing.size || !rows.every(({ id }) => standing.has(id))) tellWhether(false);
      giveUp = afterPicture(this.next);
    },
    /** Others are to be told. */
    expect: () => tellWhether(false),
    /** The next portion, without waiting for a picture. */
    next: () => bring(portion, restMs),
    areAll: () => areAll,
    finish: () => bring(Infinity),
    end: () => giveUp(),
  };
}

/** Fills in a row of the list. */
export function renderRow({ element, cells }, row) {
  const { action, select, shape } = cells;
  element.dataset.state = row.state;
  for (const name of ["number", "order", "paySystem", "amount", "stateText", "stateNote"]) write(cells[name], row[name]);
  writeShape(shape, shapes[row.state]);
  writeAttribute(action, "data-event", row.action.event);
  writeAttribute(action, "data-id", row.id);
  action.classList.toggle("quiet", row.action.event === "openUndo");
  writeAttribute(action, "aria-label", row.action.label);
  write(action, row.action.text);
  select.parentElement.hidden = !row.select;
  if (!row.select) return;
  writeAttribute(select, "data-select", row.id);
  select.checked = row.select.isOn;
  writeAttribute(select, "aria-label", row.select.label);
}
