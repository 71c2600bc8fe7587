// Prints what each given file, and each file of the given folders, weighs: as it is, and as servers send it. Node brings both compressors.

import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const BROTLI_11 = { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } };

const row = (name, ...cells) => name.padEnd(44) + cells.map((cell) => String(cell).padStart(11)).join("");

function files(folder) {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name)).sort();
}

function weigh(file, name) {
  const bytes = readFileSync(file);
  const sizes = [bytes, gzipSync(bytes, { level: 9 }), brotliCompressSync(bytes, BROTLI_11)].map(({ length }) => length);
  console.log(row(name, ...sizes));
}

// Whoever reads it may have read enough, as `head` has.
process.stdout.on("error", () => process.exit(1));

for (const given of process.argv.slice(2)) {
  if (statSync(given).isDirectory()) {
    console.log(`\n${row(relative(".", given), "raw", "gzip -9", "brotli 11")}`);
    for (const file of files(given)) weigh(file, `  ${relative(given, file)}`);
  } else {
    console.log();
    weigh(given, relative(".", given));
  }
}
