import { utimes } from "node:fs/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { uploadZip } from "../../../src/index.ts";
import { noise } from "../../support/bytes.ts";
import { BUCKET, DemoServer } from "../../support/demo-server.ts";
import { forwardTo, type PlainServer, startPlainServer } from "../../support/plain-server.ts";
import { useTempDirectory } from "../../support/temp-directory.ts";

const temp = useTempDirectory();
let server: DemoServer;
let proxy: PlainServer;
/** What a look at the base says besides. */
let kept: Readonly<Record<string, string>> = {};
/** Whether reading it is refused. */
let unreadable = false;

beforeEach(async () => {
	[kept, unreadable] = [{}, false];
	server = await DemoServer.start({
		onRequest: ({ operation, key }) =>
			unreadable && operation === "GetObject" && key === "base.zip"
				? { status: 403, code: "InvalidObjectState", message: "not restored" }
				: undefined,
	});
	proxy = await startPlainServer((request, response) => {
		if (request.method === "HEAD" && request.url?.includes("base.zip") === true) {
			const writeHead = response.writeHead.bind(response);
			response.writeHead = ((status: number, headers: Record<string, string>) =>
				writeHead(status, { ...headers, ...kept })) as typeof response.writeHead;
		}
		forwardTo(server.s3.endpoint)(request, response);
	});
	await temp.write({ "tree/file": noise(6 * 1024 ** 2, 1) });
	await utimes(temp.path("tree/file"), 1e9, 1e9);
	await upload("base.zip");
});
afterEach(async () => {
	await proxy.close();
	await server.close();
});

function upload(key: string, more: { readonly base?: string } = {}) {
	const storage = { endpoint: proxy.url, region: server.s3.region, credentials: server.s3, bucket: BUCKET };
	return uploadZip(temp.path("tree"), {
		...{ ...storage, key, provider: "aws", method: "store", ignoreCtime: true, retryTimeMs: 0 },
		...more,
	});
}

const GLACIER = { "x-amz-storage-class": "GLACIER" };

describe("a base in an archive of the storage", () => {
	it.each([
		[GLACIER, "is archived (storage class GLACIER); it can be copied from once it is restored"],
		[
			{ ...GLACIER, "x-amz-restore": 'ongoing-request="true"' },
			"is archived (storage class GLACIER), and is still being restored; it can",
		],
		[
			{ "x-amz-storage-class": "INTELLIGENT_TIERING", "x-amz-archive-status": "ARCHIVE_ACCESS" },
			"is archived (storage class INTELLIGENT_TIERING, tier ARCHIVE_ACCESS); it can",
		],
	])("is not used, one line says so, and all is sent: %j", async (headers, reason) => {
		kept = headers;
		const { warnings, copiedEntryCount } = await upload("new.zip", { base: `s3://${BUCKET}/base.zip` });
		expect(copiedEntryCount).toBe(0);
		expect(warnings).toMatchObject([{ code: "BASE_NOT_USED", message: expect.stringContaining(reason) }]);
	});

	it("is copied from when it is restored", async () => {
		kept = {
			...GLACIER,
			"x-amz-restore": 'ongoing-request="false", expiry-date="Fri, 21 Dec 2029 00:00:00 GMT"',
		};
		const result = await upload("new.zip", { base: `s3://${BUCKET}/base.zip` });
		expect(result).toMatchObject({ copiedEntryCount: 1, verifiedEntryCount: 1, warnings: [] });
	});

	it("is not used if that turns out when it is read", async () => {
		unreadable = true;
		const { warnings, copiedEntryCount } = await upload("new.zip", { base: `s3://${BUCKET}/base.zip` });
		expect(copiedEntryCount).toBe(0);
		expect(warnings).toMatchObject([
			{ code: "BASE_NOT_USED", message: expect.stringContaining("base.zip is archived; it can be copied") },
		]);
	});
});
