import { lstatSync } from "node:fs";
import { afterEach, describe, expect, it, vi } from "vitest";
import { openFiles, useTempDirectory } from "../../../support/temp-directory.ts";

const temp = useTempDirectory();

afterEach(() => {
	vi.unstubAllGlobals();
	vi.resetModules();
});

describe("rootDirectory", () => {
	it.each([
		["holds directories open on Linux", "linux", 2],
		["goes by paths on other systems", "darwin", 0],
	])("%s", async (_what, platform, open) => {
		vi.stubGlobal("process", Object.create(process, { platform: { value: platform } }));
		const { rootDirectory } = await import("../../../../src/sources/files/directories/root-directory.ts");
		await temp.write({ "d/f": "" });
		const root = rootDirectory(Buffer.from(temp.path()), false);
		expect(
			root
				.directory("d")
				.place("f")
				.now((path) => lstatSync(path).isFile()),
		).toBe(true);
		expect(await openFiles(temp.path())).toHaveLength(open);
		root.releaseAll();
		expect(await openFiles(temp.path())).toEqual([]);
	});
});
