// The attributes as properties, for frameworks that set those: `settleMs` is `settle-ms`. They keep nothing of their own.

import { attributes, isOn, switches } from "./attributes.js";

const camel = (name) => name.replace(/-(.)/, (dash, letter) => letter.toUpperCase());

/** Descriptors by name. What is missing, or `false`, takes the attribute away. */
export const properties = Object.fromEntries(attributes.map((name) => [camel(name), {
  configurable: true,
  enumerable: true,
  get() {
    const text = this.getAttribute(name);
    return switches.includes(name) ? isOn(text) : text;
  },
  set(value) {
    if (value === false || value === undefined || value === null) this.removeAttribute(name);
    else this.setAttribute(name, value === true ? "" : value);
  },
}]));
