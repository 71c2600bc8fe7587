// The text that an operator copies for support: what failed and where, and no secret.

/** Tokens and webhook secrets, should a portal's or a library's text ever repeat one. */
const secrets = [
  [/\b(auth|access_token|refresh_token|AUTH_ID|REFRESH_ID|APP_SID|sessid|client_secret)(["']?\s*[=:]\s*["']?)[^\s"'&,}]+/gi, "$1$2***"],
  // As REST 3 shows it, as PHP writes it in JSON and as it stands inside another address, too.
  [/(rest(?:\\?\/|%2F)(?:api(?:\\?\/|%2F))?\d+(?:\\?\/|%2F))[^/\\%\s]+/gi, "$1***"],
  [/\b[0-9a-f]{32,}\b/gi, "***"],
];

export function withoutSecrets(text) {
  return secrets.reduce((clean, [pattern, replacement]) => clean.replace(pattern, replacement), String(text));
}

/** One fact a line; facts that are not known are left out. */
export function diagnostic({ error, payment, facts = {}, language, at }) {
  const cause = error.cause instanceof Error ? `${error.cause.name}: ${error.cause.message}` : undefined;
  const all = {
    page: "b24pay", time: at.toISOString(), ...facts, language,
    payment: payment && `${payment.id} (${payment.accountNumber})`, paySystem: payment?.paySystemId,
    code: error.code, retry: error.retry, message: error.message, method: error.method, scope: error.scope,
    httpStatus: error.httpStatus, portalCode: error.portalCode, portalText: error.portalText, cause,
  };
  return Object.entries(all)
    .filter(([, value]) => value !== undefined && value !== null && value !== "")
    .map(([name, value]) => `${name}: ${withoutSecrets(value).replace(/\s*\n\s*/g, " / ")}`)
    .join("\n");
}
