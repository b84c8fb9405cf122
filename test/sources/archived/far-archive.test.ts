import { writeFile } from "node:fs/promises";
import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import type { CreateZipOptions } from "../../../src/archive/options.ts";
import type { MethodChoice } from "../../../src/zip/entry.ts";
import { lines, noise } from "../../support/bytes.ts";
import { inspectArchive } from "../../support/inspect-archive.ts";
import { madeZip } from "../../support/made-zip.ts";
import { startRangeServer } from "../../support/range-server.ts";
import { useTempDirectory } from "../../support/temp-directory.ts";

const temp = useTempDirectory();
const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
	for (const close of closers.splice(0).reverse()) await close();
});

async function served(bytes: Uint8Array) {
	const server = await startRangeServer();
	closers.push(server.close);
	server.put(bytes);
	return server;
}

function archiveOf(files: Readonly<Record<string, Uint8Array>>, options: CreateZipOptions = {}) {
	const entries = Object.entries(files).map(([name, content]) => ({ name, content, mtime: 1e12 }));
	return madeZip([entries], options);
}

const contentsOf = (bytes: Uint8Array) =>
	new Map(inspectArchive(bytes).entries.map(({ name, content }) => [name, content.toString("base64")]));

describe("openArchivedSource: an archive on a server", () => {
	it("asks for neighbours together, and for a large entry on its own", async () => {
		const many = Object.fromEntries(
			Array.from({ length: 300 }, (_, index) => [`m/${index}`, noise(10_000, index)]),
		);
		const { bytes } = await archiveOf({ ...many, large: noise(5_000_000), z: lines(1000) });
		const server = await served(bytes);
		const made = await madeZip({ archive: `${server.url}/a.zip` });
		expect(contentsOf(made.bytes)).toEqual(contentsOf(bytes));
		// The end, and the runs before, in and behind the large one.
		expect(server.requests.length).toBeLessThanOrEqual(6);
	});

	it("reads of other entries nothing but what is between two that are near", async () => {
		const { bytes } = await archiveOf({ a: noise(1_000_000), "b/x": lines(100), c: noise(1_000_000) });
		const server = await served(bytes);
		const made = await madeZip({ archive: new URL(`${server.url}/a.zip`), entry: "b/" });
		expect([...contentsOf(made.bytes).keys()]).toEqual(["b/x"]);
		const ranges = server.requests.slice(1).map(({ headers }) => headers.range?.split(/[=-]/).map(Number));
		expect(ranges).toHaveLength(1);
		const [, start = 0, last = 0] = ranges[0] ?? [];
		expect(last - start).toBeLessThan(2000);
	});

	it("fails if the archive is replaced meanwhile, and publishes nothing", async () => {
		const first = await archiveOf({ a: noise(5_000_000, 1) });
		const second = await archiveOf({ a: noise(5_000_000, 2) });
		const server = await served(first.bytes);
		const onEvent: CreateZipOptions["onEvent"] = ({ type }) => {
			if (type === "planned") server.put(second.bytes);
		};
		const source = { archive: `${server.url}/a.zip` };
		for (const skipErrors of [false, true]) {
			server.put(first.bytes);
			await expect(madeZip(source, { onEvent, skipErrors })).rejects.toMatchObject({
				code: "SOURCE_CHANGED",
			});
		}
	});
});

const content = fc.oneof(
	{ weight: 5, arbitrary: fc.uint8Array({ maxLength: 300 }) },
	{ weight: 2, arbitrary: fc.integer({ min: 60_000, max: 70_000 }).map((size) => lines(size)) },
	{ weight: 1, arbitrary: fc.integer({ min: 1_048_570, max: 1_300_000 }).map((size) => noise(size)) },
);
const method = fc.constantFrom<MethodChoice>("auto", "store", "deflate");

describe("openArchivedSource: any archive", () => {
	it("gives the same contents, whatever the methods are, and the same bytes each time", async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.dictionary(fc.stringMatching(/^[a-zäß]{1,8}$/), content, { maxKeys: 8, minKeys: 1 }),
				method,
				method,
				async (files, first, second) => {
					const { bytes } = await archiveOf(files, { method: first });
					await writeFile(temp.path("a.zip"), bytes);
					const again = () => madeZip({ archive: temp.path("a.zip") }, { method: second });
					const copy = (await again()).bytes;
					expect(contentsOf(copy)).toEqual(contentsOf(bytes));
					expect((await again()).bytes.equals(copy)).toBe(true);
				},
			),
			{ numRuns: 12 },
		);
	});
});
