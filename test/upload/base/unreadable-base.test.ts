import { afterEach, beforeEach, expect, it } from "vitest";
import { uploadZip, type Warning } from "../../../src/index.ts";
import { BUCKET, DemoServer } from "../../support/demo-server.ts";

let server: DemoServer;
/** What a look at the base is answered with. */
let status = 200;

beforeEach(async () => {
	server = await DemoServer.start({
		onRequest: ({ operation, key }) =>
			operation === "HeadObject" && key === "base.zip" && status !== 200
				? { status, code: "BadRequest", message: "" }
				: undefined,
	});
});
afterEach(() => server.close());

function upload(more: { readonly base?: string } = {}) {
	const { endpoint, region } = server.s3;
	const storage = { endpoint, region, credentials: server.s3, bucket: BUCKET, provider: "aws" as const };
	const source = { name: "a.txt", content: "alpha", mtime: new Date(1e12) };
	return uploadZip(source, { ...storage, key: "new.zip", retryTimeMs: 0, ...more });
}

it("a base that nobody may look at without a key of its own is not used, and all is sent", async () => {
	status = 400;
	const { warnings, copiedEntryCount } = await upload({ base: `s3://${BUCKET}/base.zip` });
	expect(copiedEntryCount).toBe(0);
	const found = warnings.find(({ code }): boolean => code === "BASE_NOT_USED") as Warning;
	expect(found.message).toContain("encrypted with a key that goes with each request (SSE-C)");
	expect(await server.keys()).toEqual(["new.zip"]);
});

it("a base that the storage refuses to show fails the upload, and nothing is there", async () => {
	status = 403;
	await expect(upload({ base: `s3://${BUCKET}/base.zip` })).rejects.toMatchObject({
		code: "STORAGE_REFUSED",
	});
	expect(await server.keys()).toEqual([]);
});
