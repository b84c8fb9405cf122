import { createHash, randomBytes } from "node:crypto";
import { Readable } from "node:stream";
import type { ChecksumAlgorithm, ChecksumType } from "@aws-sdk/client-s3";
import { describe, expect, it } from "vitest";
import { type ContractBucket, MIN_PART_SIZE, refusal } from "./contract-bucket.ts";
import type { Differences } from "./differences.ts";

/** Of the text "123456789", which catalogues of checksums use. */
const CHECK_VALUES = {
	CRC32: "cbf43926",
	CRC32C: "e3069283",
	CRC64NVME: "ae8b14860a799888",
	SHA1: "f7c3bc1d808e04732adf679965ccc34ca7ae3441",
	SHA256: "15e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c65fbc8c3312448eb225",
} as const satisfies Partial<Record<ChecksumAlgorithm, string>>;
type Algorithm = keyof typeof CHECK_VALUES;

const TEXT = "123456789";
const ALL: readonly Algorithm[] = ["CRC32", "CRC32C", "CRC64NVME", "SHA1", "SHA256"];
const COMPOSITE: readonly Algorithm[] = ["CRC32", "CRC32C", "SHA1", "SHA256"];
const FULL_OBJECT: readonly Algorithm[] = ["CRC32", "CRC32C", "CRC64NVME"];
const PARTS = [randomBytes(MIN_PART_SIZE), randomBytes(MIN_PART_SIZE), randomBytes(12_345)];

