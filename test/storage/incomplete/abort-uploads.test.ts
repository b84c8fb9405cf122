import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { abortUploads, listUploads } from "../../../src/index.ts";
import { BUCKET } from "../../support/demo-server.ts";
import { AgedServer, DAY_MS } from "../../support/incomplete-uploads.ts";

let server: AgedServer;
beforeEach(async () => {
	server = await AgedServer.start();
	for (const [name, value] of Object.entries(server.demo.env)) vi.stubEnv(name, value);
});
afterEach(async () => {
	vi.unstubAllEnvs();
	await server.demo.close();
});

describe("listUploads", () => {
	it("tells age and idle time by the server's clock", async () => {
		const uploadId = await server.begin("a.zip", 2 * DAY_MS, [10]);
		await server.touch("a.zip", uploadId);
		const [upload] = await listUploads({ bucket: BUCKET, prefix: "a" });
		expect(upload).toMatchObject({ key: "a.zip", uploadId, size: 15, partCount: 2 });
		expect(Math.abs((upload?.ageMs ?? 0) - 2 * DAY_MS)).toBeLessThan(5_000);
		expect(upload?.idleMs).toBeLessThan(5_000);
	});

	it.each([{ bucket: "No" }, { bucket: BUCKET, prefix: "a\0" }])("refuses %j", async (options) => {
		await expect(listUploads(options)).rejects.toMatchObject({ code: "INVALID_OPTION" });
	});

	it("rejects with the reason of a signal", async () => {
		const signal = AbortSignal.abort(new Error("enough"));
		await expect(listUploads({ bucket: BUCKET, signal })).rejects.toThrow("enough");
	});
});

describe("abortUploads", () => {
	it("removes what is idle for a day, and tells what became of each", async () => {
		await server.begin("a.zip", 2 * DAY_MS);
		await server.begin("b.zip");
		const outcomes = await abortUploads({ bucket: BUCKET });
		expect(outcomes.map(({ key, outcome }) => [key, outcome])).toEqual([
			["a.zip", "removed"],
			["b.zip", "kept"],
		]);
		expect(await server.demo.incompleteUploads()).toEqual(["b.zip"]);
	});

	it("takes running ones too with an age of 0", async () => {
		await server.begin("b.zip");
		expect(await abortUploads({ bucket: BUCKET, olderThanMs: 0 })).toMatchObject([{ outcome: "removed" }]);
	});

	it.each([-1, Number.NaN])("refuses an age of %d", async (olderThanMs) => {
		await expect(abortUploads({ bucket: BUCKET, olderThanMs })).rejects.toMatchObject({
			code: "INVALID_OPTION",
		});
	});
});
