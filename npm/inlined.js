// The module's bytes from inside this file: works wherever the file does, without another request. They are packed as text in
// which they compress better, and a small module of its own (npm/unpack) unpacks them.

import text, { before, length, unpacker } from "#wasm";

const PAGE = 65536;

export const bytes = () => {
  const module = new WebAssembly.Module(Uint8Array.from(unpacker.match(/../g), (hex) => parseInt(hex, 16)));
  const { memory, unpack } = new WebAssembly.Instance(module).exports;
  const start = memory.buffer.byteLength;
  const whole = text.length + length;
  memory.grow(Math.ceil(whole / PAGE));
  new TextEncoder().encodeInto(text, new Uint8Array(memory.buffer, start));
  unpack(start, whole, text.length, before);
  return new Uint8Array(memory.buffer, start + text.length, length);
};
