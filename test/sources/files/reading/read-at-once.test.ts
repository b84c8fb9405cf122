import { execFileSync } from "node:child_process";
import { chmod, symlink, utimes } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { namedPlace } from "../../../../src/sources/files/place.ts";
import { readAtOnce } from "../../../../src/sources/files/reading/read-at-once.ts";
import { noise } from "../../../support/bytes.ts";
import { openFiles, useTempDirectory } from "../../../support/temp-directory.ts";

const temp = useTempDirectory();

function read(name: string) {
	return readAtOnce(namedPlace(name.startsWith("/") ? name : temp.path(name)), (size) => Buffer.alloc(size));
}

describe("readAtOnce", () => {
	it("gives contents, time and mode of a small file", async () => {
		await temp.write({ f: noise(10_000) });
		await chmod(temp.path("f"), 0o640);
		const time = new Date("2021-03-04T05:06:07Z");
		await utimes(temp.path("f"), time, time);
		expect(read("f")).toEqual({ bytes: noise(10_000), mtimeMs: time.getTime(), mode: 0o640 });
		expect(await openFiles(temp.path())).toEqual([]);
	});

	it("gives nothing of an empty file, once a read has shown that there is nothing", async () => {
		await temp.write({ empty: "" });
		const time = new Date("2021-03-04T05:06:07Z");
		await utimes(temp.path("empty"), time, time);
		expect(read("empty")).toEqual({ bytes: new Uint8Array(0), mtimeMs: time.getTime(), mode: 0o644 });
		expect(read("/proc/self/status")).toBeUndefined();
	});

	it("leaves everything else to those who have the time and the words for it", async () => {
		await temp.write({ large: noise(300_000), "d/": null });
		await symlink("large", temp.path("link"));
		execFileSync("mkfifo", [temp.path("fifo")]);
		for (const name of ["missing", "large", "d", "link", "fifo"]) expect(read(name)).toBeUndefined();
		expect(await openFiles(temp.path())).toEqual([]);
	});
});
