/**
 * What `npm start` runs: uploads real directories with the real command line to a local S3 server, reads
 * the archive back and compares every entry with the file it was made of.
 *
 *     npm start                          # this checkout and its node_modules
 *     npm start -- ./photos ~/documents  # directories of yours
 */
import { mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { startLocalS3 } from "../../localstack/strict-s3/local-s3.ts";
import { compareArchive, type SourceRoot } from "./compare-archive.ts";
import { readBack } from "./read-back.ts";
import { stopped, stopSignal } from "./stop-signal.ts";
import { uploadWithCli } from "./upload-with-cli.ts";

const PROJECT = resolve(fileURLToPath(new URL("../..", import.meta.url)));
/** At the top of a source: history, what is built or installed, and caches, which change while they are read. */
const EXCLUDED = [".git", "node_modules", "dist", "coverage", ".tmp", ".cache", ".vite", ".vite-temp"];
const TARGET = { bucket: "demo", key: "backups/project.zip" };

// The SDK's notice about the end of Node 20 is not what this is about.
process.env["AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED"] ??= "true";

try {
	await mainJob(await Promise.all(process.argv.slice(2).map(rootAt)));
} catch (error) {
	console.error(`main job failed: ${error instanceof Error ? error.message : String(error)}`);
	process.exitCode = stopped() ?? 1;
}

async function mainJob(given: readonly SourceRoot[]): Promise<void> {
	const roots = given.length > 0 ? given : defaultRoots();
	const directory = await mkdtemp(join(tmpdir(), "zipferry-main-job-"));
	const server = await startLocalS3({ buckets: [TARGET.bucket] });
	try {
		console.error(`A local S3 server is listening on ${server.endpoint}; the upload runs against it:\n`);
		const upload = await uploadWithCli(roots, EXCLUDED, TARGET, server);

		console.error("\nReading it back, and comparing every entry with its file …");
		const archive = join(directory, "read-back.zip");
		const { size, md5 } = await readBack(server, TARGET, archive);
		if (md5 !== upload.md5 || size !== upload.size) {
			throw new Error(
				`the bucket holds ${size} bytes, md5 ${md5}; sent were ${upload.size}, md5 ${upload.md5}`,
			);
		}
		const { entryCount, byteCount } = await compareArchive(archive, roots, EXCLUDED, stopSignal);
		if (entryCount !== upload.entryCount) {
			throw new Error(`the archive has ${entryCount} entries; the command line said ${upload.entryCount}`);
		}
		console.log(report(entryCount, byteCount, size, md5));
	} finally {
		await server.close();
		await rm(directory, { recursive: true, force: true });
	}
}

async function rootAt(given: string): Promise<SourceRoot> {
	const path = await realpath(given);
	return { name: basename(path), path };
}

function defaultRoots(): SourceRoot[] {
	return [
		{ name: "project", path: PROJECT },
		{ name: "node_modules", path: join(PROJECT, "node_modules") },
	];
}

function report(entryCount: number, byteCount: number, archiveSize: number, md5: string): string {
	const count = (value: number) => value.toLocaleString("en");
	return `
OK: ${count(entryCount)} entries with ${count(byteCount)} bytes are the same as on disk, names, modes and times included.
    The archive has ${count(archiveSize)} bytes, md5 ${md5}, as the command line said.

Where to go next:
  npm run localstack                           a server that keeps running; it prints the variables to set
  node dist/cli/zipferry.cjs upload --help     all options (once installed: zipferry upload --help)
  node dist/cli/zipferry.cjs upload . s3://demo/project.zip --exclude node_modules --dry-run
  README.md                                    quick start; Linode, AWS and MinIO; cron; the library
  examples/README.md                           one idea per file, each with the line to type`;
}
