/** Writes `docs/api.md`. */
import { writeFile } from "node:fs/promises";
import { renderReference } from "./render-reference.ts";

await writeFile(new URL("../../docs/api.md", import.meta.url), renderReference());
