// Prints what each file of the given folders weighs: as it is, and as servers send it. Node brings both compressors.

import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const BROTLI_11 = { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } };

const row = (name, ...cells) => name.padEnd(44) + cells.map((cell) => String(cell).padStart(11)).join("");

for (const folder of process.argv.slice(2)) {
  console.log(`\n${row(relative(".", folder), "raw", "gzip -9", "brotli 11")}`);
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  for (const file of files.sort()) {
    const bytes = readFileSync(file);
    const sizes = [bytes, gzipSync(bytes, { level: 9 }), brotliCompressSync(bytes, BROTLI_11)].map(({ length }) => length);
    console.log(row(`  ${relative(folder, file)}`, ...sizes));
  }
}
