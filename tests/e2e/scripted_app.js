// The built page with a script beside it, `scripted.js`, that holds the element's own session and view: for tests that bring about what
// no portal would. The page loads it only where a test does.

import { build } from "esbuild";
import { cp, rm } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { TARGET } from "../places.js";

const parts = { "session.js": "createSession", "view.js": "createView", "words.js": "speaker", "diagnostic.js": "diagnostic", "languages.js": "wordsOf" };

/** Lays it, and hands back its folder. */
export async function scriptedApp() {
  const folder = `${TARGET}/scripted app`;
  await rm(folder, { recursive: true, force: true });
  await cp(`${TARGET}/app`, folder, { recursive: true });
  await build({
    stdin: {
      contents: Object.entries(parts).map(([file, name]) => `export { ${name} } from "./${file}";`).join("\n"),
      resolveDir: fileURLToPath(new URL("../../www", import.meta.url)),
    },
    outfile: `${folder}/scripted.js`, bundle: true, format: "esm", external: ["./words/*"], logLevel: "warning",
  });
  return folder;
}
