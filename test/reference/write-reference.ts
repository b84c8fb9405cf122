/** Writes `docs/api.md` and `docs/options.md`. */
import { writeFile } from "node:fs/promises";
import { renderOptions } from "./render-options.ts";
import { renderReference } from "./render-reference.ts";

await writeFile(new URL("../../docs/api.md", import.meta.url), renderReference());
await writeFile(new URL("../../docs/options.md", import.meta.url), renderOptions());
