// What can go wrong between a call and its answer, by name. `run` lets the call run and gives its reply.

const html = (status) => ({ status, text: "<html><body>Bad Gateway</body></html>" });
const refused = (status, error, error_description) => ({ status, body: { error, error_description } });
const lost = { lost: true };
// The portal lets no call hang for longer than it stands.
const never = () => new Promise(() => {});
const later = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });

export const FAULTS = {
  // The connection breaks before anything ran.
  dropBeforeCommit: () => lost,
  // The call runs, then the connection breaks.
  commitThenDrop: ({ run }) => (run(), lost),
  // The call runs, then a gateway answers 502 in HTML.
  commitThen502: ({ run }) => (run(), html(502)),
  // The call runs, then 200 comes with a text that is no JSON.
  commitThenHtml: ({ run }) => (run(), html(200)),
  // Nothing is answered; the call runs after `ms`.
  commitLate: ({ run, ms }) => (later(ms).then(run), never()),
  // Nothing is answered and nothing runs.
  hang: never,
  // The call runs, its answer takes `ms`.
  delay: async ({ run, ms }) => {
    const reply = run();
    await later(ms);
    return reply;
  },
  // A gateway answers 502; nothing ran.
  http502: () => html(502),
  http500Json: () => refused(500, "INTERNAL_SERVER_ERROR", "Internal server error"),
  // 503: too many requests.
  queryLimit: () => refused(503, "QUERY_LIMIT_EXCEEDED", "Too many requests"),
  // 429: the method's execution time is used up.
  operationLimit: () => refused(429, "OPERATION_TIME_LIMIT", "Method is blocked due to operation time limit."),
  // 401: the token has expired, for this call.
  expiredToken: () => refused(401, "expired_token", "The access token provided has expired."),
  emptyBody: () => ({ status: 200, text: "" }),
  empty403: () => ({ status: 403, text: "" }),
  nullBody: () => ({ status: 200, text: "null" }),
  // The call runs, its answer breaks off in the middle.
  truncatedJson: async ({ run }) => {
    const { status, body } = await run();
    return { status, text: JSON.stringify(body).slice(0, -20) };
  },
  // The call is answered as ever, and whether payments are paid stays as it was.
  yesButUnpaid: ({ run, payments }) => payments.vetoed(run),
  // The number 0 as an error's code.
  numericError: () => refused(400, 0, "Insufficient permissions"),
  // The call runs, then something throws in the portal; what is refused does not run.
  errorCoreAfterCommit: async ({ run }) => {
    const reply = await run();
    return reply.status === 200 ? refused(400, "ERROR_CORE", "Internal error in an event handler") : reply;
  },
  denied: () => refused(403, "ACCESS_DENIED", "Access denied!"),
  missingScope: () => refused(401, "insufficient_scope", "The request requires higher privileges than provided by the access token"),
};

// Those that a single command of a batch can meet.
export const COMMAND_FAULTS = new Set(["delay", "operationLimit", "yesButUnpaid", "numericError", "errorCoreAfterCommit", "denied", "missingScope"]);

// Those that mean nothing to a call that changes no payment.
export const OF_CHANGES = new Set(["yesButUnpaid"]);
