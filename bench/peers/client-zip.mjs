import { createReadStream } from "node:fs";
import { Readable } from "node:stream";
import { makeZip } from "client-zip";
import { files, send } from "./job.mjs";

// It can only store.
async function* entries() {
	for await (const { path, name } of files()) yield { name, input: createReadStream(path) };
}
await send(Readable.fromWeb(makeZip(entries())));
