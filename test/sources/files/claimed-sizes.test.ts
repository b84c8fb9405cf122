import { existsSync, readFileSync } from "node:fs";
import { truncate } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { type ArchiveWriter, createZip } from "../../../src/index.ts";
import { useTempDirectory } from "../../support/temp-directory.ts";
import { zipContents } from "../../support/zip-contents.ts";

const MiB = 1024 * 1024;
/** Claims 4096 bytes, and has fewer. */
const SYSFS_FILE = "/sys/class/net/lo/mtu";
/** Claims none. */
const PROC_FILE = "/proc/version";

const directory = useTempDirectory();

describe("a file whose size is not what it claims", () => {
	it.each([true, false])("is archived as long as it is (blocking reads: %s)", async (blockingReads) => {
		const paths = [SYSFS_FILE, PROC_FILE].filter((path) => existsSync(path));
		expect(paths).not.toEqual([]);
		const zip = directory.path("a.zip");
		const { warnings } = await createZip(paths, zip, { blockingReads });
		expect(warnings).toEqual([]);
		const contents = await zipContents(readFileSync(zip));
		for (const path of paths)
			expect(contents.get(path.slice(path.lastIndexOf("/") + 1))?.data.toString()).toBe(
				readFileSync(path, "utf8"),
			);
	});

	it("is refused where it got shorter, although it takes no space either", async () => {
		await directory.write({ sparse: "" });
		const path = directory.path("sparse");
		await truncate(path, 64 * MiB);
		const shorten: ArchiveWriter = async (chunks) => {
			for await (const _ of chunks) await truncate(path, 32 * MiB);
		};
		await expect(createZip(path, shorten, { method: "store" })).rejects.toMatchObject({
			code: "SOURCE_CHANGED",
			origin: path,
		});
	});
});
