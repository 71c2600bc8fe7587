// The languages: which file a portal's code means, and that every file says everything, with its own plurals.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { languages } from "../../www/languages.js";
import { languageOf } from "../../www/language.js";
import { directionOf, readWords, speaker } from "../../www/words.js";

const www = new URL("../../www/", import.meta.url);
const inFolder = (folder) => readdirSync(new URL(folder, www)).map((name) => name.replace(".json", ""));
const reading = (folder) => (language) => JSON.parse(readFileSync(new URL(`${folder}${language}.json`, www)));
const files = inFolder("words/");
const read = reading("words/");
const english = read("en");
const placeholders = (pattern) => [...pattern.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort();

const codes = [
  ["ru", "ru"], ["en", "en"], ["de", "de"], ["la", "es-419"], ["fr", "fr"], ["it", "it"], ["pl", "pl"], ["br", "pt-BR"], ["vn", "vi"], ["tr", "tr"],
  ["kz", "kk"], ["ua", "uk"], ["ar", "ar"], ["th", "th"], ["sc", "zh-Hans"], ["tc", "zh-Hant"], ["ja", "ja"], ["id", "id"], ["ms", "ms"], ["in", "hi"],
];
for (const [code, language] of codes) {
  test(`the portal's ${code} is ${language}`, () => assert.equal(languageOf(code), language));
}

for (const folder of ["words/", "install/words/"]) {
  test(`every language of the portal has its file in ${folder}, and no other is there`, () => {
    assert.deepEqual(inFolder(folder).sort(), codes.map(([, language]) => language).sort());
  });
}

test("the languages that the element can load are those of the portal", () => {
  assert.deepEqual(languages, [...languages].sort());
  assert.deepEqual(languages, codes.map(([, language]) => language).sort());
});

test("without a portal the browser's languages are taken in their order, else English", () => {
  assert.equal(languageOf("", ["ru-RU", "en"]), "ru");
  assert.equal(languageOf("", ["en-GB", "ru"]), "en");
  assert.equal(languageOf(null, ["de"]), "de", "an address says none");
  assert.equal(languageOf("", ["sv", "pt-PT"]), "pt-BR");
  assert.equal(languageOf("", ["es-ES"]), "es-419");
  assert.equal(languageOf("", ["zh-TW"]), "zh-Hant");
  assert.equal(languageOf("", ["zh-CN"]), "zh-Hans");
  assert.equal(languageOf("", ["not a tag", "sv"]), "en");
  assert.equal(languageOf(undefined), "en");
  assert.equal(languageOf("xx", ["ru"]), "en");
  assert.equal(languageOf("UA"), "uk");
});

test("what a browser takes long to look up is asked only for Chinese", (t) => {
  const asked = t.mock.method(Intl.Locale.prototype, "maximize");
  for (const tag of ["de-AT", "es", "pt-PT", "sr", "in", "kk-Cyrl-KZ"]) languageOf("", [tag]);
  assert.equal(asked.mock.callCount(), 0);
  assert.equal(languageOf("", ["zh-HK"]), "zh-Hant");
  assert.equal(languageOf("", ["zh"]), "zh-Hans");
  assert.equal(languageOf("", ["zh-Hant-CN"]), "zh-Hant");
  assert.equal(languageOf("", ["in-ID"]), "id");
  assert.equal(asked.mock.callCount(), 3);
});

test("only Arabic is written from right to left", () => {
  for (const language of files) assert.equal(directionOf(language), language === "ar" ? "rtl" : "ltr", language);
});

for (const [folder, language] of ["words/", "install/words/"].flatMap((folder) => files.map((file) => [folder, file]))) {
  const words = reading(folder)(language);
  const english = reading(folder)("en");
  const name = `${folder}${language}`;
  test(`${name}: nothing is missing and nothing is left over`, () => {
    assert.deepEqual(Object.keys(words), Object.keys(english));
  });

  test(`${name}: every sentence has the placeholders of the English one`, () => {
    for (const [key, pattern] of Object.entries(words)) {
      const wanted = placeholders(typeof english[key] === "string" ? english[key] : english[key].other);
      for (const [category, text] of typeof pattern === "string" ? [["", pattern]] : Object.entries(pattern)) {
        const found = placeholders(text);
        // A category of one single number may say the number in words.
        const named = found.includes("count") || !["zero", "one", "two"].includes(category) ? wanted : wanted.filter((name) => name !== "count");
        assert.deepEqual(found, named, `${key} ${category}`);
        assert.notEqual(text.trim(), "", key);
      }
    }
  });

  if (language !== "en") test(`${name}: no sentence was left in English`, () => {
    const long = (text) => typeof text === "string" && text.replace(/\{\w+\}/g, "").length > 15;
    assert.deepEqual(Object.keys(words).filter((key) => long(english[key]) && words[key] === english[key]), []);
  });

  test(`${name}: what is counted has exactly the plural categories of the language`, () => {
    const { pluralCategories } = new Intl.PluralRules(language).resolvedOptions();
    for (const [key, pattern] of Object.entries(words)) {
      assert.equal(typeof pattern, typeof english[key], key);
      if (typeof pattern === "object") assert.deepEqual(Object.keys(pattern).sort(), [...pluralCategories].sort(), key);
    }
  });
}

for (const document of ["index.html", "element.html", "install.html"]) {
  test(`the English words in ${document} are those of the files`, () => {
    const html = readFileSync(new URL(document, www), "utf8");
    const words = { ...english, ...reading("install/words/")("en") };
    const found = [...html.matchAll(/data-word="([^"]+)"[^>]*>([^<]*)</g)];
    assert.ok(found.length > 5);
    for (const [, key, text] of found) assert.equal(text, words[key], key);
    for (const [, key, text] of html.matchAll(/data-word-label="([^"]+)" aria-label="([^"]*)"/g)) assert.equal(text, words[key], key);
  });
}

test("the app is named in every language of the portal, English first", () => {
  const titles = JSON.parse(readFileSync(new URL("install/titles.json", www)));
  assert.equal(Object.keys(titles)[0], "en");
  assert.deepEqual(Object.keys(titles).sort(), codes.map(([code]) => code).sort());
  for (const [code, language] of codes) assert.equal(titles[code], read(language)["page.title"], code);
});

test("plurals follow the language's own rules", () => {
  const russian = speaker({ language: "ru", sentences: read("ru") });
  assert.deepEqual([1, 2, 5, 21].map((count) => russian.say("bulk.question", { count })), ["Отметить 1 оплату оплаченной?", "Отметить 2 оплаты оплаченными?", "Отметить 5 оплат оплаченными?", "Отметить 21 оплату оплаченной?"]);
});

test("a form that the browser's rules ask for and the words lack is the one for all others", () => {
  const speaking = speaker({ language: "ru", sentences: { found: { one: "{count} оплата", other: "{count} оплаты" } } });
  assert.deepEqual([1, 5].map((count) => speaking.say("found", { count })), ["1 оплата", "5 оплаты"]);
});

test("a number in a sentence is written as in its language", () => {
  const found = (language) => speaker({ language, sentences: { found: "{count}" } }).say("found", { count: 12345 });
  assert.deepEqual(["en", "de", "ru"].map(found), ["12,345", "12.345", "12\u00a0345"]);
});

test("a placeholder is filled with text as it is, braces and signs included", () => {
  const speaking = speaker({ language: "en", sentences: { hello: "Hello {name}, {name}" } });
  assert.equal(speaking.say("hello", { name: "{name} <b>$&" }), "Hello {name} <b>$&, {name} <b>$&");
});

test("what has no words is said by its name, and what is not known as nothing", () => {
  const speaking = speaker({ language: "en", sentences: { hello: "Hello {name}" } });
  assert.deepEqual([speaking.say("bye"), speaking.say("hello"), speaking.say("hello", { name: null })], ["bye", "Hello ", "Hello "]);
});

test("from right to left, what is filled in is kept apart from the sentence", () => {
  const speaking = speaker({ language: "ar", sentences: { hello: "مرحبا {name}" } });
  assert.equal(speaking.say("hello", { name: "917/1" }), "مرحبا \u2068917/1\u2069");
});

test("from left to right, what is written or turned the other way is kept apart, too", () => {
  const speaking = speaker({ language: "en", sentences: { hello: "By {name} 12" } });
  for (const name of ["אשראי", "بطاقة", "Card\u200f", "Card\u202e"]) assert.equal(speaking.say("hello", { name }), `By \u2068${name}\u2069 12`);
  assert.equal(speaking.say("hello", { name: "Carte n° 7, Überweisung, カード" }), "By Carte n° 7, Überweisung, カード 12");
});

test("what a text begins ends in it, and it ends nothing that it did not begin", () => {
  for (const language of ["en", "ar"]) {
    const { apart } = speaker({ language, sentences: {} });
    const pairs = [
      ["א\u2067", "א\u2067\u2069"], ["Card\u2069 אב 12", "Card אב 12"], ["\u2069\u2066a\u2068b\u2069\u2069\u2069c\u2067", "\u2066a\u2068b\u2069\u2069c\u2067\u2069"],
      ["12 \u2066US$\u2069", "12 \u2066US$\u2069"],
    ];
    for (const [text, kept] of pairs) assert.equal(apart(text), `\u2068${kept}\u2069`, language);
  }
});

test("dates are the language's own, and what is no date is shown as it came", () => {
  const speaking = speaker({ language: "en", sentences: {} }, "Europe/Berlin");
  assert.equal(speaking.date("2026-09-10T01:52:39+03:00").replace(/\s/g, " "), "Sep 10, 2026, 12:52 AM");
  assert.equal(speaking.date("2028-02-29T10:00:00Z").replace(/\s/g, " "), "Feb 29, 2028, 11:00 AM");
  // A browser takes the first for the ninth of October.
  for (const odd of ["10.09.2026 01:52:39", "yesterday", "2026-13-45T00:00:00Z", "20260910", "2026-02-30T10:00:00+03:00", "2026-02-29T10:00:00Z",
    "2026-04-31T10:00:00", "2026-13-01T10:00:00Z", "2026-00-10T10:00:00Z", "2026-02-00T10:00:00Z", "2026-02-10T25:00:00Z", "0000-00-00T00:00:00"]) assert.equal(speaking.date(odd), odd);
});

test("amounts are written as in the language, and a wait as the most that it can be: seconds below two minutes, else minutes", () => {
  const german = speaker({ language: "de", sentences: {} });
  assert.equal(german.money("1234.5", "EUR"), "1.234,50\u00a0€");
  const waits = [[4001, "5 Sekunden"], [119_001, "120 Sekunden"], [120_000, "2 Minuten"], [120_001, "3 Minuten"]];
  for (const [ms, said] of waits) assert.equal(german.duration(ms), said);
});

test("words that cannot be read are replaced by English, and only without English the page gives up", async () => {
  const only = (language) => async (asked) => {
    if (asked !== language) throw new Error("not there");
    return { language };
  };
  assert.deepEqual(await readWords("ru", only("ru")), { language: "ru", sentences: { language: "ru" } });
  assert.deepEqual(await readWords("ru", only("en")), { language: "en", sentences: { language: "en" } });
  for (const language of ["ru", "en"]) await assert.rejects(readWords(language, only("fr")), /not there/);
});

test("what writes numbers and dates is made when the first is written or it is prepared, and once", (t) => {
  const made = [];
  for (const name of ["NumberFormat", "DateTimeFormat", "PluralRules"]) {
    const own = Intl[name];
    t.mock.method(Intl, name, function counting(...given) {
      made.push(name);
      return new own(...given);
    });
  }
  const speaking = speaker({ language: "en", sentences: { plain: "Payments", found: { one: "{count} payment", other: "{count} payments" } } }, "UTC");
  speaking.say("plain");
  assert.deepEqual(made, []);
  speaking.prepare();
  assert.deepEqual(made, ["NumberFormat", "DateTimeFormat"]);
  assert.equal(speaking.say("found", { count: 1234 }), "1,234 payments");
  speaking.say("found", { count: 1 });
  speaking.date("2026-09-10T01:52:39+03:00");
  assert.deepEqual(made, ["NumberFormat", "DateTimeFormat", "PluralRules"]);
});
