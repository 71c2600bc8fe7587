// Amounts as the portal keeps them, decimal text, shown exactly and added up without a float.
// Knows nothing of payments, of words or of the page.

import { remembered } from "./remembered.js";

const decimal = /^(-?)(\d+)(?:\.(\d+))?$/;
/** Places that the portal keeps, and in which amounts are compared. */
const places = 4;

/** Signs that stand for one currency only; any other sign gets the ISO code beside it. */
const unmistakable = new Set(["€", "₽", "₴", "₸", "₹", "₫", "₺", "₩", "₪", "฿", "₱", "zł", "CN¥", "JP¥", "元"]);
const dollarWithCountry = /^([A-Z]{1,2}\$|\$[A-Z]{1,2})$/;

/** The amount with its currency, exact: `"12.345", "KWD"` is never rounded, an unknown code such as `RU` follows the number. */
export function moneyText(sum, currency, locale) {
  const code = String(currency ?? "").trim();
  const exact = parts(sum);
  if (!exact) return [sum, code].filter(Boolean).join(" ");
  if (/^[a-z]{3}$/i.test(code)) return withSign(exact, code.toUpperCase(), locale);
  const digits = exact.fraction.length === 1 ? 2 : exact.fraction.length;
  const number = formatter(locale, { minimumFractionDigits: digits }).format(exact.text);
  return code ? `${number}\u00a0${code}` : number;
}

function withSign(exact, currency, locale) {
  const { usual, sign } = known(signs, locale, { style: "currency", currency }, signOf);
  const most = { maximumFractionDigits: Math.max(usual, exact.fraction.length) };
  // `Intl` formats decimal text exactly; passing a number would round it to a float first.
  const text = formatter(locale, { style: "currency", currency, ...most }).format(exact.text);
  const isClear = sign.includes(currency) || unmistakable.has(sign) || dollarWithCountry.test(sign);
  return isClear ? inOrder(text, sign) : `${inOrder(text, sign)}\u00a0${currency}`;
}

/** Written from right to left, `US$` would turn into `$US`; kept apart, its letters and signs stay in their order. */
function inOrder(text, sign) {
  return text.includes("\u200f") && /[A-Z]/.test(sign) ? text.replace(sign, () => `\u2066${sign}\u2069`) : text;
}

/** Making a formatter, or asking one about itself, takes longer than many uses of it, and a list has a thousand amounts. */
const formatters = new Map();
const signs = new Map();

function formatter(locale, options) {
  return known(formatters, locale, options, (...how) => new Intl.NumberFormat(...how));
}

/** How many digits a currency usually has, and its sign. */
function signOf(locale, options) {
  const own = formatter(locale, options);
  return { usual: own.resolvedOptions().maximumFractionDigits, sign: own.formatToParts(0).find(({ type }) => type === "currency").value };
}

function known(all, locale, options, make) {
  const key = JSON.stringify([locale, options]);
  if (!all.has(key)) all.set(key, make(locale, options));
  return all.get(key);
}

/** The digits of an amount without needless zeros, or null where the text is no decimal. */
function parts(sum) {
  const match = decimal.exec(String(sum).trim());
  if (!match) return null;
  const [, minus, whole, given = ""] = match;
  const fraction = given.replace(/0+$/, "");
  return { fraction, text: minus + whole + (fraction && `.${fraction}`) };
}

/** Whether two amounts are the same number at the portal's four places: `"59.97"` and `"59.9700"` are. */
export function sameSum(one, other) {
  const [left, right] = [units(one), units(other)];
  return left === null ? one === other : left === right;
}

/** What the payments add up to, one exact total a currency, in the order in which the currencies first appear. */
export function totals(payments) {
  const sums = new Map();
  for (const payment of payments) {
    const amount = unitsOf(payment);
    const { currency } = payment;
    if (amount !== null) sums.set(currency, (sums.get(currency) ?? 0n) + amount);
  }
  return [...sums].map(([currency, amount]) => ({ currency, sum: fromUnits(amount) }));
}

const unitsOf = remembered(({ sum }) => units(sum));

/** The amount in ten-thousandths, rounded half away from zero as the portal rounds. */
function units(sum) {
  const match = decimal.exec(String(sum).trim());
  if (!match) return null;
  const [, minus, whole, fraction = ""] = match;
  const kept = BigInt(whole + fraction.slice(0, places).padEnd(places, "0"));
  const rounded = kept + (fraction.charAt(places) >= "5" ? 1n : 0n);
  return minus ? -rounded : rounded;
}

function fromUnits(amount) {
  const digits = String(amount < 0n ? -amount : amount).padStart(places + 1, "0");
  const fraction = digits.slice(-places).replace(/0+$/, "");
  return (amount < 0n ? "-" : "") + digits.slice(0, -places) + (fraction && `.${fraction}`);
}
