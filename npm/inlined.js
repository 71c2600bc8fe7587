// The module's bytes from inside this file: works from any place, without another request.

import text from "#wasm";

export const bytes = () => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
