// An instance of the official SDK, as far as the package asks it: where the portal is, a token, and a new one.

export function sdkOf(page, world, { isHook, secret, refresh }) {
  let token = isHook ? undefined : page.token;
  const takes = (given) => {
    token = given;
  };
  return {
    auth: {
      getTargetOriginWithPath: () => new Map([['v2', isHook ? `https://${world.host}/rest/1/${secret}` : `https://${world.host}/rest/`]]),
      // It knows by itself when its token has expired, or does not.
      getAuthData: () => (!isHook && (page.plan.hasStatus || world.tokens.isGood(token)) ? { access_token: token, domain: world.host } : false),
      // What it resolves with is not the token alone.
      refreshAuth: () => refresh().then((given) => {
        takes(given);
        return { access_token: given };
      }),
    },
  };
}
