// Shows the page's screens and what stands around the list; part of the view.

import { renderEvidence, write, writeLines } from "./view_write.js";

const busy = ["opening", "loading", "refreshing"];

export function turnTo(main, screen) {
  if (main.dataset.screen === screen) return false;
  main.dataset.screen = screen;
  main.setAttribute("aria-busy", String(busy.includes(screen)));
  for (const element of main.querySelectorAll("[data-on]")) element.hidden = !element.dataset.on.split(" ").includes(screen);
  return true;
}

export function renderScreen(main, told) {
  const at = (name) => main.querySelector(`[data-fill="${name}"]`);
  const fill = (name, text) => write(at(name), text);
  const turned = turnTo(main, told.screen);
  for (const element of main.querySelectorAll('[data-only="search"]')) element.hidden ||= !told.canSearch;
  fill("subject", told.subject);
  fill("summary", told.summary);
  renderNotices(main, told.notices);
  renderSearch(main, told, turned);
  part(main, "filter").hidden = !told.filter.isShown;
  fill("found", told.filter.found);
  fill("nothingFound", told.nothingFound);
  fill("more", told.more);
  at("more").hidden = !told.more;
  renderSelection(main, told.selection);
  if (told.failure) renderFailure(main, told.failure, turned && told.screen === "failed");
}

const part = (main, name) => main.querySelector(`[data-part="${name}"]`);

function renderNotices(main, notices) {
  part(main, "notices").hidden = notices.length === 0;
  writeLines(main.querySelector('[data-fill="notices"]'), notices);
}

function renderSearch(main, { screen, search }, turned) {
  const field = main.querySelector("#search-number");
  write(main.querySelector('[data-fill="searchFault"]'), search.fault);
  field.setAttribute("aria-invalid", String(search.fault !== ""));
  if (screen === "search" && (turned || search.fault)) field.focus();
}

function renderSelection(main, selection) {
  main.dataset.pick = String(Boolean(selection));
  const all = main.querySelector("#select-all");
  all.checked = selection?.all === "all";
  all.indeterminate = selection?.all === "some";
  part(main, "selection").hidden = !selection?.text;
  write(main.querySelector('[data-fill="selected"]'), selection?.text ?? "");
  write(main.querySelector('.selection [data-fill="sums"]'), (selection?.sums ?? []).join(" · "));
}

function renderFailure(main, failure, isNews) {
  main.dataset.code = failure.code;
  const title = main.querySelector('[data-fill="failureTitle"]');
  write(title, failure.title);
  write(main.querySelector('[data-fill="failureText"]'), failure.text);
  for (const button of main.querySelectorAll("[data-way]")) button.hidden = button.dataset.way !== failure.way;
  renderEvidence(main.querySelector(".failure"), failure);
  if (isNews) title.focus();
}
