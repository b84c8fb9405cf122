import { existsSync, readdirSync } from "node:fs";
import { chmod, readFile, rm, statfs, symlink, utimes, writeFile } from "node:fs/promises";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { compareRestored } from "../../../src/backup/drill/compare-restored.ts";
import { type DrillOptions, runDrill } from "../../../src/backup/drill/drill.ts";
import { drillSample } from "../../../src/backup/drill/drill-sample.ts";
import { withScratch } from "../../../src/backup/drill/scratch.ts";
import { createZip, extractArchive } from "../../../src/index.ts";
import { resolveOptions } from "../../../src/options/resolve-options.ts";
import { openReader } from "../../../src/reader/open-archive.ts";
import { OPEN_ARCHIVE_SCHEMA } from "../../../src/reader/options.ts";
import { draftName } from "../../../src/sources/files/drafts/drafts.ts";
import { markOfThisProcess } from "../../../src/sources/files/drafts/process-mark.ts";
import { useTempDirectory } from "../../support/temp-directory.ts";
import { hasZstd } from "../../support/zstd.ts";

// That of a disk that is full is not to be had otherwise.
vi.mock("node:fs/promises", async (original) => {
	const actual = await original<typeof import("node:fs/promises")>();
	return { ...actual, statfs: vi.fn(actual.statfs) };
});

const scratch = useTempDirectory();
const FILES = 200;
let told: (string | undefined)[] = [];

beforeEach(async () => {
	told = [];
	const files = Array.from({ length: FILES }, (_, index) => [
		`tree/d${index % 7}/f${index}`,
		`content of ${index}`.repeat(1 + index),
	]);
	await scratch.write({ ...Object.fromEntries(files), "tree/empty": null, scratch: null });
	await symlink("/nowhere/at/all", scratch.path("tree/link"));
	await createZip([{ path: scratch.path("tree") }], scratch.path("a.zip"), { method: "store" });
});

function options(change: Partial<DrillOptions> = {}): DrillOptions {
	return {
		parent: scratch.path("scratch"),
		onScratch: (path) => told.push(path),
		onStale: (path, problem) => told.push(`${path} ${problem}`),
		etag: undefined,
		sample: 1,
		seed: "a seed",
		host: "here",
		now: new Date("2026-11-26T07:00:00Z"),
		...change,
	};
}

/** What a drill has left. */
function left(): string[] {
	return readdirSync(scratch.path("scratch"));
}

describe("runDrill", () => {
	it("restores all of an archive, compares it, and leaves nothing", async () => {
		const { drill, archiveEntryCount, ...result } = await runDrill(scratch.path("a.zip"), options());
		expect(archiveEntryCount).toBeGreaterThan(FILES + 2);
		expect(drill).toMatchObject({ at: "2026-11-26T07:00:00.000Z", ok: true, sample: 1, host: "here" });
		expect(drill.entryCount).toBe(archiveEntryCount);
		expect(drill.error).toBeUndefined();
		expect(result.differenceCount).toBe(0);
		expect(result.bytesPerSecond).toBeGreaterThan(0);
		expect(told).toEqual([expect.stringContaining("/scratch/.zipferry-drill-"), undefined]);
		expect(left()).toEqual([]);
	});

	it("restores a sample, at least 16 entries, the same for the same seed", async () => {
		const extracted = async (change: Partial<DrillOptions>) => {
			const paths: string[] = [];
			const onEvent: DrillOptions["onEvent"] = (event) => {
				if (event.type === "extracted") paths.push(event.path);
			};
			const { drill } = await runDrill(scratch.path("a.zip"), options({ ...change, onEvent }));
			expect(drill).toMatchObject({ ok: true, entryCount: paths.length });
			return paths.sort();
		};
		const few = await extracted({ sample: 0.01 });
		expect(few).toHaveLength(16);
		expect(await extracted({ sample: 0.01 })).toEqual(few);
		expect(await extracted({ sample: 0.01, seed: "another" })).not.toEqual(few);
		expect(await extracted({ sample: 0.5 })).toHaveLength(Math.ceil((FILES + 10) / 2));
	});

	it("fails, and says so in what is recorded, if an entry is damaged", async () => {
		const bytes = await readFile(scratch.path("a.zip"));
		const at = bytes.indexOf("content of 100");
		bytes[at] = (bytes[at] ?? 0) ^ 0xff;
		await writeFile(scratch.path("a.zip"), bytes);
		const { drill } = await runDrill(scratch.path("a.zip"), options());
		expect(drill).toMatchObject({ ok: false, entryCount: 0, error: expect.stringContaining("f100") });
		expect(left()).toEqual([]);
	});

	it.skipIf(hasZstd)("proves nothing where the archive can be read by another Node only", async () => {
		const bytes = await readFile(scratch.path("a.zip"));
		const header = bytes.lastIndexOf("PK\x01\x02", bytes.lastIndexOf("f199"));
		bytes.writeUInt16LE(93, header + 10); // the method, in the directory
		await writeFile(scratch.path("zstd.zip"), bytes);
		await expect(runDrill(scratch.path("zstd.zip"), options())).rejects.toMatchObject({
			code: "ENTRY_UNSUPPORTED",
			message: expect.stringContaining("needs Node.js"),
		});
		expect(left()).toEqual([]);
	});

	it("proves nothing where there is no archive, or no room", async () => {
		await expect(runDrill(scratch.path("none.zip"), options())).rejects.toMatchObject({
			code: "SOURCE_NOT_FOUND",
		});
		await expect(
			runDrill(scratch.path("a.zip"), options({ parent: scratch.path("no/such") })),
		).rejects.toMatchObject({ code: "DESTINATION_UNWRITABLE" });
		expect(told).toEqual([]);
	});

	it("says that there is no room on the disk before it writes anything", async () => {
		const full = { ...(await statfs(scratch.path())), bavail: 3, bsize: 512, blocks: 1000 };
		vi.mocked(statfs).mockResolvedValue(full);
		try {
			await expect(runDrill(scratch.path("a.zip"), options())).rejects.toMatchObject({
				code: "DESTINATION_UNWRITABLE",
				message: expect.stringMatching(/ are to be extracted, and 1.* are free/),
			});
		} finally {
			vi.mocked(statfs).mockReset();
		}
		expect(left()).toEqual([]);
	});

	it("removes what it has restored when it is stopped", async () => {
		const controller = new AbortController();
		const reason = new Error("stopped");
		const stopped = runDrill(
			scratch.path("a.zip"),
			options({
				signal: controller.signal,
				onEvent: ({ type }) => {
					if (type === "extracted") controller.abort(reason);
				},
			}),
		);
		await expect(stopped).rejects.toBe(reason);
		expect(told).toHaveLength(2);
		expect(left()).toEqual([]);
	});
});

