import { afterEach, describe, expect, it } from "vitest";
import { type LocalS3, type LocalS3Options, startLocalS3 } from "../../localstack/strict-s3/local-s3.ts";
import { examine } from "../../src/doctor/examine.ts";
import type { ProviderName } from "../../src/s3/providers.ts";

let server: LocalS3 | undefined;
afterEach(() => server?.close());

async function findings(provider: ProviderName, options: LocalS3Options = {}) {
	server = await startLocalS3({ ...options, buckets: ["demo"] });
	const { endpoint, region, accessKeyId, secretAccessKey } = server;
	const credentials = { accessKeyId, secretAccessKey };
	const found = new Map<string, unknown>();
	for await (const { name, ...finding } of examine({
		...{ bucket: "demo", prefix: "", endpoint, region, credentials, provider, pathStyle: true },
	}))
		found.set(name, finding);
	return found;
}

describe("the check of part numbers", () => {
	it.each(["minio", "aws"] as const)(
		"finds that gaps are taken, also where uploads with checksums have none (%s)",
		async (provider) => {
			const found = await findings(provider);
			expect(found.get("part number gaps")).toMatchObject({ status: "pass", facts: { partGaps: true } });
			expect(found.get("clearing up")).toMatchObject({ status: "pass" });
		},
	);

	it("finds that gaps are refused, as by directory buckets, and leaves nothing", async () => {
		const found = await findings("aws", { consecutiveParts: true });
		expect(found.get("part number gaps")).toMatchObject({ status: "pass", facts: { partGaps: false } });
		expect(found.get("clearing up")).toMatchObject({ status: "pass" });
	});
});
