import { createReadStream } from "node:fs";
import zlib from "node:zlib";
import { files, job, send } from "./job.mjs";

// Experimental; only Node 26.8 and newer have it.
async function* entries() {
	const options = { method: job.deflate ? "deflate" : "store" };
	for await (const { path, name } of files()) {
		yield zlib.ZipEntry.createStream(name, createReadStream(path), options);
	}
}
await send(zlib.createZipArchive(entries()));
