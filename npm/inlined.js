// The module's bytes from inside this file: works wherever the file does, without another request.

import text, { frequent } from "#wasm";

// One sign a byte for the 64 most frequent bytes; the others are one of these signs after one that names their group of 64.
const SIGNS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const GROUPS = "!#%";

export const bytes = () => {
  const first = frequent.match(/../g).map((hex) => parseInt(hex, 16));
  const order = [...new Set([...first, ...Array(256).keys()])];
  const values = new Uint8Array(128);
  [...SIGNS].forEach((sign, at) => (values[sign.charCodeAt()] = at));
  [...GROUPS].forEach((sign, at) => (values[sign.charCodeAt()] = 64 * (at + 1)));
  const bytes = new Uint8Array(text.length);
  let end = 0;
  let group = 0;
  for (let at = 0; at < text.length; at += 1) {
    const value = values[text.charCodeAt(at)];
    if (value > 63) {
      group = value;
    } else {
      bytes[end] = order[group + value];
      end += 1;
      group = 0;
    }
  }
  return bytes.subarray(0, end);
};
