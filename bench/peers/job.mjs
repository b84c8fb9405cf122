import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { pipeline } from "node:stream/promises";

/** What a peer in JavaScript has to do: `node peer.mjs METHOD FOLDER TARGET`. */
const [method, folder, target] = process.argv.slice(2);
export const job = { deflate: method !== "store", folder };

/** Puts the archive where the job wants it: to stdout for `-`, else with lib-storage under `bucket/key`. */
export async function send(archive) {
	if (target === "-") return pipeline(archive, process.stdout);
	const [{ S3Client }, { Upload }] = await Promise.all([
		import("@aws-sdk/client-s3"),
		import("@aws-sdk/lib-storage"),
	]);
	const [Bucket, Key] = target.split("/");
	const Body = new PassThrough();
	const upload = new Upload({
		client: new S3Client({ forcePathStyle: true }),
		params: { Bucket, Key, Body },
	});
	await Promise.all([pipeline(archive, Body), upload.done()]);
}

/** Yields `{ path, name }` of all files below the folder, for writers that do not walk. */
export async function* files(directory = folder, prefix = "") {
	for (const entry of await readdir(directory, { withFileTypes: true })) {
		const file = { path: join(directory, entry.name), name: `${prefix}${entry.name}` };
		if (entry.isDirectory()) yield* files(file.path, `${file.name}/`);
		else yield file;
	}
}
