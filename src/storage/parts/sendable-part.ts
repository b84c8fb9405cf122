import { constants } from "node:buffer";
import { MiB } from "../../bytes/units.ts";
import type { PartLimits } from "../../s3/providers.ts";

/**
 * Bytes of the largest part that can be sent from here, in whole MiB. Node gives OpenSSL a part as it is, to
 * be hashed and encrypted, and that counts in 32 bits, one of them for the sign; buffers may be smaller still.
 */
export const LARGEST_PART_SIZE: number = MiB * Math.floor(Math.min(constants.MAX_LENGTH, 2 ** 31 - 1) / MiB);

/** The limits of a storage, as far as this machine can send as much. */
export function sendable(limits: PartLimits): PartLimits {
	return { ...limits, maxPartSize: Math.min(limits.maxPartSize, LARGEST_PART_SIZE) };
}
