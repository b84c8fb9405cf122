import { chmod, utimes } from "node:fs/promises";
import { beforeEach, describe, expect, it } from "vitest";
import type { JobSource } from "../../../src/backup/job.ts";
import { takeFingerprint } from "../../../src/backup/run/fingerprint.ts";
import { resolveOptions } from "../../../src/options/resolve-options.ts";
import { UPLOAD_SCHEMA, type UploadZipOptions } from "../../../src/upload/options.ts";
import { useTempDirectory } from "../../support/temp-directory.ts";

const THEN = new Date("2020-01-01T00:00:00Z");
const directory = useTempDirectory();

async function settle(...names: readonly string[]): Promise<void> {
	for (const name of names) await utimes(directory.path(name), THEN, THEN);
}

beforeEach(async () => {
	await directory.write({ "src/a.txt": "alpha", "src/b/c.txt": "gamma", "src/b/d.log": "delta" });
	await settle("src/a.txt", "src/b/c.txt", "src/b/d.log", "src/b", "src");
});

async function taken(options: Partial<UploadZipOptions> = {}, ...sources: readonly JobSource[]) {
	const settings = resolveOptions(UPLOAD_SCHEMA, { bucket: "bucket", key: "k.zip", ...options });
	const some = sources.length === 0 ? [{ path: directory.path("src") }] : sources;
	return await takeFingerprint(some, settings);
}

describe("a fingerprint", () => {
	it("is the same for the same sources, and counts them", async () => {
		const first = await taken();
		expect(await taken()).toEqual(first);
		expect(first).toMatchObject({ entryCount: 4, latestMs: THEN.getTime() });
		expect(first?.value).toMatch(/^[0-9a-f]{64}$/);
	});

	it.each([
		["a size", () => directory.write({ "src/a.txt": "alpha!" }).then(() => settle("src/a.txt"))],
		["a time", () => utimes(directory.path("src/a.txt"), THEN, new Date(THEN.getTime() + 1))],
		["permissions", () => chmod(directory.path("src/a.txt"), 0o600)],
		["another file", () => directory.write({ "src/b/new": "" }).then(() => settle("src/b/new", "src/b"))],
	])("differs with %s", async (_what, change) => {
		const before = await taken();
		await change();
		expect((await taken())?.value).not.toBe(before?.value);
	});

	it.each([
		[{ level: 9 }],
		[{ exclude: ["*.log"] }],
		[{ comment: "hello" }],
		[{ storageClass: "STANDARD_IA" }],
		[{ mtime: "2026-01-01" }],
	] as const)("differs with options that make another object: %j", async (options) => {
		expect((await taken(options))?.value).not.toBe((await taken())?.value);
	});

	it("does not depend on how the archive is made or sent", async () => {
		const other = await taken({
			concurrency: 9,
			partSize: 9_000_000,
			compressConcurrency: 1,
			retryTimeMs: 1,
		});
		expect(other).toEqual(await taken());
	});

	it("knows the times of the files, whatever time their entries get", async () => {
		expect((await taken({ mtime: "2026-01-01" }))?.latestMs).toBe(THEN.getTime());
	});

	it("is the same twice for a list of paths that can be gone through again", async () => {
		const list = { paths: [`${directory.path("src/a.txt")}`] };
		const first = await taken({}, list);
		expect(first?.entryCount).toBe(1);
		expect(await taken({}, list)).toEqual(first);
	});

	it("is not there where only reading would tell", async () => {
		const command = { name: "db.sql", command: ["true"] } as const;
		expect(await taken({}, { path: directory.path("src") }, command)).toBeUndefined();
	});
});
