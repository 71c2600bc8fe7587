// The module's bytes from inside this file: works wherever the file does, without another request. They are packed as text in
// which they compress better, and a small module of its own (npm/unpack) unpacks them.

import text, { before, length, unpacker } from "#wasm";

const PAGE = 65536;

export const bytes = () => {
  const module = new WebAssembly.Module(Uint8Array.from(unpacker.match(/../g), (hex) => parseInt(hex, 16)));
  const { memory, unpack } = new WebAssembly.Instance(module).exports;
  const start = memory.buffer.byteLength;
  // The unpacker needs a little room behind the module.
  memory.grow(Math.ceil((text.length + length) / PAGE) + 1);
  new TextEncoder().encodeInto(text, new Uint8Array(memory.buffer, start));
  const unpacked = start + text.length;
  unpack(start, text.length, before, unpacked, memory.buffer.byteLength - unpacked);
  return new Uint8Array(memory.buffer, unpacked, length);
};
