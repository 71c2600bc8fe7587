// Where the words of each language are. Every address stands here as it is, so that any bundler finds the files without being told;
// the build makes words/*.js of words/*.json.

const files = {
  ar: () => import("./words/ar.js"),
  de: () => import("./words/de.js"),
  en: () => import("./words/en.js"),
  "es-419": () => import("./words/es-419.js"),
  fr: () => import("./words/fr.js"),
  hi: () => import("./words/hi.js"),
  id: () => import("./words/id.js"),
  it: () => import("./words/it.js"),
  ja: () => import("./words/ja.js"),
  kk: () => import("./words/kk.js"),
  ms: () => import("./words/ms.js"),
  pl: () => import("./words/pl.js"),
  "pt-BR": () => import("./words/pt-BR.js"),
  ru: () => import("./words/ru.js"),
  th: () => import("./words/th.js"),
  tr: () => import("./words/tr.js"),
  uk: () => import("./words/uk.js"),
  vi: () => import("./words/vi.js"),
  "zh-Hans": () => import("./words/zh-Hans.js"),
  "zh-Hant": () => import("./words/zh-Hant.js"),
};

/** A language's sentences; rejects where they do not load. */
export const wordsOf = async (language) => (await files[language]()).default;

/** The languages that there are. */
export const languages = Object.keys(files);
