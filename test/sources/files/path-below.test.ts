import { rename, symlink } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { createZip } from "../../../src/archive/create-zip.ts";
import type { CreateZipOptions } from "../../../src/archive/options.ts";
import type { PathSource } from "../../../src/sources/source.ts";
import { openFiles, useTempDirectory } from "../../support/temp-directory.ts";
import { zipContents } from "../../support/zip-contents.ts";

const temp = useTempDirectory();

async function zipOf(source: Omit<PathSource, "path">, options: CreateZipOptions = {}) {
	const chunks: Uint8Array[] = [];
	await createZip(
		{ path: temp.path("tree"), ...source },
		async (incoming) => {
			for await (const chunk of incoming) chunks.push(Buffer.from(chunk));
		},
		options,
	);
	return zipContents(Buffer.concat(chunks));
}

async function namesOf(below: string | Uint8Array, options: CreateZipOptions = {}): Promise<string[]> {
	return [...(await zipOf({ below }, options)).keys()];
}

const write = () =>
	temp.write({
		"tree/a/b/f": "inside",
		"tree/a/b/x.key": "key",
		"tree/a/b/deep/g": "below",
		"tree/other": "other",
		"outside/f": "outside",
	});

describe("a source with a path below it", () => {
	it("is the directory there, whose contents are at the root of the archive", async () => {
		await write();
		expect(await namesOf("a/b")).toEqual(["deep/", "deep/g", "f", "x.key"]);
		expect([...(await zipOf({ below: "a/b", as: "named" })).keys()]).toContain("named/f");
		expect(await openFiles(temp.path())).toEqual([]);
	});

	it("has filters that are relative to the path, not to what is below", async () => {
		await write();
		expect(await namesOf("a/b", { exclude: ["/a/b/deep/", "*.key"] })).toEqual(["f"]);
		expect(await namesOf("a/b", { exclude: ["/deep/"] })).toContain("deep/g");
		expect(await namesOf("a/b", { include: ["/a/b/deep/"] })).toEqual(["deep/", "deep/g"]);
	});

	it("can have a name that is not UTF-8", async () => {
		await write();
		await rename(temp.path("tree/a"), temp.bytes(Buffer.from("tree/\xff", "latin1")));
		expect(await namesOf(Buffer.from("\xff/b", "latin1"))).toContain("f");
	});

	it.each(["a/link", "link/b", "link", "other", "other/x"])(
		"follows no symbolic link, and leads to directories only: %s",
		async (below) => {
			await write();
			await symlink("b", temp.path("tree/a/link"));
			await symlink(temp.path("outside"), temp.path("tree/link"));
			await expect(namesOf(below)).rejects.toMatchObject({
				code: "SOURCE_NOT_FOUND",
				message: expect.stringContaining("a symbolic link is on the way to it, which is not followed"),
			});
		},
	);

	it.each(["", "..", "a/..", "a/../..", "/a", "a/", "a//b", ".", "a\0b"])("cannot be %j", async (below) => {
		await write();
		await expect(namesOf(below)).rejects.toMatchObject({ code: "INVALID_OPTION" });
	});

	it("is told if it is not there", async () => {
		await write();
		await expect(namesOf("a/c")).rejects.toMatchObject({ code: "SOURCE_NOT_FOUND" });
	});

	it("cannot be had together with links that are followed", async () => {
		await write();
		await expect(namesOf("a", { symlinks: "follow" })).rejects.toMatchObject({ code: "INVALID_OPTION" });
	});

	it("whose way becomes a link before it is read is not read elsewhere", async () => {
		await write();
		const made = zipOf(
			{ below: "a/b" },
			{
				async onEvent(event) {
					if (event.type !== "entry") return;
					await rename(temp.path("tree/a"), temp.path("away")).catch(() => {});
					await symlink(temp.path("outside"), temp.path("tree/a")).catch(() => {});
				},
			},
		);
		const contents = await made.catch(() => new Map());
		for (const [, { data }] of contents) expect(String(data)).not.toBe("outside");
	});
});
