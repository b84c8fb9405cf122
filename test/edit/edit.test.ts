import { mkdir, utimes, writeFile } from "node:fs/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
	appendToZip,
	mergeZips,
	openArchive,
	removeFromZip,
	uploadZip,
	verifyArchive,
} from "../../src/index.ts";
import { noise } from "../support/bytes.ts";
import { BUCKET, DemoServer } from "../support/demo-server.ts";
import { useTempDirectory } from "../support/temp-directory.ts";

const MIB = 1024 ** 2;
const temp = useTempDirectory();
let server: DemoServer;

beforeEach(async () => {
	server = await DemoServer.start({ directory: temp.path("s3") });
});
afterEach(() => server.close());

const storage = () => ({
	...{ endpoint: server.s3.endpoint, region: server.s3.region, credentials: server.s3 },
	provider: "aws" as const,
});
const url = (key: string) => `s3://${BUCKET}/${key}`;

/** An archive of entries with these contents. */
const put = (key: string, contents: Readonly<Record<string, string | Uint8Array>>, more: object = {}) =>
	uploadZip(
		Object.entries(contents).map(([name, content]) =>
			name.endsWith("/") ? { name } : { name, content, mtime: new Date(1e12) },
		),
		{ ...storage(), bucket: BUCKET, key, ...more },
	);

/** Names and contents, in the order of the directory. */
async function contentsOf(key: string) {
	const archive = await openArchive(url(key), storage());
	const contents: [string, string][] = [];
	for await (const entry of archive) {
		const bytes = entry.kind === "directory" ? Buffer.alloc(0) : Buffer.from(await entry.open().bytes());
		contents.push([entry.name, bytes.length > 100 ? `${bytes.length} bytes` : bytes.toString()]);
	}
	await archive.close();
	const checked = await verifyArchive(url(key), storage());
	expect(checked.findings).toEqual([]);
	return contents;
}

describe("appendToZip", () => {
	it("adds entries behind those that are there, in a small archive", async () => {
		await put("a.zip", { "one.txt": "1", "two.txt": "2" });
		const result = await appendToZip(url("a.zip"), { name: "three.txt", content: "3" }, storage());
		expect(result).toMatchObject({
			...{ entryCount: 3, addedEntryCount: 1, removedEntryCount: 0, dryRun: false },
			...{ copiedEntryCount: 0, carriedEntryCount: 2, partCount: 1 },
		});
		expect(await contentsOf("a.zip")).toEqual([
			["one.txt", "1"],
			["two.txt", "2"],
			["three.txt", "3"],
		]);
		expect(await server.keys()).toEqual(["a.zip"]);
	});

	it("has the storage copy a large archive, and sends only what is new", async () => {
		await put("a.zip", { "large.bin": noise(6 * MIB, 1), "small.txt": "2" });
		const result = await appendToZip(url("a.zip"), { name: "three.txt", content: "3" }, storage());
		expect(result).toMatchObject({ copiedEntryCount: 2, carriedEntryCount: 0, entryCount: 3 });
		expect(result.copiedSize).toBeGreaterThan(6 * MIB);
		expect(await contentsOf("a.zip")).toEqual([
			["large.bin", `${6 * MIB} bytes`],
			["small.txt", "2"],
			["three.txt", "3"],
		]);
	});
});

describe("removeFromZip", () => {
	it("leaves out what matches", async () => {
		await put("a.zip", {
			"a.bin": noise(6 * MIB, 1),
			"b.raw": "gone",
			"c.bin": noise(6 * MIB, 2),
			"d.raw": "gone",
			"e.txt": "e",
		});
		const result = await removeFromZip(url("a.zip"), ["*.raw"], storage());
		expect(result).toMatchObject({
			entryCount: 3,
			removedEntryCount: 2,
			copiedEntryCount: 2,
			carriedEntryCount: 1,
		});
		expect((await contentsOf("a.zip")).map(([name]) => name)).toEqual(["a.bin", "c.bin", "e.txt"]);
	});
});

describe("mergeZips", () => {
	it("lists the entries in the order of the archives", async () => {
		await put("a.zip", { "a-1": "1", "a-2": noise(6 * MIB, 1) });
		await put("b.zip", { "b-1": noise(6 * MIB, 2), "b-2": "2" });
		const result = await mergeZips([url("a.zip"), url("b.zip")], url("c.zip"), storage());
		expect(result).toMatchObject({ entryCount: 4, key: "c.zip" });
		expect((await contentsOf("c.zip")).map(([name]) => name)).toEqual(["a-1", "a-2", "b-1", "b-2"]);
	});
});
void [mkdir, utimes, writeFile];
