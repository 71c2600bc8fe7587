// Case 21: every amount is shown exactly, with no exception and no float.
import assert from "node:assert/strict";
import { test } from "node:test";
import { moneyText, sameSum, totals } from "../../www/money.js";

/** Intl separates with no-break spaces; a plain one reads better in a table. */
const shown = (...given) => moneyText(...given).replace(/[\u00a0\u202f]/g, " ");

const cases = [
  // sum, currency, language, shown
  ["68.12", "EUR", "en", "€68.12"],
  ["68.12", "EUR", "de", "68,12 €"],
  ["1000", "EUR", "ru", "1 000,00 €"],
  ["1000", "JPY", "en", "¥1,000 JPY"],
  ["1000.5", "JPY", "en", "¥1,000.5 JPY"],
  ["12.345", "KWD", "en", "KWD 12.345"],
  ["12.3", "KWD", "en", "KWD 12.300"],
  ["12.3456", "EUR", "en", "€12.3456"],
  ["0", "EUR", "en", "€0.00"],
  ["-12.5", "EUR", "en", "-€12.50"],
  ["59.97", "", "en", "59.97"],
  ["59.97", null, "en", "59.97"],
  ["59.9", undefined, "en", "59.90"],
  ["250", "RU", "ru", "250 RU"],
  ["250.5", "RU", "en", "250.50 RU"],
  ["250.5000", "RU", "en", "250.50 RU"],
  ["68.12", "eur", "en", "€68.12"],
  ["1000", "XQQ", "en", "XQQ 1,000.00"],
  // A sign that several currencies share stands with its code; one that says its country does not need it.
  ["68.12", "USD", "en", "$68.12 USD"],
  ["68.12", "CAD", "en", "CA$68.12"],
  ["68.12", "USD", "ru", "68,12 $ USD"],
  ["68.12", "usd", "en", "$68.12 USD"],
  ["68.12", "USD", "pt-BR", "US$ 68,12"],
  ["68.12", "USD", "fr", "68,12 $US"],
  ["68.12", "USD", "ar", "\u200f68.12 \u2066US$\u2069"],
  ["68.12", "CNY", "zh-Hans", "¥68.12 CNY"],
  ["1000", "RUB", "ru", "1 000,00 ₽"],
  ["1000", "KZT", "kk", "1 000,00 ₸"],
  ["1000", "UAH", "uk", "1 000,00 ₴"],
  ["1000", "INR", "hi", "₹1,000.00"],
  ["1000", "VND", "vi", "1.000 ₫"],
  ["1000", "TRY", "tr", "₺1.000,00"],
  ["1000", "KRW", "en", "₩1,000"],
  ["1000", "ILS", "en", "₪1,000.00"],
  ["1000", "THB", "th", "฿1,000.00"],
  ["1000", "PHP", "en", "₱1,000.00"],
  ["1000", "PLN", "pl", "1000,00 zł"],
  ["1000", "CNY", "en", "CN¥1,000.00"],
  ["1000", "CNY", "ja", "元 1,000.00"],
  ["1000", "JPY", "zh-Hans", "JP¥1,000"],
  ["68.12", "EUR", "ar", "\u200f68.12 €"],
  // More digits than a float can hold.
  ["123456789012345678.1234", "EUR", "en", "€123,456,789,012,345,678.1234"],
  ["0.1000", "EUR", "en", "€0.10"],
  ["10.0505", "EUR", "en", "€10.0505"],
  ["10.50500", "EUR", "en", "€10.505"],
  [" 12.5 ", " EUR ", "en", "€12.50"],
  ["1000", "EURO", "en", "1,000 EURO"],
  ["1000", "1EUR", "en", "1,000 1EUR"],
  // No decimal at all: shown as it came.
  ["n/a", "EUR", "en", "n/a EUR"],
  ["1e3", "EUR", "en", "1e3 EUR"],
  [null, "EUR", "en", "EUR"],
];

for (const [sum, currency, language, expected] of cases) {
  test(`${sum} ${currency} in ${language} is shown as ${expected}`, () => {
    assert.equal(shown(sum, currency, language), expected);
  });
}

test("amounts are compared as numbers of four places, not as text and not as floats", () => {
  assert.ok(sameSum("59.97", "59.9700"));
  assert.ok(sameSum("59.97", "59.969999999999995"));
  assert.ok(!sameSum("59.97", "59.9701"));
  assert.ok(!sameSum("9007199254740993", "9007199254740992"));
  assert.ok(sameSum("n/a", "n/a"));
  assert.ok(!sameSum("n/a", "1e3") && !sameSum("", "n/a"));
  assert.ok(!sameSum("n/a", "0"));
  assert.ok(sameSum("-0.00005", "-0.0001") && sameSum("0.00005", "0.0001"), "a five is rounded up");
  assert.ok(sameSum(" 10 ", "10"));
});

test("totals are exact and apart by currency", () => {
  const payments = [["0.1", "EUR"], ["10", "USD"], ["0.2", "EUR"], ["-0.05", "EUR"], ["n/a", "EUR"]];
  assert.deepEqual(totals(payments.map(([sum, currency]) => ({ sum, currency }))), [
    { currency: "EUR", sum: "0.25" },
    { currency: "USD", sum: "10" },
  ]);
  for (const sum of ["-0.05", "-12.5", "0", "100"]) assert.deepEqual(totals([{ sum, currency: "EUR" }]), [{ sum, currency: "EUR" }]);
});
