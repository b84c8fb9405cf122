import { InvalidOptionError } from "../../errors.ts";
import { resolveOptions } from "../../options/resolve-options.ts";
import type { ObjectAddress } from "../../s3/address.ts";
import { findManifestAt } from "../helper-objects.ts";
import { SHARDS_SCHEMA, type ShardsOptions } from "../options.ts";
import { noManifest } from "../over.ts";
import { checkPlan } from "../plan-schema.ts";
import { withStorage } from "../plan-storage.ts";
import { planOfManifest } from "../shard-keys.ts";
import type { ShardPlan } from "../shard-plan.ts";

/**
 * Reads a plan from its manifest in the bucket.
 *
 * @throws {InvalidOptionError} if the key is not one that manifests have.
 * @throws {ShardsError} `SHARDS_OVER` if there is none.
 * @throws {StorageError} `INTEGRITY` if it is damaged.
 */
export async function readPlan(address: ObjectAddress, options: ShardsOptions = {}): Promise<ShardPlan> {
	const { bucket } = address;
	const plan = planOfManifest(address.key);
	if (plan === undefined)
		throw new InvalidOptionError(
			`s3://${bucket}/${address.key} is no manifest of shards; one is called like s3://${bucket}/photos.zip.zipferry-shards/3f9c…/manifest.json`,
		);
	return withStorage(bucket, resolveOptions(SHARDS_SCHEMA, options), async ({ connection, firstRequest }) => {
		const manifest = await findManifestAt(connection, { bucket, ...plan }, firstRequest);
		if (manifest === undefined) throw noManifest({ bucket, ...plan });
		return checkPlan(manifest);
	});
}