describe("compareRestored", () => {
	it("finds each thing that is not as the archive has it", async () => {
		const target = scratch.path("restored");
		await extractArchive(scratch.path("a.zip"), target, { unsafeLinks: true });
		const { mtime } = await import("node:fs").then(({ statSync }) => statSync(`${target}/d1/f1`));
		await writeFile(`${target}/d1/f1`, "Content of 1Content of 1");
		await utimes(`${target}/d1/f1`, mtime, mtime);
		await rm(`${target}/d2/f2`);
		await rm(`${target}/link`);
		await symlink("/elsewhere", `${target}/link`);
		await rm(`${target}/empty`, { recursive: true });
		await writeFile(`${target}/empty`, "");
		const reader = await openReader(scratch.path("a.zip"), resolveOptions(OPEN_ARCHIVE_SCHEMA, {}));
		const compared = await compareRestored(reader, target, () => true, undefined);
		await reader.close();
		expect(compared).toEqual({
			count: 4,
			first: [
				"d1/f1 differs in size, time or CRC-32",
				"d2/f2 was not restored",
				"empty is no directory",
				"link leads elsewhere",
			],
		});
	});
});

describe("drillSample", () => {
	it("takes all of a small archive", () => {
		const isWanted = drillSample(16, 0.01, "");
		expect(Array.from({ length: 16 }, (_, index) => isWanted({ index } as never)).every(Boolean)).toBe(true);
	});
});

describe("withScratch", () => {
	it("removes what its owner may not look into", async () => {
		let path = "";
		await withScratch(
			{ parent: scratch.path("scratch"), onScratch: () => {}, onStale: () => {} },
			async (made) => {
				path = made;
				await scratch.write({ [`scratch/${made.split("/").at(-1)}/closed/file`]: "" });
				await chmod(`${made}/closed`, 0);
			},
		);
		expect(existsSync(path)).toBe(false);
	});

	it("removes what a killed drill has left, and nothing else", async () => {
		const own = markOfThisProcess();
		const nameOf = (name: string, pid: number) => draftName(name, { ...own, pid, startedAt: "1" });
		const killed = nameOf("zipferry-drill-1", 0x3f_ffff);
		const running = draftName("zipferry-drill-2", own);
		const other = nameOf("archive.zip", 0x3f_ffff);
		await scratch.write({
			[`scratch/${killed}/restored/file`]: "",
			[`scratch/${running}`]: null,
			[`scratch/${other}`]: null,
			"scratch/zipferry-drill-1": null,
		});
		await withScratch(options(), async () => {});
		expect(left().sort()).toEqual([running, other, "zipferry-drill-1"].sort());
		expect(told[0]).toBe(`${scratch.path(`scratch/${killed}`)} undefined`);
	});
});
