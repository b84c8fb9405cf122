import { afterEach, describe, expect, it } from "vitest";
import { type LocalS3, type LocalS3Options, startLocalS3 } from "../../localstack/strict-s3/local-s3.ts";
import { examine } from "../../src/doctor/examine.ts";
import type { ProviderName } from "../../src/s3/providers.ts";

let server: LocalS3 | undefined;
afterEach(() => server?.close());

const NAMES = ["UploadPartCopy", "copy condition", "copy checksum", "copied part sizes"];

/** The findings about copying, and whether anything is left. */
async function findings(provider: ProviderName, options: LocalS3Options = {}) {
	server = await startLocalS3({ ...options, buckets: ["demo"] });
	const { endpoint, region, accessKeyId, secretAccessKey } = server;
	const credentials = { accessKeyId, secretAccessKey };
	const found = new Map<string, object>();
	for await (const { name, ...finding } of examine({
		...{ bucket: "demo", prefix: "p/", endpoint, region, credentials, provider, pathStyle: true },
	}))
		found.set(name, finding);
	expect(found.get("clearing up")).toMatchObject({ status: "pass" });
	const [copying, condition, checksum, sizes] = NAMES.map((name) => found.get(name));
	return { copying, condition, checksum, sizes };
}

const COPIED = { copies: true, unequalParts: true };

describe("the checks of copying", () => {
	it.each(["generic", "aws", "ceph"] as const)(
		"find that it is done as AWS does it (%s)",
		async (provider) => {
			expect(await findings(provider)).toMatchObject({
				copying: { status: "pass", message: "allowed; the ETag is the MD5 of the range" },
				condition: { status: "pass", facts: { copyConditions: "heeded" } },
				checksum: { status: "pass", facts: { copyChecksums: "range" } },
				sizes: { status: "pass", facts: COPIED },
			});
		},
	);

	it("find out a condition that is ignored, as by Ceph and R2", async () => {
		const { condition, sizes } = await findings("ceph", { habits: { copyConditions: "ignored" } });
		expect(condition).toMatchObject({
			status: "pass",
			message: "ignored; sources are looked at once more when all is copied",
			facts: { copyConditions: "ignored" },
		});
		expect(sizes).toMatchObject({ status: "pass", facts: COPIED });
	});

	it("find out the CRC-32 of the whole source in place of that of the range, as from versitygw", async () => {
		const { checksum } = await findings("generic", { habits: { copyChecksum: "source" } });
		expect(checksum).toMatchObject({
			status: "warn",
			message: "the CRC-32 of the whole source, for a range of it too",
			advice: { kind: "other", text: "not used with provider generic" },
			facts: { copyChecksums: "source" },
		});
	});

	it("fail if that is a storage which is taken for AWS", async () => {
		const { checksum } = await findings("aws", { habits: { copyChecksum: "source" } });
		expect(checksum).toMatchObject({
			status: "fail",
			advice: { kind: "set-option", option: "provider", value: "generic" },
		});
	});

	it.each([
		["r2", "pass"],
		["generic", "pass"],
		["minio", "fail"],
	] as const)("find out that parts must have one size, copied ones too (%s)", async (provider, status) => {
		const { copying, sizes } = await findings(provider, { habits: { partSizes: "equal" } });
		expect(copying).toMatchObject({ status: "pass" });
		expect(sizes).toMatchObject({
			status,
			message: expect.stringMatching(/^one size only \(InvalidPart\); archives are made anew/),
			facts: { copies: true, unequalParts: false },
		});
	});

	it.each([
		["late", "generic", "warn", /^the storage copied other bytes than it was asked for; archives are made/],
		["ignored", "generic", "warn", /^the storage made 10,488,832 bytes, not 10,487,807; archives are made/],
		["late", "ceph", "fail", /^the storage copied other bytes/],
	] as const)("find that a range is %s (%s)", async (copyRange, provider, status, message) => {
		const { sizes } = await findings(provider, { habits: { copyRange } });
		expect(sizes).toMatchObject({
			status,
			message: expect.stringMatching(message),
			facts: { copies: false },
		});
	});

	it("warn where nothing can be copied, and try no more of it", async () => {
		const { copying, condition, checksum, sizes } = await findings("generic", {
			onRequest: ({ operation }) =>
				operation === "UploadPartCopy" ? { status: 501, code: "NotImplemented", message: "no" } : undefined,
		});
		expect(copying).toMatchObject({
			status: "warn",
			message: expect.stringMatching(/NotImplemented.*; archives are made anew and sent as a whole/),
		});
		for (const finding of [condition, checksum, sizes])
			expect(finding).toMatchObject({ status: "warn", message: "not tried: it needs UploadPartCopy" });
	});
});
