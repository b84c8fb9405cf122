import { createReadStream } from "node:fs";
import ZipStream from "zip-stream";
import { files, job, send } from "./job.mjs";

const zip = new ZipStream(job.deflate ? { level: 6 } : { store: true });
const sent = send(zip);
for await (const { path, name } of files()) {
	await new Promise((resolve, reject) => {
		zip.entry(createReadStream(path), { name }, (error) => (error ? reject(error) : resolve()));
	});
}
zip.finish();
await sent;
