// What is asked of the portal to set the app up, and what is done there. Touches no document.
// Nothing is called done that was not read back as done.

/** `needs`: the scopes without which a portal does not offer it. */
const place = (code, kind, entity, usual = false) => ({ code, kind, entity, usual, needs: entity ? ["placement", "crm"] : ["placement"] });

/** Where the page knows how to find its payments; the usual ones are chosen beforehand. */
export const places = [
  place("CRM_DEAL_DETAIL_TAB", "tab", "deal", true),
  place("CRM_SMART_INVOICE_DETAIL_TAB", "tab", "invoice", true),
  place("CRM_ORDER_DETAIL_TAB", "tab", "order", true),
  place("CRM_DEAL_DETAIL_TOOLBAR", "toolbar", "deal"),
  place("CRM_SMART_INVOICE_DETAIL_TOOLBAR", "toolbar", "invoice"),
  place("CRM_DEAL_DETAIL_ACTIVITY", "activity", "deal"),
  place("CRM_SMART_INVOICE_DETAIL_ACTIVITY", "activity", "invoice"),
  place("CRM_ORDER_DETAIL_ACTIVITY", "activity", "order"),
  place("REST_APP_URI", "link", "", true),
];

/** An app has one handler for its links. */
const holdsOne = ["REST_APP_URI"];

/** The scopes that the page's work needs, the one without which nothing works first. */
export const scopes = ["pay_system", "crm", "sale", "placement"];

/** What is there: the scopes that were given, the places that exist, the app's handlers, and whether it was set up before. */
export async function survey(call) {
  const given = await call("scope", {});
  const { INSTALLED } = await call("app.info", {});
  const isPlaced = given.includes("placement");
  return {
    given,
    possible: isPlaced ? await call("placement.list", {}) : [],
    bound: isPlaced ? await call("placement.get", {}) : [],
    isInstalled: INSTALLED,
  };
}

/** Where the page is, beside the installer: an address can hold a name and a password, which are not the portal's to keep. */
export function handlerBeside(installer) {
  const { origin, pathname } = new URL("index.html", installer);
  return origin + pathname;
}

/**
 * Binds the wanted places to the page, takes back the others of the app, and reads what came of it. Where an answer did not come, what
 * was read as undone may still be done: that is not known.
 * @returns {Promise<{ code: string, state: "added" | "kept" | "removed" | "failed" | "unknown", error?: Error }[]>} rejects where that
 *   cannot be read
 */
export async function carryOut(call, { wanted, handler, titles }) {
  const before = await call("placement.get", {});
  const errors = new Map();
  const [TITLE] = Object.values(titles);
  const attempt = async (code, method, params) => {
    try {
      await call(method, params);
      return true;
    } catch (error) {
      // What came of it is read afterwards; a refusal explains it.
      errors.set(code, error);
    }
  };
  const isHere = (found) => found.handler === handler;
  for (const { code } of places) {
    const own = before.filter(({ placement }) => placement === code);
    const isWanted = wanted.includes(code);
    const others = own.filter((found) => !isWanted || !isHere(found));
    const takeBack = async () => {
      for (const { handler: HANDLER } of others) await attempt(code, "placement.unbind", { PLACEMENT: code, HANDLER });
    };
    // A place that takes one handler has to be left first; any other keeps its old one where the new one is refused.
    if (!isWanted || holdsOne.includes(code)) await takeBack();
    if (!isWanted) continue;
    const isThere = own.some(isHere) || (await attempt(code, "placement.bind", { PLACEMENT: code, HANDLER: handler, TITLE, LANG_ALL: named(titles) }))
      // Also without a yes: its answer was lost, or another installer was faster.
      || (others.length > 0 && (await call("placement.get", {})).some((found) => found.placement === code && isHere(found)));
    if (isThere && !holdsOne.includes(code)) await takeBack();
  }
  const after = await call("placement.get", {});
  return places.flatMap(({ code }) => {
    const were = before.filter(({ placement }) => placement === code);
    const are = after.filter(({ placement }) => placement === code);
    const isWanted = wanted.includes(code);
    const error = errors.get(code);
    // What was not there to be taken back was bound by another tab meanwhile: nothing failed, it is there.
    const isAsWanted = isWanted ? are.some(isHere) && are.every(isHere) : !(were.length && are.length);
    if (!isAsWanted) return [{ code, state: error?.retry === "readFirst" ? "unknown" : "failed", error }];
    if (are.length) return [{ code, state: isWanted && !were.some(isHere) ? "added" : "kept" }];
    return were.length ? [{ code, state: "removed" }] : [];
  });
}

const named = (titles) => Object.fromEntries(Object.entries(titles).map(([code, TITLE]) => [code, { TITLE }]));
