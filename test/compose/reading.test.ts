import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createZip, diffArchives, extractArchive, openArchive, verifyArchive } from "../../src/index.ts";
import { treeOf } from "../extract/tree-of.ts";
import { noise } from "../support/bytes.ts";
import { type RangeServer, startRangeServer } from "../support/range-server.ts";
import { useTempDirectory } from "../support/temp-directory.ts";
import { compose, contentsOf, factsOf, file, listOf, sourceOf, type Thing } from "./composed.ts";

const COUNT = 600;
const NIGHTS = 3;
const temp = useTempDirectory();
let server: RangeServer;

beforeEach(async () => {
	server = await startRangeServer();
});
afterEach(() => server.close());

interface Archives {
	readonly fresh: Buffer;
	readonly rolled: Buffer;
}

let made: Promise<Archives> | undefined;

function archives(): Promise<Archives> {
	made ??= makeArchives();
	return made;
}

/** An archive of files of 12 KiB and links, made anew, and one of the same entries that some nights have put together. */
async function makeArchives(): Promise<Archives> {
	const tree = new Map<string, Thing>();
	for (let index = 0; index < COUNT; index++) {
		const name = `d${index % 5}/f${String(index).padStart(3, "0")}`;
		const link = file(`f${String(index - 1).padStart(3, "0")}`, { kind: "symlink", mode: 0o777 });
		tree.set(name, index % 100 === 99 ? link : file(noise(12 * 1024, index)));
	}
	for (let index = 0; index < 5; index++)
		tree.set(`d${index}/`, file("", { kind: "directory", mode: 0o755 }));
	const source = sourceOf(() => tree);
	let { bytes } = await compose([source], undefined);
	for (let night = 0; night < NIGHTS; night++) {
		const names = [...tree.keys()].filter((_, index) => index % 40 === night * 7 && index < COUNT);
		for (const name of names) {
			const content = noise(12 * 1024, 10_000 + night * 1000 + names.indexOf(name));
			tree.set(name, file(content, { mtimeMs: 1.1e12 }));
		}
		({ bytes } = await compose([source], bytes));
	}
	const { bytes: fresh } = await compose([source], undefined);
	return { fresh, rolled: bytes };
}

/** Of contents, by names: comparing so many bytes one by one would take long. */
async function hashesOf(bytes: Uint8Array): Promise<Record<string, string>> {
	const hash = (content: Buffer) => createHash("sha256").update(content).digest("hex");
	return Object.fromEntries([...(await contentsOf(bytes))].map(([name, content]) => [name, hash(content)]));
}

describe("an archive whose directory has another order than its data", () => {
	it("has offsets that do not rise, and lists the same", async () => {
		const { fresh, rolled } = await archives();
		const offsets = (await factsOf(rolled)).map(({ offset }) => offset);
		expect(offsets.filter((offset, index) => offset < (offsets[index - 1] ?? 0)).length).toBeGreaterThan(30);
		expect(await listOf(rolled)).toEqual(await listOf(fresh));
		expect(await hashesOf(rolled)).toEqual(await hashesOf(fresh));
	});

	it("is extracted with hardly more requests, to the same tree", async () => {
		const { fresh, rolled } = await archives();
		const counts: number[] = [];
		for (const [name, bytes] of Object.entries({ fresh, rolled })) {
			const before = server.requests.length;
			server.put(bytes);
			await extractArchive(`${server.url}/${name}.zip`, temp.path(name));
			counts.push(server.requests.length - before);
		}
		expect(await treeOf(temp.path("rolled"))).toEqual(await treeOf(temp.path("fresh")));
		const [least = 0, rolledCount = 0] = counts;
		expect(least).toBeGreaterThan(8);
		expect(rolledCount).toBeLessThanOrEqual(least + 2 * NIGHTS);
	});

	it("is extracted from a disk, in full and in part", async () => {
		const { fresh, rolled } = await archives();
		for (const [name, bytes] of Object.entries({ fresh, rolled })) {
			await writeFile(temp.path(`${name}.zip`), bytes);
			await extractArchive(temp.path(`${name}.zip`), temp.path(name));
			await extractArchive(temp.path(`${name}.zip`), temp.path(`${name}-part`), { patterns: ["d3/"] });
		}
		expect(await treeOf(temp.path("rolled"))).toEqual(await treeOf(temp.path("fresh")));
		expect(await treeOf(temp.path("rolled-part"))).toEqual(await treeOf(temp.path("fresh-part")));
	});

	it("refuses a local header that contradicts the directory before anything is written", async () => {
		const rolled = Buffer.from((await archives()).rolled);
		const facts = await factsOf(rolled);
		const last = facts.toSorted((one, other) => one.offset - other.offset).at(-1);
		const at = (last?.offset ?? 0) + 30;
		rolled[at] = (rolled[at] ?? 0) ^ 1; // its name
		await writeFile(temp.path("a.zip"), rolled);
		const extracting = extractArchive(temp.path("a.zip"), temp.path("out"));
		await expect(extracting).rejects.toMatchObject({ code: "INVALID_ARCHIVE", entryName: last?.name });
		expect(await treeOf(temp.path("out"))).toEqual({});
	});

	it.each(["structure", "content"] as const)("is verified at level %s, with few requests", async (level) => {
		const { fresh, rolled } = await archives();
		const counts: number[] = [];
		for (const bytes of [fresh, rolled]) {
			server.put(bytes);
			const { ok, findings, requestCount } = await verifyArchive(`${server.url}/a.zip`, { level });
			expect({ ok, findings }).toEqual({ ok: true, findings: [] });
			counts.push(requestCount);
		}
		expect(counts[1]).toBeLessThanOrEqual((counts[0] ?? 0) + (level === "content" ? 4 : 150));
		await extractArchive(`${server.url}/a.zip`, temp.path("tree"));
		const { ok, findings, contentCount } = await verifyArchive(`${server.url}/a.zip`, {
			level: "content",
			sample: 0.1,
		});
		expect({ ok, findings }).toEqual({ ok: true, findings: [] });
		expect(contentCount).toBeGreaterThan(40);
		const against = await verifyArchive(`${server.url}/a.zip`, { against: temp.path("tree") });
		expect(against).toMatchObject({ ok: true, differences: [] });
	});

	it("does not differ from one that was made anew, and gives each of its entries", async () => {
		const { fresh, rolled } = await archives();
		await writeFile(temp.path("fresh.zip"), fresh);
		await writeFile(temp.path("rolled.zip"), rolled);
		const differences: unknown[] = [];
		for await (const difference of diffArchives(temp.path("fresh.zip"), temp.path("rolled.zip")))
			differences.push(difference);
		expect(differences).toEqual([]);
		const archive = await openArchive(temp.path("rolled.zip"));
		const entry = await archive.get("d0/f000");
		const chunks: Uint8Array[] = [];
		for await (const chunk of (await entry?.open()) ?? []) chunks.push(chunk);
		await archive.close();
		const expected = (await contentsOf(fresh)).get("d0/f000");
		expect(expected?.equals(Buffer.concat(chunks))).toBe(true);
	});

	it("is a source like any other", async () => {
		const { fresh, rolled } = await archives();
		await writeFile(temp.path("rolled.zip"), rolled);
		await createZip({ archive: temp.path("rolled.zip") }, temp.path("again.zip"), { method: "auto" });
		expect(await hashesOf(await readFile(temp.path("again.zip")))).toEqual(await hashesOf(fresh));
	});
});
