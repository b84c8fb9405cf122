import { utimes } from "node:fs/promises";
import { buffer } from "node:stream/consumers";
import { beforeEach, describe, expect, it } from "vitest";
import type { ZipOptions } from "../../src/archive/options.ts";
import { ZipStream } from "../../src/archive/zip-stream.ts";
import { useTempDirectory } from "../support/temp-directory.ts";
import { zipContents } from "../support/zip-contents.ts";

const OLD = "2020-01-01T00:00:00.000Z";
const LIMIT = "2024-06-01T12:00:00.000Z";
const NEW = "2026-01-01T00:00:00.000Z";

const temp = useTempDirectory();
beforeEach(async () => {
	await temp.write({ "dir/old": "old", "dir/new": "new", "dir/sub/x": "x", "dir/link": { link: "new" } });
	for (const name of ["new", "sub/x", "sub"])
		await utimes(temp.path(`dir/${name}`), new Date(NEW), new Date(NEW));
	await utimes(temp.path("dir/old"), new Date(OLD), new Date(OLD));
});

function archive(options: ZipOptions): ZipStream {
	return new ZipStream({ method: "store", ...options })
		.addPath(temp.path("dir"), "dir")
		.add("old", "generated", { mtime: new Date(OLD) })
		.add("new", "generated", { mtime: new Date(NEW) })
		.add("now", "generated");
}

async function timesOf(options: ZipOptions): Promise<Record<string, string>> {
	const contents = await zipContents(await buffer(archive(options)));
	return Object.fromEntries([...contents].map(([name, { mtime }]) => [name, mtime.toISOString()]));
}

describe("maxMtime", () => {
	it.each([{ blockingReads: false }, { blockingReads: true }])(
		"gives later entries that time, and leaves others as they are: %j",
		async (reading) => {
			for (const maxMtime of [LIMIT, new Date(LIMIT), Date.parse(LIMIT)])
				expect(await timesOf({ maxMtime, ...reading })).toEqual({
					"dir/": LIMIT,
					"dir/link": LIMIT,
					"dir/new": LIMIT,
					"dir/old": OLD,
					"dir/sub/": LIMIT,
					"dir/sub/x": LIMIT,
					old: OLD,
					new: LIMIT,
					now: LIMIT,
				});
		},
	);

	it("bounds a time that is set for all as well", async () => {
		const times = await timesOf({ maxMtime: LIMIT, mtime: new Date(NEW) });
		expect(new Set(Object.values(times))).toEqual(new Set([LIMIT]));
	});

	it("makes archives the same that were made at different times", async () => {
		const first = await buffer(archive({ maxMtime: LIMIT }));
		const later = new Date(Date.parse(NEW) + 3_600_000);
		for (const name of ["new", "sub/x", "sub"]) await utimes(temp.path(`dir/${name}`), later, later);
		expect((await buffer(archive({ maxMtime: LIMIT }))).equals(first)).toBe(true);
		expect((await buffer(archive({}))).equals(first)).toBe(false);
	});

	it.each([{ blockingReads: false }, { blockingReads: true }])(
		"counts where the size of the archive is predicted, as later times take less room: %j",
		async (reading) => {
			const late = new Date("2050-01-01T00:00:00Z"); // beyond the timestamp of 32 bits
			for (const name of ["new", "old"]) await utimes(temp.path(`dir/${name}`), late, late);
			for (const options of [reading, { ...reading, maxMtime: LIMIT }]) {
				const { size, exact } = (await archive(options).predictSize()) ?? {};
				expect({ size, exact }).toEqual({ size: (await buffer(archive(options))).byteLength, exact: true });
			}
		},
	);
});
