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
	it("warns of them, with the command to see and to remove them", async () => {
		await server.begin("a.zip", 3.5 * DAY_MS, [10]);
		await server.begin("a.zip", DAY_MS);
		const { warnings } = await run("a.zip");
		expect(warnings).toEqual([
			{
				code: "INCOMPLETE_UPLOADS",
				message:
					"2 uploads of this key were begun earlier and not finished, the first 3 d ago; zipferry uploads s3://demo/a.zip shows them, with --abort it removes what nothing was added to for a day",
				origin: "s3://demo/a.zip",
			},
		]);
	});

	it("says nothing of uploads of other keys, even if they begin alike", async () => {
		await server.begin("a.zip.old", DAY_MS);
		await server.begin("a", DAY_MS);
		expect((await run("a.zip")).warnings).toEqual([]);
	});

	it("puts a key with special characters in quotes", async () => {
		await server.begin("it's $HOME.zip", DAY_MS);
		const [warning] = (await run("it's $HOME.zip")).warnings;
		expect(warning?.message).toContain("zipferry uploads 's3://demo/it'\\''s $HOME.zip' shows it");
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
		expect(performance.now() - startedAt).toBeLessThan(5_000);
	});
});
