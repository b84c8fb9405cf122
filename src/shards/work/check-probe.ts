import { compressionProbe } from "../../zip/compression-probe.ts";
import type { Manifest } from "../manifest.ts";
import { ShardsError } from "../shards-error.ts";

/**
 * Makes sure that this process compresses as the one that has planned: another version of zlib makes other bytes, and so does another
 * processor.
 *
 * @throws {ShardsError} `SHARDS_UNFIT`
 */
export async function checkProbe({ id, archive, probe, software }: Manifest): Promise<void> {
	const { method, level } = archive;
	if ((await compressionProbe(method, level)) === probe) return;
	const { node, zlib, zstd = "none" } = process.versions;
	const library = method === "zstd" ? `zstd ${zstd}` : `zlib ${zlib}`;
	const problem = `this worker would compress to other bytes than the planner (zipferry ${software}): it has Node.js ${node} with ${library} on ${process.arch}; all that make an archive together need the same versions and kind of processor`;
	throw new ShardsError("SHARDS_UNFIT", problem, { plan: id });
}
