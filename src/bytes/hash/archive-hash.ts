import { createHash } from "node:crypto";
import { crc32 } from "../crc32.ts";
import type { Observer } from "../tap.ts";

/** Hashes over a whole archive. */
export type HashAlgorithm = "md5" | "sha256" | "crc32";

/** An {@link Observer} that ends in a hash. */
export interface ArchiveHash extends Observer {
	/** Lower-case hex. Call it once, at the end. */
	digest(): string;
}

export function archiveHash(algorithm: HashAlgorithm): ArchiveHash {
	if (algorithm !== "crc32") {
		const hash = createHash(algorithm);
		return { update: (chunk) => hash.update(chunk), digest: () => hash.digest("hex") };
	}
	let value = 0;
	return {
		update(chunk) {
			value = crc32(chunk, value);
		},
		digest: () => value.toString(16).padStart(8, "0"),
	};
}
