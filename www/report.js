// The outcome of many payments as a file for a spreadsheet: what each row says, and a text that no spreadsheet runs.
// Pure; saving it is the view's.

import { reordering } from "./words.js";

/** Excel takes a file for UTF-8 only with this mark. */
const byteOrderMark = "\ufeff";

/**
 * A table as CSV. Texts that a spreadsheet would take for a formula or a date, such as the payment 2345/1, get an apostrophe before them;
 * the separator is a semicolon where the decimal sign is a comma, as spreadsheets there expect.
 * @param {(string | { decimal: string })[][]} rows
 */
export function csv(rows, language) {
  const decimalSign = new Intl.NumberFormat(language).formatToParts(1.5).find((part) => part.type === "decimal").value;
  const comma = decimalSign === ",";
  const separator = comma ? ";" : ",";
  const line = (cells) => cells.map((cell) => (typeof cell === "string" ? quoted(harmless(cell)) : decimal(cell.decimal, comma))).join(separator);
  return `${byteOrderMark}${rows.map(line).join("\r\n")}\r\n`;
}

/** A cell that a spreadsheet would run begins so; with another separator than ours, cells begin in the middle of a text, too. */
const formula = /^(?=\s*[\t\r])|(^|[;,|\t\r\n])(?=[^\S\t\r\n]*[=+\-@\uff1d\uff0b\uff0d\uff20])/g;
const date = /^(?=(\d\d?|\d{4})([/-]\d+){1,2}$)/;

function harmless(text) {
  return text.replace(reordering, "").replace(formula, "$1'").replace(date, "'");
}

function quoted(text) {
  return `"${text.replaceAll('"', '""')}"`;
}

/** An amount stays a number, minus included; anything that is none is treated as text. */
function decimal(text, comma) {
  if (!/^-?\d+(\.\d+)?$/.test(text)) return quoted(harmless(text));
  return comma ? text.replace(".", ",") : text;
}
