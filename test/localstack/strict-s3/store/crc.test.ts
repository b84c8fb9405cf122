import { randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import { type CrcAlgorithm, combineCrcs, createCrc } from "../../../../localstack/strict-s3/store/crc.ts";

const CHECK_VALUES: readonly [CrcAlgorithm, string][] = [
	["CRC32", "cbf43926"],
	["CRC32C", "e3069283"],
	["CRC64NVME", "ae8b14860a799888"],
];

async function crcOf(algorithm: CrcAlgorithm, bytes: Uint8Array): Promise<Uint8Array> {
	const crc = createCrc(algorithm);
	crc.update(bytes);
	return await crc.digest();
}

describe("combineCrcs", () => {
	it.each(CHECK_VALUES)(
		"of %s gives the CRC of all pieces, empty ones included",
		async (algorithm, check) => {
			const bytes = Buffer.from("123456789");
			const pieces = [bytes.subarray(0, 2), bytes.subarray(2, 2), bytes.subarray(2, 4), bytes.subarray(4)];
			const crcs = pieces.map(async (piece) => ({
				digest: await crcOf(algorithm, piece),
				size: piece.length,
			}));
			expect(Buffer.from(combineCrcs(algorithm, await Promise.all(crcs))).toString("hex")).toBe(check);
		},
	);

	it.each(CHECK_VALUES)("of %s keeps leading zeros", async (algorithm) => {
		const pieces = Array.from({ length: 300 }, (_, index) => randomBytes(index));
		let whole = Buffer.alloc(0);
		let combined: Uint8Array = await crcOf(algorithm, whole);
		for (const piece of pieces) {
			const known = { digest: combined, size: whole.length };
			combined = combineCrcs(algorithm, [
				known,
				{ digest: await crcOf(algorithm, piece), size: piece.length },
			]);
			whole = Buffer.concat([whole, piece]);
			expect(Buffer.from(combined)).toEqual(Buffer.from(await crcOf(algorithm, whole)));
		}
	});
});
