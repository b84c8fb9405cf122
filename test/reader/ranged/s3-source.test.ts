import { DeleteObjectCommand } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { resolveOptions } from "../../../src/options/resolve-options.ts";
import { OPEN_ARCHIVE_SCHEMA } from "../../../src/reader/options.ts";
import { openRanged } from "../../../src/reader/ranged/open-ranged.ts";
import { readRange } from "../../../src/reader/ranged/ranged-source.ts";
import { ContractBucket } from "../../s3/contract-bucket.ts";
import { contractServer } from "../../s3/servers.ts";
import { startPlainServer } from "../../support/plain-server.ts";
import { serveRange } from "../../support/range-server.ts";
import { rangedContract } from "./ranged-contract.ts";

const server = await contractServer();
let bucket: ContractBucket;
beforeAll(async () => {
	vi.stubEnv("AWS_ACCESS_KEY_ID", server.credentials.accessKeyId);
	vi.stubEnv("AWS_SECRET_ACCESS_KEY", server.credentials.secretAccessKey);
	bucket = await ContractBucket.create(server);
});
afterAll(async () => {
	await bucket.destroy();
	await server.stop();
	vi.unstubAllEnvs();
});

let count = 0;
rangedContract(`s3 (${server.name})`, async () => {
	const key = `archives/${++count} ü.zip`;
	const { requests } = server;
	return {
		location: `s3://${bucket.name}/${key}`,
		options: { endpoint: server.endpoint, region: server.region, provider: "generic" },
		noticesRemoval: true,
		put: async (bytes) => void (await bucket.put(key, bytes)),
		remove: async () =>
			void (await bucket.client.send(new DeleteObjectCommand({ Bucket: bucket.name, Key: key }))),
		...(requests && {
			requestCount: () => requests.filter((r) => r.key === key && r.operation !== "PutObject").length,
		}),
	};
});

describe("openS3Source", () => {
	it.each<[string, number, Record<string, string>]>([
		["gives the whole object to a range from the end", 200, {}],
		["refuses a range from the end", 501, {}],
		["cannot satisfy a range from the end", 416, {}],
	])("asks for the size first if the storage %s", async (_, status, headers) => {
		const bytes = Buffer.from("0123456789".repeat(20_000));
		const asked: string[] = [];
		const storage = await startPlainServer((request, response) => {
			asked.push(`${request.method} ${request.headers.range ?? ""} ${request.headers["if-match"] ?? ""}`);
			if (request.headers.range?.startsWith("bytes=-") === true) {
				response.writeHead(status, { etag: '"e1"', ...headers });
				response.end(status === 200 ? bytes : undefined);
			} else serveRange(request, response, bytes, { etag: '"e1"' });
		});
		const settings = resolveOptions(OPEN_ARCHIVE_SCHEMA, { endpoint: storage.url, provider: "generic" });
		const { source, tail } = await openRanged("s3://bucket/key.zip", settings);
		expect(bytes.subarray(-131_072).equals(tail)).toBe(true);
		expect(bytes.subarray(3, 9).equals(await readRange(source, 3, 9))).toBe(true);
		expect(asked).toEqual([
			"GET bytes=-131072 ",
			"HEAD  ",
			'GET bytes=68928-199999 "e1"',
			'GET bytes=3-8 "e1"',
		]);
		await source.close();
		await storage.close();
	});

	it("asks for the version that is wanted, every time", async () => {
		const bytes = Buffer.from("0123456789".repeat(20_000));
		const asked: string[] = [];
		const storage = await startPlainServer((request, response) => {
			asked.push(new URL(request.url ?? "", "http://s").searchParams.get("versionId") ?? "");
			serveRange(request, response, bytes, { etag: '"e1"', "x-amz-version-id": "v7" });
		});
		const settings = resolveOptions(OPEN_ARCHIVE_SCHEMA, {
			endpoint: storage.url,
			provider: "generic",
			versionId: "v7",
		});
		const { source } = await openRanged("s3://bucket/key.zip", settings);
		await readRange(source, 0, 10);
		expect(asked).toEqual(["v7", "v7"]);
		expect(source.identity).toEqual({ type: "s3", etag: "e1", versionId: "v7" });
		await source.close();
		await storage.close();
	});
});
