import { readFileSync } from "node:fs";
import { plainUpload } from "./plain-upload.ts";

/** A program that uploads with plain `@aws-sdk/lib-storage`, to be killed: `plain-child.ts FILE TARGET`. */
const [file = "", target = "{}"] = process.argv.slice(2);
await plainUpload(JSON.parse(target), readFileSync(file));
