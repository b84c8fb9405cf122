import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { FaultHook } from "../../../localstack/strict-s3/local-s3.ts";
import { uploadZip } from "../../../src/upload/upload-zip.ts";
import { BUCKET } from "../../support/demo-server.ts";
import { AgedServer, DAY_MS } from "../../support/incomplete-uploads.ts";

let server: AgedServer;
let fault: FaultHook;
beforeEach(async () => {
	fault = () => undefined;
	server = await AgedServer.start({ onRequest: (request) => fault(request) });
	for (const [name, value] of Object.entries(server.demo.env)) vi.stubEnv(name, value);
});
afterEach(async () => {
	vi.unstubAllEnvs();
	await server.demo.close();
});

const run = (key: string) => uploadZip([{ name: "a.txt", content: "alpha" }], { bucket: BUCKET, key });

describe("an upload of a key that earlier runs have left uploads of", () => {
	it("warns of them, with what to call to see and to remove them", async () => {
		await server.begin("a.zip", 3.5 * DAY_MS, [10]);
		await server.begin("a.zip", DAY_MS);
		const { warnings } = await run("a.zip");
		const problem = "there are 2 incomplete uploads of this key, the oldest started 3 d ago";
		expect(warnings).toEqual([
			{
				code: "INCOMPLETE_UPLOADS",
				message: `${problem}; listUploads() lists incomplete uploads, abortUploads() removes those that have received no part for a day`,
				problem,
				advice: { kind: "review-uploads", bucket: "demo", key: "a.zip" },
				origin: "s3://demo/a.zip",
			},
		]);
	});

	it("says nothing of uploads of other keys, even if they begin alike", async () => {
		await server.begin("a.zip.old", DAY_MS);
		await server.begin("a", DAY_MS);
		expect((await run("a.zip")).warnings).toEqual([]);
	});

	it("costs one request", async () => {
		await server.begin("a.zip", DAY_MS, [10]);
		const before = server.demo.s3.requests.length;
		await run("a.zip");
		const operations = server.demo.s3.requests.slice(before).map(({ operation }) => operation);
		expect(operations.filter((operation) => operation === "ListMultipartUploads")).toHaveLength(1);
		expect(operations).not.toContain("ListParts");
	});

	it("is silent where listing is not permitted", async () => {
		await server.begin("a.zip", DAY_MS);
		fault = ({ operation }) =>
			operation === "ListMultipartUploads" ? { status: 403, code: "AccessDenied", message: "no" } : undefined;
		expect((await run("a.zip")).warnings).toEqual([]);
	});

	it("does not wait for a list that never comes", async () => {
		fault = ({ operation }) => (operation === "ListMultipartUploads" ? { hang: true } : undefined);
		const startedAt = performance.now();
		expect((await run("a.zip")).warnings).toEqual([]);
		expect(performance.now() - startedAt).toBeLessThan(30_000);
	});
});
