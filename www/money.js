// Amounts as the portal keeps them, decimal text, shown exactly and added up without a float.
// Knows nothing of payments, of words or of the page.

const decimal = /^(-?)(\d+)(?:\.(\d+))?$/;
/** Places that the portal keeps, and in which amounts are compared. */
const places = 4;

/** Signs that stand for one currency only; any other sign gets the ISO code beside it. */
const unmistakable = new Set(["€", "₽", "₴", "₸", "₹", "₫", "₺", "₩", "₪", "฿", "₱", "₦", "₾", "₼", "֏", "zł", "CN¥", "JP¥", "元"]);
const dollarWithCountry = /^([A-Z]{1,2}\$|\$[A-Z]{1,2})$/;

/** The amount with its currency, exact: `"12.345", "KWD"` is never rounded, an unknown code such as `RU` follows the number. */
export function moneyText(sum, currency, locale) {
  const code = String(currency ?? "").trim();
  const exact = parts(sum);
  if (!exact) return [String(sum ?? ""), code].filter(Boolean).join(" ");
  if (/^[a-z]{3}$/i.test(code)) return withSign(exact, code.toUpperCase(), locale);
  const digits = exact.fraction.length === 1 ? 2 : exact.fraction.length;
  const number = formatter(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits }).format(exact.text);
  return code ? `${number}\u00a0${code}` : number;
}

function withSign(exact, currency, locale) {
  const style = { style: "currency", currency };
  const usual = formatter(locale, style).resolvedOptions().maximumFractionDigits;
  const digits = { minimumFractionDigits: usual, maximumFractionDigits: Math.max(usual, exact.fraction.length) };
  const exactly = formatter(locale, { ...style, ...digits });
  // `Intl` formats decimal text exactly; passing a number would round it to a float first.
  const parts = exactly.formatToParts(exact.text);
  const sign = parts.find((part) => part.type === "currency")?.value ?? "";
  const text = parts.map(({ type, value }) => (type === "currency" ? inOrder(value, parts) : value)).join("");
  const clear = sign.includes(currency) || unmistakable.has(sign) || dollarWithCountry.test(sign);
  return clear ? text : `${text}\u00a0${currency}`;
}

/** Written from right to left, `US$` would turn into `$US`; kept apart, its letters and signs stay in their order. */
function inOrder(sign, parts) {
  const isRightToLeft = parts.some(({ value }) => value.includes("\u200f"));
  return isRightToLeft && /[A-Z]/.test(sign) ? `\u2066${sign}\u2069` : sign;
}

/** Making a formatter takes longer than a thousand uses of it, and a list has a thousand amounts. */
const formatters = new Map();

function formatter(locale, options) {
  const key = JSON.stringify([locale, options]);
  if (!formatters.has(key)) formatters.set(key, new Intl.NumberFormat(locale, options));
  return formatters.get(key);
}

/** The digits of an amount without needless zeros, or null where the text is no decimal. */
function parts(sum) {
  const match = decimal.exec(String(sum ?? "").trim());
  if (!match) return null;
  const [, minus, whole, given = ""] = match;
  const fraction = given.replace(/0+$/, "");
  return { fraction, text: minus + whole + (fraction && `.${fraction}`) };
}

/** Whether two amounts are the same number at the portal's four places: `"59.97"` and `"59.9700"` are. */
export function sameSum(one, other) {
  const [left, right] = [units(one), units(other)];
  return left === null || right === null ? String(one) === String(other) : left === right;
}

/** What the payments add up to, one exact total a currency, in the order in which the currencies first appear. */
export function totals(payments) {
  const sums = new Map();
  for (const { sum, currency } of payments) {
    const amount = units(sum);
    if (amount !== null) sums.set(currency, (sums.get(currency) ?? 0n) + amount);
  }
  return [...sums].map(([currency, amount]) => ({ currency, sum: fromUnits(amount) }));
}

/** The amount in ten-thousandths, rounded half away from zero as the portal rounds. */
function units(sum) {
  const match = decimal.exec(String(sum ?? "").trim());
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
