import { createHash } from "node:crypto";
import { S3Error } from "../errors.ts";
import { type Crc, combineCrcs, createCrc } from "./crc.ts";

export type ChecksumType = "COMPOSITE" | "FULL_OBJECT";
export type ChecksumAlgorithm = keyof typeof ALGORITHMS;

/** A checksum as S3 shows it: base64, for a composite one followed by `-` and the number of parts. */
export interface Checksum {
	readonly algorithm: ChecksumAlgorithm;
	readonly type: ChecksumType;
	readonly value: string;
}

/** What AWS allows for multipart uploads; the first type is the default. */
const ALGORITHMS = {
	CRC32: { byteLength: 4, types: ["COMPOSITE", "FULL_OBJECT"] },
	CRC32C: { byteLength: 4, types: ["COMPOSITE", "FULL_OBJECT"] },
	CRC64NVME: { byteLength: 8, types: ["FULL_OBJECT"] },
	SHA1: { byteLength: 20, types: ["COMPOSITE"] },
	SHA256: { byteLength: 32, types: ["COMPOSITE"] },
} as const satisfies Record<string, { byteLength: number; types: readonly ChecksumType[] }>;

export const CHECKSUM_ALGORITHMS: readonly ChecksumAlgorithm[] = [
	"CRC32",
	"CRC32C",
	"CRC64NVME",
	"SHA1",
	"SHA256",
];

export function checksumHeader(algorithm: ChecksumAlgorithm): string {
	return `x-amz-checksum-${algorithm.toLowerCase()}`;
}

/** Headers of an answer that carry the checksum. */
export function checksumHeaders(checksum: Checksum | undefined): Record<string, string> {
	if (checksum === undefined) return {};
	return { [checksumHeader(checksum.algorithm)]: checksum.value, "x-amz-checksum-type": checksum.type };
}

export function createChecksum(algorithm: ChecksumAlgorithm): Crc {
	switch (algorithm) {
		case "SHA1":
		case "SHA256": {
			const hash = createHash(algorithm);
			return { update: (chunk) => hash.update(chunk), digest: () => Promise.resolve(hash.digest()) };
		}
		default:
			return createCrc(algorithm);
	}
}

export function parseAlgorithm(name: string): ChecksumAlgorithm {
	const algorithm = CHECKSUM_ALGORITHMS.find((candidate) => candidate === name.toUpperCase());
	if (algorithm === undefined) {
		throw new S3Error("InvalidRequest", `Checksum algorithm provided is unsupported: ${name}`);
	}
	return algorithm;
}

/** The type of a multipart upload's checksum, which the client may leave to the algorithm. */
export function checksumType(algorithm: ChecksumAlgorithm, requested: string | undefined): ChecksumType {
	const types: readonly ChecksumType[] = ALGORITHMS[algorithm].types;
	const type = requested === undefined ? types[0] : types.find((candidate) => candidate === requested);
	if (type === undefined) {
		throw new S3Error(
			"InvalidRequest",
			`The ${requested} checksum type cannot be used with the ${algorithm.toLowerCase()} checksum algorithm.`,
		);
	}
	return type;
}

/** Refuses a value that is not base64 of as many bytes as the algorithm has. */
export function assertChecksumValue(algorithm: ChecksumAlgorithm, value: string): void {
	const bytes = Buffer.from(value, "base64");
	if (bytes.byteLength !== ALGORITHMS[algorithm].byteLength || bytes.toString("base64") !== value) {
		throw new S3Error("InvalidRequest", `Value for ${checksumHeader(algorithm)} header is invalid.`);
	}
}

/** The checksum of a completed upload, from the checksums of its parts. */
export async function multipartChecksum(
	algorithm: ChecksumAlgorithm,
	type: ChecksumType,
	parts: readonly { readonly value: string; readonly size: number }[],
): Promise<Checksum> {
	const pieces = parts.map(({ value, size }) => ({ digest: Buffer.from(value, "base64"), size }));
	if (type === "FULL_OBJECT" && algorithm !== "SHA1" && algorithm !== "SHA256") {
		return { algorithm, type, value: Buffer.from(combineCrcs(algorithm, pieces)).toString("base64") };
	}
	const checksum = createChecksum(algorithm);
	for (const { digest } of pieces) checksum.update(digest);
	const digest = Buffer.from(await checksum.digest()).toString("base64");
	return { algorithm, type, value: `${digest}-${parts.length}` };
}
