// The operator's page as an element, <b24-payments>: holds portal, words, session and view together from when it comes into a document
// until it is taken out. Holds no rule of its own.

import { furnish } from "./furnished.js";
import { asked, attributes, languageAsked } from "./attributes.js";
import { diagnostic } from "./diagnostic.js";
import { wordsOf } from "./languages.js";
import { properties } from "./properties.js";
import { reload } from "./reload.js";
import { createSession } from "./session.js";
import { notLoaded } from "./thrown.js";
import { createView } from "./view.js";
import { whenOver } from "./when_over.js";
import { readWords, speaker } from "./words.js";
import { overPortal } from "./writes.js";

const name = "b24-payments";

export class B24Payments extends (globalThis.HTMLElement ?? class {}) {
  static observedAttributes = attributes;

  #portal;
  #facts = {};
  /** What is not known for certain at this portal, whichever session learnt it. */
  #known;
  #view = null;
  #session = null;
  #speaking = null;
  /** Which opening is the latest; an earlier one comes to nothing, so what changes together is read once. */
  #opening = null;
  /** The timer of what is prepared once it is open. */
  #preparing;
  #isFresh = false;
  #isBusy = false;
  #isDue = false;
  #read = (attribute) => this.getAttribute(attribute);

  constructor() {
    super();
    this.attachShadow({ mode: "open" });
  }

  get portal() {
    return this.#portal;
  }

  set portal(portal) {
    if (this.#portal !== portal) this.#known = undefined;
    this.#portal = portal;
    // It is awaited when the element opens; a failure until then is not unhandled.
    settled(portal);
    this.#changed();
  }

  get facts() {
    return this.#facts;
  }

  set facts(facts) {
    this.#facts = { ...facts };
  }

  get busy() {
    return this.#isBusy;
  }

  refresh() {
    this.#session?.happened("refresh");
  }

  connectedCallback() {
    for (const property of ["portal", "facts", ...Object.keys(properties)]) this.#adopt(property);
    this.#stage();
    const isAtRest = this.#session?.isAtRest() ?? true;
    if (!this.#session || (this.#isDue && isAtRest)) return void this.#open();
    // It was moved, or taken out with a dialog open, perhaps over a payment under way: what became of that is shown first.
    this.#isDue = !isAtRest;
    this.#opening = {};
    this.#isFresh = false;
    this.#speak();
    this.#session.show();
  }

  disconnectedCallback() {
    this.#opening = null;
    clearTimeout(this.#preparing);
    this.#session?.happened("leave", this.#view.typed());
    this.#view.end();
    this.#view = null;
    this.shadowRoot.replaceChildren();
    queueMicrotask(() => {
      // What is moved is in the document again by now.
      if (!this.#view && this.#session?.isAtRest()) this.#session = null;
    });
  }

  /** Moved by `moveBefore` it loses nothing. */
  connectedMoveCallback() {}

  attributeChangedCallback(attribute, before, now) {
    if (before !== now) this.#changed();
  }

  /** What was set before the element was defined hides the property of the same name. */
  #adopt(property) {
    if (!Object.hasOwn(this, property)) return;
    const value = this[property];
    delete this[property];
    this[property] = value;
  }

  #stage() {
    const hadFocus = this.shadowRoot.activeElement;
    this.#view?.end();
    furnish(this.shadowRoot);
    if (hadFocus) this.shadowRoot.querySelector("h1").focus({ preventScroll: true });
    this.#view = createView(this.shadowRoot, {
      happened: (event, value) => (event === "reload" ? reload() : this.#session?.happened(event, value)),
      endMoved: (bottom) => this.#tell("height", { bottom }),
    });
    this.#isFresh = true;
  }

  #changed() {
    // Where it is not open that is looked at when it opens.
    this.#isDue = true;
    this.#look();
  }

  /** After whatever happened: tells whether something is under way, and opens anew where that is due and no dialog stands open. */
  #look() {
    const isBusy = this.#session?.isUnderWay() ?? false;
    if (isBusy !== this.#isBusy) {
      this.#isBusy = isBusy;
      this.#tell("busy", { busy: isBusy });
    }
    if (this.#isDue && this.#opening && (!this.#session || this.#session.isAtRest())) this.#open();
  }

  async #open() {
    const opening = (this.#opening = {});
    this.#isDue = false;
    clearTimeout(this.#preparing);
    this.#session = null;
    if (!this.#isFresh) this.#stage();
    // The words and the module load while the portal is waited for, which may then speak another language.
    const paying = settled(import("./b24pay.js"));
    const guess = this.#language();
    const guessed = settled(readWords(guess, wordsOf));
    const portal = await settled(this.#portal);
    const language = this.#language();
    const words = await (language === guess ? guessed : settled(readWords(language, wordsOf)));
    const pay = await paying;
    if (this.#opening !== opening) return;
    this.#isFresh = false;
    if (!words.value) return this.#view.renderBroken();
    this.#speaking = speaker(words.value);
    this.#speak();
    const failure = portal.error ?? (pay.error && notLoaded(pay.error));
    this.#session = this.#newSession(pay.value);
    if (failure) return this.#session.fail(failure);
    this.#session.open();
    // The portal is asked by then, and is waited for; what it answers is full of numbers and dates.
    this.#preparing = setTimeout(this.#speaking.prepare, 100);
  }

  #newSession(b24pay) {
    const { deadlineMs, ...rest } = asked(this.#read);
    const speaking = this.#speaking;
    // A session that was given up may still get answers; they are nobody's.
    const now = (act) => (...given) => this.#session === session && act(...given);
    const session = createSession({
      ...rest, deadlineMs, speaker: speaking, known: this.#known,
      pay: overPortal(b24pay, { portal: this.#portal, deadlineMs }, (detail) => this.#tell("outcome", detail)),
      view: {
        render: now((told) => {
          this.#view?.render(told);
          this.#look();
        }),
        announce: now((text) => this.#view?.announce(text)),
        save: (...file) => this.#view?.save(...file),
        print: () => this.#view?.print(),
      },
      diagnosticOf: (error, payment) => diagnostic({ error, payment, facts: this.#facts, language: speaking.language, at: new Date() }),
      soon(work) {
        const timer = setTimeout(work, 100);
        return () => clearTimeout(timer);
      },
      // Where the page stood still, what is waited for still has to be read.
      over: (ms, work) => whenOver(globalThis, ms, work, ms),
    });
    this.#known = session.known;
    return session;
  }

  #language() {
    return languageAsked(this.#read, portalLanguage(), navigator.languages);
  }

  #speak() {
    const { language, direction, say } = this.#speaking;
    this.#view.speak(this.#speaking);
    this.#tell("language", { language, direction, title: say("page.title") });
  }

  #tell(what, detail) {
    this.dispatchEvent(new CustomEvent(`b24pay-${what}`, { bubbles: true, composed: true, detail }));
  }
}

Object.defineProperties(B24Payments.prototype, properties);

/** Where there is a BX24 in this page, it knows the language of its user. */
function portalLanguage() {
  try {
    return globalThis.BX24?.getLang?.() ?? "";
  } catch {
    return "";
  }
}

async function settled(promise) {
  try {
    return { value: await promise };
  } catch (error) {
    return { error };
  }
}

if (globalThis.customElements && !customElements.get(name)) customElements.define(name, B24Payments);
