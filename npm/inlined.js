// The module's bytes from inside this file: works wherever the file does, without another request.

import text from "#wasm";

// Two letters a byte: the low half from A to P, the high half from a to p.
export const bytes = () =>
  Uint8Array.from(
    { length: text.length / 2 },
    (_, at) => (text.charCodeAt(2 * at) - 65) | ((text.charCodeAt(2 * at + 1) - 97) << 4),
  );
