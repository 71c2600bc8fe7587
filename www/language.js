// Which language is meant: the portal's codes and the browser's tags in, one of ours out.

/** Portal codes are not BCP-47: fed raw to Intl, `sc` would be Sardinian and `br` Breton. */
const portalCodes = {
  ru: "ru", en: "en", de: "de", la: "es-419", fr: "fr", it: "it", pl: "pl", br: "pt-BR", vn: "vi", tr: "tr",
  kz: "kk", ua: "uk", ar: "ar", th: "th", sc: "zh-Hans", tc: "zh-Hant", ja: "ja", id: "id", ms: "ms", in: "hi",
};

/** The language of the page: the portal's where it is known, else the browser's, else English. */
export function languageOf(portalCode, browserLanguages = []) {
  const code = String(portalCode ?? "").toLowerCase();
  if (code) return portalCodes[code] ?? "en";
  return browserLanguages.map(browserLanguage).find(Boolean) ?? "en";
}

function browserLanguage(tag) {
  let locale;
  try {
    locale = new Intl.Locale(tag);
  } catch {
    return undefined;
  }
  const { language } = locale;
  // Asked only where it decides: which script is likely takes a browser tens of milliseconds to look up the first time.
  const bySpecialCase = language === "zh" ? `zh-${locale.maximize().script}` : { es: "es-419", pt: "pt-BR" }[language];
  const wanted = bySpecialCase ?? language;
  return Object.values(portalCodes).find((known) => known === wanted);
}
