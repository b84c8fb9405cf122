import { createHash } from "node:crypto";
import { deflateRawSync } from "node:zlib";
import type { Connection } from "../../s3/connection.ts";
import { deleteObjects } from "../../s3/objects/delete-objects.ts";
import { listObjects } from "../../s3/objects/list-objects.ts";
import { putSmall } from "../../s3/objects/put-small.ts";
import type { RequestOptions } from "../../s3/objects/request-options.ts";
import type { Manifest } from "../manifest.ts";
import { manifestKey, shardsPrefix } from "../shard-keys.ts";
import type { ShardPlan } from "../shard-plan.ts";

export async function writeManifest(
	connection: Connection,
	manifest: Manifest,
	options: RequestOptions = {},
): Promise<void> {
	const address = { bucket: manifest.bucket, key: manifestKey(manifest) };
	await putSmall(connection, address, Buffer.from(`${JSON.stringify(manifest)}\n`), options);
}

export async function removeHelpers(
	connection: Connection,
	plan: ShardPlan,
	options: RequestOptions = {},
): Promise<number> {
	const { bucket } = plan;
	let count = 0;
	for await (const { objects } of listObjects(connection, { bucket, prefix: shardsPrefix(plan) }, options)) {
		const [failure] = await deleteObjects(
			connection,
			bucket,
			objects.map(({ key }) => ({ key })),
			options,
		);
		if (failure !== undefined) throw failure.error;
		count += objects.length;
	}
	return count;
}

export async function compressionProbe(): Promise<string> {
	return createHash("sha256")
		.update(deflateRawSync(Buffer.alloc(1000, "zipferry")))
		.digest("hex");
}
