// A `BX24` over the portal under test, with the silences of the real one: it calls nobody back on a 5xx, on a broken
// connection and on a body that is no JSON, and renews an expired token by itself.

import { ended } from "./ends.js";

const HOUR_MS = 3_600_000;
const ROUND_TRIP_MS = 20;

// `restored` comes when the portal is taken away.
export const bx24 = (domain, receive, restored) => {
  let isOver = false;
  restored.then(() => { isOver = true; });
  const auth = { access_token: "test-token", refresh_token: "test-refresh", domain, member_id: "test", expires_in: Date.now() + HOUR_MS };
  const call = async (method, params, callback, renewals = 0) => {
    const begun = performance.now();
    const reply = await receive(method, params);
    ended(`https://${domain}/rest/${encodeURIComponent(method)}.json`, begun, reply.lost ? 0 : reply.status);
    const answer = answerIn(reply);
    if (answer === undefined) return;
    if (answer?.error === "expired_token") {
      // It knows no end where each new token is refused, too; the timers of whoever waits have to get their turn.
      if (renewals) await new Promise((resolve) => { setTimeout(resolve, ROUND_TRIP_MS); });
      if (!isOver) await call(method, params, callback, renewals + 1);
    } else callback?.(new AjaxResult(answer, { method, data: params }, reply.status));
  };
  return {
    init: (ready) => void Promise.resolve().then(ready),
    ready: (run) => void Promise.resolve().then(run),
    callMethod: (method, params, callback) => void call(method, withoutStart({ ...params }), callback),
    getAuth: () => ({ ...auth }),
    refreshAuth: (renewed) => void Promise.resolve().then(() => renewed?.({ ...auth })),
    getDomain: () => domain,
    getLang: () => "en",
    isAdmin: () => true,
    placement: { info: () => ({ placement: "DEFAULT", options: {} }) },
    fitWindow() {},
    resizeWindow() {},
  };
};

// The library drops it, so that pages of a list are not to be had this way.
function withoutStart(params) {
  if (params.start) delete params.start;
  return params;
}

// What the library makes of a reply; undefined where it calls nobody back.
function answerIn({ lost, status, body, text }) {
  if (lost || status >= 500) return undefined;
  if (body !== undefined) return body;
  if (text === "") return { result: {} };
  try {
    return JSON.parse(text) ?? undefined;
  } catch {
    return undefined;
  }
}

class AjaxError {
  constructor(status, ex) {
    Object.assign(this, { status, ex });
  }

  getError() {
    return this.ex;
  }

  getStatus() {
    return this.status;
  }

  toString() {
    const { error, error_description: text } = this.ex;
    return `${error}${text ? `: ${text}` : ""} (${this.status})`;
  }
}

// The object that a callback gets.
class AjaxResult {
  constructor(answer, query, status) {
    Object.assign(this, { answer, query, status });
    // With a text as its code the error holds the answer, and the answer the error; of a number nothing else is left in it.
    if (answer.error !== undefined) answer.ex = new AjaxError(status, typeof answer.error === "string" ? answer : answer.error);
  }

  data() {
    return this.answer.result;
  }

  error() {
    return this.answer.ex;
  }

  error_description() {
    return this.answer.error_description;
  }

  more() {
    return this.answer.next !== undefined;
  }

  total() {
    return Number.parseInt(this.answer.total, 10);
  }

  time() {
    return this.answer.time;
  }
}
