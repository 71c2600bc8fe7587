// Shows the dialog of many payments; part of the view.

import { fillButtons, turnDialog } from "./view_dialog.js";
import { filled, renderEvidence, write, writeLines, writeShape } from "./view_write.js";

export function renderBulk(dialog, told, rows, around) {
  if (told.state === "closed") rows.render([]);
  else fill(dialog, told, rows);
  turnDialog(dialog, told, around);
}

function fill(dialog, told, rows) {
  const at = filled(dialog);
  write(at("title"), told.title);
  writeShape(dialog.querySelector("h2 .shape"), told.shape);
  write(at("sums"), told.sums.join(" · "));
  const lines = at("lines");
  writeLines(lines, told.lines);
  // So much can have changed that it is scrolled, by the keyboard, too.
  if (told.state === "changed") lines.tabIndex = 0;
  else lines.removeAttribute("tabindex");
  fillProgress(at("progress"), told.progress);
  fillCounts(at("counts"), told.counts);
  dialog.querySelector(".scroll").hidden = told.rows.length === 0;
  rows.render(told.rows);
  renderEvidence(dialog, told);
  fillButtons(at("buttons"), told.buttons);
}

function fillProgress(element, progress) {
  element.hidden = !progress;
  if (!progress) return;
  const bar = element.querySelector("progress");
  bar.max = Math.max(1, progress.total);
  bar.value = progress.done;
  write(element.querySelector("#bulk-progress"), progress.text);
}

function fillCounts(list, counts) {
  list.replaceChildren(...counts.map(({ kind, shape, text }) => {
    const item = document.createElement("li");
    item.dataset.kind = kind;
    const mark = list.closest("dialog").querySelector("h2 .shape").cloneNode(true);
    writeShape(mark, shape);
    const words = document.createElement("span");
    write(words, text);
    item.append(mark, words);
    return item;
  }));
}

/** Fills in a row of the dialog. */
export function renderBulkRow({ element, cells }, row) {
  element.dataset.kind = row.kind;
  for (const name of ["number", "paySystem", "amount", "outcome", "note"]) write(cells[name], row[name]);
  writeShape(cells.shape, row.shape);
}
