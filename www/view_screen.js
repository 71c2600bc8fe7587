// Shows the page's screens and what stands around the list; part of the view.

import { filled, renderEvidence, write, writeAttribute, writeLines } from "./view_write.js";

const busy = ["opening", "loading", "refreshing"];

export function turnTo(page, screen) {
  if (page.dataset.screen === screen) return false;
  page.dataset.screen = screen;
  page.setAttribute("aria-busy", String(busy.includes(screen)));
  for (const element of page.querySelectorAll("[data-on]")) element.hidden = !element.dataset.on.split(" ").includes(screen);
  return true;
}

export function renderScreen(page, told) {
  const at = filled(page);
  const fill = (name, text) => write(at(name), text);
  const turned = turnTo(page, told.screen);
  for (const element of page.querySelectorAll('[data-only="search"]')) element.hidden ||= !told.canSearch;
  fill("subject", told.subject);
  fill("summary", told.summary);
  renderNotices(page, told.notices);
  renderSearch(page, told, turned);
  part(page, "filter").hidden = !told.filter.isShown;
  fill("found", told.filter.found);
  fill("nothingFound", told.nothingFound);
  fill("more", told.more);
  at("more").hidden = !told.more;
  renderSelection(page, told.selection);
  if (told.failure) renderFailure(page, told.failure, turned && told.screen === "failed");
}

const part = (page, name) => page.querySelector(`[data-part="${name}"]`);

function renderNotices(page, notices) {
  part(page, "notices").hidden = notices.length === 0;
  writeLines(page.querySelector('[data-fill="notices"]'), notices);
}

function renderSearch(page, { screen, search }, turned) {
  const field = page.querySelector("#search-number");
  write(page.querySelector('[data-fill="searchFault"]'), search.fault);
  page.querySelector('[data-event="back"]').hidden = !search.canGoBack;
  field.setAttribute("aria-invalid", String(search.fault !== ""));
  if (screen === "search" && (turned || search.fault)) field.focus();
}

function renderSelection(page, selection) {
  page.dataset.pick = String(Boolean(selection));
  const all = page.querySelector("#select-all");
  all.checked = selection?.all === "all";
  all.indeterminate = selection?.all === "some";
  // It has its place before anything is selected: no row moves under the pointer that has just selected one.
  part(page, "selection").hidden = !selection;
  for (const button of page.querySelectorAll(".selection button")) button.disabled = selection?.isEmpty;
  write(page.querySelector('[data-fill="selected"]'), selection?.text ?? "");
  // A number may stand before them, and they may begin with a group of digits.
  const listed = (texts) => texts.map((text) => `· ${text}`).join(" ");
  write(page.querySelector('.selection [data-fill="sums"]'), listed(selection?.sums ?? []));
  // Nor does one that is added up below it.
  writeAttribute(page.querySelector(".room"), "data-room", listed(selection?.room ?? []));
}

function renderFailure(page, failure, isNews) {
  page.dataset.code = failure.code;
  const title = page.querySelector('[data-fill="failureTitle"]');
  write(title, failure.title);
  write(page.querySelector('[data-fill="failureText"]'), failure.text);
  for (const button of page.querySelectorAll("[data-way]")) {
    const at = failure.ways.indexOf(button.dataset.way);
    button.hidden = at < 0;
    button.classList.toggle("main", at === 0);
  }
  renderEvidence(page.querySelector(".failure"), failure);
  if (isNews) title.focus();
}
