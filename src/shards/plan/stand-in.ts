import { createHash } from "node:crypto";
import { deflateRawSync } from "node:zlib";

export async function compressionProbe(): Promise<string> {
	return createHash("sha256")
		.update(deflateRawSync(Buffer.alloc(1000, "zipferry")))
		.digest("hex");
}
