import { createHash } from "node:crypto";
import { homedir } from "node:os";
import { isAbsolute, join, resolve } from "node:path";
import { looksLikeS3Url } from "../../../s3/address.ts";

/**
 * Where CRC-32s of what is served are remembered: in the cache directory of a systemd service, or in that of the user (XDG Base
 * Directory Specification). Every source has a file of its own, so that two servers do not write the same one.
 */
export function crcCachePath(source: string, env: NodeJS.ProcessEnv, home: string = homedir()): string {
	const { CACHE_DIRECTORY = "", XDG_CACHE_HOME = "" } = env;
	const [service = ""] = CACHE_DIRECTORY.split(":");
	const served = looksLikeS3Url(source) ? source : resolve(source);
	const name = `crc32-${createHash("sha256").update(served).digest("hex").slice(0, 12)}`;
	if (isAbsolute(service)) return join(service, name);
	// One that is relative is to be ignored, says the specification.
	const caches = isAbsolute(XDG_CACHE_HOME) ? XDG_CACHE_HOME : join(home, ".cache");
	return join(caches, "zipferry", name);
}
