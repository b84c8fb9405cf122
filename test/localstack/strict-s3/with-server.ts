import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type LocalS3, type LocalS3Options, startLocalS3 } from "../../../localstack/strict-s3/local-s3.ts";

/** Runs with a server that has the bucket "bucket", and closes it whatever happens. */
export async function withServer<T>(
	run: (server: LocalS3) => Promise<T>,
	options: LocalS3Options = {},
): Promise<T> {
	const server = await startLocalS3({ buckets: ["bucket"], ...options });
	try {
		return await run(server);
	} finally {
		await server.close();
	}
}

/** Runs with an empty directory that is removed afterwards. */
export async function withDirectory<T>(run: (directory: string) => Promise<T>): Promise<T> {
	const directory = await mkdtemp(join(tmpdir(), "local-s3-test-"));
	try {
		return await run(directory);
	} finally {
		await rm(directory, { recursive: true });
	}
}
