// The portal's side of the conversation with a framed app: who is heard, what is answered, and what is met with silence.
// It decides nothing about payments and never looks into the frame; whatever it needs of the page is handed in.

const PATHS = /^\/(crm\/(deal|lead|contact|company|type)|marketplace|company\/personal\/user|workgroups\/group)\//;

// What a detail tab offers beside the general commands. The event stands for those of a real portal, whose names differ by place.
const TAB = { command: ['reloadData'], event: ['onCrmEntityUpdate'] };
const NOTHING = { command: [], event: [] };

// Each gets the parameters, a way to reply, and the app as it was opened. One that does not reply is silent in a portal too.
const COMMANDS = {
  getInitData(_, reply, { init }) {
    reply({ ...init });
    init.FIRST_RUN = false;
  },

  async refreshAuth(_, reply, { sid, init, page }) {
    const fresh = await page.refreshToken(sid);
    if (!fresh) return;
    if (!fresh.AUTH_ID) {
      page.alert('Unable to get new token! Reload page, please!');
      return;
    }
    Object.assign(init, fresh);
    reply(fresh);
  },

  setInstall: (params, reply) => reply(params),
  async setInstallFinish(_, reply, { init, page }) {
    // Others than administrators are told no on the server; the page is loaded again all the same.
    if (init.IS_ADMIN) await page.finishInstallation();
    page.reload({ install_finished: 'Y' });
  },
  reloadWindow: (_, reply, { page }) => page.reload({}),
  resizeWindow: (params, reply, { page }) => reply(page.resize(params.width, params.height)),

  setTitle(params, reply, { page }) {
    page.setTitle(params.title);
    reply(params);
  },

  setScroll(params, reply, { page }) {
    page.scroll(params.scroll);
    reply(params);
  },

  setUserOption(params, reply, { init }) {
    init.USER_OPTIONS = { ...init.USER_OPTIONS, [params.name]: params.value };
    reply(params);
  },

  async setAppOption(params, reply, { init, page }) {
    if (!init.IS_ADMIN) return;
    init.APP_OPTIONS = await page.keepOption({ name: params.name, value: params.value });
    reply(init.APP_OPTIONS);
  },

  async openApplication(params, reply, { page }) {
    const own = Object.entries(params || {}).filter(([key]) => !key.startsWith('bx24_'));
    await page.openApp(Object.fromEntries(own));
    reply();
  },

  async openPath(params, reply, { page }) {
    if (!PATHS.test(params.path)) {
      reply({ result: 'error', errorCode: 'PATH_NOT_AVAILABLE' });
      return;
    }
    await page.openPath(params.path);
    reply({ result: 'close' });
  },

  // The portal hands its own slider object to the reply, and that cannot become text: with a callback this throws half-way.
  closeApplication(_, reply, { slider }) {
    if (slider) slider.close(() => reply(slider));
  },

  getInterface: (_, reply, app) => reply(offered(app)),

  imCallTo() {},
  imPhoneTo() {},
  imOpenMessenger() {},
  imOpenHistory() {},
};

const PLACEMENT_COMMANDS = {
  placementBindEvent(params, reply, app) {
    if (offered(app).event.includes(params.event)) app.listeners.push({ event: params.event, reply });
  },

  async reloadData(_, reply, { page }) {
    await page.reloadData();
    reply();
  },
};

function offered(app) {
  return app.placement.endsWith('_DETAIL_TAB') ? TAB : NOTHING;
}

function handlerOf(command, app) {
  if (command === 'resizeWindow' && app.slider) return null;
  if (command === 'setTitle' && app.placement !== 'DEFAULT') return null;
  if (Object.hasOwn(COMMANDS, command)) return COMMANDS[command];
  if (command === 'placementBindEvent' && app.placement !== 'DEFAULT') return PLACEMENT_COMMANDS[command];
  return offered(app).command.includes(command) ? PLACEMENT_COMMANDS[command] : null;
}

// `command:json:callback:sid`, where the json may hold colons and, from the official SDK, may be missing with its colon;
// commands that hold one themselves come as an object.
function read(message) {
  if (typeof message === 'object' && message !== null) {
    return { command: message.method, params: message.params, callback: message.callback, sid: message.appSid };
  }
  const parts = String(message).split(':');
  if (parts.length < 3) return {};
  return { command: parts[0], json: parts.slice(1, -2).join(':'), callback: parts.at(-2), sid: parts.at(-1) };
}

// As written in the address, not as a browser would tidy it: a host in capitals is never heard.
function originAsWritten(address) {
  return address.match(/^https?:\/\/[^/?#]*/)[0];
}

// Starts to listen for one opened app: `opened` is the sandbox's answer, `frame` the element it will load in.
export function converse(opened, { placement, frame, slider, page }) {
  const origin = originAsWritten(opened.action);
  const port = origin.match(/:(\d+)$/)?.[1];
  const app = { sid: opened.sid, init: { ...opened.init }, placement, slider, page, listeners: [] };

  function heard(event) {
    const message = read(event.data);
    if (message.sid !== app.sid) return;
    if (event.origin !== origin && `${event.origin}:${port}` !== origin) {
      page.note(`${message.command}: silence, it came from ${event.origin} and not from ${origin}`);
      return;
    }
    const handler = handlerOf(message.command, app);
    if (!handler) {
      page.note(`${message.command}: silence, not offered here`);
      return;
    }
    page.note(message.command);
    const params = message.json ? JSON.parse(message.json) : message.params;
    handler(params, (result) => send(message.command, message.callback, result), app);
  }

  // No result leaves an empty text, from which BX24 makes an empty list.
  function send(command, callback, result) {
    if (!callback) return;
    const json = result === undefined ? '' : JSON.stringify(result);
    frame.contentWindow?.postMessage(`${callback}:${json}`, origin);
    page.note(`${command}: answered`);
  }

  window.addEventListener('message', heard);
  return {
    fire(event, value) {
      app.listeners.filter((one) => one.event === event).forEach((one) => one.reply(value));
    },
    end() { window.removeEventListener('message', heard); },
  };
}
