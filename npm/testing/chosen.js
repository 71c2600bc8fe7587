// The rows of a list that `filter` asks for, as `order` asks for them. Over HTTP values are text, and a list has its places for names.

import { Refusal } from "./refusal.js";

const isOne = (ways) => ways.includes(0);
const isNone = (ways) => !isOne(ways);

// Each prefix, and whether a value passes by how it compares with each of those that are named.
const TESTS = {
  "!=": isNone,
  "!@": isNone,
  ">=": (ways) => ways.some((way) => way >= 0),
  "<=": (ways) => ways.some((way) => way <= 0),
  "=": isOne,
  "@": isOne,
  "!": isNone,
  ">": (ways) => ways.includes(1),
  "<": (ways) => ways.includes(-1),
  "": isOne,
};

export const chosen = (rows, filter, order) => {
  let those = rows;
  for (const [name, wanted] of Object.entries(filter ?? {})) {
    const prefix = Object.keys(TESTS).find((one) => name.startsWith(one));
    const field = known(name.slice(prefix.length), rows);
    const values = typeof wanted === "object" && wanted !== null ? Object.values(wanted) : [wanted];
    those = those.filter((row) => TESTS[prefix](values.map((value) => compared(row[field], value))));
  }
  for (const [name, direction] of Object.entries(order ?? {}).reverse()) {
    const field = known(name, rows);
    const sign = String(direction).toLowerCase() === "desc" ? -1 : 1;
    those = [...those].sort((one, other) => sign * compared(one[field], other[field]));
  }
  return those;
};

// A misspelt field would find nothing, or everything.
function known(field, rows) {
  if (rows.length && !Object.hasOwn(rows[0], field)) throw new Refusal("0", `Unknown field definition \`${field}\``);
  return field;
}

const isNumber = (value) => String(value ?? "").trim() !== "" && !Number.isNaN(Number(value));

// -1, 0 or 1: numbers by size where both are numbers, everything else as text.
function compared(one, other) {
  const [left, right] = [one, other].map((value) => (isNumber(one) && isNumber(other) ? Number(value) : String(value ?? "")));
  if (left === right) return 0;
  return left < right ? -1 : 1;
}