export function checksumContract(bucket: () => ContractBucket, differences: Differences): void {
	describe.runIf(differences.verifiesChecksums)("the checksum of an object", () => {
		it.each(ALL)("%s is verified, kept, and shown to those who ask", async (algorithm) => {
			const key = `checked-${algorithm}`;
			const value = Buffer.from(CHECK_VALUES[algorithm], "hex").toString("base64");
			const put = await bucket().put(key, TEXT, field(algorithm, value));
			expect(put).toMatchObject(field(algorithm, value));
			const head = await bucket().head(key, { ChecksumMode: "ENABLED" });
			expect(head).toMatchObject({ ...field(algorithm, value), ChecksumType: "FULL_OBJECT" });
			expect(await bucket().head(key)).not.toHaveProperty(`Checksum${algorithm}`);
		});

		it.each(ALL)("%s is refused with BadDigest if it is wrong, and nothing is stored", async (algorithm) => {
			const value = Buffer.alloc(CHECK_VALUES[algorithm].length / 2).toString("base64");
			const put = bucket().put(`wrong-${algorithm}`, TEXT, field(algorithm, value));
			expect(await refusal(put)).toBe("BadDigest");
			expect(await refusal(bucket().head(`wrong-${algorithm}`))).toBe(404);
		});

		it("is refused with InvalidRequest if it is none", async () => {
			expect(await refusal(bucket().put("none", TEXT, { ChecksumCRC32: "AAAA" }))).toBe("InvalidRequest");
		});
	});

	describe.runIf(differences.streamingBodies)("a body of unknown digest", () => {
		it.each(ALL)("may bring its %s behind it", async (ChecksumAlgorithm) => {
			const body = Readable.from([Buffer.from("1234"), Buffer.from("56789")], { objectMode: false });
			const key = `trailer-${ChecksumAlgorithm}`;
			await bucket().put(key, body, { ChecksumAlgorithm, ContentLength: TEXT.length });
			expect((await bucket().read(key)).toString()).toBe(TEXT);
			const value = Buffer.from(CHECK_VALUES[ChecksumAlgorithm], "hex").toString("base64");
			const head = await bucket().head(key, { ChecksumMode: "ENABLED" });
			expect(head).toMatchObject(field(ChecksumAlgorithm, value));
			expect(head.ContentEncoding).toBeUndefined();
		});
	});

	describe.runIf(differences.verifiesChecksums)("the checksum of a multipart upload", () => {
		const upload = async (key: string, algorithm: Algorithm, type?: ChecksumType) => {
			const wanted = { ChecksumAlgorithm: algorithm, ...(type === undefined ? {} : { ChecksumType: type }) };
			const id = await bucket().createUpload(key, wanted);
			const parts = [];
			for (const [index, body] of PARTS.entries()) {
				parts.push(await bucket().uploadPart(key, id, index + 1, body, { ChecksumAlgorithm: algorithm }));
			}
			return { id, parts };
		};

		it.each(COMPOSITE)("%s is that of the checksums of the parts, by default", async (algorithm) => {
			const key = `composite-${algorithm}`;
			const { id, parts } = await upload(key, algorithm);
			const done = await bucket().complete(key, id, parts);
			const values = parts.map((part) => Buffer.from(part[`Checksum${algorithm}`] ?? "", "base64"));
			const value = `${await checksumOf(bucket(), algorithm, Buffer.concat(values))}-3`;
			expect(done).toMatchObject({ ...field(algorithm, value), ChecksumType: "COMPOSITE" });
			const head = await bucket().head(key, { ChecksumMode: "ENABLED" });
			expect(head).toMatchObject({ ...field(algorithm, value), ChecksumType: "COMPOSITE" });
		});

		it.each(FULL_OBJECT)("%s is that of all bytes, if it is asked for or the only way", async (algorithm) => {
			const key = `full-${algorithm}`;
			const value = await checksumOf(bucket(), algorithm, Buffer.concat(PARTS));
			const { id, parts } = await upload(
				key,
				algorithm,
				algorithm === "CRC64NVME" ? undefined : "FULL_OBJECT",
			);
			const wrong = field(algorithm, Buffer.alloc(CHECK_VALUES[algorithm].length / 2).toString("base64"));
			const more = { ChecksumType: "FULL_OBJECT" as const };
			expect(await refusal(bucket().complete(key, id, parts, { ...more, ...wrong }))).toBe("BadDigest");
			const done = await bucket().complete(key, id, parts, { ...more, ...field(algorithm, value) });
			expect(done).toMatchObject({ ...field(algorithm, value), ...more });
		});

		it("comes with the size of the object, which has to be right", async () => {
			const { id, parts } = await upload("sized", "CRC32", "FULL_OBJECT");
			const size = PARTS.reduce((sum, part) => sum + part.length, 0);
			expect(await refusal(bucket().complete("sized", id, parts, { MpuObjectSize: size + 1 }))).toBe(
				"InvalidRequest",
			);
			await bucket().complete("sized", id, parts, { MpuObjectSize: size });
			expect((await bucket().head("sized")).ContentLength).toBe(size);
		});

		it.each([
			["SHA1", "FULL_OBJECT"],
			["SHA256", "FULL_OBJECT"],
			["CRC64NVME", "COMPOSITE"],
		] as const)("%s is never %s", async (ChecksumAlgorithm, ChecksumType) => {
			const create = bucket().createUpload("impossible", { ChecksumAlgorithm, ChecksumType });
			expect(await refusal(create)).toBe("InvalidRequest");
		});

		it("is required of every part, and of no other algorithm", async () => {
			const id = await bucket().createUpload("required", { ChecksumAlgorithm: "CRC32" });
			const [body = Buffer.alloc(0)] = PARTS;
			expect(await refusal(bucket().uploadPart("required", id, 1, body))).toBe("InvalidRequest");
			const other = bucket().uploadPart("required", id, 1, body, { ChecksumAlgorithm: "SHA256" });
			expect(await refusal(other)).toBe("InvalidRequest");
		});

		it("has to be right for each part", async () => {
			const id = await bucket().createUpload("part-sum", { ChecksumAlgorithm: "CRC32" });
			const wrong = { ChecksumCRC32: "AAAAAA==" };
			const upload = bucket().uploadPart("part-sum", id, 1, Buffer.from(TEXT), wrong);
			expect(await refusal(upload)).toBe("BadDigest");
			const more = { ChecksumAlgorithm: "CRC32" as const };
			const part = await bucket().uploadPart("part-sum", id, 1, Buffer.from(TEXT), more);
			expect(await refusal(bucket().complete("part-sum", id, [{ ...part, ...wrong }]))).toBe("InvalidPart");
			const { ChecksumCRC32: _, ...without } = part;
			expect(await refusal(bucket().complete("part-sum", id, [without]))).toBe("InvalidRequest");
		});
	});
}

function field(algorithm: Algorithm, value: string): Record<string, string> {
	return { [`Checksum${algorithm}`]: value };
}

/** What the server found for the bytes when they came in one piece; hashes are computed here. */
async function checksumOf(bucket: ContractBucket, algorithm: Algorithm, bytes: Uint8Array): Promise<string> {
	if (algorithm === "SHA1" || algorithm === "SHA256")
		return createHash(algorithm).update(bytes).digest("base64");
	const put = await bucket.put("in-one-piece", bytes, { ChecksumAlgorithm: algorithm });
	return put[`Checksum${algorithm}`] ?? "";
}
