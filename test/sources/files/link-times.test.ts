import { lstat, mkdir, rm, stat, symlink, writeFile } from "node:fs/promises";
import { expect, it } from "vitest";
import type { Source } from "../../../src/sources/source.ts";
import { entriesOf, nameOf } from "../../support/found-entries.ts";
import { useTempDirectory } from "../../support/temp-directory.ts";

const temp = useTempDirectory();

/** Makes a link that has changed later than a file, by the clock of the file system. */
async function linkLaterThan(file: string, target: string, path: string): Promise<number> {
	for (;;) {
		await rm(path, { force: true });
		await symlink(target, path);
		const { ctimeMs } = await lstat(path);
		if (ctimeMs > (await stat(file)).ctimeMs) return ctimeMs;
	}
}

/** When the files of sources have changed last, as planning sees it. */
async function timesOf(sources: readonly Source[]): Promise<Record<string, number | undefined>> {
	const times: Record<string, number | undefined> = {};
	for await (const entry of entriesOf(sources, { symlinks: "follow" }))
		if (entry.kind === "file") times[nameOf(entry)] = (await entry.measure?.())?.ctimeMs;
	return times;
}

it("takes a file for as new as the links that lead to it, which may lead to another one now", async () => {
	await mkdir(temp.path("real/deep"), { recursive: true });
	await mkdir(temp.path("tree"));
	const file = temp.path("real/deep/file");
	await writeFile(file, "content");
	const own = (await stat(file)).ctimeMs;
	const root = await linkLaterThan(file, "real", temp.path("root"));
	const toFile = await linkLaterThan(file, "../real/deep/file", temp.path("tree/to-file"));
	const toDirectory = await linkLaterThan(file, "../real", temp.path("tree/to-directory"));
	expect(
		await timesOf([
			{ path: temp.path("real"), as: "plain" },
			{ path: `${temp.path("root")}/`, as: "root" },
			{ path: temp.path("tree/to-file"), as: "one" },
			{ path: temp.path("tree"), as: "tree" },
		]),
	).toEqual({
		"plain/deep/file": own,
		"root/deep/file": root,
		one: toFile,
		"tree/to-directory/deep/file": toDirectory,
		"tree/to-file": toFile,
	});
	const listed = [temp.path("tree/to-file"), temp.path("root")];
	expect(Object.values(await timesOf([{ paths: listed }]))).toEqual(expect.arrayContaining([toFile, root]));
});
