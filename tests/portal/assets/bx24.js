// The sandbox portal's `BX24`, served at /api/v1/: a clean-room double of the library that a portal gives to framed apps.
// It is faithful where the real one is silent, odd or harmful; it never reports a failure that the real one swallows.
//
// What is deliberately the same: no callback after a 5xx, an HTML body, a network failure, a `null` body or a hang (the
// string 'Query error!' is thrown into the window instead); refresh and repeat without an end on expired tokens; a bucket of
// 90 calls that is larger than the portal's own; `start` deleted from the caller's object; circular error objects; numeric
// error codes that lose their text; batches that vanish when they are empty or refused as a whole.
//
// What is known to differ from the real thing:
// - it follows the last published text of the library (November 2022); the live one also has `time()` on results and the
//   `Messenger.*` commands, and may return values where this one returns nothing;
// - `userOption`/`appOption` before `init` read as undefined, and a value is kept after the portal confirmed it; that order
//   is a guess;
// - the text of an error with a string code, `CODE: description (status)`, is a guess; `undefined (400)` is not;
// - of the DOM helpers only `bind`, `unbind`, `proxy`, `loadScript` and `getScrollSize` exist.
(function () {
  'use strict';

  const BX24 = window.BX24 = {};

  // ---- who we are: the frame's name is `host|protocol|sid`, and it is all that is known before the portal answers

  const name = window.name.split('|');
  const app = {
    domain: (name[0] || '').replace(/:(80|443)$/, ''),
    protocol: parseInt(name[1], 10) || 0,
    sid: name[2],
    path: '',
    lang: '',
    authExpires: 0,
    isAdmin: false,
  };

  if (!app.domain || !app.sid) {
    window.BX24 = null;
    throw new Error('Unable to initialize Bitrix24 JS library!');
  }

  const portalOrigin = () => (app.protocol ? 'https://' : 'http://') + app.domain;

  // ---- messages to and from the portal page

  // Callbacks live as properties of this function and are never removed: a reply may come again, and ids such as `call`
  // reach what every function has.
  function keepCallback(callback) {
    const signs = '0123456789abcdefghijklmnopqrstuvwxyz';
    let id = '';
    while (id.length < 32) id += signs[Math.floor(Math.random() * signs.length)];
    keepCallback[id] = callback;
    return id;
  }

  function send(command, params, callback) {
    const id = typeof callback === 'function' ? keepCallback(callback) : '';
    const message = command.includes(':')
      ? { method: command, params: params || '', callback: id, appSid: app.sid }
      : [command, params ? JSON.stringify(params) : '', id, app.sid].join(':');
    window.parent.postMessage(message, portalOrigin());
  }

  function receive(event) {
    if (event.origin !== portalOrigin()) return;
    // Neither the sender nor the type is checked: an object from the portal's origin is a TypeError here.
    const colon = event.data.indexOf(':');
    const callback = keepCallback[event.data.substring(0, colon)];
    const json = event.data.substring(colon + 1);
    if (typeof callback === 'function') callback.call(keepCallback, json === '' ? [] : JSON.parse(json));
  }

  // ---- start: DOM ready, init data, first run

  const waitingForDom = [];
  const waitingForInit = [];
  const installers = [];

  BX24.ready = (handler) => { waitingForDom.push(handler); };
  BX24.isReady = false;
  BX24.init = (handler) => { waitingForInit.push(handler); };
  BX24.install = (handler) => { installers.push(handler); };
  BX24.installFinish = () => send('setInstallFinish', {});
  BX24.userOption = optionsBeforeInit('userOption');
  BX24.appOption = optionsBeforeInit('appOption');

  function domReady() {
    BX24.isReady = true;
    BX24.ready = later;
    waitingForDom.splice(0).forEach(later);
  }

  // Handlers get no arguments and no `this`, each in a timer of its own, so that one that throws stops no other.
  function later(handler) {
    setTimeout(() => handler(), 10);
  }

  function takeInit(reply) {
    app.protocol = parseInt(reply.PROTOCOL, 10) || 0;
    app.lang = reply.LANG;
    app.path = reply.PATH;
    app.memberId = reply.MEMBER_ID;
    app.isAdmin = Boolean(reply.IS_ADMIN);
    app.install = reply.INSTALL;
    app.placement = reply.PLACEMENT;
    app.placementOptions = reply.PLACEMENT_OPTIONS;
    takeAuth(reply);
    if (reply.FIRST_RUN && installers.length) runInstaller(0, () => initialised(reply));
    else initialised(reply);
  }

  function runInstaller(n, done) {
    if (n === installers.length) {
      send('setInstall', { install: true });
      done();
      return;
    }
    BX24.installFinish = () => runInstaller(n + 1, done);
    try {
      installers[n]();
    } catch {
      window.alert('Installation failed!');
    }
  }

  // Replaces functions, as the real one does: a caller who kept `BX24.init` from before waits for ever.
  function initialised(reply) {
    app.initialised = true;
    BX24.installFinish = () => { if (app.install) send('setInstallFinish', {}); };
    BX24.userOption = options(reply.USER_OPTIONS, 'setUserOption');
    BX24.appOption = options(reply.APP_OPTIONS, 'setAppOption');
    BX24.init = later;
    waitingForInit.splice(0).forEach(later);
  }

  function optionsBeforeInit(kind) {
    return {
      get: () => undefined,
      set: (key, value, callback) => BX24.init(() => BX24[kind].set(key, value, callback)),
    };
  }

  function options(stored, command) {
    const known = Object.assign({}, stored);
    return {
      get: (key) => known[key],
      set(key, value, callback) {
        send(command, { name: key, value }, (reply) => {
          known[key] = value;
          if (callback) callback(reply);
        });
      },
    };
  }

  // ---- the token: its expiry is kept as a moment of the wall clock, so a jump of the clock is a jump of the expiry

  function takeAuth(reply) {
    app.authId = reply.AUTH_ID;
    app.refreshId = reply.REFRESH_ID;
    app.authExpires = Date.now() + parseInt(reply.AUTH_EXPIRES, 10) * 1000;
  }

  BX24.getAuth = () => app.initialised && app.authExpires > Date.now()
    ? {
      access_token: app.authId,
      refresh_token: app.refreshId,
      expires_in: app.authExpires,
      domain: app.domain,
      member_id: app.memberId,
    }
    : false;

  BX24.refreshAuth = (callback) => send('refreshAuth', {}, (reply) => {
    takeAuth(reply);
    if (callback) callback(BX24.getAuth());
  });

  // ---- parameters to text

  const isNode = (value) => value instanceof Node;
  const isFileInput = (value) => value instanceof HTMLInputElement && value.type === 'file';
  const isScalar = (value) => typeof value !== 'object' || value instanceof Date || isNode(value)
    || (Array.isArray(value) && value.length === 0);

  // Scalars first, then nested values. What cannot be enumerated (Map, Set, ArrayBuffer, File) leaves nothing behind.
  function encode(value, prefix) {
    if (value === null || value === undefined) return '';
    if (typeof value === 'string' || value instanceof String) return String(value);
    const scalars = [];
    const nested = [];
    for (const key in value) {
      // Asked of the value itself: an object without a prototype is a TypeError here, before anything is sent.
      if (!value.hasOwnProperty(key) || value[key] === null) continue;
      const field = prefix === undefined ? encodeURIComponent(key) : `${prefix}[${encodeURIComponent(key)}]`;
      if (isScalar(value[key])) scalars.push(`${field}=${encodeURIComponent(scalarText(value[key]))}`);
      else nested.push(encode(value[key], field));
    }
    return [scalars.join('&'), ...nested].join('&');
  }

  function scalarText(value) {
    if (value instanceof Date) return value.toJSON();
    if (isNode(value)) return value.value;
    return value;
  }

  // The caller's parameters with every file input replaced by what it holds; in the same turn where there is none.
  // One that cannot be read is never reported: `done` is then never called.
  function withFiles(params, done) {
    const inputs = [];
    (function find(value) {
      if (isFileInput(value)) inputs.push(value);
      else if (typeof value === 'object' && value !== null && !isNode(value)) Object.values(value).forEach(find);
    })(params);
    if (inputs.length === 0) {
      done(params);
      return;
    }
    const contents = new Map();
    inputs.forEach((input) => readInput(input, (content) => {
      contents.set(input, content);
      if (contents.size === new Set(inputs).size) done(replaced(params));
    }));

    function replaced(value) {
      if (contents.has(value)) return contents.get(value);
      if (typeof value !== 'object' || value === null || isNode(value) || value instanceof Date) return value;
      const copy = Array.isArray(value) ? [] : {};
      for (const key of Object.keys(value)) copy[key] = replaced(value[key]);
      return copy;
    }
  }

  function readInput(input, done) {
    const files = Array.from(input.files);
    const read = [];
    let missing = files.length;
    if (missing === 0) done([]);
    files.forEach((file, n) => {
      const reader = new FileReader();
      reader.onload = () => {
        read[n] = [file.name, reader.result.substring(reader.result.indexOf(',') + 1)];
        missing -= 1;
        // Several files become one text each, `name,base64`: the portal cannot tell what they are.
        if (missing === 0) done(input.multiple ? read.map(String) : read[0]);
      };
      reader.readAsDataURL(file);
    });
  }

  // ---- the client's own limit: a leaky bucket per window, asked again every second, first come is not first served

  const BUCKET = 90;
  const DRAIN_PER_SECOND = 2;
  let level = 0;
  let levelAt = Date.now();

  function whenAllowed(act) {
    const now = Date.now();
    // Not bounded above: a clock that is set back by an hour fills the bucket with an hour of drops.
    level = Math.max(0, level - ((now - levelAt) / 1000) * DRAIN_PER_SECOND);
    levelAt = now;
    if (level > BUCKET) {
      setTimeout(whenAllowed, 1000, act);
      return;
    }
    level += 1;
    act();
  }

  // ---- calls

  BX24.callMethod = (method, params, callback) => {
    if (app.initialised) request({ method, data: params, callback });
    else BX24.init(() => request({ method, data: params, callback }));
  };

  function request(query) {
    whenAllowed(() => {
      if (BX24.getAuth() === false) {
        BX24.refreshAuth(() => request(query));
        return;
      }
      // Paging by parameter is lost, and so is the key in the caller's own object.
      if (query.data && query.data.start) delete query.data.start;
      withFiles(query.data, (data) => post(query, encode(data)));
    });
  }

  function post(query, params) {
    const xhr = new XMLHttpRequest();
    xhr.open('POST', `${portalOrigin()}${app.path}/${encodeURIComponent(query.method)}.json`);
    xhr.onload = () => answered(query, xhr);
    xhr.onerror = () => { throw 'Query error!'; };
    // A string without a header of its own goes as text/plain: no preflight. The token is not escaped.
    xhr.send(`auth=${app.authId}${query.start ? `&start=${query.start}` : ''}${params ? `&${params}` : ''}`);
  }

  function answered(query, xhr) {
    let answer;
    try {
      if (xhr.status >= 500) throw new Error('not an answer');
      answer = xhr.responseText === '' ? { result: {} } : JSON.parse(xhr.responseText);
    } catch {
      throw 'Query error!';
    }
    // A body of `null` is a TypeError here.
    if (answer.error === 'expired_token') {
      BX24.refreshAuth(() => request(query));
      return;
    }
    const result = new AjaxResult(answer, query, xhr.status);
    if (query.callback) (0, query.callback)(result);
  }

  class AjaxError {
    constructor(status, ex) {
      this.status = status;
      this.ex = ex;
    }

    getError() { return this.ex; }

    getStatus() { return this.status; }

    toString() {
      const text = this.ex.error_description ? `: ${this.ex.error_description}` : '';
      return `${this.ex.error}${text} (${this.status})`;
    }
  }

  class AjaxResult {
    constructor(answer, query, status) {
      this.answer = answer;
      this.query = copyOf(query);
      this.status = status;
      if (answer.error !== undefined) {
        // With a text for a code the error holds the answer and the answer the error: a cycle.
        answer.ex = new AjaxError(status, typeof answer.error === 'string' ? answer : answer.error);
      }
    }

    data() { return this.answer.result; }

    error() { return this.answer.ex; }

    error_description() { return this.answer.error_description; }

    more() { return !Number.isNaN(parseInt(this.answer.next, 10)); }

    total() { return parseInt(this.answer.total, 10); }

    next(callback) {
      if (!this.more()) return false;
      request({
        method: this.query.method,
        data: this.query.data,
        callback: callback || this.query.callback,
        start: parseInt(this.answer.next, 10),
      });
      return undefined;
    }
  }

  // Builds every object anew by its own constructor, without arguments, and copies whatever can be enumerated. Where the
  // constructor insists on arguments (File) or a property is read-only (Blob) it throws, and the caller hears nothing.
  function copyOf(value) {
    if (typeof value !== 'object' || value === null) return value;
    if (isNode(value)) return value.cloneNode(true);
    if (value instanceof Date) return new Date(value);
    if (value instanceof String) return new String(value);
    const copy = new value.constructor();
    for (const key in value) copy[key] = copyOf(value[key]);
    return copy;
  }

  BX24.callBatch = (calls, callback, haltOnError) => {
    const isList = Array.isArray(calls);
    const queries = {};
    for (const key in calls) {
      const method = calls[key].method || (Array.isArray(calls[key]) && calls[key][0]);
      const data = calls[key].method ? calls[key].params : calls[key][1];
      if (method) queries[key] = { method, data, callback };
    }
    const keys = Object.keys(queries);
    const cmd = isList ? [] : {};
    let missing = keys.length;
    // Without a single command nothing below ever runs: nothing is sent, nobody is told.
    keys.forEach((key) => withFiles(queries[key].data, (data) => {
      cmd[key] = `${queries[key].method}?${encode(data)}`;
      missing -= 1;
      if (missing === 0) BX24.callMethod('batch', { halt: haltOnError ? 1 : 0, cmd }, split);
    }));

    // A batch that was refused as a whole has no data: a TypeError here, and no callback.
    function split(result) {
      const all = result.data();
      const results = isList ? [] : {};
      for (const key of keys) {
        const done = all.result[key];
        const failed = all.result_error[key];
        if (done === undefined && failed === undefined) continue;
        results[key] = new AjaxResult({
          result: done === undefined ? {} : done,
          error: failed,
          total: all.result_total[key],
          next: all.result_next[key],
        }, queries[key], result.status);
      }
      if (callback) callback(results);
    }
  };

  BX24.callBind = (event, handler, authType, callback) =>
    BX24.callMethod('event.bind', { event, handler, auth_type: authType || 0 }, callback);
  BX24.callUnbind = (event, handler, authType, callback) =>
    BX24.callMethod('event.unbind', { event, handler, auth_type: authType || 0 }, callback);

  // ---- what the app knows about itself

  BX24.getLang = () => app.lang;
  BX24.getDomain = () => app.domain;
  BX24.isAdmin = () => app.isAdmin;

  BX24.placement = {
    info: () => ({ placement: app.placement, options: app.placementOptions }),
    getInterface: (callback) => send('getInterface', null, callback),
    // A name that BX24 itself has is dropped without a word.
    call(command, params, callback) {
      if (BX24[command] === undefined) send(command, params, callback);
    },
    bindEvent: (event, callback) => send('placementBindEvent', { event }, callback),
  };

  // ---- the portal's window. Where the portal has no such command, or denies it here, no callback comes.

  BX24.getScrollSize = () => ({
    scrollWidth: Math.max(document.documentElement.scrollWidth, document.documentElement.offsetWidth),
    scrollHeight: Math.max(document.documentElement.scrollHeight, document.documentElement.offsetHeight),
  });

  BX24.resizeWindow = (width, height, callback) => {
    const size = { width: parseInt(width, 10), height: parseInt(height, 10) };
    if (size.width > 0 && size.height > 0) send('resizeWindow', size, callback);
  };

  BX24.fitWindow = (callback) => send('resizeWindow', { width: '100%', height: BX24.getScrollSize().scrollHeight }, callback);

  BX24.setTitle = (title, callback) => send('setTitle', { title: String(title) }, callback);
  BX24.reloadWindow = (callback) => send('reloadWindow', {}, callback);

  BX24.scrollParentWindow = (scroll, callback) => {
    if (parseInt(scroll, 10) >= 0) send('setScroll', { scroll: parseInt(scroll, 10) }, callback);
  };

  BX24.openApplication = (params, callback, settings) => {
    const all = Object.assign({}, params);
    for (const key of Object.keys(settings || {})) all[`bx24_${key}`] = settings[key];
    send('openApplication', all, callback);
  };

  BX24.closeApplication = (callback) => send('closeApplication', {}, callback);
  BX24.openPath = (path, callback) => send('openPath', { path }, callback);

  // Pickers: an answer comes only when the operator picks, never when the picker is closed.
  const picker = (command, params) => (title, callback) => (typeof title === 'function'
    ? send(command, params, title)
    : send(command, Object.assign({ title }, params), callback));
  BX24.selectUser = picker('selectUser', { mult: false });
  BX24.selectUsers = picker('selectUser', { mult: true });
  BX24.selectAccess = picker('selectAccess', {});
  BX24.selectCRM = (params, callback) => send('selectCRM', params, callback);

  BX24.im = {
    callTo: (userId, video) => send('imCallTo', { userId, video: video !== false }),
    phoneTo: (phone) => send('imPhoneTo', { phone }),
    openMessenger: (dialogId) => send('imOpenMessenger', { dialogId }),
    openHistory: (dialogId) => send('imOpenHistory', { dialogId }),
  };

  // ---- small helpers for pages without a framework

  BX24.bind = (element, event, handler) => element.addEventListener(event, handler);
  BX24.unbind = (element, event, handler) => element.removeEventListener(event, handler);
  BX24.proxy = (handler, self) => (...values) => handler.apply(self, values);
  BX24.loadScript = (addresses, callback) => {
    const [address, ...rest] = [].concat(addresses);
    const script = document.createElement('script');
    script.src = address;
    script.onload = () => (rest.length ? BX24.loadScript(rest, callback) : callback && callback());
    document.head.append(script);
  };

  // ---- off we go

  window.addEventListener('message', receive);
  if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', domReady);
  else domReady();
  send('getInitData', null, takeInit);
})();
